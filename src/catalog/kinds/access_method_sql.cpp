#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& method) {
  return {"ACCESS METHOD", sql_name(method.id)};
}

Ddls create(const Object& method, const World&) {
  Ddls ddls{{.sql = fmt::format("CREATE ACCESS METHOD {} TYPE {} HANDLER {}", sql_name(method.id),
                                value(method, "type"), value(method, "handler"))}};
  append_extras(ddls, method, spoken(method));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  return alter_extras(from, to, spoken(to));
}

Ddls drop(const Object& method, const World&) {
  return {{.sql = fmt::format("DROP ACCESS METHOD {}", sql_name(method.id))}};
}

}  // namespace

const KindSql access_method_sql{create, alter, drop};

}  // namespace candor::catalog::kinds
