/// What has to go, to be made and to be altered.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "catalog/kind.h"
#include "plan/planner.h"

namespace candor::plan {

using catalog::Change;
using catalog::changed;
using catalog::is_set;
using catalog::Kind;
using catalog::Object;
using catalog::ObjectId;
using catalog::value;

bool is_type(Kind kind) {
  return kind == Kind::enum_type || kind == Kind::domain || kind == Kind::composite_type ||
         kind == Kind::range_type;
}

bool is_relation(Kind kind) {
  return kind == Kind::table || kind == Kind::foreign_table || kind == Kind::view ||
         kind == Kind::materialized_view;
}

bool is_in_pg_class(Kind kind) {
  return is_relation(kind) || kind == Kind::sequence || kind == Kind::index || kind == Kind::constraint ||
         kind == Kind::composite_type;
}

ObjectId part_in(const ObjectId& relation, ObjectId part) {
  part.schema = relation.schema;
  part.relation = relation.name;
  return part;
}

std::vector<Place> parent_columns(const Dependencies& side, const catalog::World& world,
                                  const ObjectId& column) {
  std::vector<Place> columns;
  const Object* const table =
      world.find({.kind = Kind::table, .schema = column.schema, .name = column.relation});
  if (table == nullptr) return columns;
  for (const Object* const parent : world.parents_of(*table))
    if (const auto found = side.place_of(part_in(parent->id, column))) columns.push_back(*found);
  return columns;
}

std::optional<Place> owner_of(const Dependencies& side, Place sequence) {
  const auto& owners = side.needs(sequence).late;
  const auto at = std::ranges::find_if(owners, [&](Place owner) {
    const ObjectId& id = side.object(owner).id;
    return id.kind == Kind::column && to_string(id) == value(side.object(sequence), "owned_by");
  });
  return at == owners.end() ? std::nullopt : std::optional(*at);
}

Changes::Changes(const catalog::World& from_world, const catalog::World& to_world, const Options& options)
    : from(from_world),
      to(to_world),
      effects(catalog::diff(from_world.catalog(), to_world.catalog())),
      gone(from.size()),
      made(to.size()),
      from_world_(from_world),
      to_world_(to_world),
      options_(options) {
  classify();
  follow();
  find_taken_names();
}

std::optional<Place> Changes::twin_in_to(Place from_place) const {
  return to.place_of(from.object(from_place).id);
}
std::optional<Place> Changes::twin_in_from(Place to_place) const {
  return from.place_of(to.object(to_place).id);
}
bool Changes::made_again(Place to_place) const {
  return made[to_place] && twin_in_from(to_place).has_value();
}

Object Changes::target(Place to_place) const {
  Object object = to.object(to_place);
  const auto twin = twin_in_from(to_place);
  const Object* const before = twin ? &from.object(*twin) : nullptr;
  const auto leave = [&](bool wanted, std::string_view attribute) {
    if (!wanted) catalog::set_value(object, attribute, before == nullptr ? "" : value(*before, attribute));
  };
  leave(options_.owners, "owner");
  leave(options_.grants, "grants");
  leave(options_.comments, "comment");
  return object;
}

bool Changes::relation_has_rows(const ObjectId& part) const {
  const auto relation = from.place_of({.kind = Kind::table, .schema = part.schema, .name = part.relation});
  return relation.has_value() && !gone[*relation];
}

void Changes::classify() {
  for (const catalog::Effect& effect : effects) {
    const auto in_from = from.place_of(effect.id), in_to = to.place_of(effect.id);
    if (effect.change == Change::added) {
      made[*in_to] = true;
    } else if (effect.change == Change::altered) {
      alter(*in_from, *in_to);
    } else if (options_.additive) {
      extra.push_back(effect.id);
    } else {
      gone[*in_from] = true;
      queue_.push_back(*in_from);
    }
  }
}

void Changes::alter(Place from_place, Place to_place) {
  const Object& before = from.object(from_place);
  Object after = target(to_place);
  if (before == after) return;
  const catalog::KindSql* const sql = catalog::spec_of(before.id.kind).ddl;
  if (sql == nullptr) {
    impossible.push_back(fmt::format("{} cannot be altered yet", describe(before.id)));
    return;
  }
  const auto ddls = sql->alter(before, after, to_world_);
  if (!ddls) {
    const bool holds_data =
        before.id.kind == Kind::table || (before.id.kind == Kind::column && !is_set(before, "generated"));
    if (options_.additive && holds_data) {
      impossible.push_back(fmt::format("{} would have to be dropped and made again: its data would be lost",
                                       describe(before.id)));
      return;
    }
    make_again(from_place);
    return;
  }
  if (before.id.kind == Kind::column &&
      (changed(before, after, "type") || changed(before, after, "collation")))
    retype(from_place);
  if (before.id.kind == Kind::composite_type && retypes_a_stored_field(from_place, *ddls)) {
    make_again(from_place);
    return;
  }
  if (before.id.kind == Kind::sequence && is_set(before, "identity") && !is_set(after, "identity"))
    detach_owner(from_place);
  altered.emplace(to_place, std::move(after));
}

/// The server has no statement for a field's type while columns hold the type's values.
bool Changes::retypes_a_stored_field(Place type, const catalog::Ddls& ddls) const {
  const bool retypes = std::ranges::any_of(
      ddls, [](const catalog::Ddl& ddl) { return ddl.sql.find(" ALTER ATTRIBUTE ") != std::string::npos; });
  return retypes && std::ranges::any_of(from.dependents(type), [&](Place dependent) {
           return from.object(dependent).id.kind == Kind::column;
         });
}

/// An identity goes before its sequence can be another one.
void Changes::detach_owner(Place sequence) {
  const auto column = owner_of(from, sequence);
  if (!column || gone[*column]) return;
  const auto twin = twin_in_to(*column);
  if (!twin) return;
  detached.insert(*column);
  altered.try_emplace(*twin, target(*twin));
}

/// What is left although it is extra keeps its name.
void Changes::find_taken_names() {
  const auto bears_name = [](const Object& object) {
    return is_in_pg_class(object.id.kind) &&
           (object.id.kind != Kind::constraint || has_backing_index(object));
  };
  std::map<std::pair<Text, Text>, ObjectId> taken;
  for (const ObjectId& id : extra)
    if (bears_name(*from_world_.find(id))) taken.try_emplace({id.schema, id.name}, id);
  for (Place place = 0; place < made.size() && !taken.empty(); ++place) {
    const Object& object = to.object(place);
    if (!made[place] || !bears_name(object)) continue;
    if (const auto at = taken.find({object.id.schema, object.id.name}); at != taken.end())
      impossible.push_back(
          fmt::format("{} cannot be made: {} has its name", describe(object.id), describe(at->second)));
  }
}

void Changes::retype(Place column) {
  if (retyped.insert(column).second) queue_.push_back(column);
}

/// Drops the object, and makes what `to` has of it.
void Changes::make_again(Place from_place) {
  if (gone[from_place]) return;
  const auto twin = twin_in_to(from_place);
  if (!twin) return;
  gone[from_place] = true;
  made[*twin] = true;
  altered.erase(*twin);
  queue_.push_back(from_place);
}

void Changes::follow() {
  while (!queue_.empty()) {
    const Place cause = queue_.back();
    queue_.pop_back();
    const Kind kind = from.object(cause).id.kind;
    if (gone[cause] && (is_type(kind) || kind == Kind::collation) && twin_in_to(cause)) replace_type(cause);
    for (const Place dependent : from.dependents(cause))
      if (!gone[dependent] && twin_in_to(dependent)) react(dependent, cause);
  }
}

/// A type or collation that is made anew while columns of it stay.
void Changes::replace_type(Place type) {
  for (const Place dependent : from.dependents(type)) {
    const Object& column = from.object(dependent);
    if (column.id.kind != Kind::column || gone[dependent]) continue;
    const auto twin = twin_in_to(dependent);
    if (!twin || changed(column, to.object(*twin), "type") || changed(column, to.object(*twin), "collation"))
      continue;
    replaced_types.insert(type);
    retype(dependent);
    altered.try_emplace(*twin, target(*twin));
  }
}

void Changes::react(Place dependent, Place cause) {
  const Object& object = from.object(dependent);
  const Object& reason = from.object(cause);
  const bool belongs = from.relation_of(object.id) == cause;
  if (belongs) {
    if (gone[cause]) make_again(dependent);
    return;
  }
  if (reason.id.kind == Kind::schema) return;
  switch (object.id.kind) {
    case Kind::column:
      return react_column(dependent, cause);
    case Kind::constraint:
      return react_constraint(dependent, cause);
    case Kind::index:
      if (gone[cause]) make_again(dependent);  // a type's change rebuilds it
      return;
    case Kind::function:
    case Kind::procedure:
      if (gone[cause] || is_set(object, "sql_body")) make_again(dependent);
      return;
    case Kind::schema:
    case Kind::extension:
    case Kind::table:
    case Kind::sequence:
      return;
    default:
      return make_again(dependent);
  }
}

void Changes::react_column(Place dependent, Place cause) {
  const Object& column = from.object(dependent);
  const Object& reason = from.object(cause);
  const auto twin = twin_in_to(dependent);
  const bool of_type = is_type(reason.id.kind) && !changed(column, to.object(*twin), "type");
  if (is_set(column, "generated") && !of_type) return make_again(dependent);
  if (!gone[cause] || !is_set(column, "default") || of_type) return;
  const bool stays = !changed(column, to.object(*twin), "default");
  if ((!stays && reason.id.kind != Kind::sequence) || !twin_in_to(cause)) return;
  if (reason.id.kind == Kind::column || is_relation(reason.id.kind)) return;
  detached.insert(dependent);
  altered.try_emplace(*twin, target(*twin));
}

void Changes::react_constraint(Place dependent, Place cause) {
  const Object& constraint = from.object(dependent);
  const Object& reason = from.object(cause);
  const bool foreign = value(constraint, "type") == "foreign_key";
  if (!gone[cause]) {
    if (foreign) make_again(dependent);  // both sides change type: they are linked again afterwards
    return;
  }
  const bool unique = reason.id.kind == Kind::index || reason.id.kind == Kind::constraint;
  if (foreign && unique) {
    const std::string_view target = value(constraint, "references");
    const std::size_t open = target.rfind(" (");
    auto needed = catalog::split_list(target.substr(open + 2, target.size() - open - 3));
    auto had = catalog::split_list(value(reason, "columns"));
    std::ranges::sort(needed);
    std::ranges::sort(had);
    if (needed != had) return;
  }
  make_again(dependent);
}

}  // namespace candor::plan
