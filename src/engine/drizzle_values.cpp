#include "engine/drizzle_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/quoted.h"
#include "catalog/ddl.h"
#include "pg/connection.h"

namespace candor::engine::drizzle {
namespace {

using catalog::Kind;

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Takes an SQL identifier from the front, as the server prints it; empty: there is none.
std::string take_identifier(std::string_view& text) {
  std::string name;
  if (!text.starts_with('"')) {
    std::size_t size = 0;
    while (size < text.size() && is_word_byte(text[size])) ++size;
    name = text.substr(0, size);
    text.remove_prefix(size);
    return name;
  }
  std::size_t i = 1;
  for (; i < text.size(); ++i) {
    if (text[i] == '"' && (i + 1 == text.size() || text[i + 1] != '"')) break;
    if (text[i] == '"') ++i;
    name += text[i];
  }
  text.remove_prefix(std::min(i + 1, text.size()));
  return name;
}

struct Qualified {
  std::string schema, name;
};

/// "public.mood" at the front; `text` is then what follows. Nothing if there is no schema.
std::optional<Qualified> take_qualified(std::string_view& text) {
  std::string_view rest = text;
  Qualified found{.schema = take_identifier(rest), .name = {}};
  if (found.schema.empty() || !rest.starts_with('.')) return std::nullopt;
  rest.remove_prefix(1);
  found.name = take_identifier(rest);
  if (found.name.empty()) return std::nullopt;
  text = rest;
  return found;
}

void replace_front(std::string& text, std::string_view word, std::string_view other) {
  if (text.starts_with(word)) text.replace(0, word.size(), other);
}

void replace_once(std::string& text, std::string_view word, std::string_view other) {
  if (const std::size_t at = text.find(word); at != std::string::npos) text.replace(at, word.size(), other);
}

/// As getSQLType prints it: a space behind numeric's comma and before timestamp's precision.
std::string own_type(std::string_view printed) {
  std::string text(printed);
  replace_front(text, "character varying", "varchar");
  replace_front(text, "character", "char");
  replace_once(text, " without time zone", "");
  if (text.starts_with("numeric(")) replace_once(text, ",", ", ");
  replace_front(text, "timestamp(", "timestamp (");
  return text;
}

/// The value of "'it''s'::text" or "E'a\\b'::text"; nothing if `text` is not one literal with a cast, or
/// without one.
std::optional<std::string> literal_in(std::string_view text) {
  const bool escapes = text.starts_with("E'");
  if (escapes) text.remove_prefix(1);
  if (!text.starts_with('\'')) return std::nullopt;
  std::string value;
  std::size_t i = 1;
  for (; i < text.size(); ++i) {
    if (text[i] == '\'' && (i + 1 == text.size() || text[i + 1] != '\'')) break;
    if (text[i] == '\'' || (escapes && text[i] == '\\' && i + 1 < text.size())) ++i;
    value += text[i];
  }
  if (i >= text.size()) return std::nullopt;
  text.remove_prefix(i + 1);
  if (text.empty()) return value;
  if (!text.starts_with("::")) return std::nullopt;
  const std::string_view type = text.substr(2);
  const bool one_cast =
      type.find("::") == std::string_view::npos && type.find_first_of("'+|<>=") == std::string_view::npos;
  return one_cast ? std::optional(value) : std::nullopt;
}

std::string in_quotes(std::string_view value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'') text += '\'';
    text += c;
  }
  return text + "'";
}

template <typename Number>
std::optional<Number> whole_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Json> number_of(std::string_view text) {
  if (const auto whole = whole_number<std::int64_t>(text)) return Json(*whole);
  const bool plain = !text.empty() && text.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
  if (const auto number = plain ? whole_number<double>(text) : std::nullopt) return Json(*number);
  return std::nullopt;
}

/// bigint and the like: JavaScript's numbers.
bool is_number_type(std::string_view type) {
  constexpr std::string_view types[] = {"integer", "smallint", "bigint", "double precision", "real"};
  return std::ranges::find(types, type) != std::end(types);
}

std::string array_element(std::string_view value, std::string_view type) {
  if (is_number_type(type)) return std::string(value);
  if (type == "boolean") return value == "t" ? "true" : "false";
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + "\"";
}

/// buildArrayString quotes every text. What has a NULL or further dimensions stays as the server keeps it.
std::string array_literal(std::string_view value, const Type& type) {
  const bool plain = value.find('{', 1) == std::string_view::npos && value.find("NULL") == value.npos;
  if (!plain || !value.starts_with('{')) return in_quotes(value);
  std::string list;
  for (const std::string& element : pg::parse_array(value))
    list += fmt::format("{}{}", list.empty() ? "" : ",", array_element(element, type.element));
  return in_quotes(fmt::format("{{{}}}", list));
}

std::string json_literal(std::string_view value, std::string_view type) {
  const Json parsed = Json::parse(value, nullptr, false);
  const std::string text = parsed.is_discarded() ? std::string(value) : parsed.dump();
  return fmt::format("{}::{}", in_quotes(text), type);
}

Json literal_default(const std::string& value, const Type& type) {
  if (type.array) return array_literal(value, type);
  if (is_number_type(type.element))
    if (auto number = number_of(value)) return std::move(*number);
  if (type.element == "json" || type.element == "jsonb") return json_literal(value, type.element);
  return in_quotes(value);
}

}  // namespace

Type type_of(std::string_view printed, const catalog::Catalog& catalog) {
  Type type;
  while (printed.ends_with("[]")) {
    printed.remove_suffix(2);
    type.array = true;
  }
  const std::string_view brackets = type.array ? "[]" : "";
  std::string_view rest = printed;
  if (const auto own = take_qualified(rest)) {
    const bool is_enum = catalog.find({.kind = Kind::enum_type,
                                       .schema = Text(own->schema),
                                       .relation = {},
                                       .name = Text(own->name),
                                       .arguments = {}}) != nullptr;
    if (is_enum) type.schema = own->schema;
    type.element =
        is_enum || own->schema == "public" ? own->name : fmt::format("{}.{}", own->schema, own->name);
    type.text = fmt::format("{}{}{}", type.element, rest, brackets);
    return type;
  }
  const std::string text = own_type(printed);
  type.text = fmt::format("{}{}", text, brackets);
  const std::size_t length = text.find('(');
  type.element = text.substr(0, length);
  if (type.element.ends_with(' ')) type.element.pop_back();
  return type;
}

Json default_of(std::string_view printed, const Type& type) {
  if (const auto value = literal_in(printed)) return literal_default(*value, type);
  if (printed.starts_with("NULL::")) return "NULL";
  if (type.element == "boolean" && !type.array && (printed == "true" || printed == "false"))
    return printed == "true";
  if (type.array) return std::string(printed);
  if (const auto number = number_of(printed)) {
    if (is_number_type(type.element)) return *number;
    if (type.element == "numeric") return in_quotes(printed);
  }
  return std::string(printed);
}

std::optional<std::string> sequence_in(std::string_view printed) {
  constexpr std::string_view front = "nextval(", back = "::regclass)";
  if (!printed.starts_with(front) || !printed.ends_with(back)) return std::nullopt;
  const auto name = literal_in(printed.substr(front.size(), printed.size() - front.size() - back.size()));
  if (!name) return std::nullopt;
  std::string_view text = *name;
  if (const auto qualified = take_qualified(text)) return qualified->name;
  return take_identifier(text);
}

std::string name_in(std::string_view text) {
  std::string scratch;
  std::string_view name, rest = text;
  return take_quoted(rest, scratch, name) && rest.empty() ? std::string(name) : std::string(text);
}

std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  if (list.empty()) return names;
  for (const std::string& name : catalog::split_list(list)) names.push_back(name_in(name));
  return names;
}

}  // namespace candor::engine::drizzle
