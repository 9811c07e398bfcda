#include <fmt/format.h>

#include "catalog/draft.h"
#include "catalog/kinds/kinds.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"enabled"},
    {"definition", Compare::always, Printed::query},
    {"comment", Compare::configured},
};

enum Column { relation, name, enabled, definition, comment, written };

/// A view's own rule is the view.
std::string sql(const Source& source) {
  return fmt::format(
      "SELECT w.ev_class, w.rulename, w.ev_enabled, pg_catalog.pg_get_ruledef(w.oid), d.description, {}"
      " FROM {} JOIN pg_catalog.pg_rewrite w ON w.ev_class = c.oid AND w.rulename <> '_RETURN'{}",
      source.written("w"), source.relations, source.comment("d", "pg_rewrite", "w.oid"));
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
        .kind = Kind::rule, .schema = on->schema, .relation = on->name, .name = Text(rows.at(r, name))};
    Values values(Kind::rule);
    values.set("enabled", enabled_name(rows.at(r, enabled)));
    values.set("definition", rows.at(r, definition));
    values.set("comment", rows.at(r, comment));
    if (rows.flag(r, written)) draft.mark_written(id, "definition");
    draft.add(id, std::move(values));
  }
}

}  // namespace

const KindSpec rule{Kind::rule, "rule", Anchor::relation, attributes, sql, Introduces::nothing,
                    {},         build,  &rule_sql};

}  // namespace candor::catalog::kinds
