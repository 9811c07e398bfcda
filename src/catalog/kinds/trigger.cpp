#include <fmt/format.h>

#include "catalog/draft.h"
#include "catalog/kinds/kinds.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"enabled"},  // left out when it fires as usual: "disabled", "replica", "always"
    {"definition", Compare::always, Printed::expression},
    {"comment", Compare::configured},
};

enum Column { relation, name, enabled, definition, comment, written };

/// Triggers that a partitioned table's trigger put on its partitions (13 and later mark them) follow from it,
/// unless they were enabled otherwise.
std::string sql(const Source& source) {
  return fmt::format(
      "SELECT g.tgrelid, g.tgname, g.tgenabled, pg_catalog.pg_get_triggerdef(g.oid, false), d.description, {}"
      " FROM {} JOIN pg_catalog.pg_trigger g ON g.tgrelid = c.oid AND NOT g.tgisinternal{}"
      " WHERE {}",
      source.written("g"), source.relations, source.comment("d", "pg_trigger", "g.oid"),
      source.version >= 130000
          ? "g.tgparentid = 0 OR g.tgenabled <> (SELECT a.tgenabled FROM pg_catalog.pg_trigger a WHERE a.oid "
            "= g.tgparentid)"
          : "NOT EXISTS (SELECT FROM pg_catalog.pg_depend m WHERE m.classid = "
            "'pg_catalog.pg_trigger'::pg_catalog.regclass"
            " AND m.objid = g.oid AND m.refclassid = 'pg_catalog.pg_trigger'::pg_catalog.regclass)");
}

std::string_view enabled_name(std::string_view code) {
  if (code == "D") return "disabled";
  if (code == "R") return "replica";
  if (code == "A") return "always";
  return "";
}

void build(const pg::Rows& rows, Draft& draft) {
  for (int r = 0; r < rows.size(); ++r) {
    const RelationName* const on = draft.relation(to_oid(rows.at(r, relation)));
    if (on == nullptr) continue;
    const ObjectId id{
        .kind = Kind::trigger, .schema = on->schema, .relation = on->name, .name = Text(rows.at(r, name))};
    Values values(Kind::trigger);
    values.set("enabled", enabled_name(rows.at(r, enabled)));
    values.set("definition", rows.at(r, definition));
    values.set("comment", rows.at(r, comment));
    if (rows.flag(r, written)) draft.mark_written(id, "definition");
    draft.add(id, std::move(values));
  }
}

}  // namespace

const KindSpec trigger{Kind::trigger, "trigger",   Anchor::relation, attributes, sql, Introduces::nothing, {},
                       build,         &trigger_sql};

}  // namespace candor::catalog::kinds
