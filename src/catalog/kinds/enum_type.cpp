#include <fmt/format.h>

#include "catalog/draft.h"
#include "catalog/kinds/kinds.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"labels"},  // in their order; the float that sorts them says nothing
    {"owner", Compare::configured},
    {"grants", Compare::configured},
    {"comment", Compare::configured},
};

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT n.nspname, t.typname, ARRAY(SELECT l.enumlabel::pg_catalog.text FROM pg_catalog.pg_enum l"
      " WHERE l.enumtypid = t.oid ORDER BY l.enumsortorder), {}, {}, d.description"
      " FROM {}{} WHERE t.typtype = 'e'{}",
      source.owner("t.typowner"), source.grants("t.typacl", 'T', "t.typowner"), source.types,
      source.comment("d", "pg_type", "t.oid"), source.not_a_member("pg_type", "t.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  for (int r = 0; r < rows.size(); ++r) {
    std::string labels;
    for (const std::string& label : pg::parse_array(rows.at(r, 2)))
      labels += (labels.empty() ? "" : ", ") + quoted(label);
    Values values(Kind::enum_type);
    values.set("labels", labels);
    values.set("owner", rows.at(r, 3));
    values.set("grants", grants_text(rows.at(r, 4)));
    values.set("comment", rows.at(r, 5));
    draft.add({.kind = Kind::enum_type, .schema = Text(rows.at(r, 0)), .name = Text(rows.at(r, 1))},
              std::move(values));
  }
}

}  // namespace

const KindSpec enum_type{Kind::enum_type,     "enum_type", Anchor::type, attributes,    sql,
                         Introduces::nothing, {},          build,        &enum_type_sql};

}  // namespace candor::catalog::kinds
