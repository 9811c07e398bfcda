#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"table"},
    {"columns"},
    {"expressions", Compare::always, Printed::expression},
    {"kinds"},
    {"target"},
    {"owner", Compare::configured},
    {"comment", Compare::configured},
};

constexpr Format formats[] = {as_name, as_list, as_sorted_texts, as_sorted_texts, as_text, as_text, as_text};

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT n.nspname, NULL, x.stxname, NULL, {},"
      " ARRAY(SELECT a.attname FROM pg_catalog.pg_attribute a WHERE a.attrelid = x.stxrelid"
      "  AND a.attnum = ANY (x.stxkeys) ORDER BY a.attname), {},"
      " ARRAY(SELECT CASE k.k WHEN 'd' THEN 'ndistinct' WHEN 'f' THEN 'dependencies' WHEN 'm' THEN 'mcv' END"
      "  FROM pg_catalog.unnest(x.stxkind) k(k) WHERE k.k <> 'e'),"
      " {}, {}, d.description, {} FROM {} JOIN pg_catalog.pg_class c ON c.oid = x.stxrelid"
      " JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace{} WHERE true{}",
      name_array("cn.nspname", "c.relname"),
      source.version >= 140000 ? "pg_catalog.pg_get_statisticsobjdef_expressions(x.oid)" : "NULL",
      source.version >= 130000 ? "CASE WHEN x.stxstattarget >= 0 THEN x.stxstattarget END" : "NULL",
      source.owner("x.stxowner"), source.written("x"),
      source.in_schemas("pg_statistic_ext", "x", "stxnamespace", "stxname"),
      source.comment("d", "pg_statistic_ext", "x.oid"), source.not_a_member("pg_statistic_ext", "x.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::statistics, formats, rows, draft);
}

}  // namespace

const KindSpec statistics{
    Kind::statistics, "statistics", Anchor::qualified, attributes, sql, Introduces::nothing, {}, build,
    &statistics_sql};

}  // namespace candor::catalog::kinds
