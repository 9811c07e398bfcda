#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/ascii.h"
#include "base/suggest.h"
#include "history/migration.h"
#include "sql/lexer.h"
#include "sql/script.h"

namespace candor::history {
namespace {

constexpr std::string_view mark = "candor:";
constexpr std::array<std::string_view, 6> names{"no-transaction", "lock-timeout", "statement-timeout",
                                                "repeatable",     "varies",       "expect"};

bool is_directive(std::string_view comment) {
  return comment.size() >= mark.size() && sql::is_word(comment.substr(0, mark.size()), mark);
}

/// A duration as PostgreSQL's time settings read it: digits and perhaps a unit.
bool is_duration(std::string_view text) {
  constexpr std::string_view units[] = {"", "us", "ms", "s", "min", "h", "d"};
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  return digits > 0 && std::ranges::find(units, text.substr(digits)) != std::end(units);
}

class Reader {
 public:
  Reader(std::string_view text, std::string_view file, std::vector<Finding>& findings)
      : text_(text), file_(file), findings_(findings) {}

  Directives read() {
    for (at_ = text_.starts_with("\xEF\xBB\xBF") ? 3 : 0; skip_to_comment();) {
      const std::size_t end = std::min(text_.find('\n', at_), text_.size());
      const std::string_view comment = trimmed(text_.substr(at_ + 2, end - at_ - 2));
      if (is_directive(comment)) take(comment);
      at_ = end;
    }
    warn_of_late_ones();
    return std::move(directives_);
  }

 private:
  /// Moves to the next `--` at the top of the file; false at the first statement or the end.
  bool skip_to_comment() {
    for (;;) {
      at_ = std::min(text_.find_first_not_of(" \t\r\n\f\v", at_), text_.size());
      const std::string_view rest = text_.substr(at_);
      if (rest.starts_with("--")) return true;
      if (!rest.starts_with("/*")) return false;
      const std::size_t end = end_of_block_comment();
      if (end == at_) return false;
      at_ = end;
    }
  }

  [[nodiscard]] std::size_t end_of_block_comment() const {
    int depth = 0;
    for (std::size_t at = at_; at + 1 < text_.size(); ++at) {
      const std::string_view two = text_.substr(at, 2);
      if (two != "/*" && two != "*/") continue;
      depth += two == "/*" ? 1 : -1;
      ++at;
      if (depth == 0) return at + 1;
    }
    return at_;  // not closed: the splitter says so
  }

  void take(std::string_view comment) {
    const std::string_view all = comment.substr(mark.size());
    const std::size_t name_end = std::min(all.find_first_of(" \t"), all.size());
    const std::string_view name = all.substr(0, name_end), value = trimmed(all.substr(name_end));
    const auto position = static_cast<std::size_t>(comment.data() - text_.data());
    if (!comment.starts_with(mark) || name.empty())
      return report(Severity::error, position,
                    "a directive is written candor:NAME, in lower case and without spaces",
                    fmt::format("write -- candor:{}", name.empty() ? "NAME" : name));
    if (std::ranges::find(names, name) == names.end()) return unknown(position, name);

    if (name == "no-transaction") return set_flag(position, name, value, directives_.no_transaction);
    if (name == "repeatable")
      return report(Severity::error, position, "repeatable migrations are not supported",
                    "write a new migration for each change");
    if (name == "lock-timeout") return set_duration(position, name, value, directives_.lock_timeout);
    if (name == "statement-timeout")
      return set_duration(position, name, value, directives_.statement_timeout);
    if (value.empty())
      return report(Severity::error, position, fmt::format("the directive {} lacks its value", name),
                    name == "varies" ? "name the objects, as in -- candor:varies public.log_*"
                                     : "write a boolean SQL expression behind it");
    if (name == "varies")
      directives_.varies.emplace_back(value);
    else
      directives_.expect.emplace_back(trimmed(value.substr(0, value.find_last_not_of("; \t") + 1)));
  }

  void set_flag(std::size_t position, std::string_view name, std::string_view value, bool& flag) {
    if (!value.empty())
      return report(Severity::error, position, fmt::format("the directive {} takes no value", name),
                    fmt::format("write -- candor:{} alone", name));
    flag = true;
  }

  void set_duration(std::size_t position, std::string_view name, std::string_view value,
                    std::optional<std::string>& setting) {
    if (!is_duration(value))
      return report(Severity::error, position,
                    fmt::format("the directive {} lacks a duration: \"{}\"", name, printable(value)),
                    fmt::format("write a number with us, ms, s, min, h or d, as in -- candor:{} 3s", name));
    if (setting)
      return report(Severity::error, position, fmt::format("the directive {} is given twice", name),
                    "keep one of them");
    setting = std::string(value);
  }

  void unknown(std::size_t position, std::string_view name) {
    const std::string meant = closest(name, names);
    report(Severity::error, position, fmt::format("there is no directive \"{}\"", printable(name)),
           meant.empty() ? fmt::format("use one of {}", fmt::join(names, ", "))
                         : fmt::format("did you mean -- candor:{}?", meant));
  }

  /// Directives below the first statement do nothing: whoever wrote one believes otherwise.
  void warn_of_late_ones() {
    for (std::size_t at = text_.find(mark, at_); at != std::string_view::npos;
         at = text_.find(mark, at + 1)) {
      const std::string_view line = text_.substr(text_.rfind('\n', at) + 1, at - text_.rfind('\n', at) - 1);
      if (trimmed(line) != "--" || !is_in_comment(at)) continue;
      report(Severity::warning, at, "a directive below the first statement does not count",
             "move it to the top of the file");
    }
  }

  /// The next "candor:" from `from`, or the text's size. memmem: it is looked for in every byte of every
  /// file.
  [[nodiscard]] std::size_t find_mark(std::size_t from) const {
    const std::string_view rest = text_.substr(from);
    const void* found = ::memmem(rest.data(), rest.size(), mark.data(), mark.size());
    if (found == nullptr) return text_.size();
    return static_cast<std::size_t>(static_cast<const char*>(found) - text_.data());
  }

  // Rare, so the file is read again rather than once for everybody.
  [[nodiscard]] bool is_in_comment(std::size_t at) const {
    bool in_comment = true;
    const auto done = sql::for_each_statement(text_, file_, [&](const sql::Statement& statement) -> Result<> {
      const auto holds = [&](std::string_view part) {
        const auto begin = static_cast<std::size_t>(part.data() - text_.data());
        return !part.empty() && at >= begin && at < begin + part.size();
      };
      if (holds(statement.copy_data)) in_comment = false;
      if (holds(statement.text)) {
        sql::Lexer lexer(text_, statement.offset);
        sql::Token token = lexer.next();
        while (token.kind != sql::Token::Kind::end && token.end <= at) token = lexer.next();
        in_comment = token.begin > at || token.kind == sql::Token::Kind::end;
      }
      return {};
    });
    return done && in_comment;  // a broken file is reported as such elsewhere
  }

  void report(Severity severity, std::size_t position, std::string message, std::string hint) {
    findings_.push_back({severity, Error{.code = codes::unknown_directive,
                                         .message = std::move(message),
                                         .where = sql::position_of(file_, text_, position),
                                         .hint = std::move(hint)}});
  }

  std::string_view text_;
  std::string_view file_;
  std::vector<Finding>& findings_;
  Directives directives_;
  std::size_t at_ = 0;
};

}  // namespace

Directives read_directives(std::string_view text, std::string_view file, std::vector<Finding>& findings) {
  return Reader(text, file, findings).read();
}

}  // namespace candor::history
