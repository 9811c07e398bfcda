#include "cli/program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/ascii.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "pg/program.h"
#include "pg/session.h"

namespace candor::cli {

namespace {

constexpr int passed_on[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH};

struct sigaction pipe_before;
bool pipe_ignored = false;

void restore_broken_pipes() {
  if (pipe_ignored) sigaction(SIGPIPE, &pipe_before, nullptr);
}

Error not_started(const std::string& program, int error_number) {
  return {.code = codes::command_not_started,
          .message = fmt::format("{} cannot be started: {}", printable(program), std::strerror(error_number)),
          .hint = error_number == ENOENT ? "check the name and PATH; it is started without a shell"
                                         : "make the file executable, or name the program that runs it"};
}

/// Between fork and exec: tells through `report` why the program did not start.
[[noreturn]] void become(const std::vector<char*>& arguments, const sigset_t& mask, int report) {
  restore_interrupt_handlers();
  restore_broken_pipes();
  sigprocmask(SIG_SETMASK, &mask, nullptr);
  execvp(arguments[0], arguments.data());
  const int error_number = errno;
  [[maybe_unused]] const ssize_t written = write(report, &error_number, sizeof error_number);
  _exit(127);
}

/// 0 once the program runs, else the errno of its exec. Closes `report`.
int started(int report) {
  int error_number = 0;
  ssize_t got;
  do {
    got = read(report, &error_number, sizeof error_number);
  } while (got < 0 && errno == EINTR);
  close(report);
  return got == sizeof error_number ? error_number : 0;
}

/// REQUIRES: the signals in `set` are blocked.
int wait_passing_signals_on(pid_t child, const sigset_t& set) {
  for (;;) {
    int status = 0;
    const pid_t ended = waitpid(child, &status, WNOHANG);
    if (ended == child) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    siginfo_t info{};
    const int signal = sigwaitinfo(&set, &info);
    // A signal that the terminal sent (Ctrl-C) has reached the program as well.
    if (signal > 0 && signal != SIGCHLD && info.si_code != SI_KERNEL) kill(child, signal);
  }
}

}  // namespace

void ignore_broken_pipes() {
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  pipe_ignored = sigaction(SIGPIPE, &ignore, &pipe_before) == 0;
}

Error replace_process(const std::vector<std::string>& program) {
  if (interrupted()) return {.code = codes::interrupted, .message = "the program was not started"};
  const std::vector<char*> arguments = pg::c_array(program);
  restore_interrupt_handlers();
  restore_broken_pipes();
  execvp(arguments[0], arguments.data());
  const int error_number = errno;
  ignore_broken_pipes();
  return not_started(program[0], error_number);
}

namespace {

std::string percent_encoded(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool is_plain = is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                          c == '-' || c == '.' || c == '~';
    result += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

/// Programs that are not libpq's read nothing else, and want a host: where that is a socket's folder, it
/// stands behind the URI, and "localhost" in it.
std::string as_uri(const std::vector<pg::UrlOption>& options) {
  std::map<std::string_view, std::string> parts = {{"host", "localhost"}};
  std::string rest;
  for (const pg::UrlOption& option : options) {
    const std::string value = percent_encoded(option.value);
    const bool is_folder = option.keyword == "host" && option.value.starts_with('/');
    const bool has_a_place = option.keyword == "user" || option.keyword == "password" ||
                             option.keyword == "dbname" || option.keyword == "port" ||
                             (option.keyword == "host" && !is_folder);
    if (has_a_place)
      parts[option.keyword] = value;
    else
      rest += fmt::format("{}{}={}", rest.empty() ? "?" : "&", option.keyword, value);
  }
  const std::string password = parts.contains("password") ? ":" + parts["password"] : "";
  const std::string port = parts.contains("port") ? ":" + parts["port"] : "";
  return fmt::format("postgresql://{}{}@{}{}/{}{}", parts["user"], password, parts["host"], port,
                     parts["dbname"], rest);
}

}  // namespace

Result<std::map<std::string, std::string>> server_environment(const std::string& url) {
  static const std::map<std::string_view, std::string> variables = {{"host", "PGHOST"},
                                                                    {"port", "PGPORT"},
                                                                    {"user", "PGUSER"},
                                                                    {"dbname", "PGDATABASE"},
                                                                    {"password", "PGPASSWORD"}};
  const auto options = pg::parse_url(url);
  if (!options) return std::unexpected(options.error());
  std::map<std::string, std::string> environment = {
      {"DATABASE_URL", url.find("://") == std::string::npos ? as_uri(*options) : url}};
  for (const pg::UrlOption& option : *options)
    if (const auto variable = variables.find(option.keyword); variable != variables.end())
      environment[variable->second] = option.value;
  return environment;
}

void forget_other_servers() {
  for (const char* variable :
       {"PGSERVICE", "PGHOSTADDR", "PGPASSWORD", "PGSSLMODE", "PGOPTIONS", "PGTARGETSESSIONATTRS"})
    unsetenv(variable);
}

Result<int> run_beside(const std::vector<std::string>& program,
                       const std::map<std::string, std::string>& environment, bool to_stderr) {
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  const std::vector<char*> arguments = pg::c_array(program);
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) return std::unexpected(not_started(program[0], errno));

  sigset_t set;
  sigset_t before;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  for (const int signal : passed_on) sigaddset(&set, signal);
  sigprocmask(SIG_BLOCK, &set, &before);
  const pid_t child = fork();
  if (child == 0 && to_stderr) dup2(STDERR_FILENO, STDOUT_FILENO);
  if (child == 0) become(arguments, before, report[1]);
  const int fork_error = child < 0 ? errno : 0;
  close(report[1]);
  int error_number = started(report[0]);
  if (fork_error != 0) error_number = fork_error;
  const int exit = child < 0 ? 0 : wait_passing_signals_on(child, set);
  sigprocmask(SIG_SETMASK, &before, nullptr);
  if (error_number != 0) return std::unexpected(not_started(program[0], error_number));
  return exit;
}

}  // namespace candor::cli
