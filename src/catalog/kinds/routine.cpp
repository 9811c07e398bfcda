/// Functions (window functions too), procedures and aggregates: three kinds, one catalog.
#include <fmt/format.h>

#include "catalog/draft.h"
#include "catalog/kinds/kinds.h"

namespace candor::catalog::kinds {

namespace {

constexpr Attribute attributes[] = {
    {"parameters", Compare::always, Printed::query},  // names, modes and defaults; 14 prints modes otherwise
    {"returns"},
    {"language"},
    {"window"},
    {"volatility"},
    {"strict"},
    {"security_definer"},
    {"leakproof"},
    {"parallel"},
    {"cost"},
    {"rows"},
    {"support"},
    {"transform"},
    {"settings"},
    {"library"},
    {"body"},
    {"sql_body", Compare::always, Printed::query},
    {"owner", Compare::configured},
    {"grants", Compare::configured},
    {"comment", Compare::configured},
};

constexpr Attribute aggregate_attributes[] = {
    {"parameters", Compare::always, Printed::query},
    {"returns"},
    {"definition"},  // its functions, state and options, from pg_aggregate
    {"parallel"},
    {"owner", Compare::configured},
    {"grants", Compare::configured},
    {"comment", Compare::configured},
};

enum Column {
  schema,
  name,
  kind,
  input_types,
  parameters,
  returns,
  language,
  volatility,
  strict,
  security_definer,
  leakproof,
  parallel,
  cost,
  rows_,
  support,
  transform,
  settings,
  library,
  body,
  sql_body,
  definition,
  owner,
  grants,
  comment,
  written
};

/// The aggregate's row in words; a function that is not set is left out.
std::string aggregate_definition_sql() {
  std::string sql =
      "pg_catalog.concat_ws(', ', 'sfunc=' || g.aggtransfn::pg_catalog.regproc::pg_catalog.text,"
      " 'stype=' || pg_catalog.format_type(g.aggtranstype, NULL)";
  for (const auto& [label, column] : {std::pair{"finalfunc", "aggfinalfn"},
                                      {"combinefunc", "aggcombinefn"},
                                      {"serialfunc", "aggserialfn"},
                                      {"deserialfunc", "aggdeserialfn"},
                                      {"msfunc", "aggmtransfn"},
                                      {"minvfunc", "aggminvtransfn"},
                                      {"mfinalfunc", "aggmfinalfn"}})
    sql += fmt::format(
        ", CASE WHEN g.{1}::pg_catalog.oid <> 0 THEN '{0}=' || g.{1}::pg_catalog.regproc::pg_catalog.text "
        "END",
        label, column);
  return sql +
         ", CASE WHEN g.aggmtranstype <> 0 THEN 'mstype=' || pg_catalog.format_type(g.aggmtranstype, NULL) "
         "END,"
         " CASE WHEN g.aggsortop <> 0 THEN 'sortop=' || g.aggsortop::pg_catalog.regoperator::pg_catalog.text "
         "END,"
         " 'kind=' || g.aggkind::pg_catalog.text, 'initcond=' || pg_catalog.quote_literal(g.agginitval),"
         " 'minitcond=' || pg_catalog.quote_literal(g.aggminitval), 'finalmodify=' || "
         "g.aggfinalmodify::pg_catalog.text,"
         " CASE WHEN g.aggmfinalfn::pg_catalog.oid <> 0 THEN 'mfinalmodify=' || "
         "g.aggmfinalmodify::pg_catalog.text END,"
         " CASE WHEN g.aggfinalextra THEN 'finalextra' END, CASE WHEN g.aggmfinalextra THEN 'mfinalextra' END,"
         " CASE WHEN g.aggmtransspace <> 0 THEN 'msspace=' || g.aggmtransspace END,"
         " CASE WHEN g.aggtransspace <> 0 THEN 'sspace=' || "
         "g.aggtransspace END)";
}

std::string sql(const Source& source) {
  return fmt::format(
      "SELECT n.nspname, p.proname, p.prokind, ARRAY(SELECT pg_catalog.format_type(u.t, NULL)"
      " FROM pg_catalog.unnest(p.proargtypes) WITH ORDINALITY u(t, o) ORDER BY u.o),"
      " pg_catalog.pg_get_function_arguments(p.oid), pg_catalog.pg_get_function_result(p.oid), l.lanname, "
      "p.provolatile,"
      " p.proisstrict, p.prosecdef, p.proleakproof, p.proparallel,"
      " CASE WHEN p.procost <> CASE WHEN l.lanname IN ('internal', 'c') THEN 1 ELSE 100 END THEN p.procost "
      "END,"
      " CASE WHEN p.proretset AND p.prorows <> 1000 THEN p.prorows END,"
      " CASE WHEN p.prosupport::pg_catalog.oid <> 0 THEN p.prosupport::pg_catalog.text END,"
      " ARRAY(SELECT pg_catalog.format_type(u.t, NULL) FROM pg_catalog.unnest(p.protrftypes) u(t)),"
      " pg_catalog.array_to_string(p.proconfig, '; '), p.probin, p.prosrc, {}, CASE WHEN g.aggfnoid IS NOT "
      "NULL THEN {} END,"
      " {}, {}, d.description, {}"
      " FROM {} JOIN pg_catalog.pg_language l ON l.oid = p.prolang"
      " LEFT JOIN pg_catalog.pg_aggregate g ON g.aggfnoid = p.oid{} WHERE true{}"
      // A range type makes its constructors.
      " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend i WHERE i.classid = "
      "'pg_catalog.pg_proc'::pg_catalog.regclass"
      "  AND i.objid = p.oid AND i.deptype = 'i')",
      source.version >= 140000 ? "pg_catalog.pg_get_function_sqlbody(p.oid)" : "NULL",
      aggregate_definition_sql(), source.owner("p.proowner"), source.grants("p.proacl", 'f', "p.proowner"),
      source.written("p"), source.routines, source.comment("d", "pg_proc", "p.oid"),
      source.not_a_member("pg_proc", "p.oid"));
}

Kind kind_of(std::string_view code) {
  return code == "p" ? Kind::procedure : code == "a" ? Kind::aggregate : Kind::function;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string_view parallel_name(std::string_view code) {
  return code == "s" ? "safe" : code == "r" ? "restricted" : "";
}
std::string_view volatility_name(std::string_view code) {
  return code == "i" ? "immutable" : code == "s" ? "stable" : "";
}

void set_function(const pg::Rows& rows, int r, Values& values) {
  values.set("language", rows.at(r, language));
  values.flag("window", rows.at(r, kind) == "w");
  values.set("volatility", volatility_name(rows.at(r, volatility)));
  values.flag("strict", rows.flag(r, strict));
  values.flag("security_definer", rows.flag(r, security_definer));
  values.flag("leakproof", rows.flag(r, leakproof));
  values.set("cost", rows.at(r, cost));
  values.set("rows", rows.at(r, rows_));
  values.set("support", rows.at(r, support));
  values.set("transform", joined(pg::parse_array(rows.at(r, transform))));
  values.set("settings", rows.at(r, settings));
  values.set("library", rows.at(r, library));
  values.set("body", rows.at(r, body));
  values.set("sql_body", rows.at(r, sql_body));
}

void build(const pg::Rows& rows, Draft& draft) {
  for (int r = 0; r < rows.size(); ++r) {
    const ObjectId id{.kind = kind_of(rows.at(r, kind)),
                      .schema = Text(rows.at(r, schema)),
                      .name = Text(rows.at(r, name)),
                      .arguments = Text(joined(pg::parse_array(rows.at(r, input_types))))};
    Values values(id.kind);
    values.set("parameters", rows.at(r, parameters));
    values.set("returns", rows.at(r, returns));
    values.set("parallel", parallel_name(rows.at(r, parallel)));
    if (id.kind == Kind::aggregate)
      values.set("definition", rows.at(r, definition));
    else
      set_function(rows, r, values);
    values.set("owner", rows.at(r, owner));
    values.set("grants", grants_text(rows.at(r, grants)));
    values.set("comment", rows.at(r, comment));
    if (rows.flag(r, written)) {
      draft.mark_written(id, "parameters");
      if (id.kind != Kind::aggregate) draft.mark_written(id, "sql_body");
    }
    draft.add(id, std::move(values));
  }
}

}  // namespace

const KindSpec function{Kind::function,      "function", Anchor::routine, attributes,   sql,
                        Introduces::nothing, {},         build,           &function_sql};
const KindSpec procedure{.kind = Kind::procedure,
                         .name = "procedure",
                         .anchor = Anchor::routine,
                         .attributes = attributes,
                         .ddl = &procedure_sql};
const KindSpec aggregate{.kind = Kind::aggregate,
                         .name = "aggregate",
                         .anchor = Anchor::routine,
                         .attributes = aggregate_attributes,
                         .ddl = &aggregate_sql};

}  // namespace candor::catalog::kinds
