#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"wrapper"},
    {"type"},
    {"version"},
    {"options"},
    {"owner", Compare::configured},
    {"grants", Compare::configured},
    {"comment", Compare::configured},
};

constexpr Format formats[] = {as_list, as_text, as_text, as_foreign_options, as_text, grants_text, as_text};

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT NULL, NULL, s.srvname, NULL, ARRAY[w.fdwname], s.srvtype, s.srvversion, s.srvoptions, {}, {},"
      " d.description FROM pg_catalog.pg_foreign_server s"
      " JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw{} WHERE s.oid >= 16384{}{}",
      source.owner("s.srvowner"), source.grants("s.srvacl", 'S', "s.srvowner"),
      source.comment("d", "pg_foreign_server", "s.oid"), source.named("s.srvname"),
      source.not_a_member("pg_foreign_server", "s.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::foreign_server, formats, rows, draft);
}

}  // namespace

const KindSpec foreign_server{
    Kind::foreign_server, "foreign_server", Anchor::named, attributes, sql, Introduces::nothing, {}, build,
    &foreign_server_sql};

}  // namespace candor::catalog::kinds
