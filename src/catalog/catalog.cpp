#include "catalog/catalog.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>

namespace candor::catalog {

namespace {

bool by_identity(const Object& a, const Object& b) {
  return a.id < b.id;
}

struct Group {
  Text schema;
  Text relation;
  friend bool operator==(const Group&, const Group&) = default;
};

struct GroupHash {
  std::size_t operator()(const Group& group) const {
    return group.schema.hash() * 0x9e3779b97f4a7c15ULL ^ group.relation.hash();
  }
};

/// What the order of identities looks at after extensions and schemas: objects of one group stand together.
Group group_of(const ObjectId& id) {
  if (id.kind == Kind::extension) return {};
  if (id.kind == Kind::schema) return {id.name, Text()};
  return {id.schema, id.relation.empty() ? id.name : id.relation};
}

/// Sorts by groups first. Comparing a quarter of a million names as strings is what costs when sorting a
/// large catalog; here only one object of each group is compared so, the others within their small group.
std::vector<Object> sorted(std::vector<Object> objects) {
  if (std::is_sorted(objects.begin(), objects.end(), by_identity)) return objects;

  std::unordered_map<Group, std::size_t, GroupHash> number_of;
  std::vector<std::vector<Object*>> groups;
  for (Object& object : objects) {
    const auto [at, fresh] = number_of.try_emplace(group_of(object.id), groups.size());
    if (fresh) groups.emplace_back();
    groups[at->second].push_back(&object);
  }
  for (auto& group : groups)
    std::sort(group.begin(), group.end(), [](const Object* a, const Object* b) { return a->id < b->id; });
  std::sort(groups.begin(), groups.end(),
            [](const auto& a, const auto& b) { return a.front()->id < b.front()->id; });

  std::vector<Object> result;
  result.reserve(objects.size());
  for (const auto& group : groups)
    for (Object* object : group) result.push_back(std::move(*object));
  return result;
}

}  // namespace

Catalog::Catalog(std::vector<Object> objects, int major_version)
    : major(major_version), objects_(sorted(std::move(objects))) {}

const Object* Catalog::find(const ObjectId& id) const {
  const auto at =
      std::lower_bound(objects_.begin(), objects_.end(), id,
                       [](const Object& object, const ObjectId& wanted) { return object.id < wanted; });
  return at != objects_.end() && at->id == id ? &*at : nullptr;
}

}  // namespace candor::catalog
