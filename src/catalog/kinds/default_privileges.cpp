#include <fmt/format.h>

#include "catalog/draft.h"
#include "catalog/kinds/kinds.h"

namespace candor::catalog::kinds {

namespace {

/// They are what ALTER DEFAULT PRIVILEGES is for: compared whether or not grants are.
constexpr Attribute attributes[] = {
    {"privileges"},  // as grants are told; in a schema: those that are added to the usual ones
};

enum Column { schema, role, objects, privileges, owners, session };

std::string sql(const Source&) {
  return fmt::format(
      "SELECT n.nspname, r.rolname, CASE a.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences'"
      " WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'large_objects' END,"
      " ARRAY[r.rolname::pg_catalog.text, a.defaclacl::pg_catalog.text], {}, session_user"
      " FROM pg_catalog.pg_default_acl a JOIN pg_catalog.pg_roles r ON r.oid = a.defaclrole"
      " LEFT JOIN pg_catalog.pg_namespace n ON n.oid = a.defaclnamespace",
      schema_owners());
}

void build(const pg::Rows& rows, Draft& draft) {
  for (int r = 0; r < rows.size(); ++r) {
    Values values(Kind::default_privileges);
    values.set("privileges", grants_text(rows.at(r, privileges)));
    draft.add({.kind = Kind::default_privileges,
               .schema = Text(rows.at(r, schema)),
               .name = Text(draft.role_name(rows.at(r, role), rows.at(r, owners), rows.at(r, session))),
               .arguments = Text(rows.at(r, objects))},
              std::move(values));
  }
}

}  // namespace

const KindSpec default_privileges{Kind::default_privileges,
                                  "default_privileges",
                                  Anchor::all,
                                  attributes,
                                  sql,
                                  Introduces::nothing,
                                  {},
                                  build,
                                  &default_privileges_sql};

}  // namespace candor::catalog::kinds
