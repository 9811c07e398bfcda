#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"options"},  // their names, and hashes of their values
};

enum Column { server, user, options, visible, owners, session };

/// The view shows the options to the user and to the server's owner; whether it did, only its own conditions
/// tell: hidden ones look like none.
std::string sql(const Source&) {
  return fmt::format(
      "SELECT s.srvname, m.usename, m.umoptions,"
      " m.umuser <> 0 AND m.usename = current_user AND (pg_catalog.pg_has_role(s.srvowner, 'USAGE')"
      "  OR pg_catalog.has_server_privilege(s.oid, 'USAGE'))"
      " OR m.umuser = 0 AND pg_catalog.pg_has_role(s.srvowner, 'USAGE')"
      " OR (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user),"
      " {}, session_user FROM pg_catalog.pg_user_mappings m JOIN pg_catalog.pg_foreign_server s ON s.oid = m.srvid"
      " WHERE m.usename IS NOT NULL",
      schema_owners());
}

void build(const pg::Rows& rows, Draft& draft) {
  for (int r = 0; r < rows.size(); ++r) {
    const ObjectId id{
        .kind = Kind::user_mapping,
        .relation = Text(rows.at(r, server)),
        .name = Text(draft.role_name(rows.at(r, user), rows.at(r, owners), rows.at(r, session)))};
    Values values(Kind::user_mapping);
    values.set("options", rows.flag(r, visible) ? hashed_options(rows.at(r, options), to_string(id))
                                                : std::string(not_readable));
    draft.add(id, std::move(values));
  }
}

}  // namespace

const KindSpec user_mapping{
    Kind::user_mapping, "user_mapping", Anchor::all, attributes, sql, Introduces::nothing, {}, build,
    &user_mapping_sql};

}  // namespace candor::catalog::kinds
