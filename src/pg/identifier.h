/// pg/identifier.h: an SQL identifier: a type, so that a name becomes SQL text in one place only.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace candor::pg {

class Identifier {
 public:
  explicit Identifier(std::string_view name) : name_(name) {}
  [[nodiscard]] const std::string& name() const { return name_; }
  /// Always quoted: "we""ird". REQUIRES: no NUL byte (PostgreSQL has none in names).
  [[nodiscard]] std::string sql() const {
    std::string text = "\"";
    for (const char c : name_) text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + "\"";
  }

 private:
  std::string name_;
};

}  // namespace candor::pg

template <>
struct fmt::formatter<candor::pg::Identifier> : fmt::formatter<std::string> {
  auto format(const candor::pg::Identifier& identifier, fmt::format_context& context) const {
    return fmt::formatter<std::string>::format(identifier.sql(), context);
  }
};
