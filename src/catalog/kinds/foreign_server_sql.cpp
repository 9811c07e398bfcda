#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& server) {
  return {.word = "SERVER", .name = sql_name(server.id), .grant_word = "FOREIGN SERVER"};
}

Ddls create(const Object& server, const World&) {
  std::string sql = fmt::format("CREATE SERVER {}", sql_name(server.id));
  if (is_set(server, "type")) sql += fmt::format(" TYPE {}", sql_literal(value(server, "type")));
  if (is_set(server, "version")) sql += fmt::format(" VERSION {}", sql_literal(value(server, "version")));
  sql += fmt::format(" FOREIGN DATA WRAPPER {}", sql_names(value(server, "wrapper")));
  sql += options_clause(value(server, "options"));
  Ddls ddls{{.sql = std::move(sql), .hazard = hidden_options_hazard(server, "options")}};
  append_extras(ddls, server, spoken(server));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  if (!only_changed(from, to, {"version", "options"})) return std::nullopt;
  std::string actions;
  if (changed(from, to, "version"))
    actions += is_set(to, "version") ? fmt::format(" VERSION {}", sql_literal(value(to, "version")))
                                     : std::string(" VERSION NULL");
  const std::string options = foreign_option_changes(value(from, "options"), value(to, "options"));
  if (!options.empty()) actions += fmt::format(" OPTIONS ({})", options);
  Ddls ddls;
  if (!actions.empty()) ddls.push_back({.sql = fmt::format("ALTER SERVER {}{}", sql_name(to.id), actions)});
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

Ddls drop(const Object& server, const World&) {
  return {{.sql = fmt::format("DROP SERVER {}", sql_name(server.id))}};
}

void refer(const Object& server, const World&, References& references) {
  references.objects.push_back(named(Kind::foreign_data_wrapper, value(server, "wrapper")));
}

}  // namespace

const KindSql foreign_server_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
