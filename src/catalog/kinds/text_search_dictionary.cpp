#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"template"},
    {"options"},  // as SQL: "language = 'german'"
    {"owner", Compare::configured},
    {"comment", Compare::configured},
};

constexpr Format formats[] = {as_name, as_text, as_text, as_text};

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT n.nspname, NULL, x.dictname, NULL, {}, x.dictinitoption, {}, d.description FROM {}"
      " JOIN pg_catalog.pg_ts_template t ON t.oid = x.dicttemplate"
      " JOIN pg_catalog.pg_namespace tn ON tn.oid = t.tmplnamespace{} WHERE true{}",
      name_array("tn.nspname", "t.tmplname"), source.owner("x.dictowner"),
      source.in_schemas("pg_ts_dict", "x", "dictnamespace", "dictname"),
      source.comment("d", "pg_ts_dict", "x.oid"), source.not_a_member("pg_ts_dict", "x.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::text_search_dictionary, formats, rows, draft);
}

}  // namespace

const KindSpec text_search_dictionary{Kind::text_search_dictionary,
                                      "text_search_dictionary",
                                      Anchor::qualified,
                                      attributes,
                                      sql,
                                      Introduces::nothing,
                                      {},
                                      build,
                                      &text_search_dictionary_sql};

}  // namespace candor::catalog::kinds
