/// Operator classes and families. Which of a family's members were made with a class the server notes in
/// other ways from 14 on; here all that begin with the class's type belong to it, on every major.
#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"type"},
    {"default"},
    {"family"},  // left out when it has the class's own name
    {"storage"},
    {"operators"},  // "1 public.<(box, box); 15 public.<->(box, box) for order by float_ops"
    {"functions"},  // "1 (box, box) public.box_cmp(box,box)"
    {"owner", Compare::configured},
    {"comment", Compare::configured},
};
constexpr Format formats[] = {as_text,         as_flag,         as_name, as_text,
                              as_sorted_texts, as_sorted_texts, as_text, as_text};

constexpr Attribute family_attributes[] = {
    {"operators"},  // those that belong to no class
    {"functions"},
    {"owner", Compare::configured},
    {"comment", Compare::configured},
};
constexpr Format family_formats[] = {as_sorted_texts, as_sorted_texts, as_text, as_text};

std::string operators_where(std::string_view condition) {
  return fmt::format(
      "ARRAY(SELECT m.amopstrategy || ' ' || m.amopopr::pg_catalog.regoperator::pg_catalog.text ||"
      " CASE WHEN m.amoppurpose = 'o' THEN ' for order by ' || (SELECT CASE WHEN sn.nspname = 'pg_catalog' THEN"
      "  pg_catalog.quote_ident(sf.opfname) ELSE pg_catalog.quote_ident(sn.nspname) || '.' ||"
      "  pg_catalog.quote_ident(sf.opfname) END FROM pg_catalog.pg_opfamily sf"
      "  JOIN pg_catalog.pg_namespace sn ON sn.oid = sf.opfnamespace WHERE sf.oid = m.amopsortfamily) ELSE '' END"
      " FROM pg_catalog.pg_amop m WHERE m.oid >= 16384 AND {})",
      condition);
}

std::string functions_where(std::string_view condition) {
  return fmt::format(
      "ARRAY(SELECT m.amprocnum || ' (' || {} || ', ' || {} || ') ' ||"
      " m.amproc::pg_catalog.oid::pg_catalog.regprocedure::pg_catalog.text"
      " FROM pg_catalog.pg_amproc m WHERE m.oid >= 16384 AND {})",
      type_name("m.amproclefttype"), type_name("m.amprocrighttype"), condition);
}

/// Of several classes of one type in a family, the first has the members.
std::string sql(const Source& source) {
  constexpr std::string_view is_first =
      "NOT EXISTS (SELECT FROM pg_catalog.pg_opclass y WHERE y.opcfamily = x.opcfamily"
      " AND y.opcintype = x.opcintype AND y.oid >= 16384 AND y.opcname < x.opcname)";
  return fmt::format(
      "SELECT n.nspname, NULL, x.opcname, am.amname, {}, x.opcdefault,"
      " CASE WHEN f.opfname <> x.opcname OR f.opfnamespace <> x.opcnamespace THEN {} END,"
      " CASE WHEN x.opckeytype <> 0 THEN {} END, {}, {}, {}, d.description"
      " FROM {} JOIN pg_catalog.pg_am am ON am.oid = x.opcmethod"
      " JOIN pg_catalog.pg_opfamily f ON f.oid = x.opcfamily"
      " JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace{} WHERE true{}",
      type_name("x.opcintype"), name_array("fn.nspname", "f.opfname"), type_name("x.opckeytype"),
      operators_where(
          fmt::format("m.amopfamily = x.opcfamily AND m.amoplefttype = x.opcintype AND {}", is_first)),
      functions_where(
          fmt::format("m.amprocfamily = x.opcfamily AND m.amproclefttype = x.opcintype AND {}", is_first)),
      source.owner("x.opcowner"), source.in_schemas("pg_opclass", "x", "opcnamespace", "opcname"),
      source.comment("d", "pg_opclass", "x.oid"), source.not_a_member("pg_opclass", "x.oid"));
}

std::string family_sql(const Source& source) {
  constexpr std::string_view of_no_class =
      "m.{0}family = x.oid AND NOT EXISTS (SELECT FROM pg_catalog.pg_opclass y WHERE y.opcfamily = x.oid"
      " AND y.opcintype = m.{0}lefttype)";
  return fmt::format(
      "SELECT n.nspname, NULL, x.opfname, am.amname, {}, {}, {}, d.description"
      " FROM {} JOIN pg_catalog.pg_am am ON am.oid = x.opfmethod{} WHERE true{}",
      operators_where(fmt::format(of_no_class, "amop")), functions_where(fmt::format(of_no_class, "amproc")),
      source.owner("x.opfowner"), source.in_schemas("pg_opfamily", "x", "opfnamespace", "opfname"),
      source.comment("d", "pg_opfamily", "x.oid"), source.not_a_member("pg_opfamily", "x.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::operator_class, formats, rows, draft);
}
void build_family(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::operator_family, family_formats, rows, draft);
}

}  // namespace

const KindSpec operator_class{Kind::operator_class,
                              "operator_class",
                              Anchor::qualified,
                              attributes,
                              sql,
                              Introduces::nothing,
                              {},
                              build,
                              &operator_class_sql};
const KindSpec operator_family{Kind::operator_family,
                               "operator_family",
                               Anchor::qualified,
                               family_attributes,
                               family_sql,
                               Introduces::nothing,
                               {},
                               build_family,
                               &operator_family_sql};

}  // namespace candor::catalog::kinds
