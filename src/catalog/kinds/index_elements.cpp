#include "catalog/kinds/index_elements.h"

#include <fmt/format.h>

#include "base/quoted.h"
#include "catalog/ddl.h"
#include "pg/identifier.h"

namespace candor::catalog::kinds {

namespace {

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Whether a call stands at the front: a name, perhaps with a schema, and its arguments. Its length, or 0.
std::size_t call_length(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && (is_name_byte(text[i]) || text[i] == '.' || text[i] == '"')) {
    if (text[i] != '"') {
      ++i;
      continue;
    }
    const std::size_t close = text.find('"', i + 1);
    if (close == std::string_view::npos) return 0;
    i = close + 1;
  }
  const std::size_t arguments = i == 0 ? 0 : parenthesised(text.substr(i));
  return arguments == 0 ? 0 : i + arguments;
}

/// " collate "C" text_pattern_ops desc nulls last": names quoted, words as they are.
std::string sql_suffix(std::string_view suffix) {
  std::string sql;
  for (const std::string& word : split_list(suffix, ' ')) {
    if (word.empty()) continue;
    const bool keyword = word == "collate" || word == "desc" || word == "asc" || word == "nulls" ||
                         word == "first" || word == "last";
    sql += " " + (keyword ? word
                  : word.find('(') != std::string::npos
                      ? sql_names(word.substr(0, word.find('('))) + word.substr(word.find('('))
                      : sql_names(word));
  }
  return sql;
}

/// " collate "C" text_pattern_ops desc nulls last" into the parts of `element`.
void read_suffix(std::string_view suffix, IndexElement& element) {
  const auto words = split_list(suffix, ' ');
  bool nulls_told = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "collate" && i + 1 < words.size()) {
      element.collation = words[++i];
    } else if (words[i] == "desc") {
      element.descending = true;
    } else if (words[i] == "nulls" && i + 1 < words.size()) {
      nulls_told = true;
      element.nulls_first = words[++i] == "first";
    } else if (!words[i].empty()) {
      element.opclass = words[i];
    }
  }
  if (!nulls_told) element.nulls_first = element.descending;
}

IndexElement element_of(std::string_view text) {
  IndexElement element;
  std::string_view rest = text;
  std::size_t length = parenthesised(text);
  if (length == 0) length = call_length(text);
  std::string scratch;
  std::string_view name;
  if (length == 0) {
    element.is_column = true;
    if (!take_quoted(rest, scratch, name)) {
      name = text.substr(0, text.find(' '));
      rest = text.substr(name.size());
    }
  } else {
    name = text.substr(0, length);
    rest = text.substr(length);
  }
  element.expression = name;
  read_suffix(rest, element);
  return element;
}

std::string sql_element(std::string_view element) {
  std::size_t length = parenthesised(element);
  if (length > 0) return std::string(element.substr(0, length)) + sql_suffix(element.substr(length));
  length = call_length(element);
  if (length > 0) return fmt::format("({}){}", element.substr(0, length), sql_suffix(element.substr(length)));
  std::string scratch;
  std::string_view rest = element, name;
  if (!take_quoted(rest, scratch, name)) {
    name = element.substr(0, element.find(' '));
    rest = element.substr(name.size());
  }
  return pg::Identifier(name).sql() + sql_suffix(rest);
}

/// "public.===" as OPERATOR(public.===).
std::string sql_operator(std::string_view op) {
  const std::size_t dot = op.rfind('.');
  if (dot == std::string_view::npos) return std::string(op);
  return fmt::format("OPERATOR({}.{})", sql_names(op.substr(0, dot)), op.substr(dot + 1));
}

}  // namespace

std::size_t parenthesised(std::string_view text) {
  if (!text.starts_with('(')) return 0;
  int depth = 0;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quote != 0) {
      if (text[i] == quote) quote = 0;
    } else if (text[i] == '\'' || text[i] == '"') {
      quote = text[i];
    } else if (text[i] == '(') {
      ++depth;
    } else if (text[i] == ')' && --depth == 0) {
      return i + 1;
    }
  }
  return 0;
}

std::vector<IndexElement> index_elements(std::string_view elements) {
  std::vector<IndexElement> parts;
  for (const std::string& element : split_list(elements)) parts.push_back(element_of(element));
  return parts;
}

std::string sql_index_elements(std::string_view elements) {
  std::string sql;
  for (const std::string& element : split_list(elements)) {
    if (!sql.empty()) sql += ", ";
    sql += sql_element(element);
  }
  return sql;
}

std::string sql_exclusion_elements(std::string_view elements, std::string_view operators) {
  const auto ops = split_list(operators);
  std::string sql;
  std::size_t i = 0;
  for (const std::string& element : split_list(elements)) {
    if (!sql.empty()) sql += ", ";
    sql += fmt::format("{} WITH {}", sql_element(element), i < ops.size() ? sql_operator(ops[i]) : "");
    ++i;
  }
  return sql;
}

}  // namespace candor::catalog::kinds
