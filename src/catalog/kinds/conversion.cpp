#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"from"},
    {"to"},
    {"function"},
    {"default"},
    {"owner", Compare::configured},
    {"comment", Compare::configured},
};

constexpr Format formats[] = {as_text, as_text, as_text, as_flag, as_text, as_text};

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT n.nspname, NULL, x.conname, NULL, pg_catalog.pg_encoding_to_char(x.conforencoding),"
      " pg_catalog.pg_encoding_to_char(x.contoencoding), {}, x.condefault, {}, d.description FROM {}{} WHERE true{}",
      routine_name("x.conproc"), source.owner("x.conowner"),
      source.in_schemas("pg_conversion", "x", "connamespace", "conname"),
      source.comment("d", "pg_conversion", "x.oid"), source.not_a_member("pg_conversion", "x.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::conversion, formats, rows, draft);
}

}  // namespace

const KindSpec conversion{
    Kind::conversion, "conversion", Anchor::qualified, attributes, sql, Introduces::nothing, {}, build,
    &conversion_sql};

}  // namespace candor::catalog::kinds
