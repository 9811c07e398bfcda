#include <fmt/format.h>

#include "catalog/kinds/firing.h"
#include "catalog/kinds/kind_sql.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

std::string name_on(const Object& rule) {
  return fmt::format("{} ON {}", pg::Identifier(rule.id.name.view()), sql_relation(rule.id));
}

Spoken spoken(const Object& rule) {
  return {"RULE", name_on(rule)};
}

Ddl create_rule(const Object& rule, bool replace) {
  constexpr std::string_view create_words = "CREATE RULE";
  std::string sql(value(rule, "definition"));
  while (sql.ends_with(';')) sql.pop_back();
  if (replace && sql.starts_with(create_words)) sql.replace(0, create_words.size(), "CREATE OR REPLACE RULE");
  return {.sql = std::move(sql), .lock = Lock::access_exclusive, .on = relation_of(rule)};
}

Ddls create(const Object& rule, const World&) {
  Ddls ddls{create_rule(rule, false)};
  if (is_set(rule, "enabled")) ddls.push_back(set_firing(rule, "RULE", Lock::access_exclusive));
  append_extras(ddls, rule, spoken(rule));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  Ddls ddls;
  if (changed(from, to, "definition")) ddls.push_back(create_rule(to, true));
  if (changed(from, to, "enabled")) ddls.push_back(set_firing(to, "RULE", Lock::access_exclusive));
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

Ddls drop(const Object& rule, const World&) {
  return {{.sql = fmt::format("DROP RULE {}", name_on(rule)),
           .lock = Lock::access_exclusive,
           .on = relation_of(rule)}};
}

}  // namespace

const KindSql rule_sql{create, alter, drop};

}  // namespace candor::catalog::kinds
