#include "plan/slice.h"

#include <algorithm>
#include <iterator>
#include <unordered_set>

#include "plan/planner.h"

namespace candor::plan {

namespace {

using catalog::Catalog;
using catalog::Kind;
using catalog::Object;
using catalog::ObjectId;

bool may_be_left_out(const ObjectId& id) {
  return is_relation(id.kind) || id.kind == Kind::sequence || id.kind == Kind::statistics ||
         !id.relation.empty();
}

struct Side {
  explicit Side(const Catalog& catalog) : world(catalog, catalog.major), dependencies(world) {}
  catalog::World world;
  Dependencies dependencies;
};

class Slicing {
 public:
  Slicing(const Catalog& from, const Catalog& to) : from_(from), to_(to), sides_{&from_, &to_} {}

  Slice run(const Plan& plan, const std::vector<Rename>& renames) {
    touch_what_it_names(plan);
    for (const Rename& rename : renames)
      for (const ObjectId& id : {rename.from, rename.to}) touched_.add(id);
    touch_what_is_in_the_way();
    for (std::size_t i = 0; i < touched_.list.size(); ++i) touch_around(ObjectId(touched_.list[i]));
    for (const Side* const side : sides_)
      for (const Object& object : side->world.catalog().objects())
        if (!may_be_left_out(object.id)) kept_.add(object.id);
    for (const ObjectId& id : touched_.list) kept_.add(id);
    for (std::size_t i = 0; i < kept_.list.size(); ++i) keep_around(ObjectId(kept_.list[i]));
    Slice slice{.from = kept_of(from_), .to = kept_of(to_)};
    slice.left_out = from_.world.catalog().size() - slice.from.size();
    return slice;
  }

 private:
  /// A set that grows while it is walked.
  struct Growing {
    std::vector<ObjectId> list;
    std::unordered_set<ObjectId> set;
    void add(const ObjectId& id) {
      if (set.insert(id).second) list.push_back(id);
    }
  };

  void touch_what_it_names(const Plan& plan) {
    for (const catalog::Effect& effect : plan.effects) touched_.add(effect.id);
    for (const Transaction& transaction : plan.transactions)
      for (const Step& step : transaction.steps) {
        touched_.add(step.object);
        touched_.add(step.on);
        for (const auto& [relation, lock] : step.also) touched_.add(relation);
      }
  }

  void touch_what_is_in_the_way() {
    std::unordered_set<ObjectId> names;  // of no kind in particular
    const auto name_of = [](const ObjectId& id) { return ObjectId{.schema = id.schema, .name = id.name}; };
    for (const ObjectId& id : touched_.list)
      if (is_in_pg_class(id.kind)) names.insert(name_of(id));
    for (const Side* const side : sides_)
      for (const Object& object : side->world.catalog().objects())
        if (is_in_pg_class(object.id.kind) && names.contains(name_of(object.id))) touched_.add(object.id);
  }

  /// What depends on it may have to go and come back.
  void touch_around(const ObjectId& id) {
    for (const Side* const side : sides_) {
      const auto place = side->dependencies.place_of(id);
      if (!place) continue;
      for (const Place dependent : side->dependencies.dependents(*place))
        touched_.add(side->dependencies.object(dependent).id);
    }
  }

  void keep_around(const ObjectId& id) {
    const bool whole = touched_.set.contains(id);
    for (const Side* const side : sides_) {
      const auto place = side->dependencies.place_of(id);
      if (!place) continue;
      const Needs& needs = side->dependencies.needs(*place);
      for (const auto* const list : {&needs.hard, &needs.late, &needs.whole})
        for (const Place need : *list) kept_.add(side->dependencies.object(need).id);
      if (const auto relation = side->dependencies.relation_of(id))
        keep_relation(*side, side->dependencies.object(*relation).id, whole);
      if (is_relation(id.kind)) keep_relation(*side, id, whole);
    }
  }

  /// With its columns, or with all that belongs to it.
  void keep_relation(const Side& side, const ObjectId& relation, bool whole) {
    kept_.add(relation);
    for (const Object* const part : side.world.parts_of(relation.schema, relation.name)) {
      if (part->id.kind != Kind::column && !whole) continue;
      kept_.add(part->id);
      if (part->id.kind != Kind::column) continue;
      if (const Object* const sequence = side.world.identity_sequence(part->id)) kept_.add(sequence->id);
    }
  }

  [[nodiscard]] Catalog kept_of(const Side& side) const {
    std::vector<Object> objects;
    std::ranges::copy_if(side.world.catalog().objects(), std::back_inserter(objects),
                         [&](const Object& object) { return kept_.set.contains(object.id); });
    Catalog kept(std::move(objects), side.world.catalog().major);
    kept.unreadable = side.world.catalog().unreadable;
    return kept;
  }

  Side from_, to_;
  const Side* sides_[2];
  Growing touched_, kept_;
};

}  // namespace

Slice slice_of(const Catalog& from, const Catalog& to, const Plan& plan, const std::vector<Rename>& renames) {
  return Slicing(from, to).run(plan, renames);
}

}  // namespace candor::plan
