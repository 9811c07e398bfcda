#include <fmt/format.h>

#include "catalog/draft.h"
#include "catalog/kinds/kinds.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"command"},
    {"restrictive"},
    {"roles"},
    {"using", Compare::always, Printed::expression},
    {"with_check", Compare::always, Printed::expression},
    {"comment", Compare::configured},
};

enum Column { relation, name, command, permissive, roles, using_, with_check, comment, written };

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT p.polrelid, p.polname, p.polcmd, p.polpermissive,"
      " ARRAY(SELECT CASE WHEN u.u = 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(u.u) END COLLATE \"C\""
      "  FROM pg_catalog.unnest(p.polroles) u(u) ORDER BY 1),"
      " pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid),"
      " d.description, {} FROM {} JOIN pg_catalog.pg_policy p ON p.polrelid = c.oid{}",
      source.written("p"), source.relations, source.comment("d", "pg_policy", "p.oid"));
}

std::string_view command_name(std::string_view code) {
  if (code == "r") return "select";
  if (code == "a") return "insert";
  if (code == "w") return "update";
  if (code == "d") return "delete";
  return "all";
}

void build(const pg::Rows& rows, Draft& draft) {
  for (int r = 0; r < rows.size(); ++r) {
    const RelationName* const on = draft.relation(to_oid(rows.at(r, relation)));
    if (on == nullptr) continue;
    const ObjectId id{
        .kind = Kind::policy, .schema = on->schema, .relation = on->name, .name = Text(rows.at(r, name))};
    std::string role_list;
    for (const std::string& role : pg::parse_array(rows.at(r, roles)))
      role_list += (role_list.empty() ? "" : ", ") + identifier(role);
    Values values(Kind::policy);
    values.set("command", command_name(rows.at(r, command)));
    values.flag("restrictive", !rows.flag(r, permissive));
    values.set("roles", role_list);
    values.set("using", rows.at(r, using_));
    values.set("with_check", rows.at(r, with_check));
    values.set("comment", rows.at(r, comment));
    if (rows.flag(r, written)) {
      draft.mark_written(id, "using");
      draft.mark_written(id, "with_check");
    }
    draft.add(id, std::move(values));
  }
}

}  // namespace

const KindSpec policy{Kind::policy, "policy", Anchor::relation, attributes, sql, Introduces::nothing,
                      {},           build,    &policy_sql};

}  // namespace candor::catalog::kinds
