#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"start"}, {"gettoken"}, {"end"}, {"headline"}, {"lextypes"}, {"comment", Compare::configured},
};

constexpr Format formats[] = {as_text, as_text, as_text, as_text, as_text, as_text};

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT n.nspname, NULL, x.prsname, NULL, {}, {}, {}, {}, {}, d.description FROM {}{} WHERE true{}",
      routine_name("x.prsstart"), routine_name("x.prstoken"), routine_name("x.prsend"),
      routine_name("x.prsheadline"), routine_name("x.prslextype"),
      source.in_schemas("pg_ts_parser", "x", "prsnamespace", "prsname"),
      source.comment("d", "pg_ts_parser", "x.oid"), source.not_a_member("pg_ts_parser", "x.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::text_search_parser, formats, rows, draft);
}

}  // namespace

const KindSpec text_search_parser{Kind::text_search_parser,
                                  "text_search_parser",
                                  Anchor::qualified,
                                  attributes,
                                  sql,
                                  Introduces::nothing,
                                  {},
                                  build,
                                  &text_search_parser_sql};

}  // namespace candor::catalog::kinds
