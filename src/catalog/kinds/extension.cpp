#include <fmt/format.h>

#include "catalog/draft.h"
#include "catalog/kinds/kinds.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"schema"},
    {"version", Compare::notice},  // what is installed on the machine, not what the migration says
    {"comment", Compare::configured},
};

std::string sql(const Source& source) {
  // plpgsql comes with every database.
  return fmt::format(
      "SELECT e.extname, n.nspname, e.extversion, d.description FROM {}{} WHERE e.oid >= 16384",
      source.extensions, source.comment("d", "pg_extension", "e.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  for (int r = 0; r < rows.size(); ++r) {
    Values values(Kind::extension);
    values.set("schema", rows.at(r, 1));
    values.set("version", rows.at(r, 2));
    values.set("comment", rows.at(r, 3));
    draft.add({.kind = Kind::extension, .name = Text(rows.at(r, 0))}, std::move(values));
  }
}

}  // namespace

const KindSpec extension{
    Kind::extension, "extension",   Anchor::extension, attributes, sql, Introduces::nothing, {},
    build,           &extension_sql};

}  // namespace candor::catalog::kinds
