#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& schema) {
  return {"SCHEMA", sql_name(schema.id)};
}

/// `public` is there in every new database.
Ddls create(const Object& schema, const World&) {
  Ddls ddls{{.sql = fmt::format("CREATE SCHEMA {}{}", schema.id.name == "public" ? "IF NOT EXISTS " : "",
                                sql_name(schema.id))}};
  append_extras(ddls, schema, spoken(schema));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  Ddls ddls;
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

Ddls drop(const Object& schema, const World&) {
  return {{.sql = fmt::format("DROP SCHEMA {}", sql_name(schema.id))}};
}

}  // namespace

const KindSql schema_sql{create, alter, drop};

}  // namespace candor::catalog::kinds
