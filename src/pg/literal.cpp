#include "pg/literal.h"

#include "base/ascii.h"

namespace candor::pg {

std::string literal(const Param& value) {
  if (!value) return "NULL";
  std::string text = value->find('\\') == std::string::npos ? "'" : "E'";
  for (const char c : *value) {
    if (c == '\'' || c == '\\') text += c;
    text += c;
  }
  return text + "'";
}

std::string with_parameters(std::string_view sql, const Params& params) {
  std::string text;
  char quote = '\0';
  for (std::size_t i = 0; i < sql.size(); ++i) {
    const char c = sql[i];
    if (quote != '\0' && c == quote)
      quote = '\0';
    else if (quote == '\0' && (c == '\'' || c == '"'))
      quote = c;
    if (quote != '\0' || c != '$' || i + 1 == sql.size() || !is_digit(sql[i + 1])) {
      text += c;
      continue;
    }
    std::size_t number = 0;
    while (i + 1 < sql.size() && is_digit(sql[i + 1]))
      number = number * 10 + static_cast<std::size_t>(sql[++i] - '0');
    text += literal(params.at(number - 1));
  }
  return text;
}

}  // namespace candor::pg
