#include <libpq-fe.h>

#include <algorithm>
#include <charconv>

#include "pg/connection.h"

namespace candor::pg {

void Rows::clear(pg_result* result) {
  PQclear(result);
}

int Rows::size() const {
  return PQntuples(result_.get());
}

int Rows::columns() const {
  return PQnfields(result_.get());
}

bool Rows::is_null(int row, int column) const {
  return PQgetisnull(result_.get(), row, column) == 1;
}

std::string_view Rows::at(int row, int column) const {
  const char* const value = PQgetvalue(result_.get(), row, column);
  if (value == nullptr) return {};
  return {value, static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

std::int64_t Rows::number(int row, int column) const {
  const std::string_view text = at(row, column);
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string_view Rows::command_tag() const {
  const char* const tag = PQcmdStatus(result_.get());
  return tag != nullptr ? tag : "";
}

std::string array_literal(const std::vector<std::string>& elements) {
  std::string literal = "{";
  for (const std::string& element : elements) {
    if (literal.size() > 1) literal += ',';
    literal += '"';
    for (const char c : element) {
      if (c == '"' || c == '\\') literal += '\\';
      literal += c;
    }
    literal += '"';
  }
  return literal + '}';
}

std::vector<std::string> parse_array(std::string_view literal) {
  std::vector<std::string> elements;
  // Bounds other than the usual come first: "[0:1]={a,b}".
  if (literal.starts_with('[')) literal.remove_prefix(std::min(literal.find('=') + 1, literal.size()));
  if (literal.size() < 2 || literal == "{}") return elements;
  literal = literal.substr(1, literal.size() - 2);

  std::string element;
  bool quoted = false;
  bool was_quoted = false;
  const auto finish = [&] {
    elements.push_back(!was_quoted && element == "NULL" ? std::string() : std::move(element));
    element.clear();
    was_quoted = false;
  };
  for (std::size_t i = 0; i < literal.size(); ++i) {
    const char c = literal[i];
    if (c == '\\' && i + 1 < literal.size()) {
      element += literal[++i];
    } else if (c == '"') {
      quoted = !quoted;
      was_quoted = true;
    } else if (c == ',' && !quoted) {
      finish();
    } else {
      element += c;
    }
  }
  finish();
  return elements;
}

}  // namespace candor::pg
