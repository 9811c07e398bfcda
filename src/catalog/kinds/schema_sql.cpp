#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& schema) {
  return {"SCHEMA", sql_name(schema.id)};
}

/// `public` has other privileges from the start: no recorded ones are those.
Object with_first_privileges(const Object& schema, const World& world) {
  Object full = schema;
  if (schema.id.name == "public" && !is_set(schema, "grants"))
    set_value(full, "grants",
              world.major >= 15 ? "owner: CREATE, USAGE; public: USAGE"
                                : "owner: CREATE, USAGE; public: CREATE, USAGE");
  return full;
}

/// `public` is there in every new database.
Ddls create(const Object& schema, const World&) {
  Ddls ddls{{.sql = fmt::format("CREATE SCHEMA {}{}", schema.id.name == "public" ? "IF NOT EXISTS " : "",
                                sql_name(schema.id))}};
  append_extras(ddls, schema, spoken(schema));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World& world) {
  Ddls ddls;
  append_extra_changes(ddls, with_first_privileges(from, world), with_first_privileges(to, world),
                       spoken(to));
  return ddls;
}

Ddls drop(const Object& schema, const World&) {
  return {{.sql = fmt::format("DROP SCHEMA {}", sql_name(schema.id))}};
}

}  // namespace

const KindSql schema_sql{create, alter, drop};

}  // namespace candor::catalog::kinds
