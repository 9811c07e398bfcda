#include "sql/lexer.h"

#include <algorithm>
#include <array>

namespace candor::sql {
namespace {

enum class Class : std::uint8_t { plain, blank, letter, digit, quote, identifier, dollar, special, comment };

constexpr std::array<Class, 256> make_classes() {
  std::array<Class, 256> classes{};
  for (const char c : {' ', '\t', '\n', '\r', '\f', '\v'})
    classes[static_cast<unsigned char>(c)] = Class::blank;
  for (int c = '0'; c <= '9'; ++c) classes[c] = Class::digit;
  for (int c = 'a'; c <= 'z'; ++c) classes[c] = classes[c - 'a' + 'A'] = Class::letter;
  for (int c = 0x80; c <= 0xff; ++c) classes[c] = Class::letter;
  classes['_'] = Class::letter;
  classes['\''] = Class::quote;
  classes['"'] = Class::identifier;
  classes['$'] = Class::dollar;
  for (const char c : {'(', ')', ';', '.', '\\'}) classes[static_cast<unsigned char>(c)] = Class::special;
  classes['-'] = classes['/'] = Class::comment;  // perhaps
  return classes;
}
constexpr std::array<Class, 256> classes = make_classes();

Class class_of(char c) {
  return classes[static_cast<unsigned char>(c)];
}
bool continues_tag(char c) {
  return class_of(c) == Class::letter || class_of(c) == Class::digit;
}
bool continues_word(char c) {
  return continues_tag(c) || c == '$';
}

}  // namespace

Token Lexer::next() {
  if (!skip_blanks()) return unclosed(at_);
  if (at_ >= text_.size()) return {Token::Kind::end, text_.size(), text_.size()};
  const char c = text_[at_];
  switch (class_of(c)) {
    case Class::letter:
      return (c == 'e' || c == 'E') && follows(at_ + 1, '\'') ? escape_string() : word();
    case Class::quote:
      return quoted(Token::Kind::string, '\'');
    case Class::identifier:
      return quoted(Token::Kind::quoted, '"');
    case Class::dollar:
      return dollar();
    case Class::special:
      switch (c) {
        case '(':
          return single(Token::Kind::open);
        case ')':
          return single(Token::Kind::close);
        case ';':
          return single(Token::Kind::semicolon);
        case '.':
          return single(Token::Kind::dot);
        default:
          return single(Token::Kind::backslash);
      }
    default:
      return other();
  }
}

bool Lexer::skip_blanks() {
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (class_of(c) == Class::blank) continue;
    if (c == '-' && follows(at_ + 1, '-')) {
      skip_line_comment();
      --at_;
    } else if (c == '/' && follows(at_ + 1, '*')) {
      if (!skip_block_comment()) return false;
      --at_;
    } else {
      break;
    }
  }
  return true;
}

void Lexer::skip_line_comment() {
  at_ = std::min(text_.find('\n', at_), text_.size());
}

bool Lexer::skip_block_comment() {
  int depth = 0;
  for (std::size_t at = at_; at + 1 < text_.size();) {
    if (text_[at] == '/' && text_[at + 1] == '*') {
      ++depth;
      at += 2;
    } else if (text_[at] == '*' && text_[at + 1] == '/') {
      at += 2;
      if (--depth == 0) {
        at_ = at;
        return true;
      }
    } else {
      ++at;
    }
  }
  return false;
}

Token Lexer::single(Token::Kind kind) {
  const std::size_t begin = at_++;
  return {kind, begin, at_};
}

Token Lexer::word() {
  const std::size_t begin = at_;
  while (at_ < text_.size() && continues_word(text_[at_])) ++at_;
  return {Token::Kind::word, begin, at_};
}

// A doubled quote is read as two strings side by side, which ends in the same place.
Token Lexer::quoted(Token::Kind kind, char quote) {
  const std::size_t begin = at_;
  do {
    const std::size_t close = text_.find(quote, at_ + 1);
    if (close == std::string_view::npos) return unclosed(begin);
    at_ = close + 1;
  } while (follows(at_, quote));
  return {kind, begin, at_};
}

// E'…' knows backslashes, and so do the parts that continue it on later lines.
Token Lexer::escape_string() {
  const std::size_t begin = at_;
  std::size_t at = at_ + 2;
  for (;;) {
    at = text_.find_first_of("'\\", at);
    if (at == std::string_view::npos) return unclosed(begin);
    if (text_[at] == '\\') {
      at += 2;
    } else if (follows(at + 1, '\'')) {
      at += 2;
    } else {
      at_ = at + 1;
      if (!skip_continuation()) return {Token::Kind::string, begin, at + 1};
      at = at_ + 1;
    }
  }
}

// Moves to a quote that continues the string just closed: white space with at least one newline between them.
bool Lexer::skip_continuation() {
  const std::size_t closed = at_;
  bool newline = false;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '-' && follows(at_ + 1, '-')) {
      skip_line_comment();
      continue;
    }
    if (c == '\'' && newline) return true;
    if (class_of(c) != Class::blank) break;
    newline = newline || c == '\n' || c == '\r';
    ++at_;
  }
  at_ = closed;
  return false;
}

Token Lexer::dollar() {
  const std::size_t begin = at_;
  std::size_t at = at_ + 1;
  if (at < text_.size() && class_of(text_[at]) != Class::digit)
    while (at < text_.size() && continues_tag(text_[at])) ++at;
  if (!follows(at, '$')) return single(Token::Kind::other);
  const std::string_view tag = text_.substr(begin, at + 1 - begin);
  const std::size_t close = text_.find(tag, at + 1);
  if (close == std::string_view::npos) return unclosed(begin);
  at_ = close + tag.size();
  return {Token::Kind::string, begin, at_};
}

Token Lexer::other() {
  const std::size_t begin = at_++;
  while (at_ < text_.size() && (class_of(text_[at_]) == Class::plain || class_of(text_[at_]) == Class::digit))
    ++at_;
  return {Token::Kind::other, begin, at_};
}

Token Lexer::unclosed(std::size_t begin) {
  at_ = text_.size();
  return {Token::Kind::unclosed, begin, at_};
}

bool is_word(std::string_view word, std::string_view lower) {
  return std::ranges::equal(word, lower,
                            [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

}  // namespace candor::sql
