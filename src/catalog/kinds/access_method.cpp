#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"type"},  // "index" or "table"
    {"handler"},
    {"comment", Compare::configured},
};

constexpr Format formats[] = {as_text, as_text, as_text};

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT NULL, NULL, a.amname, NULL, CASE a.amtype WHEN 't' THEN 'table' ELSE 'index' END, {}, d.description"
      " FROM pg_catalog.pg_am a{} WHERE a.oid >= 16384{}{}",
      routine_name("a.amhandler"), source.comment("d", "pg_am", "a.oid"), source.named("a.amname"),
      source.not_a_member("pg_am", "a.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::access_method, formats, rows, draft);
}

}  // namespace

const KindSpec access_method{
    Kind::access_method, "access_method", Anchor::named, attributes, sql, Introduces::nothing, {}, build,
    &access_method_sql};

}  // namespace candor::catalog::kinds
