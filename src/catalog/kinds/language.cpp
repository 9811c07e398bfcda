#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"trusted"},
    {"handler"},
    {"inline"},
    {"validator"},
    {"owner", Compare::configured},
    {"grants", Compare::configured},
    {"comment", Compare::configured},
};

constexpr Format formats[] = {as_flag, as_text, as_text, as_text, as_text, grants_text, as_text};

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT NULL, NULL, l.lanname, NULL, l.lanpltrusted, {}, {}, {}, {}, {}, d.description"
      " FROM pg_catalog.pg_language l{} WHERE l.oid >= 16384{}{}",
      routine_name("l.lanplcallfoid"), routine_name("l.laninline"), routine_name("l.lanvalidator"),
      source.owner("l.lanowner"), source.grants("l.lanacl", 'l', "l.lanowner"),
      source.comment("d", "pg_language", "l.oid"), source.named("l.lanname"),
      source.not_a_member("pg_language", "l.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::language, formats, rows, draft);
}

}  // namespace

const KindSpec language{Kind::language,      "language", Anchor::named, attributes,   sql,
                        Introduces::nothing, {},         build,         &language_sql};

}  // namespace candor::catalog::kinds
