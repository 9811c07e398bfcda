#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

/// "(text as integer)".
std::string types(const Object& cast) {
  return fmt::format("({})", cast.id.arguments.view());
}

Spoken spoken(const Object& cast) {
  return {"CAST", types(cast)};
}

Ddls create(const Object& cast, const World&) {
  std::string sql = fmt::format("CREATE CAST {}", types(cast));
  if (is_set(cast, "function"))
    sql += fmt::format(" WITH FUNCTION {}", value(cast, "function"));
  else
    sql += is_set(cast, "inout") ? " WITH INOUT" : " WITHOUT FUNCTION";
  if (is_set(cast, "context")) sql += fmt::format(" AS {}", value(cast, "context"));
  Ddls ddls{{.sql = std::move(sql)}};
  append_extras(ddls, cast, spoken(cast));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  return alter_extras(from, to, spoken(to));
}

Ddls drop(const Object& cast, const World&) {
  return {{.sql = fmt::format("DROP CAST {}", types(cast))}};
}

void refer(const Object& cast, const World&, References& references) {
  references.texts.push_back(cast.id.arguments.view());
  references.texts.push_back(value(cast, "function"));
}

}  // namespace

const KindSql cast_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
