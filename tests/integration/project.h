/// tests/integration/project.h: a project in a folder of its own, locked by a real replay and applied for
/// real.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "engine/apply.h"
#include "engine/replay.h"
#include "integration/server.h"

namespace candor::test {

namespace fs = std::filesystem;

/// The major that locks are made with, whatever else is installed; other majors are named by the tests.
constexpr int home_major = 15;
inline std::string home_url() {
  return test_url(home_major);
}

/// Asks `condition` again and again; false when it did not come true within a generous time.
inline bool eventually(const std::function<bool()>& condition,
                       std::chrono::seconds patience = std::chrono::seconds(30)) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

/// "C0123 message\ndetail", for assertions about what a user reads.
inline std::string told(const Error& error) {
  return fmt::format("{} {}{}{}", error.code.id, error.message, error.detail.empty() ? "" : "\n",
                     error.detail);
}

/// "1 counted": a version and how it was proven.
inline std::string line_of(const engine::Applied& applied) {
  constexpr std::string_view proofs[] = {"counted", "read", "unproven"};
  return fmt::format("{} {}", applied.version.text(), proofs[static_cast<int>(applied.proof)]);
}

/// Notes what happened while applying.
struct Notes : engine::ApplyObserver {
  void warned(const Finding& finding) override { warnings.push_back(told(finding.what)); }
  void retrying(const history::Migration&, int, const Error&) override { ++retries; }
  void would_run(const history::Migration&, std::string_view statement) override {
    statements.emplace_back(statement);
  }
  void rehearsed(const engine::Applied& applied) override {
    if (!rehearsals.empty()) rehearsals += ", ";
    rehearsals += line_of(applied);
  }
  void starting(const history::Migration& migration, std::size_t, std::size_t) override {
    if (on_starting) on_starting(migration.version.text());
  }
  std::vector<std::string> warnings, statements;
  std::string rehearsals;  ///< "1 counted, 2 read"
  int retries = 0;
  std::function<void(const std::string& version)> on_starting;
};

/// What became of one `up`.
struct Up {
  std::string applied;  ///< "1 counted, 2 read"
  std::string verdict;  ///< "true", "differs", "unproven"; empty when it failed
  Error error;          ///< when it failed
  std::string code;     ///< "C0502"; empty when it did not fail
  std::vector<engine::Applied> migrations;
  Notes notes;
};

class TestProject {
 public:
  TestProject() {
    std::string pattern = (fs::temp_directory_path() / "candor-project-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) std::abort();
    folder_ = pattern;
  }
  TestProject(const TestProject&) = delete;
  ~TestProject() { fs::remove_all(folder_); }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  [[nodiscard]] const fs::path& folder() const { return folder_; }

  /// Changed by tests before open(), lock() and up().
  engine::Settings settings;

  [[nodiscard]] engine::Project open() const {
    engine::Settings mine = settings;
    mine.dir = mine.root = folder_;
    return must(engine::open_project(std::move(mine)), "opening the project");
  }

  /// Replays in a scratch database of the test's own server, which saves starting one.
  [[nodiscard]] Result<engine::Replayed> replay(const engine::ReplayOptions& options = {}) const {
    engine::Project project = open();
    if (options.other_servers.empty()) {
      project.settings.shadow_url = test_cluster(home_major).url();
    } else if (!project.lock) {
      project.lock.emplace().server = home_major;  // the lock's own major is kept
    }
    return engine::replay(project, options);
  }
  void lock(const engine::ReplayOptions& options = {}) const {
    auto replayed = replay(options);
    if (!replayed) std::cerr << told(replayed.error()) << '\n';
    engine::Replayed result = must(std::move(replayed), "locking");
    write("candor.lock", history::serialise(result.lock));
  }

  [[nodiscard]] Up up(const std::string& url, const engine::ApplyOptions& options = {},
                      std::function<void(const std::string&)> on_starting = {}) const {
    pg::Connection connection = connect(url);
    return up(connection, options, std::move(on_starting));
  }
  [[nodiscard]] Up up(pg::Connection& connection, const engine::ApplyOptions& options = {},
                      std::function<void(const std::string&)> on_starting = {}) const {
    const engine::Project project = open();
    Up up;
    up.notes.on_starting = std::move(on_starting);
    auto done = engine::apply(project, connection, options, up.notes);
    up.migrations = done ? std::move(done->applied) : std::move(done.error().applied);
    for (const engine::Applied& applied : up.migrations)
      up.applied += (up.applied.empty() ? "" : ", ") + line_of(applied);
    if (done) {
      up.verdict = verdict_name(done->final.verdict);
    } else {
      up.error = std::move(done.error().error);
      up.code = up.error.code.id;
      EXPECT_FALSE(up.error.hint.empty()) << told(up.error) << ": every failure says what to do";
    }
    return up;
  }

  [[nodiscard]] std::string verdict(const std::string& url) const {
    pg::Connection connection = connect(url);
    const engine::Project project = open();
    return verdict_name(must(engine::verify(project, connection), "verifying").verdict);
  }

  static std::string verdict_name(catalog::Verdict verdict) {
    switch (verdict) {
      case catalog::Verdict::is_true:
        return "true";
      case catalog::Verdict::differs:
        return "differs";
      default:
        return "unproven";
    }
  }

 private:
  fs::path folder_;
};

/// "1 completed, 2 failed": the ledger's rows, or "none".
inline std::string ledger_of(pg::Connection& connection) {
  if (value_of(connection, "SELECT to_regclass('candor.schema_migrations') IS NULL") == "t") return "none";
  return value_of(
      connection,
      "SELECT coalesce(string_agg(version || ' ' || status, ', ' ORDER BY version::numeric), 'empty')"
      " FROM candor.schema_migrations");
}
inline std::string ledger_of(const std::string& url) {
  pg::Connection connection = connect(url);
  return ledger_of(connection);
}

/// A process of its own that applies, and ends with 0 when everything is true, with 1 otherwise.
class Runner {
 public:
  Runner(const TestProject& project, const std::string& url) : pid_(fork()) {
    if (pid_ != 0) return;
    int code = 1;
    {
      auto connection = pg::Connection::open({.url = url});
      const engine::Project opened = project.open();
      engine::ApplyObserver silent;
      if (connection) {
        auto done = engine::apply(opened, *connection, {}, silent);
        if (done && done->final.verdict == catalog::Verdict::is_true) code = 0;
        if (!done) std::cerr << told(done.error().error) << '\n';
      }
    }
    _exit(code);
  }
  Runner(Runner&& other) noexcept : pid_(std::exchange(other.pid_, 0)) {}
  Runner(const Runner&) = delete;
  ~Runner() {
    if (pid_ > 0) kill_it();
  }

  /// As kill -9 does it.
  void kill_it() {
    ::kill(pid_, SIGKILL);
    (void)wait();
  }
  /// Its exit code; -1 when it was killed.
  int wait() {
    int status = 0;
    waitpid(std::exchange(pid_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_;
};

}  // namespace candor::test
