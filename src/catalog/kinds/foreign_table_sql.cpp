#include <fmt/format.h>

#include "catalog/kinds/column_sql.h"
#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& table) {
  return {.word = "FOREIGN TABLE", .name = sql_name(table.id), .grant_word = "TABLE"};
}

/// Its own columns; a partition's are all written, for it is made alone and then attached.
std::string elements(const Object& table, const World& world) {
  const bool partition = is_set(table, "partition_of");
  std::string list;
  for (const Object* const column : world.columns_of(table.id.schema, table.id.name))
    if (partition || !is_set(*column, "inherited"))
      append_listed(list, column_definition(*column, world, partition), ",\n  ");
  for (const Object* const part : world.parts_of(table.id.schema, table.id.name))
    if (partition && part->id.kind == Kind::constraint && is_set(*part, "inherited") &&
        value(*part, "type") == "check")
      append_listed(list,
                    fmt::format("CONSTRAINT {} CHECK ({})", pg::Identifier(part->id.name.view()),
                                value(*part, "check")),
                    ",\n  ");
  return list.empty() ? " ()" : fmt::format(" (\n  {}\n)", list);
}

Ddls create(const Object& table, const World& world) {
  std::string sql = fmt::format("CREATE FOREIGN TABLE {}{}", sql_name(table.id), elements(table, world));
  if (is_set(table, "inherits")) sql += fmt::format(" INHERITS ({})", sql_names(value(table, "inherits")));
  sql +=
      fmt::format(" SERVER {}{}", sql_names(value(table, "server")), options_clause(value(table, "options")));
  Ddls ddls{{.sql = std::move(sql), .hazard = hidden_options_hazard(table, "options")}};
  for (const Object* const column : world.columns_of(table.id.schema, table.id.name))
    append_column_settings(ddls, *column, world);
  append_extras(ddls, table, spoken(table));
  if (is_set(table, "partition_of"))
    ddls.push_back({.sql = fmt::format("ALTER TABLE ONLY {} ATTACH PARTITION {} {}",
                                       sql_names(value(table, "partition_of")), sql_name(table.id),
                                       value(table, "bound")),
                    .lock = Lock::share_update_exclusive,
                    .on = named(Kind::table, value(table, "partition_of"))});
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  if (!only_changed(from, to, {"options"})) return std::nullopt;
  Ddls ddls;
  if (const std::string options = foreign_option_changes(value(from, "options"), value(to, "options"));
      !options.empty())
    ddls.push_back({.sql = fmt::format("ALTER FOREIGN TABLE {} OPTIONS ({})", sql_name(to.id), options),
                    .lock = Lock::access_exclusive,
                    .on = to.id});
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

/// Its rows are elsewhere.
Ddls drop(const Object& table, const World&) {
  return {{.sql = fmt::format("DROP FOREIGN TABLE {}", sql_name(table.id)),
           .lock = Lock::access_exclusive,
           .on = table.id}};
}

void refer(const Object& table, const World& world, References& references) {
  refer_to_all(table, references);
  references.objects.push_back(named(Kind::foreign_server, value(table, "server")));
  for (const Object* const part : world.columns_of(table.id.schema, table.id.name))
    refer_to_all(*part, references);
}

}  // namespace

const KindSql foreign_table_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
