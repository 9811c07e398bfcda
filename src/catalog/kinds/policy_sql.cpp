#include <fmt/format.h>

#include "catalog/kinds/firing.h"
#include "catalog/kinds/kind_sql.h"

namespace candor::catalog::kinds {

namespace {

std::string name_on(const Object& policy) {
  return fmt::format("{} ON {}", pg::Identifier(policy.id.name.view()), sql_relation(policy.id));
}

Spoken spoken(const Object& policy) {
  return {"POLICY", name_on(policy)};
}

std::string upper(std::string_view word) {
  std::string text;
  for (const char c : word) text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

/// The catalog says "public" for all roles.
std::string roles_of(const Object& policy) {
  std::string list;
  for (const std::string& role : split_list(value(policy, "roles"))) {
    if (!list.empty()) list += ", ";
    list += role == "public" ? "PUBLIC" : sql_names(role);
  }
  return list;
}

std::string conditions_of(const Object& policy) {
  std::string text;
  if (is_set(policy, "using")) text += fmt::format(" USING ({})", value(policy, "using"));
  if (is_set(policy, "with_check")) text += fmt::format(" WITH CHECK ({})", value(policy, "with_check"));
  return text;
}

Ddls create(const Object& policy, const World&) {
  Ddls ddls{{.sql = fmt::format("CREATE POLICY {} AS {} FOR {} TO {}{}", name_on(policy),
                                is_set(policy, "restrictive") ? "RESTRICTIVE" : "PERMISSIVE",
                                upper(value(policy, "command")), roles_of(policy), conditions_of(policy)),
             .lock = Lock::access_exclusive,
             .on = relation_of(policy)}};
  append_extras(ddls, policy, spoken(policy));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  if (!only_changed(from, to, {"roles", "using", "with_check"})) return std::nullopt;
  const bool loses = (is_set(from, "using") && !is_set(to, "using")) ||
                     (is_set(from, "with_check") && !is_set(to, "with_check"));
  if (loses) return std::nullopt;
  Ddls ddls;
  if (!only_changed(from, to, {}))
    ddls.push_back(
        {.sql = fmt::format("ALTER POLICY {} TO {}{}", name_on(to), roles_of(to), conditions_of(to)),
         .lock = Lock::access_exclusive,
         .on = relation_of(to)});
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

Ddls drop(const Object& policy, const World&) {
  return {{.sql = fmt::format("DROP POLICY {}", name_on(policy)),
           .lock = Lock::access_exclusive,
           .on = relation_of(policy)}};
}

}  // namespace

const KindSql policy_sql{create, alter, drop};

}  // namespace candor::catalog::kinds
