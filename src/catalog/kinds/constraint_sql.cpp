#include <fmt/format.h>

#include "catalog/kinds/firing.h"
#include "catalog/kinds/index_elements.h"
#include "catalog/kinds/kind_sql.h"

namespace candor::catalog::kinds {

namespace {

bool of_domain(const Object& constraint, const World& world) {
  ObjectId id = relation_of(constraint);
  id.kind = Kind::domain;
  return world.find(id) != nullptr;
}

const Object* table_of(const Object& constraint, const World& world) {
  return world.find(relation_of(constraint));
}

std::string name_of(const Object& constraint) {
  return pg::Identifier(constraint.id.name.view()).sql();
}

Spoken spoken(const Object& constraint, const World& world) {
  return {"CONSTRAINT",
          fmt::format("{} ON {}{}", name_of(constraint), of_domain(constraint, world) ? "DOMAIN " : "",
                      sql_relation(constraint.id))};
}

std::string upper(std::string_view word) {
  std::string text;
  for (const char c : word) text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

/// "a, b" with a word before or behind the last: WITHOUT OVERLAPS, PERIOD.
std::string period_columns(std::string_view columns, std::string_view before, std::string_view behind) {
  auto list = split_list(columns);
  std::string sql;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const bool last = i + 1 == list.size();
    if (i > 0) sql += ", ";
    if (last) sql += before;
    sql += sql_names(list[i]);
    if (last) sql += behind;
  }
  return sql;
}

std::string index_tail(const Object& constraint) {
  std::string tail;
  if (is_set(constraint, "include"))
    tail += fmt::format(" INCLUDE ({})", sql_names(value(constraint, "include")));
  if (is_set(constraint, "options"))
    tail += fmt::format(" WITH ({})", sql_options(value(constraint, "options")));
  if (is_set(constraint, "tablespace"))
    tail += " USING INDEX TABLESPACE " + pg::Identifier(value(constraint, "tablespace")).sql();
  return tail;
}

std::string key(const Object& constraint) {
  const bool period = is_set(constraint, "period");
  const std::string columns = period ? period_columns(value(constraint, "columns"), "", " WITHOUT OVERLAPS")
                                     : sql_names(value(constraint, "columns"));
  const bool primary = value(constraint, "type") == "primary_key";
  return fmt::format("{}{} ({}){}", primary ? "PRIMARY KEY" : "UNIQUE",
                     is_set(constraint, "nulls_not_distinct") ? " NULLS NOT DISTINCT" : "", columns,
                     index_tail(constraint));
}

std::string foreign_key(const Object& constraint) {
  const bool period = is_set(constraint, "period");
  const std::string_view target = value(constraint, "references");
  const std::size_t open = target.rfind(" (");
  const std::string_view target_columns = target.substr(open + 2, target.size() - open - 3);
  std::string sql =
      fmt::format("FOREIGN KEY ({}) REFERENCES {} ({})",
                  period ? period_columns(value(constraint, "columns"), "PERIOD ", "")
                         : sql_names(value(constraint, "columns")),
                  sql_names(target.substr(0, open)),
                  period ? period_columns(target_columns, "PERIOD ", "") : sql_names(target_columns));
  if (is_set(constraint, "match")) sql += " MATCH FULL";
  if (is_set(constraint, "on_update")) sql += " ON UPDATE " + upper(value(constraint, "on_update"));
  if (is_set(constraint, "on_delete")) sql += " ON DELETE " + upper(value(constraint, "on_delete"));
  if (is_set(constraint, "on_delete_columns"))
    sql += fmt::format(" ({})", sql_names(value(constraint, "on_delete_columns")));
  return sql;
}

/// "gist (during) where (x) with &&".
std::string exclusion(const Object& constraint) {
  const std::string_view text = value(constraint, "exclude");
  const std::size_t open = text.find(" (");
  const std::string_view rest = text.substr(open + 1);
  const std::size_t length = parenthesised(rest), with = rest.rfind(" with ");
  std::string sql = fmt::format("EXCLUDE USING {} ({}){}", sql_names(text.substr(0, open)),
                                sql_exclusion_elements(rest.substr(1, length - 2), rest.substr(with + 6)),
                                index_tail(constraint));
  const std::string_view between = rest.substr(length, with - length);
  constexpr std::string_view where = " where ";
  if (between.starts_with(where)) sql += fmt::format(" WHERE ({})", between.substr(where.size()));
  return sql;
}

std::string definition(const Object& constraint) {
  const std::string_view type = value(constraint, "type");
  std::string sql;
  if (type == "primary_key" || type == "unique") sql = key(constraint);
  if (type == "foreign_key") sql = foreign_key(constraint);
  if (type == "exclude") sql = exclusion(constraint);
  if (type == "check") sql = fmt::format("CHECK ({})", value(constraint, "check"));
  if (type == "not_null") sql = fmt::format("NOT NULL {}", sql_names(value(constraint, "columns")));
  if (is_set(constraint, "no_inherit")) sql += " NO INHERIT";
  if (is_set(constraint, "deferrable"))
    sql += fmt::format(" DEFERRABLE INITIALLY {}", upper(value(constraint, "deferrable")));
  if (is_set(constraint, "not_enforced"))
    sql += " NOT ENFORCED";
  else if (is_set(constraint, "not_valid"))
    sql += " NOT VALID";
  return sql;
}

/// The constraint of the parent that an inherited one follows from. A valid check does not from one that is
/// not.
const Object* origin_of(const Object& constraint, const World& world) {
  const Object* const table = table_of(constraint, world);
  if (table == nullptr || !is_set(constraint, "inherited")) return nullptr;
  for (const Object* const parent : world.parents_of(*table))
    for (const Object* const part : world.parts_of(parent->id.schema, parent->id.name)) {
      if (part->id.kind != Kind::constraint || changed(*part, constraint, "type")) continue;
      const bool same = has_backing_index(constraint)
                            ? !changed(*part, constraint, "columns") && !changed(*part, constraint, "exclude")
                            : part->id.name == constraint.id.name &&
                                  (is_set(constraint, "not_valid") || !is_set(*part, "not_valid"));
      if (same) return part;
    }
  return nullptr;
}

std::string index_name(const Object& constraint) {
  return fmt::format("{}.{}", pg::Identifier(constraint.id.schema.view()), name_of(constraint));
}

void append_marks(Ddls& ddls, const Object& from, const Object& to) {
  if (changed(from, to, "clustered"))
    ddls.push_back({.sql = is_set(to, "clustered")
                               ? fmt::format("ALTER TABLE {} CLUSTER ON {}", sql_relation(to.id), name_of(to))
                               : fmt::format("ALTER TABLE {} SET WITHOUT CLUSTER", sql_relation(to.id)),
                    .lock = Lock::share_update_exclusive,
                    .on = relation_of(to)});
  if (changed(from, to, "replica_identity") && is_set(to, "replica_identity"))
    ddls.push_back({.sql = fmt::format("ALTER TABLE ONLY {} REPLICA IDENTITY USING INDEX {}",
                                       sql_relation(to.id), name_of(to)),
                    .lock = Lock::access_exclusive,
                    .on = relation_of(to)});
}

/// A foreign key's target is locked as well.
void lock_target(Ddl& ddl, const Object& constraint, Lock lock) {
  if (value(constraint, "type") != "foreign_key") return;
  const std::string_view target = value(constraint, "references");
  const ObjectId table = named(Kind::table, target.substr(0, target.rfind(" (")));
  if (table != relation_of(constraint)) ddl.also.emplace_back(table, lock);
}

Ddl add(const Object& constraint, const World& world) {
  const Object* const table = table_of(constraint, world);
  const std::string_view type = value(constraint, "type");
  Ddl ddl{
      .sql = fmt::format(
          "ALTER {} {}{} ADD CONSTRAINT {} {}", of_domain(constraint, world) ? "DOMAIN" : "TABLE",
          table != nullptr && is_set(*table, "partition_by") && has_backing_index(constraint) ? "ONLY " : "",
          sql_relation(constraint.id), name_of(constraint), definition(constraint)),
      .lock = type == "foreign_key" ? Lock::share_row_exclusive : Lock::access_exclusive,
      .on = relation_of(constraint),
      .scans = !is_set(constraint, "not_valid") && !is_set(constraint, "not_enforced")};
  lock_target(ddl, constraint, Lock::share_row_exclusive);
  return ddl;
}

void append_index_comment(Ddls& ddls, const Object& from, const Object& to) {
  if (!changed(from, to, "comment_on_index")) return;
  const std::string_view comment = value(to, "comment_on_index");
  ddls.push_back({.sql = fmt::format("COMMENT ON INDEX {} IS {}", index_name(to),
                                     comment.empty() ? "NULL" : sql_literal(comment))});
}

/// A partition's key becomes a part of its parent's; where it is that already, nothing happens.
Ddl attach(const Object& constraint, const Object& origin) {
  return {
      .sql = fmt::format("ALTER INDEX {} ATTACH PARTITION {}", index_name(origin), index_name(constraint)),
      .lock = Lock::access_exclusive,
      .on = relation_of(constraint),
      .late = true};
}

/// No statement switches off one foreign key alone: its triggers, which are called as the server likes, are.
Ddl disable(const Object& constraint) {
  const std::string body = fmt::format(
      "DECLARE t record; BEGIN FOR t IN SELECT g.tgrelid::pg_catalog.regclass AS relation, g.tgname FROM"
      " pg_catalog.pg_trigger g JOIN pg_catalog.pg_constraint k ON k.oid = g.tgconstraint WHERE k.conrelid ="
      " {}::pg_catalog.regclass AND k.conname = {} LOOP EXECUTE pg_catalog.format('ALTER TABLE %s DISABLE TRIGGER"
      " %I', t.relation, t.tgname); END LOOP; END",
      sql_literal(sql_relation(constraint.id)), sql_literal(constraint.id.name.view()));
  return {.sql = fmt::format("DO {}", sql_literal(body)),
          .lock = Lock::share_row_exclusive,
          .on = relation_of(constraint),
          .reason = "the foreign key is switched off"};
}

Ddls create(const Object& constraint, const World& world) {
  const Object* const origin = origin_of(constraint, world);
  Ddls ddls;
  if (origin == nullptr || has_backing_index(constraint)) ddls.push_back(add(constraint, world));
  const Object none{constraint.id, std::vector<Text>(attributes_of(Kind::constraint).size())};
  if (is_set(constraint, "disabled")) ddls.push_back(disable(constraint));
  append_marks(ddls, none, constraint);
  append_extras(ddls, constraint, spoken(constraint, world));
  append_index_comment(ddls, none, constraint);
  if (origin != nullptr && has_backing_index(constraint)) ddls.push_back(attach(constraint, *origin));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World& world) {
  const bool foreign = value(to, "type") == "foreign_key";
  if (!only_changed(from, to,
                    {"not_valid", "deferrable", "inherited", "invalid", "clustered", "replica_identity",
                     "options", "tablespace"}))
    return std::nullopt;
  if (changed(from, to, "deferrable") && !foreign) return std::nullopt;
  if (changed(from, to, "not_valid") && is_set(to, "not_valid")) return std::nullopt;
  const Object* const table = table_of(to, world);
  const bool partitioned = table != nullptr && is_set(*table, "partition_by");
  if (changed(from, to, "invalid") && (!partitioned || is_set(to, "invalid"))) return std::nullopt;
  Ddls ddls;
  const bool domain = of_domain(to, world);
  if (changed(from, to, "deferrable"))
    ddls.push_back({.sql = fmt::format(
                        "ALTER TABLE {} ALTER CONSTRAINT {} {}", sql_relation(to.id), name_of(to),
                        is_set(to, "deferrable") ? "DEFERRABLE INITIALLY " + upper(value(to, "deferrable"))
                                                 : std::string("NOT DEFERRABLE")),
                    .lock = Lock::access_exclusive,
                    .on = relation_of(to)});
  if (changed(from, to, "not_valid"))
    ddls.push_back({.sql = fmt::format("ALTER {} {} VALIDATE CONSTRAINT {}", domain ? "DOMAIN" : "TABLE",
                                       sql_relation(to.id), name_of(to)),
                    .lock = Lock::share_update_exclusive,
                    .on = relation_of(to),
                    .scans = true});
  if (changed(from, to, "not_valid")) lock_target(ddls.back(), to, Lock::row_share);
  for (const std::string& change : option_changes(value(from, "options"), value(to, "options")))
    ddls.push_back({.sql = fmt::format("ALTER INDEX {} {}", index_name(to), change),
                    .lock = Lock::share_update_exclusive,
                    .on = relation_of(to)});
  if (changed(from, to, "tablespace"))
    ddls.push_back({.sql = fmt::format("ALTER INDEX {} SET TABLESPACE {}", index_name(to),
                                       is_set(to, "tablespace") ? sql_names(value(to, "tablespace"))
                                                                : std::string("pg_default")),
                    .lock = Lock::access_exclusive,
                    .on = relation_of(to),
                    .rewrites = true});
  append_marks(ddls, from, to);
  append_extra_changes(ddls, from, to, spoken(to, world));
  append_index_comment(ddls, from, to);
  if (changed(from, to, "inherited") && has_backing_index(to))
    if (const Object* const origin = origin_of(to, world)) ddls.push_back(attach(to, *origin));
  return ddls;
}

Ddls drop(const Object& constraint, const World& world) {
  if (origin_of(constraint, world) != nullptr) return {};
  const bool domain = of_domain(constraint, world);
  Ddl ddl{.sql = fmt::format("ALTER {} {} DROP CONSTRAINT {}", domain ? "DOMAIN" : "TABLE",
                             sql_relation(constraint.id), name_of(constraint)),
          .lock = domain ? Lock::none : Lock::access_exclusive,
          .on = relation_of(constraint)};
  lock_target(ddl, constraint, Lock::access_exclusive);
  return {std::move(ddl)};
}

/// A foreign key needs what makes its target unique, whole.
void refer_to_target(const Object& constraint, const World& world, References& references) {
  const std::string_view target = value(constraint, "references");
  const ObjectId table = named(Kind::table, target.substr(0, target.rfind(" (")));
  for (const Object* const part : world.parts_of(table.schema, table.name)) {
    const bool unique = (part->id.kind == Kind::constraint && has_backing_index(*part)) ||
                        (part->id.kind == Kind::index && is_set(*part, "unique"));
    if (unique) references.objects.push_back(part->id);
  }
}

/// A child's own check that is valid cannot be added where the parent's, which is not, was inherited.
void refer_to_valid_checks(const Object& constraint, const World& world, References& references) {
  for (const Object* const child : world.children_of(relation_of(constraint))) {
    references.whole.push_back(child->id);
    ObjectId id = constraint.id;
    id.schema = child->id.schema;
    id.relation = child->id.name;
    if (const Object* const same = world.find(id); same != nullptr && !is_set(*same, "not_valid"))
      references.whole.push_back(id);
  }
}

void refer(const Object& constraint, const World& world, References& references) {
  refer_to_all(constraint, references);
  if (value(constraint, "type") == "foreign_key") refer_to_target(constraint, world, references);
  // A partition that comes later would get an index by another name.
  if (has_backing_index(constraint))
    for (const Object* const partition : world.children_of(relation_of(constraint)))
      references.whole.push_back(partition->id);
  if (value(constraint, "type") == "check" && is_set(constraint, "not_valid"))
    refer_to_valid_checks(constraint, world, references);
  if (const Object* const origin = origin_of(constraint, world)) {
    (has_backing_index(constraint) ? references.late_objects : references.objects).push_back(origin->id);
    if (has_backing_index(constraint)) references.finished.push_back(relation_of(constraint));
  }
}

}  // namespace

const KindSql constraint_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
