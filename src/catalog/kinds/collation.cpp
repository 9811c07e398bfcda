/// The version of a collation is what is installed on the machine: no part of the schema.
#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"provider"},
    {"locale", Compare::always, Printed::query},  // of ICU: 16 writes it as a language tag
    {"collate"},
    {"ctype"},
    {"nondeterministic"},
    {"rules"},
    {"owner", Compare::configured},
    {"comment", Compare::configured},
};

constexpr Format formats[] = {as_text, as_text, as_text, as_text, as_flag, as_text, as_text, as_text};

std::string sql(const Source& source) {
  const char* const locale = source.version >= 170000 ? "x.colllocale"
                             : source.version >= 150000
                                 ? "x.colliculocale"
                                 : "CASE WHEN x.collprovider = 'i' THEN x.collcollate END";
  return fmt::format(
      "SELECT n.nspname, NULL, x.collname, NULL,"
      " CASE x.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' WHEN 'c' THEN 'libc' ELSE 'default' END, {},"
      " CASE WHEN x.collprovider = 'c' THEN x.collcollate END, CASE WHEN x.collprovider = 'c' THEN x.collctype END,"
      " NOT x.collisdeterministic, {}, {}, d.description FROM {}{}"
      " WHERE x.collencoding IN (-1, (SELECT b.encoding FROM pg_catalog.pg_database b"
      "  WHERE b.datname = pg_catalog.current_database())){}",
      locale, source.version >= 160000 ? "x.collicurules" : "NULL", source.owner("x.collowner"),
      source.in_schemas("pg_collation", "x", "collnamespace", "collname"),
      source.comment("d", "pg_collation", "x.oid"), source.not_a_member("pg_collation", "x.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::collation, formats, rows, draft);
}

}  // namespace

const KindSpec collation{
    Kind::collation, "collation",   Anchor::qualified, attributes, sql, Introduces::nothing, {},
    build,           &collation_sql};

}  // namespace candor::catalog::kinds
