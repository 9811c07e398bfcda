#include "engine/drizzle_wording.h"

#include <fmt/format.h>

#include <optional>
#include <string>

#include "base/ascii.h"
#include "catalog/ddl.h"
#include "catalog/kinds/index_elements.h"
#include "engine/drizzle_values.h"

namespace candor::engine::drizzle {
namespace {

using std::string_view;

/// The place of the first of `words` outside quotes and parentheses; npos: there is none.
std::size_t find_outside(string_view text, std::initializer_list<string_view> words) {
  int depth = 0;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quote == 0 && depth == 0)
      for (const string_view word : words)
        if (text.substr(i).starts_with(word)) return i;
    if (quote != 0)
      quote = text[i] == quote ? '\0' : quote;
    else if (text[i] == '\'' || text[i] == '"')
      quote = text[i];
    else if (text[i] == '(' || text[i] == ')')
      depth += text[i] == '(' ? 1 : -1;
  }
  return string_view::npos;
}

/// What stands behind the last `front` in `sql`; nothing if it is not there.
std::optional<string_view> behind_last(string_view sql, const std::string& front) {
  const std::size_t at = sql.rfind(front);
  if (at == string_view::npos) return std::nullopt;
  return sql.substr(at + front.size());
}

string_view statement_at(string_view sql) {
  return sql.substr(0, find_outside(sql, {";"}));
}

/// The inside of the parentheses that open behind `word`; nothing if `text` has no `word` outside others.
std::optional<string_view> inside(string_view text, string_view word) {
  const std::size_t at = find_outside(text, {word});
  if (at == string_view::npos) return std::nullopt;
  const string_view rest = text.substr(at + word.size() - 1);
  const std::size_t length = catalog::kinds::parenthesised(rest);
  if (length < 2) return std::nullopt;
  return rest.substr(1, length - 2);
}

/// Whether a statement of `sql` begins with `verb` and names `name`: then `name` may not be what it was.
bool touched_by(string_view sql, string_view verb, const std::string& name) {
  for (std::size_t at = sql.find(verb); at != string_view::npos; at = sql.find(verb, at + 1))
    if (statement_at(sql.substr(at)).find(name) != string_view::npos) return true;
  return false;
}

std::string in_quotes(string_view name) {
  return fmt::format("\"{}\"", name);
}

const Json* member(const Json& object, const std::string& name) {
  if (!object.is_object()) return nullptr;
  const auto at = object.find(name);
  return at == object.end() ? nullptr : &*at;
}

const Json* member(const Json* object, const std::string& name) {
  return object == nullptr ? nullptr : member(*object, name);
}

/// One table, and how drizzle-kit names it.
struct Table {
  Json& json;
  std::string sql_name;
  string_view sql;
};

std::string sql_name_of(const Json& table) {
  const std::string schema = table.value("schema", ""), name = table.value("name", "");
  return schema.empty() ? in_quotes(name) : fmt::format("\"{}\".\"{}\"", schema, name);
}

/// The parts between the parentheses of CREATE TABLE.
std::vector<std::string> body_of(const Table& table) {
  std::vector<std::string> parts;
  const auto rest = behind_last(table.sql, fmt::format("CREATE TABLE {} ", table.sql_name));
  if (!rest) return parts;
  const std::size_t length = catalog::kinds::parenthesised(*rest);
  if (length < 2) return parts;
  for (const std::string& part : catalog::split_list(rest->substr(1, length - 2)))
    parts.emplace_back(trimmed(part));
  return parts;
}

/// `integer DEFAULT 1 NOT NULL` of the column, in CREATE TABLE or ADD COLUMN.
std::optional<std::string> definition_of(const Table& table, const std::string& name) {
  if (touched_by(table.sql, fmt::format("ALTER TABLE {} ALTER COLUMN", table.sql_name), in_quotes(name)))
    return std::nullopt;
  if (const auto added = behind_last(
          table.sql, fmt::format("ALTER TABLE {} ADD COLUMN {} ", table.sql_name, in_quotes(name))))
    return std::string(statement_at(*added));
  const std::string front = fmt::format("{} ", in_quotes(name));
  for (const std::string& part : body_of(table))
    if (part.starts_with(front)) return part.substr(front.size());
  return std::nullopt;
}

std::string without_spaces(string_view type) {
  std::string text;
  for (const char c : type)
    if (c != ' ') text += c;
  return text;
}

/// The same type: PostgreSQL prints numeric(5) as numeric(5,0).
bool same_type(string_view spelled, string_view told) {
  const std::string a = without_spaces(spelled), b = without_spaces(told);
  return a == b || (a.ends_with(')') && fmt::format("{},0)", a.substr(0, a.size() - 1)) == b);
}

/// A number or a boolean as such, everything else as SQL.
Json default_in(string_view text) {
  const Json value = Json::parse(text, nullptr, false);
  return value.is_number() || value.is_boolean() ? value : Json(text);
}

void take_column(const Table& table, const std::string& name, Json& column, bool in_key) {
  const auto definition = definition_of(table, name);
  if (!definition) return;
  const string_view text = *definition;
  const std::initializer_list<string_view> ends = {" PRIMARY KEY", " DEFAULT ", " GENERATED ", " NOT NULL"};
  const string_view type = text.substr(0, find_outside(text, ends));
  if (same_type(type, column.value("type", ""))) column["type"] = type;
  constexpr string_view word = " DEFAULT ";
  if (const std::size_t at = find_outside(text, {word});
      at != string_view::npos && column.contains("default")) {
    const string_view rest = text.substr(at + word.size());
    column["default"] = default_in(rest.substr(0, find_outside(rest, {" NOT NULL", " GENERATED "})));
  }
  if (const auto as = inside(text, " GENERATED ALWAYS AS ("); as && column.contains("generated"))
    column["generated"]["as"] = *as;
  if (in_key && find_outside(text, {" NOT NULL"}) == string_view::npos) column["notNull"] = false;
}

void take_check(const Table& table, const std::string& name, Json& check) {
  const std::string front = fmt::format("CONSTRAINT {} ", in_quotes(name));
  if (touched_by(table.sql, fmt::format("ALTER TABLE {} DROP CONSTRAINT", table.sql_name), in_quotes(name)))
    return;
  std::optional<std::string> found;
  for (const std::string& part : body_of(table))
    if (part.starts_with(front)) found = part.substr(front.size());
  if (const auto added = behind_last(table.sql, fmt::format("ALTER TABLE {} ADD {}", table.sql_name, front)))
    found = std::string(statement_at(*added));
  if (!found || !found->starts_with("CHECK (")) return;
  if (const auto value = inside(*found, "CHECK (")) check["value"] = *value;
}

void take_index(const Table& table, const std::string& name, Json& index) {
  const auto rest =
      behind_last(table.sql, fmt::format("INDEX {} ON {} USING ", in_quotes(name), table.sql_name));
  if (!rest || touched_by(table.sql, "DROP INDEX", in_quotes(name))) return;
  const string_view statement = statement_at(*rest);
  const auto list = inside(statement, " (");
  Json& columns = index["columns"];
  const auto elements = list ? catalog::split_list(*list) : std::vector<std::string>();
  if (elements.size() == columns.size())
    for (std::size_t i = 0; i < elements.size(); ++i)
      if (columns[i].value("isExpression", false))  // its order is part of what schema.ts says
        columns[i] = {{"expression", elements[i]}, {"isExpression", true}, {"asc", true}, {"nulls", "last"}};
  constexpr string_view where = " WHERE ";
  if (const std::size_t at = find_outside(statement, {where});
      at != string_view::npos && index.contains("where"))
    index["where"] = statement.substr(at + where.size());
}

void take_policy(const Table& table, const std::string& name, Json& policy) {
  const auto rest =
      behind_last(table.sql, fmt::format("CREATE POLICY {} ON {} ", in_quotes(name), table.sql_name));
  if (!rest || touched_by(table.sql, "DROP POLICY", in_quotes(name)) ||
      touched_by(table.sql, "ALTER POLICY", in_quotes(name)))
    return;
  const string_view statement = statement_at(*rest);
  if (const auto value = inside(statement, " USING ("); value && policy.contains("using"))
    policy["using"] = *value;
  if (const auto value = inside(statement, " WITH CHECK ("); value && policy.contains("withCheck"))
    policy["withCheck"] = *value;
}

void take_view(Json& view, string_view sql) {
  const std::string name = fmt::format("\"{}\".\"{}\"", view.value("schema", ""), view.value("name", ""));
  const auto rest = behind_last(sql, fmt::format("VIEW {}", name));
  if (!rest) return;
  if (const auto text = inside(statement_at(*rest), " AS (")) view["definition"] = *text;
}

/// drizzle-kit writes no comments but its marks. With others, what looks like a statement may be none.
bool has_comments(string_view sql) {
  constexpr string_view mark = "--> statement-breakpoint";
  for (std::size_t at = sql.find("--"); at != string_view::npos; at = sql.find("--", at + mark.size()))
    if (!sql.substr(at).starts_with(mark)) return true;
  return sql.find("/*") != string_view::npos;
}

/// Calls `take` for the objects of `map` that are told, and are not as they were.
template <typename Take>
void each_new(Json& told, const Json* was, const Json* now, const char* map, Take take) {
  if (!told.contains(map)) return;
  for (auto& [name, object] : told[map].items()) {
    const Json* const before = member(member(was, map), name);
    const Json* const after = member(member(now, map), name);
    if (after != nullptr && (before == nullptr || *before != *after)) take(name, object);
  }
}

bool in_key(const Json& table, const std::string& column) {
  for (const auto& [name, key] : table["compositePrimaryKeys"].items())
    for (const Json& member : key["columns"])
      if (member == column) return true;
  return false;
}

void take_table(Table table, const Json* was, const Json* now) {
  const auto take = [&](const char* map, auto one) {
    each_new(table.json, was, now, map,
             [&](const std::string& name, Json& object) { one(table, name, object); });
  };
  take("columns", [](const Table& owner, const std::string& name, Json& column) {
    take_column(owner, name, column, in_key(owner.json, name));
  });
  take("checkConstraints", take_check);
  take("indexes", take_index);
  take("policies", take_policy);
}

}  // namespace

Json take_wording(Json snapshot, const Json& was, const Json& now, std::string_view sql) {
  if (has_comments(sql)) return snapshot;
  each_new(snapshot, &was, &now, "tables", [&](const std::string& name, Json& json) {
    take_table({json, sql_name_of(json), sql}, member(member(&was, "tables"), name),
               member(member(&now, "tables"), name));
  });
  each_new(snapshot, &was, &now, "views", [&](const std::string&, Json& view) { take_view(view, sql); });
  return snapshot;
}

}  // namespace candor::engine::drizzle
