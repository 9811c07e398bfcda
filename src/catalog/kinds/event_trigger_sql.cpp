#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& trigger) {
  return {"EVENT TRIGGER", sql_name(trigger.id)};
}

Ddl set_firing(const Object& trigger) {
  const std::string_view enabled = value(trigger, "enabled");
  return {.sql = fmt::format("ALTER EVENT TRIGGER {} {}", sql_name(trigger.id),
                             enabled == "disabled"  ? "DISABLE"
                             : enabled == "replica" ? "ENABLE REPLICA"
                             : enabled == "always"  ? "ENABLE ALWAYS"
                                                    : "ENABLE")};
}

Ddls create(const Object& trigger, const World&) {
  std::string sql =
      fmt::format("CREATE EVENT TRIGGER {} ON {}", sql_name(trigger.id), value(trigger, "event"));
  std::string tags;
  for (const std::string& tag : split_list(value(trigger, "tags"), ';'))
    append_listed(tags, sql_literal(tag));
  if (!tags.empty()) sql += fmt::format(" WHEN TAG IN ({})", tags);
  sql += fmt::format(" EXECUTE FUNCTION {}()", value(trigger, "function"));
  Ddls ddls{{.sql = std::move(sql)}};
  if (is_set(trigger, "enabled")) ddls.push_back(set_firing(trigger));
  append_extras(ddls, trigger, spoken(trigger));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  if (!only_changed(from, to, {"enabled"})) return std::nullopt;
  Ddls ddls;
  if (changed(from, to, "enabled")) ddls.push_back(set_firing(to));
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

Ddls drop(const Object& trigger, const World&) {
  return {{.sql = fmt::format("DROP EVENT TRIGGER {}", sql_name(trigger.id))}};
}

}  // namespace

const KindSql event_trigger_sql{create, alter, drop};

}  // namespace candor::catalog::kinds
