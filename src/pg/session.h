/// pg/session.h: what connection.cpp and pipeline.cpp share: the libpq connection and how to wait for it.
/// Private to the room.
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "pg/connection.h"

namespace candor::pg {

/// The server's report in `result`, or libpq's own when there is none. Sets code, sqlstate, position,
/// retryable and connection_lost; the connection's state is not looked at.
Error error_of(const pg_result* result);

/// libpq's parsed connection string.
struct UrlOption {
  std::string keyword, value;
  bool secret = false;
};
/// Errors: C0104, without anything that might be a part of a password.
Result<std::vector<UrlOption>> parse_url(std::string_view url);

/// As Connection::pooled.
bool is_pooled(const pg_conn* conn);

/// Parameters as libpq wants them.
class ParamPointers {
 public:
  explicit ParamPointers(const Params& params);
  [[nodiscard]] int size() const { return static_cast<int>(pointers_.size()); }
  [[nodiscard]] const char* const* data() const { return pointers_.data(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  std::vector<const char*> pointers_;
  std::size_t bytes_ = 0;
};

/// One libpq connection in non-blocking mode, and the waiting for it.
struct Session {
  explicit Session(const ConnectOptions& given) : options(given) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  PGconn* conn = nullptr;
  bool shielded = false;  ///< Ctrl-C is not looked at, for now
  ConnectOptions options;
  std::unordered_set<std::string> prepared;  ///< names that this session knows

  // Notices: kept up to a bound, the rest counted.
  std::vector<Notice> notices;
  std::size_t notices_dropped = 0;
  static void keep_notice(void* session, const pg_result* notice);

  // An exchange is one statement, COPY or pipeline: from the first byte sent until all results are read.

  /// Errors: C0105 lost · C0008 Ctrl-C came and was not reported yet · C0009 a pipeline is under way.
  Result<> begin_exchange();
  /// Sends what is unsent and waits for the server's word, which is then taken in. On Ctrl-C it cancels the
  /// statement and goes on waiting for the answer. False: the connection is lost. REQUIRES: the server has
  /// something to say; it may be waiting for more data from us, and this would wait for ever.
  bool wait();
  /// As wait(), after a PQflush that left something unsent: ends as well when the server can take more.
  bool wait_to_send();
  /// The next result, waiting for it; nullptr at the end of one statement's results and when the connection
  /// is lost.
  pg_result* next_result();
  /// The verdict on a failed exchange: C0008 if the failure is our own cancelling, C0105 if the connection is
  /// gone; else `error` as it is.
  Error judged(Error error);
  /// As above, from what libpq itself says (a statement could not be sent, or there was no result).
  Error judged_libpq_failure();

  /// True once Ctrl-C cancels this exchange; looks for a signal first.
  bool cancelling();
  /// Asks the server to stop the statement that runs now. Blocks until the server has the signal, so that it
  /// cannot hit a later statement.
  void send_cancel();
  /// Gives the connection up: nothing that was agreed with the server can be relied on.
  void abandon();
  [[nodiscard]] bool lost() const;

  /// `sql` with its closing NUL, in a buffer that is reused.
  const char* c_string(std::string_view sql);

 private:
  bool wait_for(short events);
  [[nodiscard]] bool listens_for_interrupt() const {
    return !shielded && !reported_interrupt_ && !options.ignore_interrupt;
  }

  using Clock = std::chrono::steady_clock;
  std::optional<Clock::time_point> cancelling_since_;
  bool reported_interrupt_ = false;  // what follows is cleaning up and runs as usual
  bool abandoned_ = false;
  std::string scratch_;
};

struct Connection::State : Session {
  using Session::Session;
};

/// Errors: C0109 a NUL byte, which would silently cut the statement short.
Result<> check_no_nul(std::string_view sql, const Params& params);

}  // namespace candor::pg
