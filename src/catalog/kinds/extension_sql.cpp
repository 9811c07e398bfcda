#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& extension) {
  return {"EXTENSION", sql_name(extension.id)};
}

/// Some extensions make their schema themselves or insist on one: the name then says nothing new.
Ddls create(const Object& extension, const World&) {
  Ddls ddls{{.sql = fmt::format("CREATE EXTENSION {} SCHEMA {}", sql_name(extension.id),
                                pg::Identifier(value(extension, "schema")))}};
  append_extras(ddls, extension, spoken(extension));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  Ddls ddls;
  if (changed(from, to, "schema"))
    ddls.push_back({.sql = fmt::format("ALTER EXTENSION {} SET SCHEMA {}", sql_name(to.id),
                                       pg::Identifier(value(to, "schema")))});
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

Ddls drop(const Object& extension, const World&) {
  return {{.sql = fmt::format("DROP EXTENSION {}", sql_name(extension.id)),
           .hazard = fmt::format("drops {} and all that belongs to it", describe(extension.id))}};
}

void refer(const Object& extension, const World&, References& references) {
  references.objects.push_back({.kind = Kind::schema, .name = Text(value(extension, "schema"))});
}

}  // namespace

const KindSql extension_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
