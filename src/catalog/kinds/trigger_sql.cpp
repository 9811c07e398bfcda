#include <fmt/format.h>

#include "catalog/kinds/firing.h"
#include "catalog/kinds/kind_sql.h"

namespace candor::catalog::kinds {

namespace {

std::string name_on(const Object& trigger) {
  return fmt::format("{} ON {}", pg::Identifier(trigger.id.name.view()), sql_relation(trigger.id));
}

Spoken spoken(const Object& trigger) {
  return {"TRIGGER", name_on(trigger)};
}

/// The trigger of a partitioned table that this one is a copy of.
const Object* original_of(const Object& trigger, const World& world) {
  const Object* const table = world.find(relation_of(trigger));
  if (table == nullptr || !is_set(*table, "partition_of")) return nullptr;
  for (const Object* const parent : world.parents_of(*table)) {
    ObjectId id = trigger.id;
    id.schema = parent->id.schema;
    id.relation = parent->id.name;
    if (const Object* const found = world.find(id)) return found;
    // A copy that fires as its original does is not recorded: the original stands further up.
    Object copy = trigger;
    copy.id = id;
    if (const Object* const found = original_of(copy, world)) return found;
  }
  return nullptr;
}

Ddl create_trigger(const Object& trigger) {
  return {.sql = std::string(value(trigger, "definition")),
          .lock = Lock::share_row_exclusive,
          .on = relation_of(trigger)};
}

Ddls create(const Object& trigger, const World& world) {
  Ddls ddls;
  const bool copy = original_of(trigger, world) != nullptr;
  if (!copy) ddls.push_back(create_trigger(trigger));
  if (copy || is_set(trigger, "enabled"))
    ddls.push_back(set_firing(trigger, "TRIGGER", Lock::share_row_exclusive, copy));
  append_extras(ddls, trigger, spoken(trigger));
  for (Ddl& ddl : ddls) ddl.late = copy;
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  if (!only_changed(from, to, {"enabled"})) return std::nullopt;
  Ddls ddls;
  if (changed(from, to, "enabled")) ddls.push_back(set_firing(to, "TRIGGER", Lock::share_row_exclusive));
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

Ddls drop(const Object& trigger, const World& world) {
  if (const Object* const original = original_of(trigger, world)) {
    Object alike = trigger;
    set_value(alike, "enabled", value(*original, "enabled"));
    return {set_firing(alike, "TRIGGER", Lock::share_row_exclusive, true)};
  }
  return {{.sql = fmt::format("DROP TRIGGER {}", name_on(trigger)),
           .lock = Lock::access_exclusive,
           .on = relation_of(trigger)}};
}

void refer(const Object& trigger, const World& world, References& references) {
  refer_to_all(trigger, references);
  const Object* const original = original_of(trigger, world);
  if (original == nullptr) return;
  references.late_objects.push_back(original->id);
  references.finished.push_back(relation_of(trigger));
  references.finished.push_back(original->id);
}

}  // namespace

const KindSql trigger_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
