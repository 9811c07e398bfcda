#include <fmt/format.h>

#include "catalog/draft.h"
#include "catalog/kinds/kinds.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"type"},
    {"not_null"},
    {"default", Compare::always, Printed::expression},
    {"collation"},
    {"owner", Compare::configured},
    {"grants", Compare::configured},
    {"comment", Compare::configured},
};

enum Column { schema, name, type, modifier, not_null, default_, collation, owner, grants, comment, written };

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT n.nspname, t.typname, t.typbasetype, t.typtypmod, t.typnotnull,"
      " pg_catalog.pg_get_expr(t.typdefaultbin, 0),"
      " CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation ELSE 0 END, {}, {}, d.description, {}"
      " FROM {} JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype{} WHERE t.typtype = 'd'{}",
      source.owner("t.typowner"), source.grants("t.typacl", 'T', "t.typowner"), source.written("t"),
      source.types, source.comment("d", "pg_type", "t.oid"), source.not_a_member("pg_type", "t.oid"));
}

constexpr Reference references[] = {{Refers::type, type, modifier}, {Refers::collation, collation}};

void build(const pg::Rows& rows, Draft& draft) {
  for (int r = 0; r < rows.size(); ++r) {
    const ObjectId id{
        .kind = Kind::domain, .schema = Text(rows.at(r, schema)), .name = Text(rows.at(r, name))};
    Values values(Kind::domain);
    values.set("type", draft.type(to_oid(rows.at(r, type)), static_cast<int>(rows.number(r, modifier))));
    values.flag("not_null", rows.flag(r, not_null));
    values.set("default", rows.at(r, default_));
    values.set("collation", draft.collation(to_oid(rows.at(r, collation))));
    values.set("owner", rows.at(r, owner));
    values.set("grants", grants_text(rows.at(r, grants)));
    values.set("comment", rows.at(r, comment));
    if (rows.flag(r, written)) draft.mark_written(id, "default");
    draft.add(id, std::move(values));
  }
}

}  // namespace

const KindSpec domain{Kind::domain,        "domain",   Anchor::type, attributes, sql,
                      Introduces::nothing, references, build,        &domain_sql};

}  // namespace candor::catalog::kinds
