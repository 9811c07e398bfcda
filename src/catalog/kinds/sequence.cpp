#include <fmt/format.h>

#include "catalog/draft.h"
#include "catalog/kinds/kinds.h"

namespace candor::catalog::kinds {

namespace {

/// What CREATE SEQUENCE would choose by itself is left out.
constexpr Attribute attributes[] = {
    {"type"},
    {"start"},
    {"increment"},
    {"min"},
    {"max"},
    {"cache"},
    {"cycle"},
    {"unlogged"},
    {"owned_by"},
    {"identity"},  // belongs to an identity column
    {"owner", Compare::configured},
    {"grants", Compare::configured},
    {"comment", Compare::configured},
};

enum Column {
  oid,
  schema,
  name,
  type,
  start,
  increment,
  min,
  max,
  cache,
  cycle,
  unlogged,
  owned_schema,
  owned_table,
  owned_column,
  identity,
  owner,
  grants,
  comment
};

std::string sql(const Source& source) {
  const std::string largest =
      "CASE s.seqtypid WHEN 21 THEN 32767 WHEN 23 THEN 2147483647 ELSE 9223372036854775807 END";
  return fmt::format(
      "SELECT c.oid, n.nspname, c.relname, pg_catalog.format_type(s.seqtypid, -1),"
      " CASE WHEN s.seqstart <> CASE WHEN s.seqincrement > 0 THEN s.seqmin ELSE s.seqmax END THEN s.seqstart "
      "END,"
      " CASE WHEN s.seqincrement <> 1 THEN s.seqincrement END,"
      " CASE WHEN s.seqmin <> CASE WHEN s.seqincrement > 0 THEN 1 ELSE -({0}) - 1 END THEN s.seqmin END,"
      " CASE WHEN s.seqmax <> CASE WHEN s.seqincrement > 0 THEN {0} ELSE -1 END THEN s.seqmax END,"
      " CASE WHEN s.seqcache <> 1 THEN s.seqcache END, s.seqcycle, c.relpersistence = 'u',"
      " tn.nspname, t.relname, a.attname, o.deptype = 'i', {1}, {2}, d.description"
      " FROM {3} JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid"
      " LEFT JOIN pg_catalog.pg_depend o ON o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND "
      "o.objid = c.oid"
      "  AND o.objsubid = 0 AND o.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.deptype IN "
      "('a', 'i')"
      " LEFT JOIN pg_catalog.pg_class t ON t.oid = o.refobjid"
      " LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace"
      " LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid{4}"
      " WHERE c.relkind = 'S'{5}",
      largest, source.owner("c.relowner"), source.grants("c.relacl", 's', "c.relowner"), source.relations,
      source.comment("d", "pg_class", "c.oid"), source.not_a_member("pg_class", "c.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  for (int r = 0; r < rows.size(); ++r) {
    Values values(Kind::sequence);
    values.set("type", rows.at(r, type));
    values.set("start", rows.at(r, start));
    values.set("increment", rows.at(r, increment));
    values.set("min", rows.at(r, min));
    values.set("max", rows.at(r, max));
    values.set("cache", rows.at(r, cache));
    values.flag("cycle", rows.flag(r, cycle));
    values.flag("unlogged", rows.flag(r, unlogged));
    if (!rows.is_null(r, owned_column))
      values.set("owned_by", qualified(rows.at(r, owned_schema), rows.at(r, owned_table)) + "." +
                                 identifier(rows.at(r, owned_column)));
    values.flag("identity", rows.flag(r, identity));
    values.set("owner", rows.at(r, owner));
    values.set("grants", grants_text(rows.at(r, grants)));
    values.set("comment", rows.at(r, comment));
    draft.add({.kind = Kind::sequence, .schema = Text(rows.at(r, schema)), .name = Text(rows.at(r, name))},
              std::move(values));
  }
}

}  // namespace

const KindSpec sequence{
    Kind::sequence, "sequence",   Anchor::relation, attributes, sql, Introduces::relations, {},
    build,          &sequence_sql};

}  // namespace candor::catalog::kinds
