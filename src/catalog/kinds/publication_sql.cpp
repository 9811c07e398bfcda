#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& publication) {
  return {"PUBLICATION", sql_name(publication.id)};
}

/// "public.users (id) where (id > 5)", in its parts.
struct Table {
  std::string name, columns, condition;
};

std::vector<Table> tables_of(const Object& publication) {
  std::vector<Table> tables;
  for (const std::string& text : split_list(value(publication, "tables"), ';')) {
    Table table;
    const std::size_t where = text.find(" where ");
    if (where != std::string::npos) table.condition = text.substr(where + 7);
    const std::string front = text.substr(0, where);
    const std::size_t columns = front.ends_with(')') ? front.find(" (") : std::string::npos;
    table.name = front.substr(0, columns);
    if (columns != std::string::npos) table.columns = front.substr(columns);
    tables.push_back(std::move(table));
  }
  return tables;
}

/// "TABLE ONLY a (id) WHERE (…), TABLES IN SCHEMA s", or nothing.
std::string parts_of(const Object& publication) {
  std::string list;
  for (const Table& table : tables_of(publication)) {
    append_listed(list, list.empty() ? "TABLE ONLY " : "ONLY ");
    list += sql_names(table.name) + sql_names(table.columns);
    if (!table.condition.empty()) list += fmt::format(" WHERE ({})", table.condition);
  }
  bool first = true;
  for (const std::string& schema : split_list(value(publication, "schemas"))) {
    append_listed(list, first ? "TABLES IN SCHEMA " : "");
    list += sql_names(schema);
    first = false;
  }
  return list;
}

std::string publishes(const Object& publication) {
  return sql_literal(is_set(publication, "publishes") ? value(publication, "publishes")
                                                      : "insert, update, delete, truncate");
}

Ddls create(const Object& publication, const World&) {
  std::string sql = fmt::format("CREATE PUBLICATION {}", sql_name(publication.id));
  const std::string parts = parts_of(publication);
  if (is_set(publication, "all_tables"))
    sql += " FOR ALL TABLES";
  else if (!parts.empty())
    sql += fmt::format(" FOR {}", parts);
  std::string options = fmt::format("publish = {}", publishes(publication));
  if (is_set(publication, "via_partition_root")) options += ", publish_via_partition_root = true";
  add_setting(options, publication, "generated_columns", "publish_generated_columns");
  Ddls ddls{{.sql = fmt::format("{} WITH ({})", sql, options)}};
  append_extras(ddls, publication, spoken(publication));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  if (changed(from, to, "all_tables")) return std::nullopt;
  const std::string alter = fmt::format("ALTER PUBLICATION {} ", sql_name(to.id));
  Ddls ddls;
  std::string options;
  const auto set = [&](const std::string& option) { append_listed(options, option); };
  if (changed(from, to, "publishes")) set(fmt::format("publish = {}", publishes(to)));
  if (changed(from, to, "via_partition_root"))
    set(fmt::format("publish_via_partition_root = {}", is_set(to, "via_partition_root")));
  if (changed(from, to, "generated_columns"))
    set(fmt::format("publish_generated_columns = {}",
                    is_set(to, "generated_columns") ? value(to, "generated_columns") : "none"));
  if (!options.empty()) ddls.push_back({.sql = fmt::format("{}SET ({})", alter, options)});
  if (changed(from, to, "tables") || changed(from, to, "schemas")) {
    if (const std::string parts = parts_of(to); !parts.empty()) {
      ddls.push_back({.sql = fmt::format("{}SET {}", alter, parts)});
    } else {
      for (const Table& table : tables_of(from))
        ddls.push_back({.sql = fmt::format("{}DROP TABLE ONLY {}", alter, sql_names(table.name))});
      for (const std::string& schema : split_list(value(from, "schemas")))
        ddls.push_back({.sql = fmt::format("{}DROP TABLES IN SCHEMA {}", alter, sql_names(schema))});
    }
  }
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

Ddls drop(const Object& publication, const World&) {
  return {{.sql = fmt::format("DROP PUBLICATION {}", sql_name(publication.id))}};
}

void refer(const Object& publication, const World&, References& references) {
  references.texts.push_back(value(publication, "tables"));
  for (const std::string& schema : split_list(value(publication, "schemas")))
    references.objects.push_back(named(Kind::schema, schema));
}

}  // namespace

const KindSql publication_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
