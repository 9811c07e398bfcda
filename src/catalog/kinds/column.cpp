#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"type"},
    {"not_null"},
    {"default", Compare::always, Printed::expression},  // of a generated column: its expression
    {"identity"},
    {"generated"},
    {"collation"},  // only where it is not the type's own
    {"storage"},    // likewise
    {"compression"},
    {"statistics"},
    {"options"},
    {"foreign_options"},
    {"inherited"},                  // a parent has it, too
    {"position", Compare::notice},  // the rank among the columns that are left, from 1
    {"grants", Compare::configured},
    {"comment", Compare::configured},
};

enum Column {
  relation,
  number,
  name,
  type,
  modifier,
  not_null,
  default_,
  identity,
  generated,
  collation,
  storage,
  compression,
  statistics,
  options,
  inherited,
  grants,
  comment,
  written,
  foreign_options
};

std::string sql(const Source& source) {
  // pg_get_expr with relation 0 is five times cheaper: plain defaults refer to no column.
  return fmt::format(
      "SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull,"
      " CASE WHEN a.atthasdef THEN pg_catalog.pg_get_expr(e.adbin, CASE WHEN a.attgenerated = '' THEN 0 ELSE "
      "c.oid END) END,"
      " {}, a.attgenerated,"
      " CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation ELSE 0 END,"
      " CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END, {},"
      " CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END,"
      " a.attoptions, a.attinhcount > 0,"
      " {}, d.description, {}, a.attfdwoptions"
      " FROM {} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
      " JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
      " LEFT JOIN pg_catalog.pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum{}"
      " WHERE c.relkind IN ('r', 'p', 'f') ORDER BY a.attrelid, a.attnum",
      // A partition has its parent's identity since 17, and never one of its own.
      source.version >= 170000 ? "CASE WHEN c.relispartition THEN '' ELSE a.attidentity END"
                               : "a.attidentity",
      source.version >= 140000 ? "a.attcompression" : "''", source.grants("a.attacl", 'c', "c.relowner"),
      "coalesce(" + source.written("e") + ", false)", source.relations,
      source.comment("d", "pg_class", "a.attrelid", "a.attnum"));
}

constexpr Reference references[] = {{Refers::type, type, modifier}, {Refers::collation, collation}};

std::string_view storage_name(std::string_view code) {
  if (code == "p") return "plain";
  if (code == "e") return "external";
  if (code == "m") return "main";
  if (code == "x") return "extended";
  return code;
}

std::string_view identity_name(std::string_view code) {
  return code == "a" ? "always" : code == "d" ? "by_default" : "";
}

std::string_view generated_name(std::string_view code) {
  return code == "s" ? "stored" : code == "v" ? "virtual" : "";
}

std::string_view compression_name(std::string_view code) {
  return code == "p" ? "pglz" : code == "l" ? "lz4" : "";
}

void build(const pg::Rows& rows, Draft& draft) {
  std::string_view previous_relation;
  int position = 0;
  for (int r = 0; r < rows.size(); ++r) {
    position = rows.at(r, relation) == previous_relation ? position + 1 : 1;
    previous_relation = rows.at(r, relation);
    const RelationName* const table = draft.relation(to_oid(rows.at(r, relation)));
    if (table == nullptr) continue;
    const ObjectId id{.kind = Kind::column,
                      .schema = table->schema,
                      .relation = table->name,
                      .name = Text(rows.at(r, name))};
    Values values(Kind::column);
    values.set("type", draft.type(to_oid(rows.at(r, type)), static_cast<int>(rows.number(r, modifier))));
    values.flag("not_null", rows.flag(r, not_null));
    values.set("default", rows.at(r, default_));
    values.set("identity", identity_name(rows.at(r, identity)));
    values.set("generated", generated_name(rows.at(r, generated)));
    values.set("collation", draft.collation(to_oid(rows.at(r, collation))));
    values.set("storage", storage_name(rows.at(r, storage)));
    values.set("compression", compression_name(rows.at(r, compression)));
    values.set("statistics", rows.at(r, statistics));
    values.set("options", options_text(rows.at(r, options)));
    values.set("foreign_options", as_foreign_options(rows.at(r, foreign_options)));
    values.flag("inherited", rows.flag(r, inherited));
    values.set("position", std::to_string(position));
    values.set("grants", grants_text(rows.at(r, grants)));
    values.set("comment", rows.at(r, comment));
    if (rows.flag(r, written)) draft.mark_written(id, "default");
    draft.add(id, std::move(values));
  }
}

}  // namespace

const KindSpec column{Kind::column, "column", Anchor::relation, attributes, sql, Introduces::columns,
                      references,   build,    &column_sql};

}  // namespace candor::catalog::kinds
