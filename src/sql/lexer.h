/// sql/lexer.h: the tokens of SQL text, as far as cutting it into statements needs them.
///
/// These are the rules of psql's own scanner (psqlscan.l) with standard_conforming_strings on. libpg_query
/// has a scanner too, but it copies the text and keeps every token; this one walks over a 200 MB file in
/// place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace candor::sql {

struct Token {
  enum class Kind : std::uint8_t {
    end,
    word,    ///< a keyword or an identifier without quotes
    quoted,  ///< "an identifier"
    string,  ///< '…', E'…', $tag$…$tag$
    open,    ///< (
    close,   ///< )
    semicolon,
    dot,
    backslash,  ///< outside of quotes: a psql meta-command
    other,      ///< numbers and operators, some at a time
    unclosed,   ///< a quote or comment that runs to the end of the text; `begin` is where it opens
  };
  Kind kind = Kind::end;
  std::size_t begin = 0;
  std::size_t end = 0;
};

class Lexer {
 public:
  explicit Lexer(std::string_view text, std::size_t at = 0) : text_(text), at_(at) {}
  /// The next token; white space and comments are skipped.
  Token next();
  /// The text of `token`.
  [[nodiscard]] std::string_view text(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }
  void seek(std::size_t at) { at_ = at; }

 private:
  /// False if a comment is not closed; `at_` is then its beginning.
  bool skip_blanks();
  bool skip_block_comment();
  void skip_line_comment();
  bool skip_continuation();
  [[nodiscard]] bool follows(std::size_t at, char c) const { return at < text_.size() && text_[at] == c; }
  Token single(Token::Kind kind);
  Token word();
  Token quoted(Token::Kind kind, char quote);
  Token escape_string();
  Token dollar();
  Token other();
  Token unclosed(std::size_t begin);

  std::string_view text_;
  std::size_t at_;
};

/// Whether `word` is `lower` (given in lower case), in any case.
bool is_word(std::string_view word, std::string_view lower);

}  // namespace candor::sql
