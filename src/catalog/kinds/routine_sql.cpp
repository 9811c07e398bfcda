/// Functions, procedures and aggregates as SQL.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "catalog/kinds/kind_sql.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

std::string_view word_of(const Object& routine) {
  if (routine.id.kind == Kind::procedure) return "PROCEDURE";
  return routine.id.kind == Kind::aggregate ? "AGGREGATE" : "FUNCTION";
}

/// "s"."f"(integer, text); an ordered-set aggregate is told by its whole parameter list.
std::string signature(const Object& routine) {
  std::string_view arguments = routine.id.arguments.view();
  if (routine.id.kind == Kind::aggregate) {
    const std::string_view parameters = value(routine, "parameters");
    if (parameters.find("ORDER BY") != std::string_view::npos) arguments = parameters;
    if (arguments.empty()) arguments = "*";
  }
  return fmt::format("{}({})", sql_name(routine.id), arguments);
}

Spoken spoken(const Object& routine) {
  std::string arguments(routine.id.arguments.view());
  return {std::string(word_of(routine)), signature(routine),
          routine.id.kind == Kind::procedure ? "PROCEDURE" : "FUNCTION",
          fmt::format("{}({})", sql_name(routine.id), arguments)};
}

std::string upper(std::string_view word) {
  std::string text;
  for (const char c : word) text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

/// $$ … $$, with a tag that the body does not hold.
std::string dollar_quoted(std::string_view body) {
  std::string tag = "$$";
  for (int i = 0; body.find(tag.substr(0, tag.size() - 1)) != std::string_view::npos; ++i)
    tag = i == 0 ? "$body$" : fmt::format("$body{}$", i);
  return fmt::format("{}{}{}", tag, body, tag);
}

/// These settings are lists of names, kept as quoted as they have to be.
bool is_name_list(std::string_view setting) {
  constexpr std::string_view lists[] = {"search_path",
                                        "temp_tablespaces",
                                        "session_preload_libraries",
                                        "shared_preload_libraries",
                                        "local_preload_libraries",
                                        "unix_socket_directories"};
  return std::ranges::find(lists, setting) != std::end(lists);
}

std::string setting_value(std::string_view name, std::string_view value) {
  if (!is_name_list(name)) return sql_literal(value);
  std::string list;
  for (std::string part : split_list(value)) {
    if (part.size() >= 2 && part.front() == '"') part = part.substr(1, part.size() - 2);
    for (std::size_t at = part.find("\"\""); at != std::string::npos; at = part.find("\"\"", at + 1))
      part.erase(at, 1);
    if (!list.empty()) list += ", ";
    list += sql_literal(part);
  }
  return list.empty() ? "''" : list;
}

std::string settings_of(const Object& routine) {
  std::string sql;
  for (const std::string& setting : split_list(value(routine, "settings"), ';')) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos) continue;
    const std::string name = setting.substr(0, equals);
    // An extension's setting has a dot in its name.
    sql += fmt::format("\n  SET {} TO {}",
                       name.find('.') == std::string::npos ? pg::Identifier(name).sql() : name,
                       setting_value(name, std::string_view(setting).substr(equals + 1)));
  }
  return sql;
}

std::string options_of(const Object& routine) {
  std::string sql = fmt::format("\n  LANGUAGE {}", pg::Identifier(value(routine, "language")));
  if (is_set(routine, "transform")) {
    std::string list;
    for (const std::string& type : split_list(value(routine, "transform"))) {
      if (!list.empty()) list += ", ";
      list += "FOR TYPE " + type;
    }
    sql += "\n  TRANSFORM " + list;
  }
  if (is_set(routine, "window")) sql += " WINDOW";
  if (is_set(routine, "volatility")) sql += fmt::format(" {}", upper(value(routine, "volatility")));
  if (is_set(routine, "strict")) sql += " STRICT";
  if (is_set(routine, "security_definer")) sql += " SECURITY DEFINER";
  if (is_set(routine, "leakproof")) sql += " LEAKPROOF";
  if (is_set(routine, "parallel")) sql += " PARALLEL " + upper(value(routine, "parallel"));
  if (is_set(routine, "cost") && value(routine, "cost") != "0")
    sql += fmt::format(" COST {}", value(routine, "cost"));
  if (is_set(routine, "rows") && value(routine, "rows") != "0")
    sql += fmt::format(" ROWS {}", value(routine, "rows"));
  if (is_set(routine, "support")) sql += fmt::format(" SUPPORT {}", value(routine, "support"));
  return sql + settings_of(routine);
}

std::string body_of(const Object& routine) {
  if (is_set(routine, "sql_body")) return fmt::format("\n{}", value(routine, "sql_body"));
  if (is_set(routine, "library"))
    return fmt::format("\nAS {}, {}", sql_literal(value(routine, "library")),
                       sql_literal(value(routine, "body")));
  return fmt::format("\nAS {}", dollar_quoted(value(routine, "body")));
}

Ddl create_routine(const Object& routine, bool replace) {
  const std::string_view returns = value(routine, "returns");
  return {.sql = fmt::format("CREATE {}{} {}({}){}{}{}", replace ? "OR REPLACE " : "", word_of(routine),
                             sql_name(routine.id), value(routine, "parameters"),
                             routine.id.kind == Kind::procedure || returns.empty()
                                 ? std::string()
                                 : fmt::format("\n  RETURNS {}", returns),
                             options_of(routine), body_of(routine))};
}

Ddls create(const Object& routine, const World&) {
  Ddls ddls{create_routine(routine, false)};
  append_extras(ddls, routine, spoken(routine));
  return ddls;
}

/// Names, modes and types of the parameters, and how many have defaults.
std::pair<std::vector<std::string>, int> parameters_of(const Object& routine) {
  std::vector<std::string> list = split_list(value(routine, "parameters"));
  int defaults = 0;
  for (std::string& parameter : list) {
    const std::size_t at = parameter.find(" DEFAULT ");
    if (at == std::string::npos) continue;
    parameter.erase(at);
    ++defaults;
  }
  return {std::move(list), defaults};
}

/// REPLACE keeps names and types of parameters and results, and takes no default away.
bool replaceable(const Object& from, const Object& to) {
  if (changed(from, to, "returns") || changed(from, to, "window")) return false;
  const auto [before, before_defaults] = parameters_of(from);
  const auto [after, after_defaults] = parameters_of(to);
  return before == after && before_defaults <= after_defaults;
}

std::optional<Ddls> alter(const Object& from, const Object& to, const World&) {
  if (!replaceable(from, to)) return std::nullopt;
  Ddls ddls;
  if (!only_changed(from, to, {})) ddls.push_back(create_routine(to, true));
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

Ddls drop(const Object& routine, const World&) {
  return {{.sql = fmt::format("DROP {} {}", word_of(routine), signature(routine))}};
}

/// A body that is text is looked at when the function runs, unless it is inlined.
void refer(const Object& routine, const World&, References& references) {
  for (const std::string_view attribute :
       {"parameters", "returns", "language", "support", "transform", "sql_body"})
    references.texts.push_back(value(routine, attribute));
  references.texts.push_back(routine.id.arguments.view());
  references.objects.push_back({.kind = Kind::language, .name = Text(value(routine, "language"))});
  references.loose.push_back(value(routine, "body"));
}

// Aggregates.

std::map<std::string, std::string> parts_of(const Object& aggregate) {
  std::map<std::string, std::string> parts;
  for (const std::string& part : split_list(value(aggregate, "definition"))) {
    const std::size_t equals = part.find('=');
    parts[part.substr(0, equals)] = equals == std::string::npos ? "" : part.substr(equals + 1);
  }
  return parts;
}

std::string_view modify_name(std::string_view code) {
  return code == "w" ? "READ_WRITE" : code == "s" ? "SHAREABLE" : "READ_ONLY";
}

/// "<(integer,integer)" or "public.<(…)" as OPERATOR(…).
std::string sort_operator(std::string_view text) {
  const std::string_view name = text.substr(0, text.find('('));
  return fmt::format("OPERATOR({}{})", name.find('.') == std::string_view::npos ? "pg_catalog." : "", name);
}

std::string aggregate_options(const Object& aggregate) {
  const auto parts = parts_of(aggregate);
  std::string sql;
  const auto add = [&](std::string_view part, std::string_view word) {
    if (const auto at = parts.find(std::string(part)); at != parts.end())
      sql += fmt::format("{}\n  {} = {}", sql.empty() ? "" : ",", word, at->second);
  };
  const auto add_word = [&](std::string_view word) { sql += fmt::format(",\n  {}", word); };
  for (const auto& [part, word] : {std::pair{"sfunc", "SFUNC"},
                                   {"stype", "STYPE"},
                                   {"sspace", "SSPACE"},
                                   {"finalfunc", "FINALFUNC"},
                                   {"combinefunc", "COMBINEFUNC"},
                                   {"serialfunc", "SERIALFUNC"},
                                   {"deserialfunc", "DESERIALFUNC"},
                                   {"initcond", "INITCOND"},
                                   {"msfunc", "MSFUNC"},
                                   {"minvfunc", "MINVFUNC"},
                                   {"mstype", "MSTYPE"},
                                   {"msspace", "MSSPACE"},
                                   {"mfinalfunc", "MFINALFUNC"},
                                   {"minitcond", "MINITCOND"}})
    add(part, word);
  if (parts.contains("finalextra")) add_word("FINALFUNC_EXTRA");
  if (parts.contains("mfinalextra")) add_word("MFINALFUNC_EXTRA");
  if (const auto at = parts.find("finalmodify"); at != parts.end())
    add_word(fmt::format("FINALFUNC_MODIFY = {}", modify_name(at->second)));
  if (const auto at = parts.find("mfinalmodify"); at != parts.end())
    add_word(fmt::format("MFINALFUNC_MODIFY = {}", modify_name(at->second)));
  if (const auto at = parts.find("sortop"); at != parts.end())
    add_word(fmt::format("SORTOP = {}", sort_operator(at->second)));
  if (const auto at = parts.find("kind"); at != parts.end() && at->second == "h") add_word("HYPOTHETICAL");
  if (is_set(aggregate, "parallel")) add_word("PARALLEL = " + upper(value(aggregate, "parallel")));
  return sql;
}

Ddl create_one(const Object& aggregate, bool replace) {
  const std::string_view parameters = value(aggregate, "parameters");
  return {.sql = fmt::format("CREATE {}AGGREGATE {}({}) ({}\n)", replace ? "OR REPLACE " : "",
                             sql_name(aggregate.id), parameters.empty() ? "*" : parameters,
                             aggregate_options(aggregate))};
}

Ddls create_aggregate(const Object& aggregate, const World&) {
  Ddls ddls{create_one(aggregate, false)};
  append_extras(ddls, aggregate, spoken(aggregate));
  return ddls;
}

std::optional<Ddls> alter_aggregate(const Object& from, const Object& to, const World&) {
  if (!only_changed(from, to, {"definition", "parallel"})) return std::nullopt;
  if (parts_of(from)["kind"] != parts_of(to)["kind"]) return std::nullopt;
  Ddls ddls;
  if (!only_changed(from, to, {})) ddls.push_back(create_one(to, true));
  append_extra_changes(ddls, from, to, spoken(to));
  return ddls;
}

void refer_aggregate(const Object& aggregate, const World&, References& references) {
  refer_to_all(aggregate, references);
  references.texts.push_back(aggregate.id.arguments.view());
}

}  // namespace

const KindSql function_sql{create, alter, drop, refer};
const KindSql procedure_sql{create, alter, drop, refer};
const KindSql aggregate_sql{create_aggregate, alter_aggregate, drop, refer_aggregate};

}  // namespace candor::catalog::kinds
