#include "pg/server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

#include "base/file.h"
#include "base/interrupt.h"
#include "pg/place.h"
#include "pg/recording.h"
#include "pg/supervisor.h"
#include "pg/template.h"
#include "pg/tree.h"

namespace candor::pg {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr const char* control_socket = "control";
constexpr seconds start_patience{300};  // crash recovery may take minutes
constexpr seconds stop_patience{30};
constexpr int template_attempts = 3;

/// A server's private directory. It is removed with the object unless a supervisor has taken it over.
struct Runtime {
  fs::path path;
  Fd alive, listener;
  bool taken_over = false;

  explicit Runtime(fs::path made) : path(std::move(made)) {}
  Runtime(Runtime&& other) noexcept
      : path(std::move(other.path)),
        alive(std::move(other.alive)),
        listener(std::move(other.listener)),
        taken_over(std::exchange(other.taken_over, true)) {}
  ~Runtime() {
    if (!taken_over) remove_tree(path.c_str());
  }
};

Fd new_socket() {
  return Fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
}

sockaddr_un control_address(const fs::path& runtime) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = runtime / control_socket;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

bool listen_in(Runtime& runtime) {
  const sockaddr_un address = control_address(runtime.path);
  runtime.listener = new_socket();
  const int fd = runtime.listener.get();
  return ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
         ::listen(fd, SOMAXCONN) == 0 && ::fcntl(fd, F_SETFL, O_NONBLOCK) == 0;
}

Fd connect_to(const fs::path& runtime) {
  const sockaddr_un address = control_address(runtime);
  Fd socket = new_socket();
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
  return socket;
}

/// The alive file gets its name only when it is locked, so that no sweep takes a new directory for an
/// abandoned one.
Result<Runtime> make_runtime(const std::optional<Account>& account) {
  auto servers = servers_directory(account);
  if (!servers) return pass(servers);
  auto path = make_unique_directory(*servers / runtime_prefix, account);
  if (!path) return pass(path);
  Runtime runtime(*path);
  const std::string alive = *path / alive_file;
  const std::string unlocked = alive + ".new";
  auto file = open_file(unlocked, O_RDWR, account);
  if (!file) return pass(file);
  runtime.alive = std::move(*file);
  if (!try_lock(runtime.alive) || ::rename(unlocked.c_str(), alive.c_str()) != 0 || !listen_in(runtime))
    return system_failure("cannot prepare " + path->native(), errno);
  return runtime;
}

std::vector<std::string> postgres_arguments(const ServerPlan& plan, const std::string& data,
                                            const fs::path& runtime, int port) {
  std::vector<std::string> arguments = {plan.binaries.directory + "/postgres", "-D", data};
  const auto set = [&](std::string setting) {
    arguments.emplace_back("-c");
    arguments.push_back(std::move(setting));
  };
  set(!plan.recorded_role.empty() ? "listen_addresses=127.0.0.1" : "listen_addresses=");
  set(fmt::format("port={}", port));
  if (!plan.recorded_role.empty())
    for (std::string& setting : recording_settings(runtime)) set(std::move(setting));
  set("unix_socket_directories=" + runtime.native());
  set("unix_socket_permissions=0700");
  set("timezone=UTC");
  set("log_timezone=UTC");
  set("jit=off");
  set("max_locks_per_transaction=1024");  // histories of hundreds of tables in one transaction
  set("max_wal_size=1GB");                // initdb scales both with its small WAL segments
  set("min_wal_size=32MB");
  if (!plan.home.empty()) {
    set("fsync=on");
    set("max_connections=100");
    return arguments;
  }
  set("fsync=off");
  set("synchronous_commit=off");
  set("full_page_writes=off");
  set("autovacuum=off");
  set("shared_buffers=32MB");
  set("max_connections=50");
  return arguments;
}

/// What the supervisor says first; nothing when it went away without a word.
Result<std::optional<Report>> wait_for_report(const Fd& supervisor) {
  const auto deadline = steady_clock::now() + start_patience;
  while (steady_clock::now() < deadline) {
    pollfd watched[] = {{supervisor.get(), POLLIN, 0}, {interrupt_fd(), POLLIN, 0}};
    ::poll(watched, 2, 1000);
    if (interrupted()) return fail(codes::interrupted, "interrupted while the embedded server starts");
    if (watched[0].revents == 0) continue;
    Report report;
    const ssize_t size = ::recv(supervisor.get(), &report, sizeof report, 0);
    if (size == sizeof report) return report;
    if (size < 0 && errno == EINTR) continue;
    return std::nullopt;
  }
  return fail(codes::server_start_failed,
              fmt::format("the embedded server did not become ready within {} s", start_patience.count()),
              "look at the load of the machine, then run the same command again");
}

std::string last_lines(const fs::path& log) {
  auto text = read_file(log);
  if (!text) return text.error().message;
  constexpr std::size_t limit = 2000;
  if (text->size() <= limit) return *text;
  return text->substr(text->find('\n', text->size() - limit) + 1);
}

std::unexpected<Error> ended_while_starting(const ServerPlan& plan, const fs::path& log) {
  const std::string lines = last_lines(log);
  if (lines.find("No space left on device") != std::string::npos) {
    auto full = system_failure("the embedded server cannot start", ENOSPC);
    full.error().detail = lines;
    return full;
  }
  auto failure = fail(codes::server_start_failed,
                      fmt::format("PostgreSQL {} from {} ended while it started", plan.binaries.major,
                                  plan.binaries.directory),
                      "mend what the server's log names, then run the same command again");
  failure.error().detail = lines;
  return failure;
}

Result<Fd> duplicate(const Fd& fd) {
  Fd copy(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 3));
  if (!copy) return system_failure("cannot duplicate a file descriptor", errno);
  return copy;
}

/// One attempt. Nothing: the template turned out to be damaged.
Result<std::optional<Server>> launch(const ServerPlan& plan, const std::optional<Template>& from) {
  auto runtime = make_runtime(plan.account);
  if (!runtime) return pass(runtime);
  const fs::path home = plan.home.empty() ? runtime->path : fs::path(plan.home);
  const fs::path log = home / log_name;

  SupervisorPlan supervision;
  supervision.account = plan.account;
  supervision.runtime = runtime->path;
  supervision.data = home / data_name;
  supervision.keep = !plan.home.empty();
  if (from && supervision.keep) spread_entries(home);
  Server server{.runtime = runtime->path, .records = !plan.recorded_role.empty()};
  if (!plan.recorded_role.empty()) {
    auto port = prepare_recording(runtime->path, plan.recorded_role, plan.account);
    if (!port) return pass(port);
    server.port = *port;
  }
  supervision.arguments = postgres_arguments(plan, supervision.data, runtime->path, server.port);
  if (from) {
    supervision.template_data = from->data;
    supervision.template_size = from->size;
  }
  auto log_file = open_file(log, O_WRONLY | O_APPEND | O_TRUNC, plan.account);
  if (!log_file) return pass(log_file);
  supervision.log = std::move(*log_file);
  if (plan.lock != nullptr) {
    auto lock = duplicate(*plan.lock);
    if (!lock) return pass(lock);
    supervision.alive.push_back(std::move(*lock));
    if (auto told = write_file_atomically(home / address_name, runtime->path.native()); !told)
      return pass(told);
  }
  server.supervisor = connect_to(runtime->path);
  if (!server.supervisor) return system_failure("cannot connect to " + server.runtime, errno);
  supervision.alive.push_back(std::move(runtime->alive));
  supervision.listener = std::move(runtime->listener);
  if (auto started = start_supervisor(std::move(supervision)); !started) return pass(started);
  runtime->taken_over = true;

  auto report = wait_for_report(server.supervisor);
  if (!report) return pass(report);
  if (!*report || (*report)->outcome == Report::server_ended) return ended_while_starting(plan, log);
  if ((*report)->outcome == Report::template_damaged) return std::nullopt;
  if ((*report)->outcome == Report::system_error)
    return system_failure(fmt::format("{} in {}", (*report)->doing.data(), home.native()),
                          (*report)->error_number);
  server.postmaster = (*report)->postmaster;
  return server;
}

}  // namespace

Result<Server> start_server(const ServerPlan& plan) {
  constexpr std::string_view doing = "starting the embedded server";
  std::error_code ignored;
  const bool has_data = !plan.home.empty() && fs::exists(fs::path(plan.home) / data_name, ignored);
  for (int attempt = 0; attempt < template_attempts; ++attempt) {
    std::optional<Template> from;
    if (!has_data) {
      auto found = find_template(plan.binaries, plan.account);
      if (!found) return failed(doing, found);
      from = std::move(*found);
    }
    auto server = launch(plan, from);
    if (!server) return failed(doing, server);
    if (*server) return std::move(**server);
    if (auto discarded = discard_template(*from); !discarded) return failed(doing, discarded);
  }
  return fail(codes::server_start_failed,
              fmt::format("{}: its template was damaged {} times in a row", doing, template_attempts),
              "find out what changes the files in candor's cache directory");
}

Result<std::optional<Server>> join_server(const std::string& runtime) {
  Server server{.supervisor = connect_to(runtime), .runtime = runtime, .postmaster = 0};
  if (!server.supervisor) return std::nullopt;
  auto report = wait_for_report(server.supervisor);
  if (!report) return failed("joining the embedded server", report);
  if (!*report || (*report)->outcome != Report::ready) return std::nullopt;
  server.postmaster = (*report)->postmaster;
  return server;
}

void leave_server(Server& server) {
  ::shutdown(server.supervisor.get(), SHUT_WR);
  const auto deadline = steady_clock::now() + stop_patience;
  for (char byte; steady_clock::now() < deadline;) {
    pollfd watched{server.supervisor.get(), POLLIN, 0};
    if (::poll(&watched, 1, 1000) <= 0) continue;
    if (::recv(server.supervisor.get(), &byte, 1, MSG_DONTWAIT) <= 0) break;
  }
  server.supervisor = Fd();
}

}  // namespace candor::pg
