#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& domain) {
  return {"DOMAIN", sql_name(domain.id)};
}

/// Its checks are constraints, and follow.
Ddls create(const Object& domain, const World&) {
  std::string sql = fmt::format("CREATE DOMAIN {} AS {}", sql_name(domain.id), value(domain, "type"));
  if (is_set(domain, "collation")) sql += fmt::format(" COLLATE {}", sql_names(value(domain, "collation")));
  if (is_set(domain, "default")) sql += fmt::format(" DEFAULT {}", value(domain, "default"));
  if (is_set(domain, "not_null")) sql += " NOT NULL";
  Ddls ddls{{.sql = std::move(sql)}};
  append_extras(ddls, domain, spoken(domain));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  if (!only_changed(from, to, {"default", "not_null"})) return std::nullopt;
  Ddls ddls;
  if (changed(from, to, "default"))
    ddls.push_back(
        {.sql = fmt::format("ALTER DOMAIN {} {}", sql_name(to.id),
                            is_set(to, "default") ? fmt::format("SET DEFAULT {}", value(to, "default"))
                                                  : std::string("DROP DEFAULT"))});
  if (changed(from, to, "not_null"))
    ddls.push_back({.sql = fmt::format("ALTER DOMAIN {} {} NOT NULL", sql_name(to.id),
                                       is_set(to, "not_null") ? "SET" : "DROP"),
                    .scans = is_set(to, "not_null"),
                    .reason = is_set(to, "not_null") ? "every table that uses the domain is read" : ""});
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

Ddls drop(const Object& domain, const World&) {
  return {{.sql = fmt::format("DROP DOMAIN {}", sql_name(domain.id))}};
}

}  // namespace

const KindSql domain_sql{create, alter, drop};

}  // namespace candor::catalog::kinds
