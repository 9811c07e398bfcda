#include <algorithm>

#include "base/ascii.h"
#include "history/migration.h"

namespace candor::history {
namespace {

constexpr std::size_t timestamp_digits = 14;  // YYYYMMDDhhmmss

bool is_separator(char c) {
  return c == '.' || c == '-' || c == '_';
}

/// The first group of `rest`, which is then left with the others.
std::string_view take_group(std::string_view& rest) {
  const auto end = static_cast<std::size_t>(std::ranges::find_if(rest, is_separator) - rest.begin());
  const std::string_view group = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return group;
}

bool begins_with_timestamp(std::string_view digits) {
  if (digits.size() < timestamp_digits) return false;
  const std::string_view year = digits.substr(0, 4), month = digits.substr(4, 2);
  return year >= "1970" && year < "2200" && month >= "01" && month <= "12";
}

std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a <=> b;
}

/// A number without leading zeros. Digits behind a timestamp are a fraction of it: Diesel writes both
/// 20251119091444 and (its dashes dropped) 202511190914440000, and orders them by time. Apart from that
/// longer numbers are larger.
struct Number {
  std::string_view whole, fraction;

  explicit Number(std::string_view digits) {
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    whole = digits;
    if (!begins_with_timestamp(digits)) return;
    whole = digits.substr(0, timestamp_digits);
    fraction = digits.substr(timestamp_digits);
  }
  friend std::strong_ordering operator<=>(const Number& a, const Number& b) {
    const auto order = compare_numbers(a.whole, b.whole);
    return order != 0 ? order : a.fraction <=> b.fraction;
  }
};

std::strong_ordering compare_groups(std::string_view a, std::string_view b) {
  const bool a_is_number = std::ranges::all_of(a, is_digit), b_is_number = std::ranges::all_of(b, is_digit);
  if (a_is_number && b_is_number) return Number(a) <=> Number(b);
  if (a_is_number != b_is_number)
    return a_is_number ? std::strong_ordering::less : std::strong_ordering::greater;
  return a <=> b;
}

/// '_' in a file's name is a blank in the description.
std::strong_ordering compare_descriptions(std::string_view a, std::string_view b) {
  const auto as_described = [](char c) { return static_cast<unsigned char>(c == '_' ? ' ' : c); };
  return std::lexicographical_compare_three_way(
      a.begin(), a.end(), b.begin(), b.end(),
      [&](char left, char right) { return as_described(left) <=> as_described(right); });
}

}  // namespace

// A group that one side lacks counts as 0: "3.9" is "3.9.0".
std::strong_ordering operator<=>(const Version& a, const Version& b) {
  std::string_view left = a.text_, right = b.text_;
  if (left.empty() || right.empty()) return left.size() <=> right.size();
  if (a.repeatable() && b.repeatable()) return compare_descriptions(left, right);
  if (a.repeatable() || b.repeatable()) return a.repeatable() <=> b.repeatable();
  while (!left.empty() || !right.empty()) {
    const auto order = compare_groups(take_group(left), take_group(right));
    if (order != 0) return order;
  }
  return std::strong_ordering::equal;
}

}  // namespace candor::history
