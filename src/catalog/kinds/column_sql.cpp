#include "catalog/kinds/column_sql.h"

#include <fmt/format.h>

#include <charconv>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

ObjectId table_of(const Object& column) {
  return {.kind = Kind::table, .schema = column.id.schema, .name = column.id.relation};
}

std::string alter_table(const Object& column, bool only = false) {
  return fmt::format("ALTER TABLE {}{}", only ? "ONLY " : "", sql_relation(column.id));
}

std::string name_of(const Object& column) {
  return pg::Identifier(column.id.name.view()).sql();
}

Spoken spoken(const Object& column) {
  return {"COLUMN", fmt::format("{}.{}", sql_relation(column.id), name_of(column)), "TABLE",
          sql_relation(column.id), fmt::format("({})", name_of(column))};
}

std::string upper(std::string_view word) {
  std::string text;
  for (const char c : word)
    text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c == '_' ? ' ' : c;
  return text;
}

std::string identity_clause(const Object& column, const World& world) {
  std::string clause = fmt::format("GENERATED {} AS IDENTITY", upper(value(column, "identity")));
  if (const Object* const sequence = world.identity_sequence(column.id))
    clause +=
        fmt::format(" (SEQUENCE NAME {}{})", sql_name(sequence->id), sequence_options(*sequence, false));
  return clause;
}

std::string constraints_of(const Object& column, const World& world, bool of_partition) {
  std::string text;
  if (const auto kind = value(column, "generated"); !kind.empty())
    text += fmt::format(" GENERATED ALWAYS AS ({}) {}", value(column, "default"), upper(kind));
  else if (is_set(column, "default"))
    text += fmt::format(" DEFAULT {}", value(column, "default"));
  if (is_set(column, "identity") && !of_partition) text += fmt::format(" {}", identity_clause(column, world));
  if (is_set(column, "not_null")) text += " NOT NULL";
  return text;
}

Ddl table_change(const Object& column, std::string action, bool only = false) {
  return {.sql = fmt::format("{} ALTER COLUMN {} {}", alter_table(column, only), name_of(column), action),
          .lock = Lock::access_exclusive,
          .on = table_of(column)};
}

/// The statistics target by the column's name is not a heavy lock.
Ddl light_change(const Object& column, std::string action) {
  Ddl ddl = table_change(column, std::move(action), true);
  ddl.lock = Lock::share_update_exclusive;
  return ddl;
}

/// The storage that a type chooses, as far as it is known.
std::string own_storage(std::string_view type, const World& world) {
  type = type.substr(0, type.find('('));
  if (type == "numeric" || type == "inet" || type == "cidr") return "MAIN";
  if (type == "tsquery" || type == "int2vector" || type == "oidvector") return "PLAIN";
  if (const Object* const domain = world.find(named(Kind::domain, type)))
    return own_storage(value(*domain, "type"), world);
  if (const Object* const base = world.find(named(Kind::base_type, type)))
    return upper(value(*base, "storage"));
  return "EXTENDED";
}

std::string storage_of(const Object& column, const World& world) {
  constexpr int default_since = 16;
  if (is_set(column, "storage")) return upper(value(column, "storage"));
  return world.major >= default_since ? "DEFAULT" : own_storage(value(column, "type"), world);
}

void append_setting_changes(Ddls& ddls, const Object& from, const Object& to, const World& world) {
  if (changed(from, to, "storage"))
    ddls.push_back(table_change(to, fmt::format("SET STORAGE {}", storage_of(to, world)), true));
  if (changed(from, to, "compression"))
    ddls.push_back(table_change(
        to,
        fmt::format("SET COMPRESSION {}", is_set(to, "compression") ? value(to, "compression") : "default"),
        true));
  if (changed(from, to, "statistics"))
    ddls.push_back(light_change(
        to, fmt::format("SET STATISTICS {}", is_set(to, "statistics") ? value(to, "statistics") : "-1")));
  for (const std::string& change : option_changes(value(from, "options"), value(to, "options")))
    ddls.push_back(light_change(to, change));
  if (const std::string options =
          foreign_option_changes(value(from, "foreign_options"), value(to, "foreign_options"));
      !options.empty())
    ddls.push_back({.sql = fmt::format("ALTER FOREIGN TABLE {} ALTER COLUMN {} OPTIONS ({})",
                                       sql_relation(to.id), name_of(to), options),
                    .lock = Lock::access_exclusive,
                    .on = table_of(to)});
}

/// "character varying(20)" → "character varying", 20; -1: no length.
std::pair<std::string_view, int> with_length(std::string_view type) {
  const std::size_t open = type.find('(');
  int length = -1;
  if (open == std::string_view::npos || !type.ends_with(')')) return {type, length};
  const auto [end, error] = std::from_chars(type.data() + open + 1, type.data() + type.size(), length);
  if (error != std::errc{} || *end != ')') return {type, -1};
  return {type.substr(0, open), length};
}

/// An explicit cast cuts what is too long; without one, the server refuses to.
bool cuts_if_cast(std::string_view from, std::string_view to) {
  const auto base = [](std::string_view type) { return with_length(type).first; };
  const auto is_text = [](std::string_view type) {
    return type == "text" || type == "character varying" || type == "character";
  };
  return base(from) == base(to) || (is_text(base(from)) && is_text(base(to)));
}

bool has_zone(std::string_view type) {
  return type.ends_with("with time zone");
}

/// The default is cast with the values only where an assignment cast exists; so it goes and comes back.
void change_type(Ddls& ddls, const Object& from, const Object& to) {
  const bool rewrites =
      changed(from, to, "type") && type_change_rewrites(value(from, "type"), value(to, "type"));
  std::string actions;
  if (is_set(from, "default") && !is_set(from, "generated"))
    actions += fmt::format("ALTER COLUMN {} DROP DEFAULT, ", name_of(to));
  actions += fmt::format("ALTER COLUMN {} TYPE {}", name_of(to), type_clause(to));
  if (rewrites && !is_set(to, "generated") && !cuts_if_cast(value(from, "type"), value(to, "type")))
    actions += fmt::format(" USING {}::{}", name_of(to), value(to, "type"));
  if (is_set(from, "default") && is_set(to, "default") && !is_set(to, "generated"))
    actions += fmt::format(", ALTER COLUMN {} SET DEFAULT {}", name_of(to), value(to, "default"));
  const std::string cast = fmt::format("casts the values of {} from {} to {}", to_string(to.id),
                                       value(from, "type"), value(to, "type"));
  const bool zoned =
      changed(from, to, "type") && has_zone(value(from, "type")) != has_zone(value(to, "type"));
  ddls.push_back({.sql = fmt::format("{} {}", alter_table(to), actions),
                  .lock = Lock::access_exclusive,
                  .on = table_of(to),
                  .rewrites = rewrites,
                  .scans = rewrites,
                  .hazard = zoned      ? cast + ", by the time zone of the session that runs it"
                            : rewrites ? cast
                                       : std::string()});
}

void change_identity(Ddls& ddls, const Object& from, const Object& to, const World& world) {
  if (!changed(from, to, "identity")) return;
  if (!is_set(to, "identity")) {
    ddls.push_back(table_change(to, "DROP IDENTITY"));
  } else if (!is_set(from, "identity")) {
    ddls.push_back(table_change(to, "ADD " + identity_clause(to, world)));
  } else {
    ddls.push_back(table_change(to, fmt::format("SET GENERATED {}", upper(value(to, "identity")))));
  }
}

void change_default(Ddls& ddls, const Object& from, const Object& to, bool done_with_type) {
  if (!changed(from, to, "default")) return;
  const bool kept_both = is_set(from, "default") && is_set(to, "default");
  if (done_with_type && (kept_both || !is_set(to, "default"))) return;
  ddls.push_back(table_change(to,
                              is_set(to, "default") ? fmt::format("SET DEFAULT {}", value(to, "default"))
                                                    : std::string("DROP DEFAULT"),
                              true));
}

Ddls create(const Object& column, const World& world) {
  Ddl add{.sql = fmt::format("{} ADD COLUMN {}", alter_table(column), column_definition(column, world)),
          .lock = Lock::access_exclusive,
          .on = table_of(column)};
  add.rewrites = is_set(column, "identity") || value(column, "generated") == "stored";
  add.scans = add.rewrites;
  Ddls ddls{std::move(add)};
  append_column_settings(ddls, column, world);
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World& world) {
  constexpr int set_expression_since = 17;
  const bool was_generated = is_set(from, "generated"), is_generated = is_set(to, "generated");
  Ddls ddls;
  if (is_generated) {
    if (changed(from, to, "generated")) return std::nullopt;
    if (changed(from, to, "default")) {
      if (world.major < set_expression_since) return std::nullopt;
      Ddl change = table_change(to, fmt::format("SET EXPRESSION AS ({})", value(to, "default")));
      change.rewrites = change.scans = value(to, "generated") == "stored";
      ddls.push_back(std::move(change));
    }
  }
  const bool retyped = changed(from, to, "type") || changed(from, to, "collation");
  Object before = from;  // as the statements so far have made it
  if (was_generated && !is_generated) {
    if (value(from, "generated") == "virtual") return std::nullopt;
    ddls.push_back(table_change(to, "DROP EXPRESSION"));
    set_value(before, "generated", "");
    set_value(before, "default", "");
  }
  if (is_set(from, "identity") && !is_set(to, "identity")) change_identity(ddls, before, to, world);
  if (retyped) {
    change_type(ddls, before, to);
    forget_of_type(before);
  }
  if (!is_generated) change_default(ddls, before, to, retyped);
  if (changed(from, to, "not_null")) {
    Ddl change = table_change(to, is_set(to, "not_null") ? "SET NOT NULL" : "DROP NOT NULL");
    change.scans = is_set(to, "not_null");
    ddls.push_back(std::move(change));
  }
  if (is_set(to, "identity")) change_identity(ddls, before, to, world);
  append_setting_changes(ddls, before, to, world);
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

Ddls drop(const Object& column, const World&) {
  return {{.sql = fmt::format("{} DROP COLUMN {}", alter_table(column), name_of(column)),
           .lock = Lock::access_exclusive,
           .on = table_of(column),
           .hazard = is_set(column, "generated")
                         ? ""
                         : fmt::format("drops {}: its values are lost", describe(column.id))}};
}

}  // namespace

void forget_of_type(Object& column) {
  set_value(column, "storage", "");
  set_value(column, "compression", "");
}

std::string type_clause(const Object& column) {
  std::string text(value(column, "type"));
  if (is_set(column, "collation")) text += fmt::format(" COLLATE {}", sql_names(value(column, "collation")));
  return text;
}

std::string column_definition(const Object& column, const World& world, bool of_partition) {
  return fmt::format("{} {}{}", name_of(column), type_clause(column),
                     constraints_of(column, world, of_partition));
}

std::string column_options(const Object& column, const World& world) {
  const std::string constraints = constraints_of(column, world, false);
  return constraints.empty() ? "" : fmt::format("{} WITH OPTIONS{}", name_of(column), constraints);
}

void append_column_settings(Ddls& ddls, const Object& column, const World& world) {
  const Object none{column.id, std::vector<Text>(attributes_of(Kind::column).size())};
  append_setting_changes(ddls, none, column, world);
  append_extras(ddls, column, spoken(column));
}

void append_inherited_differences(Ddls& ddls, const Object& column, const Object& parent_column,
                                  const World& world) {
  if (!is_set(column, "generated")) change_default(ddls, parent_column, column, false);
  if (changed(parent_column, column, "not_null"))
    ddls.push_back(table_change(column, is_set(column, "not_null") ? "SET NOT NULL" : "DROP NOT NULL", true));
  if (is_set(column, "identity"))
    ddls.push_back(table_change(column, "ADD " + identity_clause(column, world)));
  append_setting_changes(ddls, parent_column, column, world);
  append_extras(ddls, column, spoken(column));
}

std::string sequence_options(const Object& sequence, bool with_type) {
  std::string options;
  const auto add = [&](std::string_view attribute, std::string_view words) {
    if (is_set(sequence, attribute)) options += fmt::format(" {} {}", words, value(sequence, attribute));
  };
  if (with_type && value(sequence, "type") != "bigint") add("type", "AS");
  add("increment", "INCREMENT BY");
  add("min", "MINVALUE");
  add("max", "MAXVALUE");
  add("start", "START WITH");
  add("cache", "CACHE");
  if (is_set(sequence, "cycle")) options += " CYCLE";
  return options;
}

bool type_change_rewrites(std::string_view from, std::string_view to) {
  if (from == to) return false;
  const auto [old_name, old_length] = with_length(from);
  const auto [new_name, new_length] = with_length(to);
  const bool wider = new_length < 0 || (old_length >= 0 && old_length <= new_length);
  const bool from_text = old_name == "character varying" || old_name == "text";
  const bool to_text = new_name == "character varying" || new_name == "text";
  if (from_text && to_text) return !(new_length < 0 || (old_name == new_name && wider));
  if (old_name == new_name &&
      (old_name == "bit varying" || old_name == "time without time zone" || old_name == "interval"))
    return !wider;
  if (old_name == "numeric" && to == "numeric") return false;
  return !(from == "cidr" && to == "inet");
}

const KindSql column_sql{create, alter, drop};

}  // namespace candor::catalog::kinds
