/// The values of options are never recorded, so that a new mapping is made without any.
#include <fmt/format.h>

#include "catalog/kinds/kind_sql.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

std::string of(const Object& mapping) {
  const Text user = mapping.id.name;
  const std::string name = user.empty()       ? "CURRENT_USER"
                           : user == "public" ? "PUBLIC"
                                              : pg::Identifier(user.view()).sql();
  return fmt::format("USER MAPPING FOR {} SERVER {}", name, pg::Identifier(mapping.id.relation.view()));
}

Ddls create(const Object& mapping, const World&) {
  return {{.sql = "CREATE " + of(mapping), .hazard = hidden_options_hazard(mapping, "options")}};
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  const std::string options = foreign_option_changes(value(from, "options"), value(to, "options"));
  if (options.empty()) return Ddls{};
  return Ddls{{.sql = fmt::format("ALTER {} OPTIONS ({})", of(to), options),
               .hazard = hidden_options_hazard(to, "options")}};
}

Ddls drop(const Object& mapping, const World&) {
  return {{.sql = "DROP " + of(mapping)}};
}

void refer(const Object& mapping, const World&, References& references) {
  references.objects.push_back(only_named(Kind::foreign_server, mapping.id.relation.view()));
}

}  // namespace

const KindSql user_mapping_sql{create, alter, drop, refer};

}  // namespace candor::catalog::kinds
