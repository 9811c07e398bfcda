#include <fmt/format.h>

#include "catalog/draft.h"
#include "catalog/kinds/kinds.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"owner", Compare::configured},
    {"grants", Compare::configured},
    {"comment", Compare::configured},
};

/// `public` exists in every new database with an owner, rights and a comment that differ between majors: what
/// was not changed by a migration must not look as if it was. What its rights were at first the server notes.
std::string sql(const Source& source) {
  return fmt::format(
      "SELECT n.nspname, CASE WHEN n.oid >= 16384 THEN {0} END,"
      " CASE WHEN n.oid >= 16384 THEN {1} WHEN n.nspacl <> (SELECT i.initprivs FROM pg_catalog.pg_init_privs i"
      "  WHERE i.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND i.objoid = n.oid AND i.objsubid = 0"
      "  AND i.privtype = 'i')"
      "  THEN ARRAY[pg_catalog.pg_get_userbyid(n.nspowner)::pg_catalog.text, n.nspacl::pg_catalog.text] END, CASE WHEN n.oid >= 16384 THEN d.description END"
      " FROM {2}{3} WHERE true{4}",
      source.owner("n.nspowner"), source.grants("n.nspacl", 'n', "n.nspowner"), source.schemas,
      source.comment("d", "pg_namespace", "n.oid"), source.not_a_member("pg_namespace", "n.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  for (int r = 0; r < rows.size(); ++r) {
    Values values(Kind::schema);
    values.set("owner", rows.at(r, 1));
    values.set("grants", grants_text(rows.at(r, 2)));
    values.set("comment", rows.at(r, 3));
    draft.add({.kind = Kind::schema, .name = Text(rows.at(r, 0))}, std::move(values));
  }
}

}  // namespace

const KindSpec schema{Kind::schema,        "schema", Anchor::schema, attributes, sql,
                      Introduces::nothing, {},       build,          &schema_sql};

}  // namespace candor::catalog::kinds
