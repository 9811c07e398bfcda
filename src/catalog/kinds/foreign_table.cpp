/// Foreign tables; their columns, constraints and triggers are those of tables.
#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"server"},
    {"options"},
    {"partition_of"},
    {"bound", Compare::always, Printed::expression},
    {"inherits"},  // in their order
    {"owner", Compare::configured},
    {"grants", Compare::configured},
    {"comment", Compare::configured},
};

enum Column {
  oid,
  schema,
  name,
  server,
  options,
  is_partition,
  bound,
  parents,
  owner,
  grants,
  comment,
  written
};

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT c.oid, n.nspname, c.relname, s.srvname, f.ftoptions, c.relispartition,"
      " CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END,"
      " ARRAY(SELECT h.inhparent FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid ORDER BY h.inhseqno),"
      " {}, {}, d.description, {} FROM {}"
      " JOIN pg_catalog.pg_foreign_table f ON f.ftrelid = c.oid"
      " JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver{} WHERE c.relkind = 'f'{}",
      source.owner("c.relowner"), source.grants("c.relacl", 'r', "c.relowner"), source.written("c"),
      source.relations, source.comment("d", "pg_class", "c.oid"), source.not_a_member("pg_class", "c.oid"));
}

constexpr Reference references[] = {{Refers::relation, parents}};

void build(const pg::Rows& rows, Draft& draft) {
  for (int r = 0; r < rows.size(); ++r) {
    const ObjectId id{
        .kind = Kind::foreign_table, .schema = Text(rows.at(r, schema)), .name = Text(rows.at(r, name))};
    std::string inherits;
    for (const auto parent : parse_numbers(rows.at(r, parents))) {
      if (!inherits.empty()) inherits += ", ";
      inherits += draft.relation_text(static_cast<Oid>(parent));
    }
    Values values(Kind::foreign_table);
    values.set("server", identifier(rows.at(r, server)));
    values.set("options", as_foreign_options(rows.at(r, options)));
    values.set(rows.flag(r, is_partition) ? "partition_of" : "inherits", inherits);
    values.set("bound", rows.at(r, bound));
    values.set("owner", rows.at(r, owner));
    values.set("grants", grants_text(rows.at(r, grants)));
    values.set("comment", rows.at(r, comment));
    if (rows.flag(r, written)) draft.mark_written(id, "bound");
    draft.add(id, std::move(values));
  }
}

}  // namespace

const KindSpec foreign_table{
    Kind::foreign_table, "foreign_table", Anchor::relation,  attributes, sql, Introduces::relations,
    references,          build,           &foreign_table_sql};

}  // namespace candor::catalog::kinds
