#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"handler"},
    {"validator"},
    {"options"},
    {"owner", Compare::configured},
    {"grants", Compare::configured},
    {"comment", Compare::configured},
};

constexpr Format formats[] = {as_text, as_text, as_foreign_options, as_text, grants_text, as_text};

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT NULL, NULL, w.fdwname, NULL, {}, {}, w.fdwoptions, {}, {}, d.description"
      " FROM pg_catalog.pg_foreign_data_wrapper w{} WHERE w.oid >= 16384{}{}",
      routine_name("w.fdwhandler"), routine_name("w.fdwvalidator"), source.owner("w.fdwowner"),
      source.grants("w.fdwacl", 'F', "w.fdwowner"), source.comment("d", "pg_foreign_data_wrapper", "w.oid"),
      source.named("w.fdwname"), source.not_a_member("pg_foreign_data_wrapper", "w.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::foreign_data_wrapper, formats, rows, draft);
}

}  // namespace

const KindSpec foreign_data_wrapper{Kind::foreign_data_wrapper,
                                    "foreign_data_wrapper",
                                    Anchor::named,
                                    attributes,
                                    sql,
                                    Introduces::nothing,
                                    {},
                                    build,
                                    &foreign_data_wrapper_sql};

}  // namespace candor::catalog::kinds
