#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"all_tables"},
    {"publishes"},  // left out when it is all: insert, update, delete, truncate
    {"via_partition_root"},
    {"generated_columns"},
    {"tables", Compare::always,
     Printed::expression},  // "public.users (id, email) where (id > 0); public.posts"
    {"schemas"},
    {"owner", Compare::configured},
    {"comment", Compare::configured},
};

/// Of each table: schema, name, columns (an array) and condition.
std::string table_list(std::string_view cell) {
  const auto parts = pg::parse_array(cell);
  std::string list;
  for (std::size_t i = 0; i + 3 < parts.size(); i += 4) {
    if (i > 0) list += "; ";
    list += qualified(parts[i], parts[i + 1]);
    if (const std::string columns = as_list(parts[i + 2]); !columns.empty()) list += " (" + columns + ")";
    if (!parts[i + 3].empty()) list += " where " + parts[i + 3];
  }
  return list;
}

constexpr Format formats[] = {as_flag, as_list, as_flag, as_text, table_list, as_list, as_text, as_text};

std::string sql(const Source& source) {
  const bool parts = source.version >= 150000;  // columns, rows and schemas
  return fmt::format(
      "SELECT NULL, NULL, x.pubname, NULL, x.puballtables,"
      " CASE WHEN NOT (x.pubinsert AND x.pubupdate AND x.pubdelete AND x.pubtruncate) THEN"
      "  ARRAY(SELECT o.o FROM (VALUES (x.pubinsert, 'insert'), (x.pubupdate, 'update'), (x.pubdelete, 'delete'),"
      "   (x.pubtruncate, 'truncate')) o(used, o) WHERE o.used) END, {}, {},"
      " ARRAY(SELECT part.v FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_class c ON c.oid = r.prrelid"
      "  JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace, LATERAL (VALUES"
      "   (1, cn.nspname::pg_catalog.text), (2, c.relname::pg_catalog.text), (3, {}), (4, {})) part(i, v)"
      "  WHERE r.prpubid = x.oid ORDER BY cn.nspname, c.relname, part.i),"
      " {}, {}, d.description, {} FROM pg_catalog.pg_publication x{} WHERE true{}{}",
      source.version >= 130000 ? "x.pubviaroot" : "false",
      source.version >= 180000 ? "CASE WHEN x.pubgencols = 's' THEN 'stored' END" : "NULL",
      parts ? "ARRAY(SELECT a.attname FROM pg_catalog.pg_attribute a WHERE a.attrelid = r.prrelid"
              " AND a.attnum = ANY (r.prattrs) ORDER BY a.attnum)::pg_catalog.text"
            : "NULL",
      parts ? "pg_catalog.pg_get_expr(r.prqual, r.prrelid)" : "NULL",
      parts
          ? "ARRAY(SELECT sn.nspname FROM pg_catalog.pg_publication_namespace r"
            " JOIN pg_catalog.pg_namespace sn ON sn.oid = r.pnnspid WHERE r.pnpubid = x.oid ORDER BY sn.nspname)"
          : "NULL",
      source.owner("x.pubowner"), source.written("x"), source.comment("d", "pg_publication", "x.oid"),
      source.named("x.pubname"), source.not_a_member("pg_publication", "x.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::publication, formats, rows, draft);
}

}  // namespace

const KindSpec publication{
    Kind::publication, "publication", Anchor::named, attributes, sql, Introduces::nothing, {}, build,
    &publication_sql};

}  // namespace candor::catalog::kinds
