#include "history/lock_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/quoted.h"

namespace candor::history {

bool LockReader::advance() {
  const std::size_t end = text_.find('\n', next_);
  if (end == std::string_view::npos) {
    line_ = rest_ = text_.substr(next_);
    return malformed(text_.empty() ? "the lock file is empty"
                                   : "the lock file is truncated: it ends before its `end` line");
  }
  line_ = rest_ = text_.substr(next_, end - next_);
  next_ = end + 1;
  return true;
}

bool LockReader::blank() {
  return advance() && (line_.empty() || malformed("expected an empty line"));
}

bool LockReader::keyword(std::string_view word) {
  if (!line_.starts_with(word) || line_.size() <= word.size() || line_[word.size()] != ' ')
    return malformed(fmt::format("expected a line `{} …`", word));
  rest_.remove_prefix(word.size() + 1);
  return true;
}

bool LockReader::line_done() {
  return rest_.empty() || malformed("there is more on the line than belongs there");
}

bool LockReader::take(char c) {
  if (rest_.empty() || rest_.front() != c) return false;
  rest_.remove_prefix(1);
  return true;
}

bool LockReader::expect(char c) {
  return take(c) || malformed(fmt::format("expected '{}'", c));
}

bool LockReader::word(std::string& value) {
  std::string_view taken;
  if (!take_word(rest_, scratch_, taken)) return malformed("expected a word or a JSON string");
  value = taken;
  return true;
}

bool LockReader::value(Text& value) {
  std::string_view taken;
  if (!take_word(rest_, scratch_, taken)) return malformed("expected a word or a JSON string");
  value = Text(taken);
  return true;
}

bool LockReader::kind(catalog::Kind& kind) {
  const std::string_view name = rest_.substr(0, rest_.find(' '));
  if (!catalog::parse_kind(name, kind)) return malformed("expected a kind of object");
  rest_.remove_prefix(name.size());
  return expect(' ');
}

bool LockReader::identity(catalog::ObjectId& id) {
  catalog::Kind of{};
  if (!kind(of)) return false;
  if (!catalog::take_id(of, rest_, last_id_))
    return malformed(fmt::format("expected an identity of the kind {}", catalog::name_of(of)));
  id = last_id_;
  return true;
}

bool LockReader::attribute(catalog::Kind kind, std::size_t& index) {
  const auto attributes = catalog::attributes_of(kind);
  for (std::size_t tried = 0; tried < attributes.size(); ++tried, ++index) {
    if (index >= attributes.size()) index = 0;
    const std::string_view name = attributes[index].name;
    if (rest_.size() > name.size() && rest_[name.size()] == '=' && rest_.starts_with(name)) {
      rest_.remove_prefix(name.size() + 1);
      return true;
    }
  }
  return malformed(fmt::format("expected an attribute of the kind {}", catalog::name_of(kind)));
}

bool LockReader::malformed(std::string message) {
  return broken(codes::lock_malformed, std::move(message));
}

bool LockReader::broken(const Code& code, std::string message, std::string_view hint) {
  const auto count = [](std::string_view text, auto which) {
    return static_cast<int>(std::count_if(text.begin(), text.end(), which));
  };
  const std::string_view before = line_.substr(0, static_cast<std::size_t>(rest_.data() - line_.data()));
  SourcePosition where;
  where.file = file_;
  where.line = 1 + count(text_.substr(0, here()), [](char c) { return c == '\n'; });
  where.column = 1 + count(before, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; });
  where.text = line_;
  error_ = Error{
      .code = code, .message = std::move(message), .where = std::move(where), .hint = std::string(hint)};
  return false;
}

}  // namespace candor::history
