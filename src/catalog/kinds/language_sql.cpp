/// Languages and the transforms that they use.
#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& language) {
  return {"LANGUAGE", sql_name(language.id)};
}

Ddls create(const Object& language, const World&) {
  std::string sql =
      fmt::format("CREATE {}LANGUAGE {} HANDLER {}", is_set(language, "trusted") ? "TRUSTED " : "",
                  sql_name(language.id), value(language, "handler"));
  if (is_set(language, "inline")) sql += fmt::format(" INLINE {}", value(language, "inline"));
  if (is_set(language, "validator")) sql += fmt::format(" VALIDATOR {}", value(language, "validator"));
  Ddls ddls{{.sql = std::move(sql)}};
  append_extras(ddls, language, spoken(language));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  return alter_extras(from, to, spoken(to));
}

Ddls drop(const Object& language, const World&) {
  return {{.sql = fmt::format("DROP LANGUAGE {}", sql_name(language.id))}};
}

// Transforms.

Spoken spoken_transform(const Object& transform) {
  return {"TRANSFORM",
          fmt::format("FOR {} LANGUAGE {}", transform.id.arguments.view(), sql_name(transform.id))};
}

Ddl create_one(const Object& transform, bool replace) {
  std::string list;
  if (is_set(transform, "from_sql"))
    list = fmt::format("FROM SQL WITH FUNCTION {}", value(transform, "from_sql"));
  if (is_set(transform, "to_sql"))
    append_listed(list, fmt::format("TO SQL WITH FUNCTION {}", value(transform, "to_sql")));
  return {.sql = fmt::format("CREATE {}TRANSFORM {} ({})", replace ? "OR REPLACE " : "",
                             spoken_transform(transform).name, list)};
}

Ddls create_transform(const Object& transform, const World&) {
  Ddls ddls{create_one(transform, false)};
  append_extras(ddls, transform, spoken_transform(transform));
  return ddls;
}

std::optional<Ddls> alter_transform(const Object& from, const Object& to, const World&) {
  Ddls ddls;
  if (!only_changed(from, to, {})) ddls.push_back(create_one(to, true));
  append_extra_changes(ddls, from, to, spoken_transform(to));
  return ddls;
}

Ddls drop_transform(const Object& transform, const World&) {
  return {{.sql = fmt::format("DROP TRANSFORM {}", spoken_transform(transform).name)}};
}

void refer_transform(const Object& transform, const World&, References& references) {
  refer_to_all(transform, references);
  references.texts.push_back(transform.id.arguments.view());
  references.objects.push_back(only_named(Kind::language, transform.id.name.view()));
}

}  // namespace

const KindSql language_sql{create, alter, drop};
const KindSql transform_sql{create_transform, alter_transform, drop_transform, refer_transform};

}  // namespace candor::catalog::kinds
