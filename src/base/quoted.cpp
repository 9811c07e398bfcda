#include "base/quoted.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace candor {

namespace {

std::array<bool, 256> table_of(std::string_view punctuation) {
  std::array<bool, 256> table{};
  for (unsigned char c = 'a'; c <= 'z'; ++c) table[c] = true;
  for (unsigned char c = 'A'; c <= 'Z'; ++c) table[c] = true;
  for (unsigned char c = '0'; c <= '9'; ++c) table[c] = true;
  for (const char c : punctuation) table[static_cast<unsigned char>(c)] = true;
  return table;
}

const std::array<bool, 256> bare = table_of("_.()[],:/+*-");

unsigned char byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

/// Characters beyond ASCII that a reader of a diff does not see or that editors take for a line's end.
bool is_treacherous(unsigned code_point) {
  return (code_point >= 0x80 && code_point <= 0x9f) || (code_point >= 0x200b && code_point <= 0x200f) ||
         (code_point >= 0x2028 && code_point <= 0x202e) || (code_point >= 0x2060 && code_point <= 0x206f) ||
         code_point == 0xfeff;
}

/// The code point of the two- or three-byte sequence at `at` and its length; length 1 for anything else,
/// which is copied as it is (all treacherous characters have two or three bytes).
unsigned decode(std::string_view text, std::size_t at, std::size_t& length) {
  const auto trails = [&](std::size_t i) { return i < text.size() && (byte_at(text, i) & 0xc0U) == 0x80U; };
  const unsigned first = byte_at(text, at);
  length = 1;
  if ((first & 0xe0U) == 0xc0U && trails(at + 1)) {
    length = 2;
    return (first & 0x1fU) << 6U | (byte_at(text, at + 1) & 0x3fU);
  }
  if ((first & 0xf0U) == 0xe0U && trails(at + 1) && trails(at + 2)) {
    length = 3;
    return (first & 0x0fU) << 12U | (byte_at(text, at + 1) & 0x3fU) << 6U | (byte_at(text, at + 2) & 0x3fU);
  }
  return first;
}

char short_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
      return c;
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    default:
      return 0;
  }
}

char short_escaped(char letter) {
  switch (letter) {
    case '"':
    case '\\':
      return letter;
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    default:
      return 0;
  }
}

void append_utf8(std::string& out, unsigned code_point) {
  const auto put = [&](unsigned byte) { out.push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xc0U | code_point >> 6U);
    put(0x80U | (code_point & 0x3fU));
  } else {
    put(0xe0U | code_point >> 12U);
    put(0x80U | (code_point >> 6U & 0x3fU));
    put(0x80U | (code_point & 0x3fU));
  }
}

bool take_hex4(std::string_view text, std::size_t at, unsigned& code_point) {
  if (at + 4 > text.size()) return false;
  code_point = 0;
  for (const char c : text.substr(at, 4)) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && !(c >= 'a' && c <= 'f')) return false;
    code_point = code_point * 16 + static_cast<unsigned>(digit ? c - '0' : c - 'a' + 10);
  }
  return true;
}

/// Undoes the escapes of `body`, the inside of a JSON string.
bool unescape(std::string_view body, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] != '\\') {
      out.push_back(body[i]);
      continue;
    }
    if (++i == body.size()) return false;
    if (body[i] == 'u') {
      unsigned code_point = 0;
      if (!take_hex4(body, i + 1, code_point)) return false;
      append_utf8(out, code_point);
      i += 4;
    } else if (const char c = short_escaped(body[i])) {
      out.push_back(c);
    } else {
      return false;
    }
  }
  return true;
}

/// The index of the quote that closes the string opened at 0, or npos; `plain`: no byte in between is
/// anything but printable ASCII other than a backslash.
std::size_t closing_quote(std::string_view text, bool& plain) {
  plain = true;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const unsigned char c = byte_at(text, i);
    if (c == '"') return i;
    if (c == '\\') ++i;
    if (c == '\\' || c < 0x20 || c >= 0x7f) plain = false;
  }
  return std::string_view::npos;
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  out.push_back('"');
  for (std::size_t i = 0; i < text.size();) {
    const unsigned char c = byte_at(text, i);
    std::size_t length = 1;
    if (const char letter = short_escape(text[i])) {
      out.push_back('\\');
      out.push_back(letter);
    } else if (c < 0x20 || c == 0x7f) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
    } else if (c < 0x80) {
      out.push_back(text[i]);
    } else if (const unsigned code_point = decode(text, i, length);
               length > 1 && is_treacherous(code_point)) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", code_point);
    } else {
      out.append(text.substr(i, length));
    }
    i += length;
  }
  out.push_back('"');
}

bool is_bare(std::string_view text) {
  for (const char c : text)
    if (!bare[static_cast<unsigned char>(c)]) return false;
  return !text.empty();
}

void append_word(std::string& out, std::string_view text) {
  if (is_bare(text)) {
    out.append(text);
  } else {
    append_quoted(out, text);
  }
}

bool take_quoted(std::string_view& text, std::string& scratch, std::string_view& value) {
  if (text.empty() || text.front() != '"') return false;
  bool plain = false;
  const std::size_t end = closing_quote(text, plain);
  if (end == std::string_view::npos) return false;
  const std::string_view body = text.substr(1, end - 1);
  if (plain) {
    value = body;
  } else {
    if (!unescape(body, scratch)) return false;
    std::string spelled;
    spelled.reserve(body.size() + 2);
    append_quoted(spelled, scratch);
    if (spelled != text.substr(0, end + 1)) return false;
    value = scratch;
  }
  text.remove_prefix(end + 1);
  return true;
}

bool take_word(std::string_view& text, std::string& scratch, std::string_view& value) {
  if (!text.empty() && text.front() == '"') {
    std::string_view rest = text;
    if (!take_quoted(rest, scratch, value) || is_bare(value)) return false;
    text = rest;
    return true;
  }
  std::size_t end = 0;
  while (end < text.size() && bare[byte_at(text, end)]) ++end;
  if (end > 0 && end < text.size() && text[end] == '>' && text[end - 1] == '-') --end;
  if (end == 0) return false;
  value = text.substr(0, end);
  text.remove_prefix(end);
  return true;
}

}  // namespace candor
