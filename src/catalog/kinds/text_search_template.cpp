#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"init"},
    {"lexize"},
    {"comment", Compare::configured},
};

constexpr Format formats[] = {as_text, as_text, as_text};

std::string sql(const Source& source) {
  return fmt::format("SELECT n.nspname, NULL, x.tmplname, NULL, {}, {}, d.description FROM {}{} WHERE true{}",
                     routine_name("x.tmplinit"), routine_name("x.tmpllexize"),
                     source.in_schemas("pg_ts_template", "x", "tmplnamespace", "tmplname"),
                     source.comment("d", "pg_ts_template", "x.oid"),
                     source.not_a_member("pg_ts_template", "x.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::text_search_template, formats, rows, draft);
}

}  // namespace

const KindSpec text_search_template{Kind::text_search_template,
                                    "text_search_template",
                                    Anchor::qualified,
                                    attributes,
                                    sql,
                                    Introduces::nothing,
                                    {},
                                    build,
                                    &text_search_template_sql};

}  // namespace candor::catalog::kinds
