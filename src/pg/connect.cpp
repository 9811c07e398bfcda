/// Connection::open: reaching a server, and saying exactly why it was not reached.
#include <fmt/format.h>
#include <poll.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>

#include "base/interrupt.h"
#include "pg/session.h"

namespace candor::pg {

namespace {

constexpr int oldest_supported = 12;
constexpr int newest_supported = 18;

using Clock = std::chrono::steady_clock;

/// What a failed login says: with verbose errors a server's line reads "FATAL:  28P01: password …". libpq has
/// no other way to ask for the SQLSTATE of a connection that was never made.
struct LoginFailure {
  std::string sqlstate;
  std::string message;
};

bool is_sqlstate(std::string_view word) {
  for (const char c : word) {
    if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))) return false;
  }
  return word.size() == 5;
}

LoginFailure read_failure(std::string_view text) {
  LoginFailure failure;
  while (!text.empty()) {
    std::string line(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.starts_with("LOCATION:")) continue;
    const std::size_t mark = line.find(":  ");
    if (mark != std::string::npos && is_sqlstate(std::string_view(line).substr(mark + 3, 5)) &&
        std::string_view(line).substr(mark + 8).starts_with(": ")) {
      failure.sqlstate = line.substr(mark + 3, 5);
      line.erase(mark + 1, 8);  // "FATAL:  28P01: …" becomes "FATAL: …"
    }
    if (line.empty()) continue;
    if (!failure.message.empty()) failure.message += '\n';
    failure.message += line;
  }
  return failure;
}

Error connect_error(PGconn* conn) {
  LoginFailure failure = read_failure(PQerrorMessage(conn));
  Error error{.code = codes::unreachable,
              .message = std::move(failure.message),
              .sqlstate = std::move(failure.sqlstate),
              .hint = "check that the server runs, and its host and port",
              .retryable = true};
  if (const std::size_t end = error.message.find('\n'); end != std::string::npos) {
    error.detail = error.message.substr(end + 1);
    error.message.resize(end);
  }
  if (error.message.empty()) error.message = "the server cannot be reached";
  const auto becomes = [&](const Code& code, std::string hint) {
    error.code = code;
    error.hint = std::move(hint);
    error.retryable = false;
  };
  if (error.sqlstate.starts_with("28") || PQconnectionNeedsPassword(conn) == 1) {
    becomes(codes::login_refused, "check user and password, and the server's pg_hba.conf");
  } else if (error.sqlstate == "3D000") {
    becomes(codes::no_such_database, "create the database, or correct its name");
  } else if (error.sqlstate == "42501") {
    becomes(codes::insufficient_rights, "grant the role CONNECT on the database");
  } else if (error.sqlstate == "57P03" || error.sqlstate == "53300") {
    error.hint = "wait until the server accepts connections";
  } else if (error.sqlstate == "0A000" && error.message.find("UTF8") != std::string::npos) {
    becomes(codes::encoding_unsupported, "use a database whose encoding can be converted to UTF8");
  } else if (error.message.find("certificate") != std::string::npos ||
             error.message.find("does not support SSL") != std::string::npos) {
    becomes(codes::unreachable,
            "check sslmode and sslrootcert, and the host name against the server's certificate");
  }
  return error;
}

/// A connect_timeout that the user gave, in the connection string or libpq's environment, goes before ours.
std::chrono::milliseconds patience(PGconn* conn, std::chrono::milliseconds ours) {
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(PQconninfo(conn),
                                                                               &PQconninfoFree);
  for (const PQconninfoOption* option = options.get(); option != nullptr && option->keyword != nullptr;
       ++option) {
    if (std::string_view(option->keyword) != "connect_timeout" || option->val == nullptr) continue;
    const std::string_view text = option->val;
    int seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (seconds > 0) return std::chrono::seconds(seconds);
  }
  return ours;
}

Result<> connect(PGconn* conn, const ConnectOptions& options) {
  const bool listening = !options.ignore_interrupt;
  const auto limit = patience(conn, options.timeout);
  const auto deadline = Clock::now() + limit;
  PostgresPollingStatusType wants = PGRES_POLLING_WRITING;
  while (wants != PGRES_POLLING_OK) {
    if (wants == PGRES_POLLING_FAILED) return std::unexpected(connect_error(conn));
    if (listening && interrupted()) return fail(codes::interrupted, "interrupted", "run the command again");
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) {
      return std::unexpected(
          Error{.code = codes::unreachable,
                .message = fmt::format("{}:{} did not answer within {} s", PQhost(conn), PQport(conn),
                                       std::chrono::duration<double>(limit).count()),
                .hint = "check that the server runs, and its host and port",
                .retryable = true});
    }
    pollfd polled[] = {{.fd = PQsocket(conn),
                        .events = static_cast<short>(wants == PGRES_POLLING_READING ? POLLIN : POLLOUT),
                        .revents = 0},
                       {.fd = listening ? interrupt_fd() : -1, .events = POLLIN, .revents = 0}};
    ::poll(polled, 2, static_cast<int>(left.count()));
    if (polled[0].revents != 0) wants = PQconnectPoll(conn);
  }
  return {};
}

Result<> check_server(PGconn* conn) {
  const int major = PQserverVersion(conn) / 10000;
  if (major < oldest_supported || major > newest_supported) {
    return fail(codes::server_unsupported,
                fmt::format("the server is PostgreSQL {}; {} to {} are supported", major, oldest_supported,
                            newest_supported),
                major < oldest_supported ? "upgrade the server" : "upgrade Candor");
  }
  const char* const encoding = PQparameterStatus(conn, "client_encoding");
  if (encoding == nullptr || std::string_view(encoding) != "UTF8") {
    return fail(codes::encoding_unsupported, "the server did not agree to talk UTF8",
                "use a database whose encoding can be converted to UTF8");
  }
  return {};
}

/// As the server ends words at (isspace in the C locale).
bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// For libpq's `options`, whose words end at spaces: RESET ALL leads back to what stands there.
std::string as_startup_option(const std::string& search_path) {
  std::string text = "-csearch_path=";
  for (const char c : search_path) {
    if (is_space(c) || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

PGconn* start(const std::vector<UrlOption>& url, const ConnectOptions& options) {
  std::vector<const char*> names, values;
  const auto add = [&](const char* name, const char* value) {
    names.push_back(name);
    values.push_back(value);
  };
  // Of several settings the last one counts: what the url says, or else PGOPTIONS, goes before the project's
  // path.
  std::string startup = options.search_path.empty() ? "" : as_startup_option(options.search_path);
  const char* given = std::getenv("PGOPTIONS");
  for (const UrlOption& option : url) {
    add(option.keyword.c_str(), option.value.c_str());
    if (option.keyword == "options") given = option.value.c_str();
  }
  if (!startup.empty() && given != nullptr) startup += fmt::format(" {}", given);
  if (!startup.empty()) add("options", startup.c_str());
  add("client_encoding", "UTF8");
  add("fallback_application_name", options.application_name.c_str());
  add(nullptr, nullptr);
  return PQconnectStartParams(names.data(), values.data(), 0);
}

}  // namespace

bool is_pooled(const pg_conn* conn) {
  constexpr int largest_pid = 1 << 22;  // Linux's kernel.pid_max at most; poolers send 32 random bits
  const int pid = PQbackendPID(conn);
  return pid <= 0 || pid > largest_pid;
}

Result<Connection> Connection::open(const ConnectOptions& options) {
  if (!options.ignore_interrupt && interrupted())
    return fail(codes::interrupted, "interrupted", "run the command again");
  auto url = parse_url(options.url);
  if (!url) return pass(url);

  auto state = std::make_unique<State>(options);
  state->conn = start(*url, options);
  if (state->conn == nullptr) return fail(codes::internal, "libpq is out of memory", "free some memory");
  PGconn* const conn = state->conn;
  PQsetErrorVerbosity(conn, PQERRORS_VERBOSE);
  PQsetNoticeReceiver(conn, &Session::keep_notice, state.get());
  if (PQstatus(conn) == CONNECTION_BAD) return std::unexpected(connect_error(conn));
  if (auto connected = connect(conn, options); !connected) return pass(connected);
  if (auto supported = check_server(conn); !supported) return pass(supported);
  PQsetErrorVerbosity(conn, PQERRORS_DEFAULT);
  if (PQsetnonblocking(conn, 1) != 0) return std::unexpected(connect_error(conn));
  return Connection(std::move(state));
}

}  // namespace candor::pg
