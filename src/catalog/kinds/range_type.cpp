#include <fmt/format.h>

#include "catalog/draft.h"
#include "catalog/kinds/kinds.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"subtype"},
    {"collation"},
    {"opclass"},
    {"canonical"},
    {"subtype_diff"},
    {"multirange"},
    {"owner", Compare::configured},
    {"grants", Compare::configured},
    {"comment", Compare::configured},
};

enum Column {
  schema,
  name,
  subtype,
  modifier,
  collation,
  opclass,
  canonical,
  diff,
  multirange,
  owner,
  grants,
  comment
};

/// The multirange's name is recorded only when it is not the one that the server makes up (14: "range"
/// becomes "multirange", else "_multirange" is appended), so that 12 and 13, which have none, compare equal.
std::string sql(const Source& source) {
  const char* const multirange_name =
      source.version >= 140000
          ? "CASE WHEN m.typname <> CASE WHEN t.typname LIKE '%range%' THEN pg_catalog.regexp_replace("
            "t.typname::pg_catalog.text, '^(.*)range', '\\1multirange') ELSE t.typname || '_multirange' END"
            " THEN m.typname END"
          : "NULL";
  return fmt::format(
      "SELECT n.nspname, t.typname, r.rngsubtype, -1,"
      " CASE WHEN r.rngcollation <> s.typcollation THEN r.rngcollation ELSE 0 END, r.rngsubopc,"
      " r.rngcanonical::pg_catalog.oid, r.rngsubdiff::pg_catalog.oid, {}, {}, {}, d.description"
      " FROM {} JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid JOIN pg_catalog.pg_type s ON s.oid = "
      "r.rngsubtype{}{}"
      " WHERE t.typtype = 'r'{}",
      multirange_name, source.owner("t.typowner"), source.grants("t.typacl", 'T', "t.typowner"), source.types,
      source.version >= 140000 ? " JOIN pg_catalog.pg_type m ON m.oid = r.rngmultitypid" : "",
      source.comment("d", "pg_type", "t.oid"), source.not_a_member("pg_type", "t.oid"));
}

constexpr Reference references[] = {{Refers::type, subtype, modifier},
                                    {Refers::collation, collation},
                                    {Refers::opclass, opclass},
                                    {Refers::routine, canonical},
                                    {Refers::routine, diff}};

void build(const pg::Rows& rows, Draft& draft) {
  for (int r = 0; r < rows.size(); ++r) {
    Values values(Kind::range_type);
    values.set("subtype", draft.type(to_oid(rows.at(r, subtype)), -1));
    values.set("collation", draft.collation(to_oid(rows.at(r, collation))));
    values.set("opclass", draft.opclass(to_oid(rows.at(r, opclass))));
    values.set("canonical", draft.routine(to_oid(rows.at(r, canonical))));
    values.set("subtype_diff", draft.routine(to_oid(rows.at(r, diff))));
    values.set("multirange", rows.at(r, multirange));
    values.set("owner", rows.at(r, owner));
    values.set("grants", grants_text(rows.at(r, grants)));
    values.set("comment", rows.at(r, comment));
    draft.add({.kind = Kind::range_type, .schema = Text(rows.at(r, schema)), .name = Text(rows.at(r, name))},
              std::move(values));
  }
}

}  // namespace

const KindSpec range_type{Kind::range_type,    "range_type", Anchor::type, attributes,     sql,
                          Introduces::nothing, references,   build,        &range_type_sql};

}  // namespace candor::catalog::kinds
