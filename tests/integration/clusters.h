/// What the tests of servers share: other Candors, the processes of a server, directories of theirs.
#pragma once

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "pg/cluster.h"

namespace candor::pg {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

/// An environment variable for the length of a test.
class ScopedVariable {
 public:
  ScopedVariable(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    ::setenv(name, value.c_str(), 1);
  }
  ~ScopedVariable() {
    if (old_)
      ::setenv(name_, old_->c_str(), 1);
    else
      ::unsetenv(name_);
  }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> old_;
};

inline std::string query(const std::string& url, const char* sql) {
  PGconn* connection = PQconnectdb(url.c_str());
  std::string answer = PQerrorMessage(connection);
  if (PQstatus(connection) == CONNECTION_OK) {
    PGresult* result = PQexec(connection, sql);
    answer = PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : PQresultErrorMessage(result);
    PQclear(result);
  }
  PQfinish(connection);
  return answer;
}

/// Processes that work in the server's data directory: every process of a server does, but not its
/// supervisor.
inline std::vector<pid_t> processes_in(const fs::path& data) {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::error_code gone;
    const std::string working = fs::read_symlink(entry.path() / "cwd", gone);
    if (!gone && working.starts_with(data.native()))
      found.push_back(std::atoi(entry.path().filename().c_str()));
  }
  return found;
}

inline fs::path data_of(pid_t postmaster) {
  return fs::read_symlink(fmt::format("/proc/{}/cwd", postmaster));
}

inline pid_t parent_of(pid_t process) {
  std::ifstream status(fmt::format("/proc/{}/status", process));
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("PPid:")) return std::atoi(line.c_str() + 5);
  return 0;
}

inline bool eventually(const std::function<bool()>& holds) {
  const auto deadline = steady_clock::now() + std::chrono::seconds(20);
  while (!holds()) {
    if (steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

/// A directory that the server's account can reach, too.
class ScopedDirectory {
 public:
  ScopedDirectory() {
    std::string name = "/tmp/cluster test 'XXXXXX";
    path = ::mkdtemp(name.data());
    ::chmod(path.c_str(), 0755);
  }
  ~ScopedDirectory() {
    EXPECT_TRUE(eventually([&] { return processes_in(path).empty(); })) << "a server outlives its Candors";
    fs::remove_all(path);
  }
  ScopedDirectory(const ScopedDirectory&) = delete;
  ScopedDirectory& operator=(const ScopedDirectory&) = delete;
  fs::path path;
};

/// Another Candor: a process that starts a cluster, tells its postmaster's pid, and holds it until it is
/// ended.
class OtherCandor {
 public:
  explicit OtherCandor(const ClusterOptions& options) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    pid_ = ::fork();
    if (pid_ == 0) hold(options, ends[1]);
    ::close(ends[1]);
    read_end_ = ends[0];
  }
  ~OtherCandor() {
    end(SIGKILL);
    ::close(read_end_);
  }
  OtherCandor(const OtherCandor&) = delete;
  OtherCandor& operator=(const OtherCandor&) = delete;

  /// 0: it could not start.
  pid_t postmaster() const {
    pid_t postmaster = 0;
    return ::read(read_end_, &postmaster, sizeof postmaster) == sizeof postmaster ? postmaster : 0;
  }
  void end(int signal) {
    if (pid_ > 0) {
      ::kill(pid_, signal);
      ::waitpid(pid_, nullptr, 0);
    }
    pid_ = 0;
  }

 private:
  [[noreturn]] static void hold(const ClusterOptions& options, int write_end) {
    auto cluster = Cluster::start(options);
    const pid_t postmaster = cluster ? cluster->postmaster_pid() : 0;
    if (!cluster) fmt::print(stderr, "{}\n{}\n", cluster.error().message, cluster.error().detail);
    if (::write(write_end, &postmaster, sizeof postmaster) < 0) ::_exit(1);
    for (;;) ::pause();
  }
  pid_t pid_ = 0;
  int read_end_ = -1;
};

#define ASSERT_STARTED(cluster) \
  ASSERT_TRUE((cluster).has_value()) << (cluster).error().message << "\n" << (cluster).error().detail

}  // namespace candor::pg
