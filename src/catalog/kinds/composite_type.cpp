#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"fields"},  // "street text, zip character varying(10)", in their order
    {"owner", Compare::configured},
    {"grants", Compare::configured},
    {"comment", Compare::configured},
    {"comments_on_fields", Compare::configured},
};

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT n.nspname, t.typname, ARRAY(SELECT part.v FROM pg_catalog.pg_attribute a"
      " JOIN pg_catalog.pg_type y ON y.oid = a.atttypid,"
      " LATERAL (VALUES (1, a.attname::pg_catalog.text), (2, pg_catalog.format_type(a.atttypid, a.atttypmod)),"
      "  (3, (SELECT l.collname::pg_catalog.text FROM pg_catalog.pg_collation l"
      "   WHERE l.oid = a.attcollation AND a.attcollation <> y.typcollation))) part(i, v)"
      " WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum, part.i),"
      " {}, {}, d.description, {}"
      " FROM {} JOIN pg_catalog.pg_class c ON c.oid = t.typrelid{} WHERE t.typtype = 'c' AND c.relkind = "
      "'c'{}",
      source.owner("t.typowner"), source.grants("t.typacl", 'T', "t.typowner"),
      comments_on_columns("t.typrelid"), source.types, source.comment("d", "pg_type", "t.oid"),
      source.not_a_member("pg_type", "t.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  for (int r = 0; r < rows.size(); ++r) {
    const auto parts = pg::parse_array(rows.at(r, 2));  // name, type, collation of each field
    std::string fields;
    for (std::size_t i = 0; i + 2 < parts.size(); i += 3) {
      fields += (fields.empty() ? "" : ", ") + identifier(parts[i]) + " " + parts[i + 1];
      if (!parts[i + 2].empty()) fields += " collate " + parts[i + 2];
    }
    Values values(Kind::composite_type);
    values.set("fields", fields);
    values.set("owner", rows.at(r, 3));
    values.set("grants", grants_text(rows.at(r, 4)));
    values.set("comment", rows.at(r, 5));
    values.set("comments_on_fields", as_named_texts(rows.at(r, 6)));
    draft.add({.kind = Kind::composite_type, .schema = Text(rows.at(r, 0)), .name = Text(rows.at(r, 1))},
              std::move(values));
  }
}

}  // namespace

const KindSpec composite_type{
    Kind::composite_type, "composite_type", Anchor::type, attributes, sql, Introduces::nothing, {}, build,
    &composite_type_sql};

}  // namespace candor::catalog::kinds
