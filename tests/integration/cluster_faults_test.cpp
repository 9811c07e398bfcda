#include <sched.h>
#include <sys/mount.h>

#include "clusters.h"

namespace candor::pg {
namespace {

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

/// Mounts of this process alone. Without root: in a user namespace, as the same user.
bool have_own_mounts() {
  const bool root = ::geteuid() == 0;
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  if (::unshare(CLONE_NEWNS | (root ? 0 : CLONE_NEWUSER)) != 0) return false;
  if (!root) {
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << fmt::format("{0} {0} 1", user);
    std::ofstream("/proc/self/gid_map") << fmt::format("{0} {0} 1", group);
  }
  return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

constexpr int cannot_mount = 77;

/// Runs in a process of its own with a full disk of `size` at TMPDIR; the exit status is the code's number.
int start_on_small_disk(const fs::path& disk, const char* size) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (!have_own_mounts() || ::mount("tmpfs", disk.c_str(), "tmpfs", 0, size) != 0) ::_exit(cannot_mount);
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
  if (while_copying == cannot_mount) {
    fs::remove(disk);
    GTEST_SKIP() << "a small disk needs root, or a kernel that lets users have namespaces";
  }
  EXPECT_EQ(while_copying, 112);
  EXPECT_EQ(start_on_small_disk(disk, "size=200m,mode=755"), 0);
  fs::remove(disk);
}

}  // namespace
}  // namespace candor::pg
