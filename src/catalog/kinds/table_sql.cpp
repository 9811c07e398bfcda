#include <fmt/format.h>

#include <algorithm>

#include "catalog/kinds/column_sql.h"
#include "catalog/kinds/kind_sql.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& table) {
  return {"TABLE", sql_name(table.id)};
}

Ddl change(const Object& table, std::string action, bool only = false) {
  return {.sql = fmt::format("ALTER TABLE {}{} {}", only ? "ONLY " : "", sql_name(table.id), action),
          .lock = Lock::access_exclusive,
          .on = table.id};
}

/// The column or constraint of a parent that is called like this one.
const Object* part_of_parents(const Object& part, const std::vector<const Object*>& parents,
                              const World& world) {
  for (const Object* const parent : parents) {
    ObjectId id = part.id;
    id.schema = parent->id.schema;
    id.relation = parent->id.name;
    if (const Object* const found = world.find(id)) return found;
  }
  return nullptr;
}

/// A child that computes a column otherwise than its parent cannot be created as a child.
bool made_child_later(const Object& table, const World& world) {
  if (!is_set(table, "inherits")) return false;
  const auto parents = world.parents_of(table);
  return std::ranges::any_of(
      world.columns_of(table.id.schema, table.id.name), [&](const Object* const column) {
        const Object* const above =
            is_set(*column, "generated") ? part_of_parents(*column, parents, world) : nullptr;
        return above != nullptr && changed(*above, *column, "default");
      });
}

/// Columns, and the checks that a partition must have before it is attached.
std::string elements(const Object& table, const World& world) {
  const bool partition = is_set(table, "partition_of"), of_type = is_set(table, "of_type");
  const bool alone = made_child_later(table, world);
  std::string list;
  const auto add = [&list](const std::string& element) {
    if (element.empty()) return;
    list += list.empty() ? "\n  " : ",\n  ";
    list += element;
  };
  for (const Object* const column : world.columns_of(table.id.schema, table.id.name)) {
    if (of_type)
      add(column_options(*column, world));
    else if (partition)
      add(column_definition(*column, world, is_set(*column, "inherited")));
    else if (alone || !is_set(*column, "inherited"))
      add(column_definition(*column, world));
  }
  for (const Object* const part : world.parts_of(table.id.schema, table.id.name))
    if (partition && part->id.kind == Kind::constraint && is_set(*part, "inherited") &&
        value(*part, "type") == "check" && !is_set(*part, "not_valid"))
      add(fmt::format("CONSTRAINT {} CHECK ({})", pg::Identifier(part->id.name.view()),
                      value(*part, "check")));
  if (of_type && list.empty()) return {};
  return list.empty() ? " ()" : fmt::format(" ({}\n)", list);
}

std::string joined_options(const Object& table) {
  std::string options = sql_options(value(table, "options"));
  if (const std::string toast = sql_options(value(table, "toast_options"), "toast."); !toast.empty()) {
    if (!options.empty()) options += ", ";
    options += toast;
  }
  return options;
}

std::string create_table(const Object& table, const World& world) {
  std::string sql =
      fmt::format("CREATE {}TABLE {}", is_set(table, "unlogged") ? "UNLOGGED " : "", sql_name(table.id));
  if (is_set(table, "of_type")) sql += fmt::format(" OF {}", value(table, "of_type"));
  sql += elements(table, world);
  if (is_set(table, "inherits") && !made_child_later(table, world))
    sql += fmt::format(" INHERITS ({})", sql_names(value(table, "inherits")));
  if (is_set(table, "partition_by")) sql += fmt::format(" PARTITION BY {}", value(table, "partition_by"));
  if (is_set(table, "access_method")) sql += " USING " + sql_names(value(table, "access_method"));
  if (const std::string options = joined_options(table); !options.empty())
    sql += fmt::format(" WITH ({})", options);
  if (is_set(table, "tablespace")) sql += " TABLESPACE " + pg::Identifier(value(table, "tablespace")).sql();
  return sql;
}

/// Of those that are there, the parent waits for nobody; a default partition is looked through for rows that
/// now belong elsewhere.
Ddl attach(const Object& table, const World& world) {
  const ObjectId parent = named(Kind::table, value(table, "partition_of"));
  Ddl ddl{
      .sql = fmt::format("ALTER TABLE ONLY {} ATTACH PARTITION {} {}",
                         sql_names(value(table, "partition_of")), sql_name(table.id), value(table, "bound")),
      .lock = Lock::access_exclusive,
      .on = table.id,
      .also = {{parent, Lock::share_update_exclusive}},
      .scans = true,
      .late = true};
  for (const Object* const sibling : world.children_of(parent))
    if (sibling->id != table.id && value(*sibling, "bound") == "DEFAULT")
      ddl.also.emplace_back(sibling->id, Lock::access_exclusive);
  return ddl;
}

/// What DETACH … CONCURRENTLY left half-done is ended.
Ddl detach(const Object& table) {
  const std::string parent(value(table, "partition_of"));
  return {.sql = fmt::format("ALTER TABLE {} DETACH PARTITION {}{}", sql_names(parent), sql_name(table.id),
                             is_set(table, "detach_pending") ? " FINALIZE" : ""),
          .lock = Lock::access_exclusive,
          .on = named(Kind::table, parent),
          .also = {{table.id, Lock::access_exclusive}}};
}

std::string replica_identity(const Object& table) {
  const auto identity = value(table, "replica_identity");
  return fmt::format("REPLICA IDENTITY {}", identity == "full"      ? "FULL"
                                            : identity == "nothing" ? "NOTHING"
                                                                    : "DEFAULT");
}

void append_row_security(Ddls& ddls, const Object& from, const Object& to) {
  if (changed(from, to, "row_security"))
    ddls.push_back(
        change(to, fmt::format("{} ROW LEVEL SECURITY", is_set(to, "row_security") ? "ENABLE" : "DISABLE")));
  if (changed(from, to, "force_row_security"))
    ddls.push_back(change(
        to, fmt::format("{} ROW LEVEL SECURITY", is_set(to, "force_row_security") ? "FORCE" : "NO FORCE")));
  // An index as replica identity is said of the index.
  if (changed(from, to, "replica_identity") && value(to, "replica_identity") != "index")
    ddls.push_back(change(to, replica_identity(to)));
}

void append_columns(Ddls& ddls, const Object& table, const World& world) {
  const auto parents = world.parents_of(table);
  const bool partition = is_set(table, "partition_of");
  for (const Object* const column : world.columns_of(table.id.schema, table.id.name)) {
    const Object* const above =
        partition || !is_set(*column, "inherited") ? nullptr : part_of_parents(*column, parents, world);
    if (above != nullptr)
      append_inherited_differences(ddls, *column, *above, world);
    else
      append_column_settings(ddls, *column, world);
  }
}

Ddls create(const Object& table, const World& world) {
  Ddls ddls{{.sql = create_table(table, world)}};
  if (made_child_later(table, world))
    for (const std::string& parent : split_list(value(table, "inherits")))
      ddls.push_back(change(table, "INHERIT " + sql_names(parent)));
  append_columns(ddls, table, world);
  const Object none{table.id, std::vector<Text>(attributes_of(Kind::table).size())};
  append_row_security(ddls, none, table);
  append_extras(ddls, table, spoken(table));
  if (is_set(table, "partition_of")) ddls.push_back(attach(table, world));
  return ddls;
}

void change_parents(Ddls& ddls, const Object& from, const Object& to) {
  const auto before = split_list(value(from, "inherits")), after = split_list(value(to, "inherits"));
  const auto lacks = [](const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) == list.end();
  };
  for (const std::string& parent : before)
    if (lacks(after, parent)) ddls.push_back(change(to, "NO INHERIT " + sql_names(parent)));
  for (const std::string& parent : after)
    if (lacks(before, parent)) ddls.push_back(change(to, "INHERIT " + sql_names(parent)));
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World& world) {
  constexpr int set_access_method_since = 15;
  if (!only_changed(
          from, to,
          {"unlogged", "partition_of", "bound", "inherits", "row_security", "force_row_security",
           "replica_identity", "access_method", "tablespace", "options", "toast_options", "detach_pending"}))
    return std::nullopt;
  if (world.major < set_access_method_since && changed(from, to, "access_method")) return std::nullopt;
  if (!is_set(from, "detach_pending") && is_set(to, "detach_pending")) return std::nullopt;
  Ddls ddls;
  const bool moved =
      changed(from, to, "partition_of") || changed(from, to, "bound") || changed(from, to, "detach_pending");
  if (moved && is_set(from, "partition_of")) ddls.push_back(detach(from));
  const auto rewrite = [&](std::string action) {
    Ddl ddl = change(to, std::move(action));
    ddl.rewrites = ddl.scans = true;
    ddls.push_back(std::move(ddl));
  };
  if (changed(from, to, "unlogged")) rewrite(is_set(to, "unlogged") ? "SET UNLOGGED" : "SET LOGGED");
  if (changed(from, to, "access_method"))
    rewrite("SET ACCESS METHOD " +
            (is_set(to, "access_method") ? sql_names(value(to, "access_method")) : std::string("heap")));
  if (changed(from, to, "tablespace"))
    rewrite("SET TABLESPACE " +
            (is_set(to, "tablespace") ? sql_names(value(to, "tablespace")) : std::string("pg_default")));
  change_parents(ddls, from, to);
  append_row_security(ddls, from, to);
  const auto set_options = [&](std::string_view attribute, std::string_view prefix) {
    for (const std::string& action : option_changes(value(from, attribute), value(to, attribute), prefix)) {
      ddls.push_back(change(to, action));
      ddls.back().lock = Lock::share_update_exclusive;
    }
  };
  set_options("options", "");
  set_options("toast_options", "toast.");
  append_extra_changes(ddls, from, to, spoken(to));
  if (moved && is_set(to, "partition_of")) ddls.push_back(attach(to, world));
  return ddls;
}

/// The tables that its foreign keys refer to are locked as well.
void lock_targets(Ddl& ddl, const Object& table, const World& world) {
  for (const Object* const part : world.parts_of(table.id.schema, table.id.name)) {
    if (part->id.kind != Kind::constraint || value(*part, "type") != "foreign_key") continue;
    const std::string_view target = value(*part, "references");
    const ObjectId other = named(Kind::table, target.substr(0, target.rfind(" (")));
    const bool known = other == table.id || std::ranges::find(ddl.also, other, [](const auto& lock) {
                                              return lock.first;
                                            }) != ddl.also.end();
    if (!known) ddl.also.emplace_back(other, Lock::access_exclusive);
  }
}

Ddls drop(const Object& table, const World& world) {
  Ddl ddl{.sql = fmt::format("DROP TABLE {}", sql_name(table.id)),
          .lock = Lock::access_exclusive,
          .on = table.id,
          .hazard = fmt::format("drops {}: {}its rows are lost", describe(table.id),
                                is_set(table, "partition_by") ? "its partitions and " : "")};
  if (is_set(table, "partition_of"))
    ddl.also.emplace_back(named(Kind::table, value(table, "partition_of")), Lock::access_exclusive);
  lock_targets(ddl, table, world);
  return {std::move(ddl)};
}

/// A partition is attached when its indexes are there: those of its parent are then matched with them, not
/// made anew. What a child inherits has to be there before the child, but for checks that are not valid: a
/// child made later would have them valid.
void refer(const Object& table, const World& world, References& references) {
  refer_to_all(table, references);
  if (is_set(table, "access_method"))
    references.objects.push_back(named(Kind::access_method, value(table, "access_method")));
  for (const Object* const part : world.parts_of(table.id.schema, table.id.name))
    if (part->id.kind == Kind::column) refer_to_all(*part, references);
  for (const Object* const parent : world.parents_of(table))
    for (const Object* const part : world.parts_of(parent->id.schema, parent->id.name))
      if (part->id.kind == Kind::constraint && value(*part, "type") == "check" &&
          !is_set(*part, "no_inherit") && !is_set(*part, "not_valid"))
        references.objects.push_back(part->id);
  if (!is_set(table, "partition_of")) return;
  // Its own indexes have to be whole by then, with those of its partitions.
  for (const Object* const child : world.children_of(table.id))
    for (const Object* const part : world.parts_of(child->id.schema, child->id.name))
      if (part->id.kind == Kind::index || (part->id.kind == Kind::constraint && has_backing_index(*part)))
        references.finished.push_back(part->id);
  for (const Object* const part : world.parts_of(table.id.schema, table.id.name))
    if (part->id.kind == Kind::index || (part->id.kind == Kind::constraint && has_backing_index(*part)))
      references.late_objects.push_back(part->id);
}

}  // namespace

const KindSql table_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
