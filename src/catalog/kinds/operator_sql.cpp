#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

/// public.<| (public.pair, public.pair)
std::string signature(const Object& op) {
  return fmt::format("{}.{} ({})", pg::Identifier(op.id.schema.view()), op.id.name.view(),
                     op.id.arguments.view());
}

Spoken spoken(const Object& op) {
  return {"OPERATOR", signature(op)};
}

/// An operator that others name and nobody has made yet comes with them.
bool is_shell(const Object& op) {
  return !is_set(op, "function");
}

void add_linked(std::string& list, const Object& op, std::string_view attribute, std::string_view key) {
  if (is_set(op, attribute)) list += fmt::format(", {} = {}", key, operator_sql_name(value(op, attribute)));
}

Ddls create(const Object& op, const World&) {
  if (is_shell(op)) return {};
  std::string list = fmt::format("FUNCTION = {}", value(op, "function"));
  const auto types = split_list(op.id.arguments.view());
  if (types.size() == 2 && types[0] != "NONE") list += ", LEFTARG = " + types[0];
  if (types.size() == 2 && types[1] != "NONE") list += ", RIGHTARG = " + types[1];
  add_linked(list, op, "commutator", "COMMUTATOR");
  add_linked(list, op, "negator", "NEGATOR");
  add_setting(list, op, "restrict", "RESTRICT");
  add_setting(list, op, "join", "JOIN");
  if (is_set(op, "hashes")) list += ", HASHES";
  if (is_set(op, "merges")) list += ", MERGES";
  Ddls ddls{{.sql = fmt::format("CREATE OPERATOR {}.{} ({})", pg::Identifier(op.id.schema.view()),
                                op.id.name.view(), list)}};
  append_extras(ddls, op, spoken(op));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World& world) {
  if (is_shell(from)) return create(to, world);
  if (!only_changed(from, to, {"restrict", "join"})) return std::nullopt;
  std::string list;
  for (const auto& [attribute, key] : {std::pair{"restrict", "RESTRICT"}, {"join", "JOIN"}}) {
    if (!changed(from, to, attribute)) continue;
    append_listed(list, fmt::format("{} = {}", key, is_set(to, attribute) ? value(to, attribute) : "NONE"));
  }
  Ddls ddls;
  if (!list.empty()) ddls.push_back({.sql = fmt::format("ALTER OPERATOR {} SET ({})", signature(to), list)});
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

Ddls drop(const Object& op, const World&) {
  return {{.sql = fmt::format("DROP OPERATOR {}", signature(op))}};
}

/// Commutators name each other: whichever comes first brings the other along.
void refer(const Object& op, const World&, References& references) {
  references.texts.push_back(op.id.arguments.view());
  for (const std::string_view attribute : {"function", "restrict", "join"})
    references.texts.push_back(value(op, attribute));
}

}  // namespace

const KindSql operator_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
