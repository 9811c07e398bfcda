/// history/lock_reader.h: candor.lock line by line, each line from left to right. Not for other rooms.
#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "base/error.h"
#include "catalog/object.h"

namespace candor::history {

/// A place in the file. What takes something from it returns false if that does not stand there; except by
/// take() and line_starts(), the error is then set, with that place.
class LockReader {
 public:
  /// Both are borrowed. `file` names the text in errors.
  LockReader(std::string_view text, std::string_view file) : text_(text), file_(file) {}

  // Lines.
  /// To the next line. A line without its newline was cut.
  bool advance();
  /// To the next line, which is empty.
  bool blank();
  /// Takes `word` and a space from the start of the current line.
  bool keyword(std::string_view word);
  bool line_done();
  [[nodiscard]] bool line_starts(std::string_view with) const { return line_.starts_with(with); }
  [[nodiscard]] char first_byte() const { return line_.front(); }

  // Parts of a line.
  bool take(char c);
  bool expect(char c);
  bool word(std::string& value);
  bool value(Text& value);
  /// A kind, a space and an identity.
  bool identity(catalog::ObjectId& id);
  /// "name=". The search begins at `index`: attributes mostly come in their kind's order.
  bool attribute(catalog::Kind kind, std::size_t& index);
  /// Without sign or leading zeros.
  template <class Number>
  bool number(Number& value);

  // Errors, at the current place. Both return false.
  bool malformed(std::string message);
  bool broken(const Code& code, std::string message, std::string_view hint = restore);
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  /// Offsets of the current line and of the next one.
  [[nodiscard]] std::size_t here() const { return static_cast<std::size_t>(line_.data() - text_.data()); }
  [[nodiscard]] bool at_end() const { return next_ == text_.size(); }
  [[nodiscard]] std::string_view text(std::size_t from, std::size_t to) const {
    return text_.substr(from, to - from);
  }

 private:
  static constexpr std::string_view restore =
      "restore it from version control, or write it anew with `candor lock`";

  bool kind(catalog::Kind& kind);

  std::string_view text_;
  std::string_view file_;
  std::string_view line_;
  std::string_view rest_;      ///< what is left of line_
  std::size_t next_ = 0;       ///< where the line after line_ starts
  catalog::ObjectId last_id_;  ///< neighbours share most of their names
  std::string scratch_;
  std::optional<Error> error_;
};

template <class Number>
bool LockReader::number(Number& value) {
  const char* const begin = rest_.data();
  const bool digits = !rest_.empty() && *begin >= '0' && *begin <= '9';
  const auto [end, fault] = std::from_chars(begin, begin + rest_.size(), value);
  const auto length = static_cast<std::size_t>(end - begin);
  if (!digits || fault != std::errc() || (*begin == '0' && length > 1)) return malformed("expected a number");
  rest_.remove_prefix(length);
  return true;
}

}  // namespace candor::history
