#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"from_sql"},
    {"to_sql"},
    {"comment", Compare::configured},
};

constexpr Format formats[] = {as_text, as_text, as_text};

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT NULL, NULL, l.lanname, {}, {}, {}, d.description FROM pg_catalog.pg_transform x"
      " JOIN pg_catalog.pg_language l ON l.oid = x.trflang{} WHERE x.oid >= 16384{}",
      type_name("x.trftype"), routine_signature("x.trffromsql"), routine_signature("x.trftosql"),
      source.comment("d", "pg_transform", "x.oid"), source.not_a_member("pg_transform", "x.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::transform, formats, rows, draft);
}

}  // namespace

const KindSpec transform{Kind::transform,     "transform", Anchor::all, attributes,    sql,
                         Introduces::nothing, {},          build,       &transform_sql};

}  // namespace candor::catalog::kinds
