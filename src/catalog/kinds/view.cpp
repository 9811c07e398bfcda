#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"columns", Compare::always,
     Printed::expression},  // "id integer, name text": EXTRACT's type changed with 14
    {"definition", Compare::always, Printed::query},
    {"options"},
    {"column_defaults", Compare::always, Printed::expression},  // "id "1""
    {"owner", Compare::configured},
    {"grants", Compare::configured},
    {"grants_on_columns", Compare::configured},
    {"comment", Compare::configured},
    {"comments_on_columns", Compare::configured},
};

constexpr Attribute materialized_attributes[] = {
    {"columns", Compare::always, Printed::expression},
    {"definition", Compare::always, Printed::query},
    {"options"},
    {"access_method"},
    {"tablespace"},
    {"column_settings"},  // "id "statistics=100; storage=external""
    {"owner", Compare::configured},
    {"grants", Compare::configured},
    {"grants_on_columns", Compare::configured},
    {"comment", Compare::configured},
    {"comments_on_columns", Compare::configured},
};

enum Column {
  oid,
  schema,
  name,
  columns,
  definition,
  options,
  owner,
  grants,
  comment,
  written,
  access_method,
  tablespace,
  of_columns_,
  grants_on_columns,
  comments
};

/// What ALTER … ALTER COLUMN says of a view's columns: defaults; of a materialised view's: how they are
/// stored.
std::string column_details(const Source& source, char relkind) {
  if (relkind == 'v')
    return of_columns("c.oid",
                      "(SELECT pg_catalog.pg_get_expr(e.adbin, 0) FROM pg_catalog.pg_attrdef e"
                      " WHERE e.adrelid = a.attrelid AND e.adnum = a.attnum)");
  return of_columns(
      "c.oid",
      fmt::format(
          "nullif(pg_catalog.concat_ws('; ', 'statistics=' || CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END,"
          " 'storage=' || CASE WHEN a.attstorage <> y.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'plain'"
          " WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END END,"
          " {} pg_catalog.array_to_string(a.attoptions, '; ')), '')",
          source.version >= 140000
              ? "'compression=' || CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN "
                "'lz4' END,"
              : ""));
}

/// Whether a materialised view is populated is data, not schema.
std::string sql_for(const Source& source, char relkind) {
  return fmt::format(
      "SELECT c.oid, n.nspname, c.relname,"
      " ARRAY(SELECT part.v FROM pg_catalog.pg_attribute a, LATERAL (VALUES (1, a.attname::pg_catalog.text),"
      "  (2, pg_catalog.format_type(a.atttypid, a.atttypmod))) part(i, v)"
      "  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum, part.i),"
      " pg_catalog.pg_get_viewdef(c.oid),"
      " c.reloptions,"
      " {}, {}, d.description, {}, CASE WHEN am.amname <> 'heap' THEN am.amname END, ts.spcname,"
      " {}, {}, {} FROM {}"
      " JOIN pg_catalog.pg_rewrite w ON w.ev_class = c.oid AND w.rulename = '_RETURN'"
      " LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam"
      " LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace{}"
      " WHERE c.relkind = '{}'{}",
      source.owner("c.relowner"), source.grants("c.relacl", 'r', "c.relowner"), source.written("w"),
      column_details(source, relkind),
      of_columns("c.oid", fmt::format("({})::pg_catalog.text", source.grants("a.attacl", 'c', "c.relowner"))),
      comments_on_columns("c.oid"), source.relations, source.comment("d", "pg_class", "c.oid"), relkind,
      source.not_a_member("pg_class", "c.oid"));
}

std::string sql(const Source& source) {
  return sql_for(source, 'v');
}
std::string materialized_sql(const Source& source) {
  return sql_for(source, 'm');
}

void build_as(Kind kind, const pg::Rows& rows, Draft& draft) {
  for (int r = 0; r < rows.size(); ++r) {
    const ObjectId id{.kind = kind, .schema = Text(rows.at(r, schema)), .name = Text(rows.at(r, name))};
    Values values(kind);
    const auto parts = pg::parse_array(rows.at(r, columns));  // name and type of each
    std::string list;
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2)
      list += (list.empty() ? "" : ", ") + identifier(parts[i]) + " " + parts[i + 1];
    values.set("columns", list);
    values.set("definition", rows.at(r, definition));
    values.set("options", options_text(rows.at(r, options)));
    const bool materialized = kind == Kind::materialized_view;
    values.set(materialized ? "column_settings" : "column_defaults", as_named_texts(rows.at(r, of_columns_)));
    values.set("grants_on_columns", as_named_grants(rows.at(r, grants_on_columns)));
    values.set("comments_on_columns", as_named_texts(rows.at(r, comments)));
    if (materialized) {
      values.set("access_method", rows.at(r, access_method));
      values.set("tablespace", rows.at(r, tablespace));
    }
    values.set("owner", rows.at(r, owner));
    values.set("grants", grants_text(rows.at(r, grants)));
    values.set("comment", rows.at(r, comment));
    if (rows.flag(r, written)) {
      draft.mark_written(id, "columns");
      draft.mark_written(id, "definition");
      if (!materialized) draft.mark_written(id, "column_defaults");
    }
    draft.add(id, std::move(values));
  }
}

void build(const pg::Rows& rows, Draft& draft) {
  build_as(Kind::view, rows, draft);
}
void build_materialized(const pg::Rows& rows, Draft& draft) {
  build_as(Kind::materialized_view, rows, draft);
}

}  // namespace

const KindSpec view{Kind::view, "view", Anchor::relation, attributes, sql, Introduces::relations,
                    {},         build,  &view_sql};
const KindSpec materialized_view{Kind::materialized_view,
                                 "materialized_view",
                                 Anchor::relation,
                                 materialized_attributes,
                                 materialized_sql,
                                 Introduces::relations,
                                 {},
                                 build_materialized,
                                 &materialized_view_sql};

}  // namespace candor::catalog::kinds
