#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& type) {
  return {"TYPE", sql_name(type.id)};
}

/// "public.diff(integer, integer)" → public.diff; printed by the server, so SQL already.
std::string_view function_name(std::string_view signature) {
  return signature.substr(0, signature.rfind('('));
}

/// A function that takes the range itself needs the name first: a shell.
bool needs_shell(const Object& type) {
  return is_set(type, "canonical");
}

Ddls create(const Object& type, const World&) {
  Ddls ddls;
  std::string list = fmt::format("SUBTYPE = {}", value(type, "subtype"));
  if (is_set(type, "collation")) list += fmt::format(", COLLATION = {}", sql_names(value(type, "collation")));
  if (is_set(type, "opclass"))
    list += fmt::format(", SUBTYPE_OPCLASS = {}", sql_names(value(type, "opclass")));
  if (is_set(type, "canonical"))
    list += fmt::format(", CANONICAL = {}", function_name(value(type, "canonical")));
  if (is_set(type, "subtype_diff"))
    list += fmt::format(", SUBTYPE_DIFF = {}", function_name(value(type, "subtype_diff")));
  if (is_set(type, "multirange"))
    list += fmt::format(", MULTIRANGE_TYPE_NAME = {}.{}", pg::Identifier(type.id.schema.view()),
                        pg::Identifier(value(type, "multirange")));
  const bool shell = needs_shell(type);
  if (shell) ddls.push_back({.sql = fmt::format("CREATE TYPE {}", sql_name(type.id))});
  ddls.push_back(
      {.sql = fmt::format("CREATE TYPE {} AS RANGE ({})", sql_name(type.id), list), .late = shell});
  append_extras(ddls, type, spoken(type));
  for (std::size_t i = shell ? 2 : 0; i < ddls.size(); ++i) ddls[i].late = shell;
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  if (!only_changed(from, to, {})) return std::nullopt;
  Ddls ddls;
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

Ddls drop(const Object& type, const World&) {
  return {{.sql = fmt::format("DROP TYPE {}{}", sql_name(type.id), needs_shell(type) ? " CASCADE" : "")}};
}

void refer(const Object& type, const World&, References& references) {
  for (const std::string_view attribute : {"subtype", "collation", "opclass", "subtype_diff"})
    references.texts.push_back(value(type, attribute));
  references.late.push_back(value(type, "canonical"));
}

}  // namespace

const KindSql range_type_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
