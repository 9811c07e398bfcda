#include "pg/cluster.h"

#include <set>

#include "clusters.h"
#include "pg/account.h"

namespace candor::pg {
namespace {

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

}  // namespace
}  // namespace candor::pg
