#include "catalog/diff.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace candor::catalog {

namespace {

Text value_at(const std::vector<Text>& values, std::size_t i) {
  return i < values.size() ? values[i] : Text();
}

std::vector<AttributeChange> changes(const Object& from, const Object& to) {
  std::vector<AttributeChange> result;
  if (from.values == to.values) return result;
  const std::size_t count = std::max(from.values.size(), to.values.size());
  for (std::size_t i = 0; i < count; ++i) {
    const Text before = value_at(from.values, i);
    const Text after = value_at(to.values, i);
    if (before != after) result.push_back({static_cast<std::uint8_t>(i), before, after});
  }
  return result;
}

/// Alters `values`; false if they are not what the changes start from.
bool alter(std::vector<Text>& values, const std::vector<AttributeChange>& attributes) {
  for (const AttributeChange& change : attributes) {
    if (change.attribute >= values.size()) return false;
    Text& value = values[change.attribute];
    if (value != change.from) return false;
    value = change.to;
  }
  return true;
}

}  // namespace

std::vector<Effect> diff(const Catalog& from, const Catalog& to) {
  std::vector<Effect> effects;
  auto a = from.objects().begin();
  auto b = to.objects().begin();
  const auto a_end = from.objects().end();
  const auto b_end = to.objects().end();
  while (a != a_end || b != b_end) {
    if (a != a_end && b != b_end && a->id == b->id) {
      auto attributes = changes(*a, *b);
      if (!attributes.empty()) effects.push_back({Change::altered, b->id, {}, std::move(attributes)});
      ++a;
      ++b;
    } else if (b == b_end || (a != a_end && a->id < b->id)) {
      effects.push_back({Change::dropped, a->id, {}, {}});
      ++a;
    } else {
      effects.push_back({Change::added, b->id, b->values, {}});
      ++b;
    }
  }
  return effects;
}

std::optional<Catalog> apply(const Catalog& from, const std::vector<Effect>& effects) {
  CatalogBuilder builder(from);
  if (!builder.apply(effects)) return std::nullopt;
  return std::move(builder).build();
}

CatalogBuilder::CatalogBuilder(const Catalog& from)
    : objects_(from.objects()), major_(from.major), unreadable_(from.unreadable) {
  place_.reserve(objects_.size());
  for (std::size_t i = 0; i < objects_.size(); ++i) place_.emplace(objects_[i].id, i);
}

bool CatalogBuilder::apply(const std::vector<Effect>& effects) {
  return std::all_of(effects.begin(), effects.end(), [this](const Effect& effect) { return apply(effect); });
}

bool CatalogBuilder::apply(const Effect& effect) {
  if (effect.change == Change::added) {
    if (effect.values.size() != attributes_of(effect.id.kind).size()) return false;
    if (!place_.try_emplace(effect.id, objects_.size()).second) return false;
    objects_.push_back({effect.id, effect.values});
    return true;
  }
  const auto at = place_.find(effect.id);
  if (at == place_.end()) return false;
  if (effect.change == Change::altered) return alter(objects_[at->second].values, effect.attributes);
  place_.erase(at);
  return true;
}

Catalog CatalogBuilder::build() && {
  std::vector<Object> objects;
  objects.reserve(place_.size());
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    const auto at = place_.find(objects_[i].id);
    if (at != place_.end() && at->second == i) objects.push_back(std::move(objects_[i]));
  }
  Catalog result(std::move(objects), major_);
  result.unreadable = std::move(unreadable_);
  return result;
}

}  // namespace candor::catalog
