#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace candor {

std::unexpected<Error> failed(std::string_view doing, Error error) {
  error.message = fmt::format("{}: {}", doing, error.message);
  return std::unexpected(std::move(error));
}

std::unexpected<Error> fail(const Code& code, std::string message, std::string hint) {
  return std::unexpected(Error{.code = code, .message = std::move(message), .hint = std::move(hint)});
}

bool has_error(const std::vector<Finding>& findings) {
  return std::ranges::any_of(findings,
                             [](const Finding& finding) { return finding.severity == Severity::error; });
}

}  // namespace candor
