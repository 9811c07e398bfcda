/// pg/recording.h: what a server that records (ClusterOptions::recorded_role) wrote down: every statement of
/// every session, with its parameters.
///
/// The server logs a statement before it runs it: it succeeded if its session logged no error before its next
/// one (PostgreSQL, "Error Reporting and Logging", jsonlog and log_statement).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "pg/account.h"
#include "pg/connection.h"

namespace candor::pg {

inline constexpr int recording_since = 15;  ///< the first major with jsonlog
inline constexpr const char* recording_name = "recorded.json";

/// `name=value` for the server that records into `runtime`.
std::vector<std::string> recording_settings(const std::filesystem::path& runtime);
/// Writes who may log in and finds a free port. Errors: C0005 · C0112.
Result<int> prepare_recording(const std::filesystem::path& runtime, std::string_view role,
                              const std::optional<Account>& account);

struct Recorded {
  std::string session;
  std::string text;                     ///< one message: perhaps several statements
  Params params;                        ///< as the types print them; their types are not known
  bool ended = false;                   ///< no statement, but the end of its session
  std::optional<std::string> sqlstate;  ///< it failed
  std::string error;                    ///< the server's message
};

/// The statements of `role` in `database`, in the order in which the server got them. What could not be
/// parsed or bound is not among the statements that were logged: it comes as a failed one. Errors: C0004 ·
/// C0901 a line that is no jsonlog.
Result<std::vector<Recorded>> read_recording(const std::string& file, std::string_view database,
                                             std::string_view role);

}  // namespace candor::pg
