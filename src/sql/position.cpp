#include <algorithm>

#include "base/file.h"
#include "sql/script.h"

namespace candor::sql {
namespace {

constexpr std::size_t longest_line = 200;  // characters

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

int characters(std::string_view text) {
  return static_cast<int>(text.size()) - static_cast<int>(std::ranges::count_if(text, continues_character));
}

/// The last `count` characters of `text`, or all of it.
std::string_view last_characters(std::string_view text, std::size_t count) {
  std::size_t at = text.size();
  for (; at > 0 && count > 0; --at)
    if (!continues_character(text[at - 1])) --count;
  return text.substr(at);
}

std::string_view first_characters(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; at < text.size(); ++at)
    if (!continues_character(text[at]) && count-- == 0) break;
  return text.substr(0, at);
}

bool is_hostile(std::string_view text) {
  return !is_valid_utf8(text) ||
         std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f'; });
}

std::string harmless(std::string_view text) {
  return is_hostile(text) ? printable(text) : std::string(text);
}

}  // namespace

SourcePosition position_of(std::string_view file, std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const std::string_view before = text.substr(0, offset);
  const std::size_t begin = before.rfind('\n') + 1;  // npos + 1 is 0
  const std::size_t end = std::min(text.find('\n', offset), text.size());

  std::string_view left = before.substr(begin);
  std::string_view right = text.substr(offset, end - offset);
  if (right.ends_with('\r')) right.remove_suffix(1);

  // The part of a long line around the place: up to half a line before it, the rest after it.
  const std::string_view near_left = last_characters(left, longest_line / 2);
  const bool cut_left = near_left.size() < left.size() &&
                        (last_characters(left, longest_line).size() < left.size() ||
                         first_characters(right, longest_line - characters(left)).size() < right.size());
  if (cut_left) left = near_left;
  const std::string_view near_right = first_characters(right, longest_line - characters(left));
  const bool cut_right = near_right.size() < right.size();

  std::string shown = (cut_left ? "…" : "") + harmless(left);
  const int column = characters(shown) + 1;
  shown += harmless(near_right);
  if (cut_right) shown += "…";
  return {.file = std::string(file),
          .line = static_cast<int>(std::ranges::count(before, '\n')) + 1,
          .column = column,
          .text = std::move(shown)};
}

}  // namespace candor::sql
