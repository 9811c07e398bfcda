#include "pg/cluster.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <thread>

#include "pg/account.h"

namespace candor::pg {
namespace {

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

std::string query(const std::string& url, const char* sql) {
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
std::vector<pid_t> processes_in(const fs::path& data) {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::error_code gone;
    const std::string working = fs::read_symlink(entry.path() / "cwd", gone);
    if (!gone && working.starts_with(data.native()))
      found.push_back(std::atoi(entry.path().filename().c_str()));
  }
  return found;
}

fs::path data_of(pid_t postmaster) {
  return fs::read_symlink(fmt::format("/proc/{}/cwd", postmaster));
}

pid_t parent_of(pid_t process) {
  std::ifstream status(fmt::format("/proc/{}/status", process));
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("PPid:")) return std::atoi(line.c_str() + 5);
  return 0;
}

bool eventually(const std::function<bool()>& holds) {
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

TEST(Cluster, StartsOnEveryMajorThatIsInstalled) {
  std::set<int> majors;
  for (const Binaries& binaries : find_binaries()) majors.insert(binaries.major);
  ASSERT_FALSE(majors.empty());
  for (const int major : majors) {
    ASSERT_STARTED(Cluster::start({.major = major, .directory = {}}));  // makes the template
    const auto begin = steady_clock::now();
    auto cluster = Cluster::start({.major = major, .directory = {}});
    const std::chrono::duration<double, std::milli> taken = steady_clock::now() - begin;
    ASSERT_STARTED(cluster);
    EXPECT_EQ(cluster->major(), major);
    EXPECT_EQ(query(cluster->url(), "SELECT current_setting('server_version_num')::int / 10000"),
              std::to_string(major));
    EXPECT_EQ(
        query(cluster->url(), "SELECT current_database() || current_user || current_setting('timezone')"),
        "candorpostgresUTC");
    fmt::print("PostgreSQL {}: a shadow was ready after {:.0f} ms\n", major, taken.count());
  }
}

TEST(Cluster, UrlQuotesTheDatabaseName) {
  auto cluster = Cluster::start();
  ASSERT_STARTED(cluster);
  query(cluster->url(), R"(CREATE DATABASE "it's a \ ""name""")");
  EXPECT_EQ(query(cluster->url(R"(it's a \ "name")"), "SELECT current_database()"), R"(it's a \ "name")");
}

TEST(Cluster, ListensOnAPrivateSocketOnly) {
  auto cluster = Cluster::start();
  ASSERT_STARTED(cluster);
  EXPECT_EQ(query(cluster->url(), "SHOW listen_addresses"), "");
  const std::string directory = query(cluster->url(), "SHOW unix_socket_directories");
  struct stat status = {};
  ASSERT_EQ(::stat(directory.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
}

TEST(Cluster, ShadowIsGoneWithItsObject) {
  pid_t postmaster = 0;
  fs::path data;
  {
    auto cluster = Cluster::start();
    ASSERT_STARTED(cluster);
    postmaster = cluster->postmaster_pid();
    data = data_of(postmaster);
    ASSERT_FALSE(processes_in(data).empty());
  }
  EXPECT_NE(::kill(postmaster, 0), 0) << "the destructor waits for the server";
  EXPECT_TRUE(eventually([&] { return processes_in(data).empty() && !fs::exists(data.parent_path()); }));
}

TEST(Cluster, ShadowDiesWithAKilledCandor) {
  OtherCandor other({});
  const pid_t postmaster = other.postmaster();
  ASSERT_GT(postmaster, 0);
  const fs::path data = data_of(postmaster);
  ASSERT_FALSE(processes_in(data).empty());
  other.end(SIGKILL);
  EXPECT_TRUE(eventually([&] { return processes_in(data).empty(); }));
  EXPECT_TRUE(eventually([&] { return !fs::exists(data.parent_path()); }));
}

TEST(Cluster, ServerDiesWithAKilledSupervisorAndIsSweptByTheNextStart) {
  auto cluster = Cluster::start();
  ASSERT_STARTED(cluster);
  const fs::path data = data_of(cluster->postmaster_pid());
  ASSERT_EQ(::kill(parent_of(cluster->postmaster_pid()), SIGKILL), 0);
  EXPECT_TRUE(eventually([&] { return processes_in(data).empty(); }));
  ASSERT_TRUE(fs::exists(data));
  auto next = Cluster::start();
  ASSERT_STARTED(next);
  EXPECT_TRUE(eventually([&] { return !fs::exists(data.parent_path()); }));
}

TEST(Cluster, BusyBackendDiesWithAKilledPostmaster) {
  auto cluster = Cluster::start();
  ASSERT_STARTED(cluster);
  const fs::path data = data_of(cluster->postmaster_pid());
  PGconn* busy = PQconnectdb(cluster->url().c_str());
  ASSERT_EQ(PQsendQuery(busy, "DO $$ BEGIN LOOP END LOOP; END $$"), 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ASSERT_EQ(::kill(cluster->postmaster_pid(), SIGKILL), 0);
  EXPECT_TRUE(eventually([&] { return processes_in(data).empty(); }));
  PQfinish(busy);
}

TEST(Cluster, TwoAtOnceAreApart) {
  auto one = Cluster::start();
  auto two = Cluster::start();
  ASSERT_STARTED(one);
  ASSERT_STARTED(two);
  EXPECT_NE(one->postmaster_pid(), two->postmaster_pid());
  query(one->url(), "CREATE TABLE only_in_one ()");
  EXPECT_EQ(query(two->url(), "SELECT to_regclass('only_in_one') IS NULL"), "t");
}

TEST(Cluster, ManyAtOnceMakeTheTemplateTogether) {
  ScopedDirectory cache;
  const ScopedVariable variable("XDG_CACHE_HOME", cache.path);
  std::vector<std::unique_ptr<OtherCandor>> candors;
  for (int i = 0; i < 5; ++i) candors.push_back(std::make_unique<OtherCandor>(ClusterOptions{}));
  std::set<pid_t> postmasters;
  for (const auto& candor : candors) postmasters.insert(candor->postmaster());
  EXPECT_EQ(postmasters.size(), 5U);
  EXPECT_FALSE(postmasters.contains(0));
}

TEST(Cluster, DirectoryIsSharedAndItsDataSurvive) {
  ScopedDirectory project;
  const ClusterOptions options{.major = {}, .directory = project.path / "data here"};
  {
    OtherCandor other(options);
    const pid_t postmaster = other.postmaster();
    ASSERT_GT(postmaster, 0);
    auto cluster = Cluster::start(options);
    ASSERT_STARTED(cluster);
    EXPECT_EQ(cluster->postmaster_pid(), postmaster);
    EXPECT_EQ(query(cluster->url(), "SHOW fsync"), "on");
    other.end(SIGKILL);
    EXPECT_EQ(query(cluster->url(), "CREATE TABLE kept AS SELECT 42 AS answer"), "");
  }
  auto again = Cluster::start(options);
  ASSERT_STARTED(again);
  EXPECT_EQ(query(again->url(), "SELECT answer FROM kept"), "42");
}

TEST(Cluster, ManyStartTheSameDirectoryOnce) {
  ScopedDirectory project;
  const ClusterOptions options{.major = {}, .directory = project.path};
  std::vector<std::unique_ptr<OtherCandor>> candors;
  for (int i = 0; i < 10; ++i) candors.push_back(std::make_unique<OtherCandor>(options));
  std::set<pid_t> postmasters;
  for (const auto& candor : candors) postmasters.insert(candor->postmaster());
  EXPECT_EQ(postmasters.size(), 1U);
  EXPECT_FALSE(postmasters.contains(0));
}

TEST(Cluster, DirectoryThatIsJustStoppingIsStartedAgain) {
  ScopedDirectory project;
  const ClusterOptions options{.major = {}, .directory = project.path};
  for (int i = 0; i < 5; ++i) {
    OtherCandor other(options);
    ASSERT_GT(other.postmaster(), 0);
    other.end(SIGKILL);
    auto cluster = Cluster::start(options);
    ASSERT_STARTED(cluster);
    EXPECT_EQ(query(cluster->url(), "SELECT 1"), "1");
  }
}

TEST(Cluster, DirectoryStartsAfterEverythingWasKilledAndItsPidBelongsToAnotherProcess) {
  ScopedDirectory project;
  const ClusterOptions options{.major = {}, .directory = project.path};
  auto cluster = Cluster::start(options);
  ASSERT_STARTED(cluster);
  const fs::path data = data_of(cluster->postmaster_pid());
  query(cluster->url(), "CREATE TABLE kept ()");
  ::kill(parent_of(cluster->postmaster_pid()), SIGKILL);
  for (const pid_t process : processes_in(data)) ::kill(process, SIGKILL);
  ASSERT_TRUE(eventually([&] { return processes_in(data).empty(); }));

  const auto account = server_account();
  ASSERT_TRUE(account.has_value());
  const pid_t stranger = ::fork();
  if (stranger == 0) {
    if (*account && !become(**account)) ::_exit(1);
    for (;;) ::pause();
  }
  std::fstream(data / "postmaster.pid", std::ios::in | std::ios::out) << fmt::format("{}\n", stranger);
  auto again = Cluster::start(options);
  ::kill(stranger, SIGKILL);
  ::waitpid(stranger, nullptr, 0);
  ASSERT_STARTED(again);
  EXPECT_EQ(query(again->url(), "SELECT to_regclass('kept') IS NOT NULL"), "t");
}

TEST(Cluster, ServerThatDoesNotComeUpShowsItsLog) {
  ScopedDirectory project;
  const ClusterOptions options{.major = {}, .directory = project.path};
  ASSERT_STARTED(Cluster::start(options));
  std::ofstream(project.path / "server/data/postgresql.conf", std::ios::app) << "no_such_setting = 1\n";
  auto broken = Cluster::start(options);
  ASSERT_FALSE(broken.has_value());
  EXPECT_EQ(broken.error().code.id, "C0108");
  EXPECT_NE(broken.error().detail.find("no_such_setting"), std::string::npos) << broken.error().detail;
}

TEST(Cluster, DirectoryOfAnotherMajorIsRefused) {
  ScopedDirectory project;
  auto cluster = Cluster::start({.major = {}, .directory = project.path});
  ASSERT_STARTED(cluster);
  auto other = Cluster::start({.major = cluster->major() == 12 ? 13 : 12, .directory = project.path});
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().code.id, "C0108");
}

/// The only template in a cache.
fs::path template_in(const fs::path& cache) {
  for (const auto& entry : fs::directory_iterator(cache / "candor"))
    if (entry.is_directory()) return entry.path();
  return {};
}

TEST(Cluster, DamagedTemplateIsMadeAnew) {
  const struct {
    const char* name;
    std::function<void(const fs::path&)> damage;
  } cases[] = {
      {"a file is missing", [](const fs::path& t) { fs::remove(t / "data/PG_VERSION"); }},
      {"a file is shorter", [](const fs::path& t) { fs::resize_file(t / "data/global/pg_control", 100); }},
      {"a file was rewritten",
       [](const fs::path& t) {
         std::ofstream(t / "data/postgresql.conf")
             << std::string(fs::file_size(t / "data/postgresql.conf"), '\n');
         fs::last_write_time(t / "data/postgresql.conf",
                             fs::file_time_type::clock::now() + std::chrono::hours(1));
       }},
      {"it was never finished", [](const fs::path& t) { fs::remove(t / "whole"); }},
      {"its manifest is garbage", [](const fs::path& t) { std::ofstream(t / "whole") << "none"; }},
      {"its data are gone", [](const fs::path& t) { fs::remove_all(t / "data"); }},
  };
  ScopedDirectory cache;
  const ScopedVariable variable("XDG_CACHE_HOME", cache.path);
  ASSERT_STARTED(Cluster::start());
  for (const auto& row : cases) {
    SCOPED_TRACE(row.name);
    row.damage(template_in(cache.path));
    auto cluster = Cluster::start();
    ASSERT_STARTED(cluster);
    EXPECT_EQ(query(cluster->url(), "SELECT 1"), "1");
  }
}

TEST(Cluster, InitdbThatWasKilledLeavesNothingThatIsUsed) {
  ScopedDirectory cache;
  const ScopedVariable variable("XDG_CACHE_HOME", cache.path);
  const auto unfinished = [&] {
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(cache.path / "candor", missing))
      if (fs::exists(entry.path() / "data/base")) return entry.path();
    return fs::path();
  };
  fs::path left;
  {
    OtherCandor other({});
    ASSERT_TRUE(eventually([&] { return !unfinished().empty(); }));
    left = unfinished();
    other.end(SIGKILL);
  }
  ASSERT_NE(left.native().find(".making-"), std::string::npos) << left;
  auto cluster = Cluster::start();
  ASSERT_STARTED(cluster);
  EXPECT_EQ(query(cluster->url(), "SELECT 1"), "1");
  EXPECT_FALSE(fs::exists(left / "whole"));
}

TEST(Cluster, NoServerProgramsIsAnErrorWithTheInstallCommand) {
  auto missing = choose_binaries(12345);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code.id, "C0107");
  EXPECT_NE(missing.error().hint.find("apt-get install postgresql-12345"), std::string::npos);
  EXPECT_NE(missing.error().message.find("found: "), std::string::npos);

  const ScopedVariable variable("CANDOR_PG_BIN", "/nowhere");
  auto cluster = Cluster::start();
  ASSERT_FALSE(cluster.has_value());
  EXPECT_EQ(cluster.error().code.id, "C0107");
  EXPECT_NE(cluster.error().message.find("/nowhere"), std::string::npos);
}

TEST(Cluster, UnwritableCacheIsNamed) {
  ScopedDirectory cache;
  const ScopedVariable variable("XDG_CACHE_HOME", cache.path);
  std::ofstream(cache.path / "candor") << "a file in the way";
  auto cluster = Cluster::start();
  ASSERT_FALSE(cluster.has_value());
  EXPECT_EQ(cluster.error().code.id, "C0005");
  EXPECT_NE(cluster.error().message.find(cache.path / "candor"), std::string::npos)
      << cluster.error().message;
}

/// Runs in a process of its own with a full disk of `size` at TMPDIR; the exit status is the code's number.
int start_on_small_disk(const fs::path& disk, const char* size) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", disk.c_str(), "tmpfs", 0, size) != 0)
      ::_exit(77);
    ::setenv("TMPDIR", disk.c_str(), 1);
    auto cluster = Cluster::start();
    ::_exit(cluster ? 0 : std::atoi(cluster.error().code.id.data() + 1));
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

TEST(Cluster, FullDiskIsNamed) {
  ASSERT_STARTED(Cluster::start());
  std::string disk = "/tmp/cluster-disk-XXXXXX";
  ASSERT_NE(::mkdtemp(disk.data()), nullptr);
  ::chmod(disk.c_str(), 0755);
  const int while_copying = start_on_small_disk(disk, "size=10m,mode=755");
  if (while_copying == 77) {
    fs::remove(disk);
    GTEST_SKIP() << "mounting needs root";
  }
  EXPECT_EQ(while_copying, 112);
  EXPECT_EQ(start_on_small_disk(disk, "size=200m,mode=755"), 0);
  fs::remove(disk);
}

}  // namespace
}  // namespace candor::pg
