#include "pg/program.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "pg/fd.h"

namespace candor::pg {
namespace {

/// Between fork and exec: async-signal-safe calls only.
[[noreturn]] void exec_program(char* const* arguments, char* const* environment, const Account* account,
                               int input, int output) {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (int signal : {SIGINT, SIGTERM, SIGPIPE, SIGQUIT, SIGHUP, SIGCHLD}) ::signal(signal, SIG_DFL);
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  const char* failed_at = "cannot change to the account";
  if (account == nullptr || become(*account)) {
    ::umask(077);
    if (::chdir("/") == 0 && ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0)
      ::execve(arguments[0], arguments, environment);
    failed_at = "cannot execute the program";
  }
  const char* reason = ::strerrordesc_np(errno);
  for (const char* part : {failed_at, ": ", reason})
    if (::write(STDERR_FILENO, part, std::strlen(part)) < 0) break;
  ::_exit(127);
}

std::string read_all(int fd) {
  std::string text;
  char buffer[4096];
  for (;;) {
    const ssize_t size = ::read(fd, buffer, sizeof buffer);
    if (size > 0) text.append(buffer, static_cast<std::size_t>(size));
    if (size == 0 || (size < 0 && errno != EINTR)) return text;
  }
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return 127;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::vector<char*> c_array(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (const std::string& string : strings) pointers.push_back(const_cast<char*>(string.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> server_environment() {
  std::vector<std::string> environment = {"LC_ALL=C"};
  for (const char* name : {"PATH", "LD_LIBRARY_PATH"})
    if (const char* value = std::getenv(name)) environment.push_back(std::string(name) + "=" + value);
  return environment;
}

ProgramResult run_program(const std::vector<std::string>& arguments, const std::optional<Account>& account,
                          std::string_view input) {
  int in[2];
  int out[2];
  if (::pipe2(in, O_CLOEXEC) != 0) return {127, std::strerror(errno)};
  Fd in_read(in[0]);
  Fd in_write(in[1]);
  if (::pipe2(out, O_CLOEXEC) != 0) return {127, std::strerror(errno)};
  Fd out_read(out[0]);
  Fd out_write(out[1]);

  const std::vector<std::string> environment = server_environment();
  const std::vector<char*> argv = c_array(arguments);
  const std::vector<char*> envp = c_array(environment);
  // The input fits the pipe, so it can be written before anyone reads, and nobody's death makes a SIGPIPE.
  if (!input.empty() && ::write(in_write.get(), input.data(), input.size()) < 0)
    return {127, std::strerror(errno)};

  const pid_t child = ::fork();
  if (child < 0) return {127, std::strerror(errno)};
  if (child == 0)
    exec_program(argv.data(), envp.data(), account ? &*account : nullptr, in_read.get(), out_write.get());
  in_write = Fd();
  out_write = Fd();
  ProgramResult result;
  result.output = read_all(out_read.get());
  result.status = wait_for(child);
  return result;
}

}  // namespace candor::pg
