#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"function"},
    {"inout"},    // by way of the types' text
    {"context"},  // "assignment" or "implicit"; left out: explicit
    {"comment", Compare::configured},
};

constexpr Format formats[] = {as_text, as_flag, as_text, as_text};

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT NULL, NULL, NULL, {} || ' as ' || {}, {}, x.castmethod = 'i',"
      " CASE x.castcontext WHEN 'a' THEN 'assignment' WHEN 'i' THEN 'implicit' END, d.description"
      " FROM pg_catalog.pg_cast x{} WHERE x.oid >= 16384{}"
      // A range type makes the cast to its multirange.
      " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend i WHERE i.classid = 'pg_catalog.pg_cast'::pg_catalog.regclass"
      "  AND i.objid = x.oid AND i.deptype = 'i')",
      type_name("x.castsource"), type_name("x.casttarget"), routine_signature("x.castfunc"),
      source.comment("d", "pg_cast", "x.oid"), source.not_a_member("pg_cast", "x.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::cast, formats, rows, draft);
}

}  // namespace

const KindSpec cast{Kind::cast,          "cast", Anchor::all, attributes, sql,
                    Introduces::nothing, {},     build,       &cast_sql};

}  // namespace candor::catalog::kinds
