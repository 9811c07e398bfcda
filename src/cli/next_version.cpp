#include "cli/next_version.h"

#include <algorithm>

#include "base/ascii.h"

namespace candor::cli {

namespace {

constexpr std::size_t timestamp_digits = 14;
constexpr std::size_t longest_name = 100;

std::size_t digits_in(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, is_digit));
}

bool is_timestamp(std::string_view version) {
  return digits_in(version) == timestamp_digits && (version.starts_with("20") || version.starts_with("19"));
}

/// `shape` with its digits replaced by those of `digits`, of which there are as many.
std::string shaped(std::string_view shape, std::string_view digits) {
  std::string text(shape);
  auto next = digits.begin();
  for (char& c : text)
    if (is_digit(c)) c = *next++;
  return text;
}

/// The last number in `version` plus one, in as many digits or more.
std::string one_more(std::string_view version) {
  std::string text(version);
  std::size_t at = text.size();
  while (at > 0 && text[at - 1] == '9') text[--at] = '0';
  if (at > 0 && is_digit(text[at - 1])) {
    ++text[at - 1];
  } else {
    text.insert(at, 1, '1');
  }
  return text;
}

}  // namespace

std::string next_version(const history::History& history, std::string_view now) {
  const history::Migration* const newest = history.last_versioned();
  if (newest == nullptr) return std::string(now);
  const history::Version& last = newest->version;
  if (is_timestamp(last.text())) {
    std::string version = shaped(last.text(), now);
    if (last < history::Version(version)) return version;
  }
  return one_more(last.text());
}

std::string file_name_of(std::string_view name) {
  std::string result;
  for (const char c : name) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool kept = is_digit(lower) || (lower >= 'a' && lower <= 'z');
    if (kept && result.size() < longest_name) result += lower;
    if (!kept && !result.empty() && result.back() != '_') result += '_';
  }
  while (result.ends_with('_')) result.pop_back();
  return result;
}

}  // namespace candor::cli
