/// catalog/state.h: a catalog that changes: what is true after each migration, without sorting in between.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/diff.h"

namespace candor::catalog {

class State {
 public:
  State() = default;
  explicit State(const Catalog& catalog);

  /// False if the effect does not fit: adding what is there, altering or dropping what is not, another
  /// "from".
  [[nodiscard]] bool apply(const Effect& effect);
  void set(const Object& object) { objects_[object.id] = object.values; }
  void erase(const ObjectId& id) { objects_.erase(id); }
  [[nodiscard]] std::optional<Object> find(const ObjectId& id) const;
  /// The values of `id`, until the state changes; null if there is no such object.
  [[nodiscard]] const std::vector<Text>* values(const ObjectId& id) const;
  /// Takes over what `from` says of `id`, be it that there is none.
  void take(const ObjectId& id, const Catalog& from);

  /// Those of `ids` that there are.
  [[nodiscard]] Catalog only(const std::vector<ObjectId>& ids, int major) const;
  [[nodiscard]] Catalog catalog(int major) const;
  [[nodiscard]] std::size_t size() const { return objects_.size(); }

 private:
  std::unordered_map<ObjectId, std::vector<Text>> objects_;
};

}  // namespace candor::catalog
