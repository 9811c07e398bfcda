#include <fmt/format.h>

#include <algorithm>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& statistics) {
  return {"STATISTICS", sql_name(statistics.id)};
}

Ddl set_target(const Object& statistics) {
  return {.sql = fmt::format("ALTER STATISTICS {} SET STATISTICS {}", sql_name(statistics.id),
                             is_set(statistics, "target") ? value(statistics, "target") : "-1")};
}

Ddls create(const Object& statistics, const World&) {
  std::string kinds;
  for (const std::string& kind : split_list(value(statistics, "kinds"), ';')) append_listed(kinds, kind);
  std::string elements = sql_names(value(statistics, "columns"));
  for (const std::string& expression : split_list(value(statistics, "expressions"), ';'))
    append_listed(elements, fmt::format("({})", expression));
  const std::string table = sql_names(value(statistics, "table"));
  Ddls ddls{{.sql = fmt::format("CREATE STATISTICS {}{} ON {} FROM {}", sql_name(statistics.id),
                                kinds.empty() ? "" : fmt::format(" ({})", kinds), elements, table),
             .lock = Lock::share_update_exclusive,
             .on = named(Kind::table, value(statistics, "table"))}};
  if (is_set(statistics, "target")) ddls.push_back(set_target(statistics));
  append_extras(ddls, statistics, spoken(statistics));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  if (!only_changed(from, to, {"target"})) return std::nullopt;
  Ddls ddls;
  if (changed(from, to, "target")) ddls.push_back(set_target(to));
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

Ddls drop(const Object& statistics, const World&) {
  return {{.sql = fmt::format("DROP STATISTICS {}", sql_name(statistics.id))}};
}

void refer(const Object& statistics, const World& world, References& references) {
  references.texts.push_back(value(statistics, "table"));
  references.texts.push_back(value(statistics, "expressions"));
  const ObjectId table = named(Kind::table, value(statistics, "table"));
  std::string used(value(statistics, "expressions"));
  const auto columns = split_list(value(statistics, "columns"));
  for (const Object* const column : world.columns_of(table.schema, table.name)) {
    const std::string_view name = column->id.name.view();
    const bool listed = std::ranges::any_of(
        columns, [&](const std::string& text) { return named(Kind::schema, text).name == name; });
    if (listed || used.find(name) != std::string::npos) references.objects.push_back(column->id);
  }
}

}  // namespace

const KindSql statistics_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
