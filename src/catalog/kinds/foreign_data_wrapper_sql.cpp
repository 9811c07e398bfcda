#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

Spoken spoken(const Object& wrapper) {
  return {"FOREIGN DATA WRAPPER", sql_name(wrapper.id)};
}

Ddls create(const Object& wrapper, const World&) {
  std::string sql = fmt::format("CREATE FOREIGN DATA WRAPPER {}", sql_name(wrapper.id));
  if (is_set(wrapper, "handler")) sql += fmt::format(" HANDLER {}", value(wrapper, "handler"));
  if (is_set(wrapper, "validator")) sql += fmt::format(" VALIDATOR {}", value(wrapper, "validator"));
  sql += options_clause(value(wrapper, "options"));
  Ddls ddls{{.sql = std::move(sql), .hazard = hidden_options_hazard(wrapper, "options")}};
  append_extras(ddls, wrapper, spoken(wrapper));
  return ddls;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  std::string actions;
  const auto function = [&](std::string_view attribute, std::string_view word) {
    if (!changed(from, to, attribute)) return;
    actions += is_set(to, attribute) ? fmt::format(" {} {}", word, value(to, attribute))
                                     : fmt::format(" NO {}", word);
  };
  function("handler", "HANDLER");
  function("validator", "VALIDATOR");
  const std::string options = foreign_option_changes(value(from, "options"), value(to, "options"));
  if (!options.empty()) actions += fmt::format(" OPTIONS ({})", options);
  Ddls ddls;
  if (!actions.empty())
    ddls.push_back({.sql = fmt::format("ALTER FOREIGN DATA WRAPPER {}{}", sql_name(to.id), actions)});
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

Ddls drop(const Object& wrapper, const World&) {
  return {{.sql = fmt::format("DROP FOREIGN DATA WRAPPER {}", sql_name(wrapper.id))}};
}

}  // namespace

const KindSql foreign_data_wrapper_sql{create, alter, drop};

}  // namespace candor::catalog::kinds
