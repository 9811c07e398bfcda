/// Base types, and shells: types that are named, so that functions can speak of them, and not yet defined.
#include <fmt/format.h>

#include "catalog/kinds/kinds.h"
#include "catalog/kinds/plain.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"shell"},  // named, and no more than that
    {"input"},
    {"output"},
    {"receive"},
    {"send"},
    {"typmod_in"},
    {"typmod_out"},
    {"analyze"},
    {"subscript"},
    {"length"},  // in bytes, "variable" or "cstring"
    {"by_value"},
    {"alignment"},
    {"storage"},
    {"category"},
    {"preferred"},
    {"default"},
    {"element"},
    {"delimiter"},
    {"collatable"},
    {"owner", Compare::configured},
    {"grants", Compare::configured},
    {"comment", Compare::configured},
};

constexpr std::string_view storage =
    "CASE t.typstorage WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' WHEN 'x' THEN 'extended' ELSE 'plain' "
    "END";

constexpr Format formats[] = {as_flag, as_text, as_text, as_text, as_text,     as_text, as_text, as_text,
                              as_text, as_text, as_flag, as_text, as_text,     as_text, as_flag, as_text,
                              as_text, as_text, as_flag, as_text, grants_text, as_text};

/// What is meaningless for a shell, which is named and no more than that.
std::string of_defined_types(const Source& source) {
  const std::string expressions[] = {
      routine_name("t.typinput"),
      routine_name("t.typoutput"),
      routine_name("t.typreceive"),
      routine_name("t.typsend"),
      routine_name("t.typmodin"),
      routine_name("t.typmodout"),
      routine_name("t.typanalyze"),
      source.version >= 140000 ? routine_name("t.typsubscript") : "NULL",
      "CASE t.typlen WHEN -1 THEN 'variable' WHEN -2 THEN 'cstring' ELSE t.typlen::pg_catalog.text END",
      "t.typbyval",
      "CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'd' THEN 'double' ELSE 'int4' END",
      std::string(storage),
      "CASE WHEN t.typcategory <> 'U' THEN t.typcategory END",
      "t.typispreferred",
      "t.typdefault",
      "CASE WHEN t.typelem <> 0 THEN pg_catalog.format_type(t.typelem, NULL) END",
      "CASE WHEN t.typdelim <> ',' THEN t.typdelim END",
      "t.typcollation <> 0",
  };
  std::string list;
  for (const std::string& expression : expressions)
    list += fmt::format(", CASE WHEN t.typisdefined THEN {} END", expression);
  return list;
}

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT n.nspname, NULL, t.typname, NULL, NOT t.typisdefined{}, {}, {}, d.description FROM {}{}"
      " WHERE (t.typtype = 'b' AND t.typarray <> 0 OR NOT t.typisdefined){}",
      of_defined_types(source), source.owner("t.typowner"), source.grants("t.typacl", 'T', "t.typowner"),
      source.types, source.comment("d", "pg_type", "t.oid"), source.not_a_member("pg_type", "t.oid"));
}

void build(const pg::Rows& rows, Draft& draft) {
  add_plain(Kind::base_type, formats, rows, draft);
}

}  // namespace

const KindSpec base_type{Kind::base_type,     "base_type", Anchor::type, attributes,    sql,
                         Introduces::nothing, {},          build,        &base_type_sql};

}  // namespace candor::catalog::kinds
