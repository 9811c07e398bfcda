/// base/ascii.h: characters of SQL, of file names and of numbers, whatever the locale says of others.
#pragma once

#include <string_view>

namespace candor {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Nothing but digits, and at least one.
constexpr bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

constexpr std::string_view blanks = " \t\r\n\f\v";

constexpr std::string_view trimmed_right(std::string_view text) {
  return text.substr(0, text.find_last_not_of(blanks) + 1);  // npos + 1 is 0
}

/// `text` without white space at both ends.
constexpr std::string_view trimmed(std::string_view text) {
  text = trimmed_right(text);
  return text.empty() ? text : text.substr(text.find_first_not_of(blanks));
}

}  // namespace candor
