#include "plan/array_casts.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <vector>

#include "catalog/ddl.h"

namespace candor::plan {

namespace {

/// Behind the string, quoted name or dollar-quoted text that begins at `at`; `at` itself where none does.
std::size_t behind_quoted(std::string_view sql, std::size_t at) {
  const char quote = sql[at];
  if (quote == '\'' || quote == '"') {
    const std::size_t end = sql.find(quote, at + 1);
    return end == std::string_view::npos ? sql.size() : end + 1;  // a doubled quote begins another one
  }
  if (quote != '$') return at;
  std::size_t end = at + 1;
  while (end < sql.size() && (std::isalnum(static_cast<unsigned char>(sql[end])) != 0 || sql[end] == '_'))
    ++end;
  if (end == sql.size() || sql[end] != '$') return at;
  const std::string_view tag = sql.substr(at, end + 1 - at);
  const std::size_t closing = sql.find(tag, end + 1);
  return closing == std::string_view::npos ? sql.size() : closing + tag.size();
}

/// Where the bracket at `open` is closed; npos: nowhere.
std::size_t closing_bracket(std::string_view sql, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < sql.size();) {
    if (const std::size_t behind = behind_quoted(sql, at); behind != at) {
      at = behind;
      continue;
    }
    if (sql[at] == '[') ++depth;
    if (sql[at] == ']' && --depth == 0) return at;
    ++at;
  }
  return std::string_view::npos;
}

/// "character varying" of "'a'::character varying"; empty: there is no cast at the end.
std::string_view type_of(std::string_view element) {
  const std::size_t cast = element.rfind("::");
  if (cast == std::string_view::npos) return {};
  const std::string_view type = element.substr(cast + 2);
  return type.find_first_of("')]") == std::string_view::npos ? type : std::string_view();
}

/// The type that all elements are cast to; empty: there is none.
std::string common_type(std::string_view elements) {
  const std::vector<std::string> list = catalog::split_list(elements);
  if (list.empty()) return {};
  const std::string type(type_of(list.front()));
  const bool same = std::ranges::all_of(list, [&](const std::string& one) { return type_of(one) == type; });
  return same ? type : std::string();
}

}  // namespace

std::string keep_array_casts(const std::string& sql) {
  constexpr std::string_view opening = "(ARRAY[", cast = ")::";
  if (sql.find(opening) == std::string::npos) return sql;
  const std::string_view text = sql;
  std::string kept;
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t behind = behind_quoted(text, at); behind != at) {
      kept += text.substr(at, behind - at);
      at = behind;
      continue;
    }
    if (text.substr(at).starts_with(opening)) {
      const std::size_t open = at + opening.size() - 1, close = closing_bracket(text, open);
      const bool is_cast = close != std::string_view::npos && text.substr(close + 1).starts_with(cast);
      if (is_cast)
        if (const std::string type = common_type(text.substr(open + 1, close - open - 1)); !type.empty()) {
          kept += text.substr(at, close + 1 - at);
          kept += "::";
          kept += type;
          kept += "[]";
          at = close + 1;
          continue;
        }
    }
    kept += text[at++];
  }
  return kept;
}

}  // namespace candor::plan
