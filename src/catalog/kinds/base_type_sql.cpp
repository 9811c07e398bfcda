#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& type) {
  return {"TYPE", sql_name(type.id)};
}

std::string definition(const Object& type) {
  std::string list;
  for (const auto& [attribute, key] : {std::pair{"input", "INPUT"},
                                       {"output", "OUTPUT"},
                                       {"receive", "RECEIVE"},
                                       {"send", "SEND"},
                                       {"typmod_in", "TYPMOD_IN"},
                                       {"typmod_out", "TYPMOD_OUT"},
                                       {"analyze", "ANALYZE"},
                                       {"subscript", "SUBSCRIPT"},
                                       {"alignment", "ALIGNMENT"},
                                       {"storage", "STORAGE"},
                                       {"element", "ELEMENT"}})
    add_setting(list, type, attribute, key);
  const std::string_view length = value(type, "length");
  list += fmt::format(", INTERNALLENGTH = {}", length == "cstring" ? "-2" : length);
  if (is_set(type, "by_value")) list += ", PASSEDBYVALUE";
  if (is_set(type, "preferred")) list += ", PREFERRED = true";
  if (is_set(type, "collatable")) list += ", COLLATABLE = true";
  for (const auto& [attribute, key] :
       {std::pair{"category", "CATEGORY"}, {"default", "DEFAULT"}, {"delimiter", "DELIMITER"}})
    if (is_set(type, attribute)) list += fmt::format(", {} = {}", key, sql_literal(value(type, attribute)));
  return list;
}

/// Its functions speak of the type: it is named first, and defined when they are there.
Ddls define(const Object& type) {
  Ddls ddls{{.sql = fmt::format("CREATE TYPE {} ({})", sql_name(type.id), definition(type))}};
  append_extras(ddls, type, spoken(type));
  for (Ddl& ddl : ddls) ddl.late = true;
  return ddls;
}

Ddls create(const Object& type, const World&) {
  Ddls ddls{{.sql = fmt::format("CREATE TYPE {}", sql_name(type.id))}};
  if (is_set(type, "shell")) {
    append_extras(ddls, type, spoken(type));
  } else {
    for (Ddl& ddl : define(type)) ddls.push_back(std::move(ddl));
  }
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  if (is_set(from, "shell") && !is_set(to, "shell")) return define(to);
  return alter_extras(from, to, spoken(to));
}

Ddls drop(const Object& type, const World&) {
  return {{.sql = fmt::format("DROP TYPE {}{}", sql_name(type.id), is_set(type, "shell") ? "" : " CASCADE")}};
}

void refer(const Object& type, const World&, References& references) {
  references.texts.push_back(value(type, "element"));
  for (const std::string_view attribute :
       {"input", "output", "receive", "send", "typmod_in", "typmod_out", "analyze", "subscript"})
    references.late.push_back(value(type, attribute));
}

}  // namespace

const KindSql base_type_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
