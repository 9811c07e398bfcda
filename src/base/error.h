/// base/error.h: errors are values. Result<T> is what every function that can fail returns.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/codes.h"

namespace candor {

/// A place in a text file, with the line itself so that it can be shown with a caret.
struct SourcePosition {
  std::string file;  ///< as the user would name it
  int line = 0;      ///< from 1
  int column = 0;    ///< in characters (not bytes), from 1; 0: the whole line
  std::string text;  ///< the line, without its newline
};

/// What went wrong. Three questions that callers ask are fields: may I retry, is the connection still
/// usable, may a COMMIT have happened?
struct Error {
  Code code = codes::internal;
  std::string message;   ///< what happened: lower case, no full stop; grows a prefix as it rises
  std::string sqlstate;  ///< of the server's report, or empty
  std::string detail;    ///< the server's detail, context or the operating system's reason
  int position = 0;      ///< in the statement, in characters from 1; 0: unknown
  std::optional<SourcePosition> where;  ///< the place in a file of the user's
  std::string hint;                     ///< one order: what to do next; never empty at the command line
  bool retryable = false;               ///< the same call may succeed later (lock timeout, deadlock)
  bool connection_lost = false;         ///< the connection that was used is gone
  bool commit_in_doubt = false;         ///< a COMMIT was sent and its answer never came
};

template <class T = void>
using Result = std::expected<T, Error>;

/// `error` with "doing: " before its message: each level adds what *it* was doing, once; code and hint stay.
[[nodiscard]] std::unexpected<Error> failed(std::string_view doing, Error error);

/// As above, from a failed result. REQUIRES: !result.
template <class T>
[[nodiscard]] std::unexpected<Error> failed(std::string_view doing, Result<T>& result) {
  return failed(doing, std::move(result.error()));
}

/// The error of a failed result, to be returned as it is. REQUIRES: !result.
template <class T>
[[nodiscard]] std::unexpected<Error> pass(Result<T>& result) {
  return std::unexpected(std::move(result.error()));
}

/// A new error. Prefer designated initialisers where more than three fields are known.
[[nodiscard]] std::unexpected<Error> fail(const Code& code, std::string message, std::string hint = {});

/// How much a finding matters: an error makes the command exit 1, a warning is printed, a notice is quiet
/// news.
enum class Severity { error, warning, notice };

/// A coded, evidenced statement about something wrong, with what to do about it. Unlike an Error it does not
/// end what was being done: several findings are collected and shown together.
struct Finding {
  Severity severity = Severity::error;
  Error what;
};

[[nodiscard]] bool has_error(const std::vector<Finding>& findings);

}  // namespace candor
