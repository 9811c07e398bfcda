#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& conversion) {
  return {"CONVERSION", sql_name(conversion.id)};
}

Ddls create(const Object& conversion, const World&) {
  Ddls ddls{{.sql = fmt::format("CREATE {}CONVERSION {} FOR {} TO {} FROM {}",
                                is_set(conversion, "default") ? "DEFAULT " : "", sql_name(conversion.id),
                                sql_literal(value(conversion, "from")), sql_literal(value(conversion, "to")),
                                value(conversion, "function"))}};
  append_extras(ddls, conversion, spoken(conversion));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  return alter_extras(from, to, spoken(to));
}

Ddls drop(const Object& conversion, const World&) {
  return {{.sql = fmt::format("DROP CONVERSION {}", sql_name(conversion.id))}};
}

}  // namespace

const KindSql conversion_sql{create, alter, drop};

}  // namespace candor::catalog::kinds
