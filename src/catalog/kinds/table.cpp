#include <fmt/format.h>

#include "catalog/draft.h"
#include "catalog/kinds/kinds.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"unlogged"},
    {"partition_by", Compare::always, Printed::expression},
    {"partition_of"},
    {"bound", Compare::always, Printed::expression},
    {"inherits"},  // in their order
    {"of_type"},
    {"row_security"},
    {"force_row_security"},
    {"replica_identity"},
    {"access_method"},
    {"tablespace"},
    {"options"},
    {"toast_options"},
    {"detach_pending"},
    {"owner", Compare::configured},
    {"grants", Compare::configured},
    {"comment", Compare::configured},
};

enum Column {
  oid,
  schema,
  name,
  persistence,
  partition_key,
  is_partition,
  bound,
  parents,
  of_type,
  of_modifier,
  row_security,
  force_row_security,
  replica_identity,
  access_method,
  tablespace,
  options,
  toast_options,
  detach_pending,
  owner,
  grants,
  comment,
  written
};

std::string sql(const Source& source) {
  const char* const detach_pending =
      source.version >= 140000
          ? "EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid AND h.inhdetachpending)"
          : "false";
  // Parents and bounds are looked up only for the tables that have them: most have none.
  return fmt::format(
      "SELECT c.oid, n.nspname, c.relname, c.relpersistence,"
      " CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END, c.relispartition,"
      " CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END,"
      " ARRAY(SELECT h.inhparent FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid ORDER BY h.inhseqno),"
      " c.reloftype, -1, c.relrowsecurity, c.relforcerowsecurity, c.relreplident,"
      " CASE WHEN am.amname <> 'heap' THEN am.amname END, ts.spcname,"
      " c.reloptions,"
      " x.reloptions,"
      " {}, {}, {}, d.description, {} FROM {}"
      " LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam"
      " LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace"
      " LEFT JOIN pg_catalog.pg_class x ON x.oid = c.reltoastrelid AND x.reloptions IS NOT NULL{}"
      " WHERE c.relkind IN ('r', 'p'){}",
      detach_pending, source.owner("c.relowner"), source.grants("c.relacl", 'r', "c.relowner"),
      source.written("c"), source.relations, source.comment("d", "pg_class", "c.oid"),
      source.not_a_member("pg_class", "c.oid"));
}

constexpr Reference references[] = {{Refers::relation, parents}, {Refers::type, of_type, of_modifier}};

std::string_view replica_identity_name(std::string_view code) {
  if (code == "n") return "nothing";
  if (code == "f") return "full";
  if (code == "i") return "index";  // which one, the index says
  return "";
}

void build(const pg::Rows& rows, Draft& draft) {
  for (int r = 0; r < rows.size(); ++r) {
    const ObjectId id{
        .kind = Kind::table, .schema = Text(rows.at(r, schema)), .name = Text(rows.at(r, name))};
    Values values(Kind::table);
    values.flag("unlogged", rows.at(r, persistence) == "u");
    values.set("partition_by", rows.at(r, partition_key));
    std::string inherits;
    for (const auto parent : parse_numbers(rows.at(r, parents)))
      inherits += (inherits.empty() ? "" : ", ") + draft.relation_text(static_cast<Oid>(parent));
    values.set(rows.flag(r, is_partition) ? "partition_of" : "inherits", inherits);
    values.set("bound", rows.at(r, bound));
    if (const Oid type = to_oid(rows.at(r, of_type))) values.set("of_type", draft.type(type, -1));
    values.flag("row_security", rows.flag(r, row_security));
    values.flag("force_row_security", rows.flag(r, force_row_security));
    values.set("replica_identity", replica_identity_name(rows.at(r, replica_identity)));
    values.set("access_method", rows.at(r, access_method));
    values.set("tablespace", rows.at(r, tablespace));
    values.set("options", options_text(rows.at(r, options)));
    values.set("toast_options", options_text(rows.at(r, toast_options)));
    values.flag("detach_pending", rows.flag(r, detach_pending));
    values.set("owner", rows.at(r, owner));
    values.set("grants", grants_text(rows.at(r, grants)));
    values.set("comment", rows.at(r, comment));
    if (rows.flag(r, written)) {
      draft.mark_written(id, "partition_by");
      draft.mark_written(id, "bound");
    }
    draft.add(id, std::move(values));
  }
}

}  // namespace

const KindSpec table{Kind::table, "table", Anchor::relation, attributes, sql, Introduces::relations,
                     references,  build,   &table_sql};

}  // namespace candor::catalog::kinds
