/// The pieces of SQL that kinds are made of (Source in kind.h). Everything is schema-qualified; operators are
/// those of pg_catalog, which is searched first under the pinned search_path.
#include <fmt/format.h>

#include "catalog/kind.h"

namespace candor::catalog {

std::string user_schema() {
  return "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
}

std::string Source::in_schemas(std::string_view catalog, std::string_view alias,
                               std::string_view schema_column, std::string_view name_column, int first,
                               std::string_view extra) const {
  if (whole)
    return fmt::format("pg_catalog.pg_namespace n JOIN pg_catalog.{} {} ON {}.{} = n.oid AND {}{}", catalog,
                       alias, alias, schema_column, user_schema(), extra);
  return fmt::format(
      "ROWS FROM (pg_catalog.unnest(${}::pg_catalog.name[]), pg_catalog.unnest(${}::pg_catalog.name[])) named(s, o)"
      " JOIN pg_catalog.pg_namespace n ON n.nspname = named.s AND {}"
      " JOIN pg_catalog.{} {} ON {}.{} = n.oid AND {}.{} = named.o{}",
      first, first + 1, user_schema(), catalog, alias, alias, schema_column, alias, name_column, extra);
}

std::string Source::named(std::string_view name) const {
  return whole ? std::string() : fmt::format(" AND {} = ANY ($1::pg_catalog.name[])", name);
}

std::string Source::not_a_member(std::string_view catalog, std::string_view oid) const {
  // The predicate on refclassid lets the server use pg_depend's reference index; deptype alone would scan it.
  return fmt::format(
      " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend m WHERE m.classid = "
      "'pg_catalog.{}'::pg_catalog.regclass"
      " AND m.objid = {} AND m.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND m.deptype = "
      "'e')",
      catalog, oid);
}

std::string Source::written(std::string_view alias) const {
  if (!witnessing) return "false";
  // Settings, not constants: the statement stays the same from one migration to the next, and is planned
  // once.
  const auto age_of = [](std::string_view setting) {
    return fmt::format("(SELECT pg_catalog.age(pg_catalog.current_setting('candor.{}')::pg_catalog.xid))",
                       setting);
  };
  return fmt::format("(pg_catalog.age({}.xmin) BETWEEN {} AND {})", alias, age_of("xid_to"),
                     age_of("xid_from"));
}

std::string Source::owner(std::string_view column) const {
  return fmt::format(
      "CASE WHEN pg_catalog.pg_get_userbyid({0}) <> session_user THEN pg_catalog.pg_get_userbyid({0}) END",
      column);
}

std::string Source::grants(std::string_view acl, char type, std::string_view owner) const {
  // Whatever was granted last stands last: the order says nothing.
  return fmt::format(
      "CASE WHEN {0} IS NOT NULL"
      " AND NOT ({0} OPERATOR(pg_catalog.@>) pg_catalog.acldefault('{1}', {2})"
      " AND {0} OPERATOR(pg_catalog.<@) pg_catalog.acldefault('{1}', {2})) THEN"
      " ARRAY[pg_catalog.pg_get_userbyid({2})::pg_catalog.text, {0}::pg_catalog.text] END",
      acl, type, owner);
}

std::string Source::comment(std::string_view alias, std::string_view catalog, std::string_view oid,
                            std::string_view sub_id) const {
  return fmt::format(
      " LEFT JOIN pg_catalog.pg_description {0} ON {0}.objoid = {2}"
      " AND {0}.classoid = 'pg_catalog.{1}'::pg_catalog.regclass AND {0}.objsubid = {3}",
      alias, catalog, oid, sub_id);
}

}  // namespace candor::catalog
