#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/file.h"
#include "sql/lexer.h"
#include "sql/meta_command.h"
#include "sql/script.h"

namespace candor::sql {
namespace {

/// What the tokens of one statement say about where it ends.
class Shape {
 public:
  void take(const Token& token, std::string_view text) {
    if (token.kind == Token::Kind::open) ++parentheses_;
    if (token.kind == Token::Kind::close && parentheses_ > 0) --parentheses_;
    if (form_ == Form::plain) return;
    const std::string_view word = token.kind == Token::Kind::word ? text : std::string_view();
    switch (form_) {
      case Form::unknown:
        form_ = is_word(word, "create") ? Form::create : is_word(word, "copy") ? Form::copy : Form::plain;
        break;
      case Form::create:
        if (is_word(word, "function") || is_word(word, "procedure"))
          form_ = Form::routine;
        else if (!is_word(word, "or") && !is_word(word, "replace"))
          form_ = Form::plain;
        break;
      case Form::routine:
        if (parentheses_ == 0) follow_body(word);
        break;
      case Form::copy:
        if (parentheses_ == 0 && is_word(previous_, "from") && is_word(word, "stdin")) copy_in_ = true;
        break;
      case Form::plain:
        break;
    }
    previous_ = text;
  }
  [[nodiscard]] bool ends_at_semicolon() const { return parentheses_ == 0 && bodies_ == 0; }
  [[nodiscard]] bool is_copy_in() const { return copy_in_; }

 private:
  enum class Form : std::uint8_t { unknown, plain, create, routine, copy };

  // BEGIN ATOMIC … END is the one place where semicolons stand in a statement without parentheses or quotes.
  // CASE ends with END as well; as a label (x AS end, x.end) neither counts.
  void follow_body(std::string_view word) {
    if (bodies_ == 0) {
      if (is_word(previous_, "begin") && is_word(word, "atomic")) bodies_ = 1;
      return;
    }
    if (previous_ == "." || is_word(previous_, "as")) return;
    if (is_word(word, "case")) ++bodies_;
    if (is_word(word, "end")) --bodies_;
  }

  Form form_ = Form::unknown;
  int parentheses_ = 0;
  int bodies_ = 0;  ///< open BEGIN ATOMIC and CASE
  bool copy_in_ = false;
  std::string_view previous_;
};

class Splitter {
 public:
  Splitter(std::string_view text, std::string_view file,
           const std::function<Result<>(const Statement&)>& each)
      : text_(text), file_(file), each_(each), lexer_(text, text.starts_with("\xEF\xBB\xBF") ? 3 : 0) {}

  Result<> run() {
    for (;;) {
      const Token token = lexer_.next();
      switch (token.kind) {
        case Token::Kind::end:
          return finish(text_.size());
        case Token::Kind::unclosed:
          return unclosed(token);
        case Token::Kind::backslash:
          return meta_command(token.begin);
        case Token::Kind::semicolon:
          if (!shape_.ends_at_semicolon()) break;
          if (auto done = finish(token.end); !done) return done;
          continue;
        default:
          break;
      }
      shape_.take(token, lexer_.text(token));
      if (!begin_) begin_ = token.begin;
      end_ = token.end;
    }
  }

 private:
  /// Hands on the statement whose semicolon, or the end of the text, is before `after`.
  Result<> finish(std::size_t after) {
    if (!begin_) return {};
    Statement statement{.text = text_.substr(*begin_, end_ - *begin_),
                        .offset = *begin_,
                        .line = line_at(*begin_),
                        .is_copy_in = shape_.is_copy_in()};
    if (statement.is_copy_in) {
      auto data = copy_data(statement, after);
      if (!data) return pass(data);
      statement.copy_data = *data;
    }
    begin_.reset();
    shape_ = {};
    return each_(statement);
  }

  /// The lines below COPY … FROM stdin; up to the one with \. alone, behind which the lexer then stands.
  Result<std::string_view> copy_data(const Statement& statement, std::size_t after) {
    const std::size_t line_end = text_.find('\n', after);
    const std::string_view rest = text_.substr(after, line_end - after);  // npos: to the end
    const std::size_t more = rest.find_first_not_of(" \t\r");
    if (more != std::string_view::npos && !rest.substr(more).starts_with("--"))
      return fail_at(codes::syntax, after + more,
                     "text follows COPY … FROM stdin on its line, where only data can come",
                     "move it below the data");
    for (std::size_t at = line_end; at != std::string_view::npos; at = text_.find("\n\\.", at + 1)) {
      const std::size_t mark = at + 1;
      if (const std::size_t length = end_mark_length(mark); length > 0) {
        lexer_.seek(mark + length);
        return text_.substr(line_end + 1, mark - line_end - 1);
      }
    }
    return fail_at(codes::unterminated, statement.offset, "the data of COPY … FROM stdin is not ended",
                   "end the data with a line that holds only \\.");
  }

  /// Bytes of a line that is exactly \. at `at`, without its newline; 0 if it is not.
  [[nodiscard]] std::size_t end_mark_length(std::size_t at) const {
    const std::string_view line = text_.substr(at, 4);
    if (!line.starts_with("\\.")) return 0;
    if (line.size() == 2 || line[2] == '\n') return 2;
    return line[2] == '\r' && (line.size() == 3 || line[3] == '\n') ? 3 : 0;
  }

  std::unexpected<Error> meta_command(std::size_t at) const {
    const std::string_view line = text_.substr(at + 1, text_.find('\n', at + 1) - at - 1);
    const std::string_view name =
        line.substr(0, std::min<std::size_t>(line.find_first_of(" \t\r\f\v\\"), 29));
    return fail_at(codes::psql_command, at, fmt::format("psql's \\{} cannot be run", printable(name)),
                   instead_of(name, line.substr(name.size())));
  }

  std::unexpected<Error> unclosed(const Token& token) const {
    const char c = text_[token.begin];
    if (c == '/')
      return fail_at(codes::unterminated, token.begin, "a comment is not closed", "close it with */");
    if (c == '"')
      return fail_at(codes::unterminated, token.begin, "a quoted identifier is not closed",
                     "close it with \"");
    if (c != '$')
      return fail_at(codes::unterminated, token.begin, "a string is not closed", "close it with '");
    const std::size_t tag = text_.find('$', token.begin + 1) + 1 - token.begin;
    return fail_at(codes::unterminated, token.begin, "a dollar-quoted string is not closed",
                   fmt::format("close it with {}", printable(text_.substr(token.begin, tag))));
  }

  std::unexpected<Error> fail_at(const Code& code, std::size_t at, std::string message,
                                 std::string_view hint) const {
    return std::unexpected(Error{.code = code,
                                 .message = std::move(message),
                                 .where = position_of(file_, text_, at),
                                 .hint = std::string(hint)});
  }

  int line_at(std::size_t offset) {
    const std::string_view passed = text_.substr(counted_to_, offset - counted_to_);
    line_ += static_cast<int>(std::ranges::count(passed, '\n'));
    counted_to_ = offset;
    return line_;
  }

  std::string_view text_;
  std::string_view file_;
  const std::function<Result<>(const Statement&)>& each_;
  Lexer lexer_;
  Shape shape_;
  std::optional<std::size_t> begin_;  ///< of the current statement's first token
  std::size_t end_ = 0;               ///< of its last
  int line_ = 1;                      ///< of counted_to_
  std::size_t counted_to_ = 0;
};

}  // namespace

Result<> for_each_statement(std::string_view text, std::string_view file,
                            const std::function<Result<>(const Statement&)>& each) {
  return Splitter(text, file, each).run();
}

Result<std::vector<Statement>> split(std::string_view text, std::string_view file) {
  std::vector<Statement> statements;
  auto done = for_each_statement(text, file, [&](const Statement& statement) -> Result<> {
    statements.push_back(statement);
    return {};
  });
  if (!done) return pass(done);
  return statements;
}

}  // namespace candor::sql
