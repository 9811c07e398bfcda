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

CatalogBuilder::CatalogBuilder(const Catalog& from) : CatalogBuilder(from.major) {
  unreadable_ = from.unreadable;
  objects_.reserve(from.size());
  for (const Object& object : from.objects()) add(object);
}

bool CatalogBuilder::apply(const std::vector<Effect>& effects) {
  return std::all_of(effects.begin(), effects.end(), [this](const Effect& effect) { return apply(effect); });
}

bool CatalogBuilder::apply(const Effect& effect) {
  const std::uint32_t place = slots_[slot_of(effect.id)];
  const bool is_there = place != nothing && present_[place];
  if (effect.change != Change::added) {
    if (!is_there) return false;
    if (effect.change == Change::altered) return alter(objects_[place].values, effect.attributes);
    present_[place] = false;
    return true;
  }
  if (is_there || effect.values.size() != attributes_of(effect.id.kind).size()) return false;
  if (place == nothing) {
    add({effect.id, effect.values});
  } else {
    objects_[place].values = effect.values;
    present_[place] = true;
  }
  return true;
}

std::size_t CatalogBuilder::slot_of(const ObjectId& id) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = std::hash<ObjectId>{}(id)&mask;
  while (slots_[slot] != nothing && objects_[slots_[slot]].id != id) slot = (slot + 1) & mask;
  return slot;
}

void CatalogBuilder::add(Object object) {
  if (objects_.size() >= slots_.size() / 2) grow();
  slots_[slot_of(object.id)] = static_cast<std::uint32_t>(objects_.size());
  objects_.push_back(std::move(object));
  present_.push_back(true);
}

void CatalogBuilder::grow() {
  slots_.assign(slots_.size() * 4, nothing);
  for (std::size_t place = 0; place < objects_.size(); ++place)
    slots_[slot_of(objects_[place].id)] = static_cast<std::uint32_t>(place);
}

Catalog CatalogBuilder::build() && {
  std::size_t kept = 0;
  for (std::size_t place = 0; place < objects_.size(); ++place) {
    if (!present_[place]) continue;
    if (kept != place) objects_[kept] = std::move(objects_[place]);
    ++kept;
  }
  objects_.resize(kept);
  Catalog result(std::move(objects_), major_);
  result.unreadable = std::move(unreadable_);
  return result;
}

}  // namespace candor::catalog
