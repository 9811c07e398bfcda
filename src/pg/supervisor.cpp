#include "pg/supervisor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string_view>
#include <utility>

#include "pg/program.h"

namespace candor::pg {
namespace {

constexpr int max_clients = 1024;

/// Everything that needed memory, made before the fork.
struct Prepared {
  const SupervisorPlan& plan;
  std::vector<char*> argv;
  std::vector<char*> envp;
  std::string making;  ///< the data directory until it is whole
  std::string home;    ///< where the data directory is
  std::string pid_file;
  std::string runtime_parent;
};

void pause_milliseconds(long milliseconds) {
  const timespec pause{milliseconds / 1000, milliseconds % 1000 * 1'000'000};
  ::nanosleep(&pause, nullptr);
}

Report system_error(std::string_view doing, int error_number) {
  Report report{.outcome = Report::system_error, .error_number = error_number};
  doing.copy(report.doing.data(), report.doing.size() - 1);
  return report;
}

/// Closes all that was inherited except what the plan holds: another server's connection, kept open here,
/// would keep that server alive.
void keep_only(const SupervisorPlan& plan) {
  std::array<int, 16> kept{plan.listener.get(), plan.log.get()};
  std::size_t count = 2;
  for (const Fd& fd : plan.alive)
    if (count < kept.size()) kept[count++] = fd.get();
  std::sort(kept.begin(), kept.begin() + count);
  unsigned next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto fd = static_cast<unsigned>(kept[i]);
    if (fd > next) ::close_range(next, fd - 1, 0);
    next = fd + 1;
  }
  ::close_range(next, ~0U, 0);
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int standard = 0; standard <= 2; ++standard)
    if (standard != null && std::find(kept.begin(), kept.begin() + count, standard) == kept.begin() + count)
      ::dup3(null, standard, O_CLOEXEC);
}

/// Removes what a Candor that was killed while copying left beside its data directory.
int remove_half_made(void* context, const char* name) {
  const int home = *static_cast<int*>(context);
  return std::string_view(name).starts_with("data.making-") ? remove_tree(home, name) : 0;
}

/// Copies the template under another name, so that a half-made data directory is never taken for one.
std::optional<Report> make_data(const Prepared& prepared) {
  const SupervisorPlan& plan = prepared.plan;
  const Fd home(::open(prepared.home.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  int home_fd = home.get();
  if (const int error = home ? for_each_entry(home_fd, remove_half_made, &home_fd) : errno; error != 0)
    return system_error("clearing the place of the data directory", error);
  const Fd from(::open(plan.template_data.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!from) return Report{.outcome = Report::template_damaged, .error_number = errno};
  if (::mkdir(prepared.making.c_str(), 0700) != 0) return system_error("making the data directory", errno);
  const Fd to(::open(prepared.making.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!to) return system_error("opening the data directory", errno);

  TreeSize copied;
  const int error = copy_tree(from.get(), to.get(), copied);
  if (error == ENOENT || (error == 0 && !(copied == plan.template_size)))
    return Report{.outcome = Report::template_damaged, .error_number = error};
  if (error != 0) return system_error("copying the template", error);
  if (plan.keep && ::syncfs(to.get()) != 0) return system_error("syncing the data directory", errno);
  if (::rename(prepared.making.c_str(), plan.data.c_str()) != 0)
    return system_error("naming the data directory", errno);
  return std::nullopt;
}

[[noreturn]] void run_postgres(const Prepared& prepared, pid_t supervisor) {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  // The whole server inherits the locks: they are free only when its last process has ended.
  for (const Fd& lock : prepared.plan.alive) ::fcntl(lock.get(), F_SETFD, 0);
  ::dup2(prepared.plan.log.get(), STDOUT_FILENO);
  ::dup2(prepared.plan.log.get(), STDERR_FILENO);
  for (int standard = 0; standard <= 2; ++standard) ::fcntl(standard, F_SETFD, 0);
  // SIGQUIT makes the postmaster end its children and remove its shared memory; SIGKILL would leave both.
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (::getppid() != supervisor) ::_exit(127);
  ::execve(prepared.argv[0], prepared.argv.data(), prepared.envp.data());
  const char* reason = ::strerrordesc_np(errno);
  for (const char* part : {"cannot execute ", static_cast<const char*>(prepared.argv[0]), ": ", reason, "\n"})
    if (::write(STDERR_FILENO, part, std::strlen(part)) < 0) break;
  ::_exit(127);
}

/// The eighth line of postmaster.pid tells the state of the postmaster that the first one names.
bool says_ready(const char* pid_file, pid_t postmaster) {
  const Fd file(::open(pid_file, O_RDONLY | O_CLOEXEC));
  char buffer[2048];
  const ssize_t size = file ? ::read(file.get(), buffer, sizeof buffer - 1) : 0;
  if (size <= 0) return false;
  buffer[size] = '\0';
  if (std::strtol(buffer, nullptr, 10) != postmaster) return false;  // a crashed server's file
  std::string_view text(buffer, static_cast<std::size_t>(size));
  for (int line = 1; line < 8; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return false;
    text.remove_prefix(end + 1);
  }
  return text.starts_with("ready");
}

/// Removes a runtime directory whose server's last process has ended without its supervisor.
int sweep_entry(void* context, const char* name) {
  const int parent = *static_cast<int*>(context);
  if (!std::string_view(name).starts_with(runtime_prefix)) return 0;
  const Fd directory(::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory) return 0;
  const Fd alive(::openat(directory.get(), alive_file, O_RDWR | O_NOFOLLOW | O_CLOEXEC));
  if (alive && ::flock(alive.get(), LOCK_EX | LOCK_NB) == 0) remove_tree(parent, name);
  return 0;
}

class Supervisor {
 public:
  explicit Supervisor(const Prepared& prepared) : prepared_(prepared) {}

  [[noreturn]] void run() {
    detach();
    if (prepared_.plan.account && !become(*prepared_.plan.account)) {
      tell(system_error("changing to the server's account", errno));
    } else if (auto failure = prepare_data()) {
      tell(*failure);
    } else {
      start_postgres();
    }
    while (accept_clients(), clients_ > 0) wait_for_events();
    stop();
    ::_exit(0);
  }

 private:
  void detach() {
    ::setsid();
    ::prctl(PR_SET_NAME, "candor-server");
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // should the postmaster be killed, its children become ours
    ::umask(077);
    if (::chdir("/") != 0) ::_exit(1);
    for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
    ::signal(SIGPIPE, SIG_IGN);
    sigset_t watched;
    ::sigemptyset(&watched);
    for (int signal : {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT}) ::sigaddset(&watched, signal);
    ::sigprocmask(SIG_SETMASK, &watched, nullptr);
    keep_only(prepared_.plan);
    signals_ = ::signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
  }

  std::optional<Report> prepare_data() {
    if (prepared_.plan.template_data.empty()) return std::nullopt;
    return make_data(prepared_);
  }

  void start_postgres() {
    const pid_t self = ::getpid();
    postmaster_ = ::_Fork();
    if (postmaster_ == 0) run_postgres(prepared_, self);
    if (postmaster_ < 0) tell(system_error("forking the server", errno));
  }

  /// From now on every Candor that asks is told this.
  void tell(const Report& report) {
    report_ = report;
    for (int i = 0; i < clients_; ++i) send_report(client_[i].fd);
  }

  void send_report(int client) { ::send(client, &*report_, sizeof *report_, MSG_NOSIGNAL | MSG_DONTWAIT); }

  void accept_clients() {
    for (;;) {
      const int client =
          ::accept4(prepared_.plan.listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (client < 0) return;
      if (clients_ == max_clients) {
        ::close(client);
        continue;
      }
      client_[clients_++] = {client, POLLIN, 0};
      if (last_client_ >= 0)
        ::close(std::exchange(last_client_, -1));  // it need not wait: the server goes on
      if (report_) send_report(client);
    }
  }

  void wait_for_events() {
    // While the server starts its state is looked at every other millisecond.
    const bool starting = postmaster_ > 0 && !report_;
    std::array<pollfd, max_clients + 2> watched{};
    watched[0] = {signals_, POLLIN, 0};
    watched[1] = {prepared_.plan.listener.get(), POLLIN, 0};
    std::copy_n(client_.begin(), clients_, watched.begin() + 2);
    ::poll(watched.data(), static_cast<nfds_t>(clients_) + 2, starting ? 2 : -1);
    read_signals();
    for (int i = clients_ - 1; i >= 0; --i)
      if (watched[i + 2].revents != 0) drop_if_gone(i);
    if (postmaster_ > 0 && !report_ && says_ready(prepared_.pid_file.c_str(), postmaster_)) {
      tell({.outcome = Report::ready, .postmaster = postmaster_});
      sweep();
    }
  }

  void read_signals() {
    signalfd_siginfo signal = {};
    while (::read(signals_, &signal, sizeof signal) > 0)
      if (signal.ssi_signo == SIGTERM || signal.ssi_signo == SIGINT) leave();
    for (pid_t child; (child = ::waitpid(-1, nullptr, WNOHANG)) > 0;)
      if (child == postmaster_) server_ended();
  }

  /// A server that ended while it started is reported; one that ended later takes the supervisor along.
  void server_ended() {
    postmaster_ = 0;
    if (report_ && report_->outcome == Report::ready) leave();
    tell({.outcome = Report::server_ended});
  }

  [[noreturn]] void leave() {
    stop();
    ::_exit(0);
  }

  /// Nobody writes to us: what can be read is the end of the connection.
  void drop_if_gone(int index) {
    char byte = 0;
    const ssize_t size = ::recv(client_[index].fd, &byte, 1, MSG_DONTWAIT);
    if (size > 0 || (size < 0 && (errno == EAGAIN || errno == EINTR))) return;
    if (clients_ == 1)
      last_client_ = client_[index].fd;  // waits until the server has stopped
    else
      ::close(client_[index].fd);
    client_[index] = client_[--clients_];
  }

  void sweep() {
    Fd parent(::open(prepared_.runtime_parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    int directory = parent.get();
    if (parent) for_each_entry(directory, sweep_entry, &directory);
  }

  void stop() {
    ::close(prepared_.plan.listener.get());
    if (postmaster_ > 0) stop_postgres();
    kill_orphans();
    for (int i = 0; i < clients_; ++i) ::close(client_[i].fd);
    if (last_client_ >= 0) ::close(last_client_);
    remove_tree(prepared_.plan.runtime.c_str());
  }

  /// Gently where data are kept (a checkpoint may take a while), at once where not.
  void stop_postgres() {
    ::kill(postmaster_, prepared_.plan.keep ? SIGINT : SIGQUIT);
    const int patience_ms = prepared_.plan.keep ? 600'000 : 5'000;
    for (int waited = 0; waited < patience_ms; ++waited) {
      for (pid_t child; (child = ::waitpid(-1, nullptr, WNOHANG)) != 0;) {
        if (child == postmaster_ || child < 0) return;
      }
      pause_milliseconds(1);
    }
    ::kill(postmaster_, SIGKILL);
    while (::waitpid(postmaster_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  /// Children of a killed postmaster end by themselves only when they next wait for something.
  void kill_orphans() {
    for (int attempt = 0; attempt < 2000; ++attempt) {
      pid_t child = 0;
      while ((child = ::waitpid(-1, nullptr, WNOHANG)) > 0) {
      }
      if (child < 0) return;  // ECHILD: none is left
      if (attempt >= 20) kill_children();
      pause_milliseconds(1);
    }
  }

  static void kill_children() {
    const Fd list(::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC));
    char buffer[8192];
    const ssize_t size = list ? ::read(list.get(), buffer, sizeof buffer - 1) : 0;
    if (size <= 0) return;
    buffer[size] = '\0';
    for (char* at = buffer; *at != '\0';) {
      char* end = nullptr;
      const long child = std::strtol(at, &end, 10);
      if (end == at) return;
      ::kill(static_cast<pid_t>(child), SIGKILL);
      at = end + (*end == ' ' ? 1 : 0);
    }
  }

  const Prepared& prepared_;
  pid_t postmaster_ = 0;
  int signals_ = -1;
  std::optional<Report> report_;
  std::array<pollfd, max_clients> client_{};
  int clients_ = 0;
  int last_client_ = -1;
};

}  // namespace

Result<> start_supervisor(SupervisorPlan plan) {
  const std::vector<std::string> environment = server_environment();
  const std::string runtime_parent = plan.runtime.substr(0, plan.runtime.rfind('/') + 1);
  const Prepared prepared{plan,
                          c_array(plan.arguments),
                          c_array(environment),
                          plan.data + ".making" + plan.runtime.substr(plan.runtime.rfind('-')),
                          plan.data.substr(0, plan.data.rfind('/')),
                          plan.data + "/postmaster.pid",
                          runtime_parent};
  // Two forks: the supervisor is nobody's child, so no caller's wait() ever meets it.
  const pid_t between = ::fork();
  if (between == 0) {
    const pid_t supervisor = ::_Fork();
    if (supervisor == 0) Supervisor(prepared).run();
    ::_exit(supervisor > 0 ? 0 : 1);
  }
  int status = 1;
  if (between > 0)
    while (::waitpid(between, &status, 0) < 0 && errno == EINTR) {
    }
  if (between < 0 || status != 0)
    return fail(codes::server_start_failed, fmt::format("cannot fork: {}", std::strerror(errno)),
                "end some processes, or raise the limit: ulimit -u");
  return {};
}

}  // namespace candor::pg
