#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"function"},  // none: only another operator names it so far
    {"commutator"},
    {"negator"},
    {"restrict"},
    {"join"},
    {"hashes"},
    {"merges"},
    {"owner", Compare::configured},
    {"comment", Compare::configured},
};

constexpr Format formats[] = {as_text, as_text, as_text, as_text, as_text,
                              as_flag, as_flag, as_text, as_text};

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT n.nspname, NULL, o.oprname,"
      " CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE {} END || ', ' || CASE WHEN o.oprright = 0 THEN 'NONE' ELSE {} END,"
      " {}, {}, {}, {}, {}, o.oprcanhash, o.oprcanmerge, {}, d.description FROM {}{} WHERE true{}",
      type_name("o.oprleft"), type_name("o.oprright"), routine_name("o.oprcode"),
      operator_signature("o.oprcom"), operator_signature("o.oprnegate"), routine_name("o.oprrest"),
      routine_name("o.oprjoin"), source.owner("o.oprowner"),
      source.in_schemas("pg_operator", "o", "oprnamespace", "oprname"),
      source.comment("d", "pg_operator", "o.oid"), source.not_a_member("pg_operator", "o.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::operator_, formats, rows, draft);
}

}  // namespace

const KindSpec operator_{
    Kind::operator_, "operator",   Anchor::qualified, attributes, sql, Introduces::nothing, {},
    build,           &operator_sql};

}  // namespace candor::catalog::kinds
