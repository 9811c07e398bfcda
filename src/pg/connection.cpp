#include "pg/connection.h"

#include <fmt/format.h>

#include "base/file.h"
#include "pg/session.h"

namespace candor::pg {

namespace {

constexpr std::size_t copy_chunk = 64 << 10;

/// Reads one statement's results to the end. The outcome is the first error, or else the last result.
class Drain {
 public:
  /// `copy_data`: what COPY … FROM stdin gets; nullptr: such a statement is refused.
  explicit Drain(Session& session, const std::string_view* copy_data = nullptr)
      : session_(session), copy_data_(copy_data) {}

  Result<Rows> run() {
    while (pg_result* const result = session_.next_result()) take(result);
    if (error_) return std::unexpected(session_.judged(std::move(*error_)));
    if (session_.lost() || !any_) return std::unexpected(session_.judged_libpq_failure());
    if (copy_data_ != nullptr && !copied_) {
      return fail(codes::query_failed, "there is COPY data, but the statement did not ask for any",
                  "remove the data, or write COPY … FROM stdin");
    }
    return std::move(rows_);
  }

 private:
  void take(pg_result* result) {
    Rows rows(result);
    any_ = true;
    switch (PQresultStatus(result)) {
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
      case PGRES_EMPTY_QUERY:
        rows_ = std::move(rows);
        break;
      case PGRES_COPY_IN:
        answer_copy_in();
        break;
      case PGRES_COPY_OUT:
        refuse_copy_out();
        break;
      case PGRES_COPY_BOTH:
        set_error("replication commands cannot be run", "remove the statement");
        session_.abandon();
        break;
      default:
        if (!error_) error_ = error_of(result);
    }
  }

  void answer_copy_in() {
    const char* refusal = nullptr;
    if (copy_data_ == nullptr) {
      set_error("the statement asks for COPY data, and there is none",
                "put the data behind the COPY statement");
      refusal = "no data was given";
    } else if (!send(*copy_data_)) {
      refusal = "the data could not be sent";
    }
    copied_ = true;
    if (PQputCopyEnd(session_.conn, refusal) != 1) session_.abandon();
  }

  /// In chunks, waiting whenever the server is slower. False: the COPY must be ended early.
  bool send(std::string_view data) {
    while (!data.empty()) {
      const std::string_view chunk = data.substr(0, copy_chunk);
      if (PQputCopyData(session_.conn, chunk.data(), static_cast<int>(chunk.size())) != 1) return false;
      data.remove_prefix(chunk.size());
      while (PQflush(session_.conn) == 1) {
        if (session_.cancelling() || !session_.wait_to_send()) return false;
      }
      if (session_.cancelling()) return false;
    }
    return true;
  }

  void refuse_copy_out() {
    set_error("COPY … TO STDOUT has nobody to send to", "use a SELECT, or COPY to a file on the server");
    session_.send_cancel();
    char* data = nullptr;
    for (int size = 0; size >= 0;) {
      size = PQgetCopyData(session_.conn, &data, 1);
      if (size > 0) PQfreemem(data);
      if (size == 0 && !session_.wait()) return session_.abandon();
    }
  }

  void set_error(std::string message, std::string hint) {
    if (error_) return;
    error_ = Error{.code = codes::query_failed, .message = std::move(message), .hint = std::move(hint)};
  }

  Session& session_;
  const std::string_view* copy_data_;
  Rows rows_;
  std::optional<Error> error_;
  bool any_ = false;
  bool copied_ = false;
};

/// One statement: `send` queues it with libpq (0: libpq refuses), then its results are read.
template <class Send>
Result<Rows> exchange(Session& session, const Send& send, const std::string_view* copy_data = nullptr) {
  if (auto ready = session.begin_exchange(); !ready) return pass(ready);
  if (send() == 0) return std::unexpected(session.judged_libpq_failure());
  return Drain(session, copy_data).run();
}

std::string or_else(const char* text, const char* otherwise) {
  return text != nullptr && *text != '\0' ? text : otherwise;
}

}  // namespace

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Result<Rows> Connection::query(std::string_view sql, const Params& params) {
  if (auto sendable = check_no_nul(sql, params); !sendable) return pass(sendable);
  const ParamPointers values(params);
  return exchange(*state_, [&] {
    return PQsendQueryParams(state_->conn, state_->c_string(sql), values.size(), nullptr, values.data(),
                             nullptr, nullptr, 0);
  });
}

Result<Rows> Connection::query_ignoring_interrupt(std::string_view sql, const Params& params) {
  const bool as_before = std::exchange(state_->shielded, true);
  auto rows = query(sql, params);
  state_->shielded = as_before;
  return rows;
}

Result<Rows> Connection::query(const Prepared& statement, const Params& params) {
  if (pooled()) return query(statement.sql, params);
  if (auto sendable = check_no_nul(statement.sql, params); !sendable) return pass(sendable);
  const char* const name = statement.name.c_str();
  if (!state_->prepared.contains(statement.name)) {
    auto prepared = exchange(
        *state_, [&] { return PQsendPrepare(state_->conn, name, statement.sql.c_str(), 0, nullptr); });
    if (!prepared) return prepared;
    state_->prepared.insert(statement.name);
  }
  const ParamPointers values(params);
  return exchange(*state_, [&] {
    return PQsendQueryPrepared(state_->conn, name, values.size(), values.data(), nullptr, nullptr, 0);
  });
}

Result<Rows> Connection::copy_in(std::string_view sql, std::string_view data) {
  if (auto sendable = check_no_nul(sql, {}); !sendable) return pass(sendable);
  const auto send = [&] {
    return PQsendQueryParams(state_->conn, state_->c_string(sql), 0, nullptr, nullptr, nullptr, nullptr, 0);
  };
  return exchange(*state_, send, &data);
}

int Connection::server_version() const {
  return PQserverVersion(state_->conn);
}

bool Connection::pooled() const {
  return is_pooled(state_->conn);
}

int Connection::backend_pid() const {
  return PQbackendPID(state_->conn);
}

bool Connection::lost() const {
  return state_->lost();
}

std::vector<Notice> Connection::take_notices() {
  std::vector<Notice> notices = std::exchange(state_->notices, {});
  if (const std::size_t dropped = std::exchange(state_->notices_dropped, 0)) {
    notices.push_back(
        {.severity = "NOTICE", .message = fmt::format("{} more notices are not shown", dropped)});
  }
  return notices;
}

std::string Connection::target() const {
  const std::string host = or_else(PQhost(state_->conn), "a Unix socket");
  const std::string port = or_else(PQport(state_->conn), "5432");
  return printable(fmt::format("database {} on {}:{} as user {}", database(), host, port, user()));
}

std::string Connection::database() const {
  return or_else(PQdb(state_->conn), "");
}

std::string Connection::user() const {
  return or_else(PQuser(state_->conn), "");
}

const ConnectOptions& Connection::options() const {
  return state_->options;
}

void Connection::forget_prepared() {
  state_->prepared.clear();
}

}  // namespace candor::pg
