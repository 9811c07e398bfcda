#include "catalog/state.h"

#include <algorithm>

namespace candor::catalog {

State::State(const Catalog& catalog) {
  objects_.reserve(catalog.size());
  for (const Object& object : catalog.objects()) objects_.emplace(object.id, object.values);
}

bool State::apply(const Effect& effect) {
  if (effect.change == Change::added) return objects_.emplace(effect.id, effect.values).second;
  const auto found = objects_.find(effect.id);
  if (found == objects_.end()) return false;
  if (effect.change == Change::dropped) {
    objects_.erase(found);
    return true;
  }
  for (const AttributeChange& change : effect.attributes) {
    if (found->second[change.attribute] != change.from) return false;
    found->second[change.attribute] = change.to;
  }
  return true;
}

std::optional<Object> State::find(const ObjectId& id) const {
  const auto found = objects_.find(id);
  if (found == objects_.end()) return std::nullopt;
  return Object{id, found->second};
}

const std::vector<Text>* State::values(const ObjectId& id) const {
  const auto found = objects_.find(id);
  return found == objects_.end() ? nullptr : &found->second;
}

void State::take(const ObjectId& id, const Catalog& from) {
  if (const Object* const object = from.find(id))
    set(*object);
  else
    erase(id);
}

Catalog State::only(const std::vector<ObjectId>& ids, int major) const {
  std::vector<Object> objects;
  for (const ObjectId& id : ids)
    if (auto object = find(id)) objects.push_back(std::move(*object));
  return Catalog(std::move(objects), major);
}

Catalog State::catalog(int major) const {
  std::vector<Object> objects;
  objects.reserve(objects_.size());
  for (const auto& [id, values] : objects_) objects.push_back({id, values});
  return Catalog(std::move(objects), major);
}

}  // namespace candor::catalog
