#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& collation) {
  return {"COLLATION", sql_name(collation.id)};
}

Ddls create(const Object& collation, const World&) {
  std::string list;
  const auto add = [&](std::string_view attribute, std::string_view key) {
    if (!is_set(collation, attribute)) return;
    append_listed(list, fmt::format("{} = {}", key, sql_literal(value(collation, attribute))));
  };
  add("provider", "PROVIDER");
  add("locale", "LOCALE");
  add("collate", "LC_COLLATE");
  add("ctype", "LC_CTYPE");
  add("rules", "RULES");
  if (is_set(collation, "nondeterministic")) list += ", DETERMINISTIC = false";
  Ddls ddls{{.sql = fmt::format("CREATE COLLATION {} ({})", sql_name(collation.id), list)}};
  append_extras(ddls, collation, spoken(collation));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  return alter_extras(from, to, spoken(to));
}

Ddls drop(const Object& collation, const World&) {
  return {{.sql = fmt::format("DROP COLLATION {}", sql_name(collation.id))}};
}

/// Locales are names of the machine's.
void refer(const Object&, const World&, References&) {}

}  // namespace

const KindSql collation_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
