#include "pg/session.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "base/interrupt.h"

namespace candor::pg {

namespace {

constexpr std::size_t notices_kept = 1000;
constexpr std::size_t scratch_kept = 1 << 20;
/// A cancel that arrives between two statements is ignored by the server, so it is repeated until one is
/// heard.
constexpr std::chrono::milliseconds cancel_again{500};
/// A server that has not answered by then is not going to: Ctrl-C must end the program.
constexpr std::chrono::seconds cancel_patience{10};

Error lost_error(std::string message) {
  return Error{.code = codes::connection_lost,
               .message = std::move(message),
               .hint = "check the server and its log, then run the command again",
               .connection_lost = true};
}

Error interrupted_error() {
  return Error{.code = codes::interrupted,
               .message = "interrupted",
               .hint = "run the command again when you are ready"};
}

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

}  // namespace

ParamPointers::ParamPointers(const Params& params) {
  pointers_.reserve(params.size());
  for (const Param& param : params) {
    pointers_.push_back(param ? param->c_str() : nullptr);
    if (param) bytes_ += param->size();
  }
}

Session::~Session() {
  if (conn != nullptr) PQfinish(conn);
}

void Session::keep_notice(void* session, const pg_result* notice) {
  auto& self = *static_cast<Session*>(session);
  if (self.notices.size() >= notices_kept) {
    ++self.notices_dropped;
    return;
  }
  const auto field = [&](int which) {
    const char* value = PQresultErrorField(notice, which);
    return std::string(value != nullptr ? value : "");
  };
  self.notices.push_back({.severity = field(PG_DIAG_SEVERITY_NONLOCALIZED),
                          .sqlstate = field(PG_DIAG_SQLSTATE),
                          .message = field(PG_DIAG_MESSAGE_PRIMARY)});
}

Result<> Session::begin_exchange() {
  if (lost()) return std::unexpected(lost_error("the connection to the server was lost earlier"));
  if (PQpipelineStatus(conn) != PQ_PIPELINE_OFF) {
    return fail(codes::internal, "a statement was begun while a pipeline is under way", "report this");
  }
  cancelling_since_.reset();
  if (listens_for_interrupt() && interrupted()) {
    reported_interrupt_ = true;
    return std::unexpected(interrupted_error());
  }
  return {};
}

bool Session::cancelling() {
  if (!cancelling_since_ && listens_for_interrupt() && interrupted()) {
    cancelling_since_ = Clock::now();
    send_cancel();
  }
  return cancelling_since_.has_value();
}

void Session::send_cancel() {
  PGcancel* const handle = PQgetCancel(conn);
  char reason[256];
  // A failure here needs no word of its own: either the statement ends by itself, or patience does.
  if (handle != nullptr) PQcancel(handle, reason, sizeof reason);
  PQfreeCancel(handle);
}

bool Session::wait() {
  const int unsent = PQflush(conn);
  if (unsent < 0) return false;
  return wait_for(static_cast<short>(unsent > 0 ? POLLIN | POLLOUT : POLLIN));
}

bool Session::wait_to_send() {
  return wait_for(POLLIN | POLLOUT);
}

bool Session::wait_for(short events) {
  if (PQsocket(conn) < 0 || abandoned_) return false;
  if (cancelling_since_ && Clock::now() - *cancelling_since_ > cancel_patience) {
    abandon();
    return false;
  }
  const bool listening = listens_for_interrupt() && !cancelling_since_;
  pollfd polled[] = {{.fd = PQsocket(conn), .events = events, .revents = 0},
                     {.fd = listening ? interrupt_fd() : -1, .events = POLLIN, .revents = 0}};
  const int timeout = cancelling_since_ ? static_cast<int>(cancel_again.count()) : -1;
  const int ready = ::poll(polled, 2, timeout);
  if (ready < 0 && errno == EINTR) return true;
  if (ready < 0) {
    abandon();
    return false;
  }
  if (polled[1].revents != 0) cancelling();
  if (ready == 0) send_cancel();
  const bool readable = (polled[0].revents & (POLLIN | POLLERR | POLLHUP | POLLNVAL)) != 0;
  return !readable || PQconsumeInput(conn) == 1;
}

pg_result* Session::next_result() {
  // A lost connection ends the waiting; PQgetResult then returns what arrived before, or libpq's report of
  // the loss.
  while (!abandoned_ && PQisBusy(conn) != 0) {
    if (!wait()) break;
  }
  return abandoned_ ? nullptr : PQgetResult(conn);
}

Error Session::judged(Error error) {
  if (lost() && !error.connection_lost) {
    error.code = codes::connection_lost;
    error.connection_lost = true;
    error.retryable = false;
  }
  if (error.connection_lost) abandon();
  const bool by_us = cancelling_since_.has_value() && (error.sqlstate == "57014" || error.connection_lost);
  if (by_us) {
    Error answer = interrupted_error();
    answer.connection_lost = error.connection_lost;
    reported_interrupt_ = true;
    return answer;
  }
  return error;
}

Error Session::judged_libpq_failure() {
  const std::string said = first_line(PQerrorMessage(conn));
  if (lost()) return judged(lost_error(said.empty() ? "the connection to the server was lost" : said));
  return judged(Error{.code = codes::query_failed,
                      .message = said.empty() ? "libpq could not send the statement" : said,
                      .hint = "report this: the statement was not sent"});
}

void Session::abandon() {
  if (abandoned_) return;
  abandoned_ = true;
  prepared.clear();
  if (PQsocket(conn) >= 0) ::shutdown(PQsocket(conn), SHUT_RDWR);
}

bool Session::lost() const {
  return abandoned_ || conn == nullptr || PQstatus(conn) == CONNECTION_BAD;
}

Result<> check_no_nul(std::string_view sql, const Params& params) {
  bool found = sql.find('\0') != std::string_view::npos;
  for (const Param& param : params) found = found || (param && param->find('\0') != std::string::npos);
  if (!found) return {};
  return fail(codes::query_failed, "the statement holds a NUL byte, which PostgreSQL cannot receive",
              "remove the NUL byte");
}

const char* Session::c_string(std::string_view sql) {
  if (scratch_.capacity() > scratch_kept) scratch_ = {};
  scratch_.assign(sql);
  return scratch_.c_str();
}

}  // namespace candor::pg
