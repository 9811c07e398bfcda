#include "pg/home.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/sha256.h"
#include "pg/place.h"

namespace candor::pg {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr const char* home_name = "server";       // below the asked-for directory
constexpr const char* guard_name = "start-lock";  // held while a Candor starts the server
constexpr const char* lock_name = "alive";        // held by every process of the server
constexpr const char* note_name = "server-is-elsewhere.txt";
constexpr std::chrono::seconds lock_patience{120};

struct Home {
  fs::path path;
  std::optional<Account> account;
};

/// Data that someone else owns stay his: PostgreSQL starts for their owner only.
void use_owner_of_data(Home& home) {
  struct stat status = {};
  if (!home.account || ::stat((home.path / data_name).c_str(), &status) != 0 || status.st_uid == 0) return;
  home.account = account_of(status.st_uid, status.st_gid);
}

/// A directory that the server's account cannot reach (below /root, say) gets its data in /var/lib/candor.
Result<Home> place_elsewhere(const fs::path& directory, const Account& account) {
  const fs::path all = "/var/lib/candor";
  if (::mkdir(all.c_str(), 0755) != 0 && errno != EEXIST)
    return system_failure("cannot make the directory " + all.native(), errno);
  const fs::path path = all / hex(sha256(directory.native())).substr(0, 16);
  if (auto made = make_private_directory(path, account); !made) return pass(made);
  const std::string note = fmt::format(
      "The data of this embedded server are in {},\nbecause PostgreSQL does not run as root and the "
      "account {} cannot reach this directory.\n",
      path.native(), account.name);
  if (auto written = write_file_atomically(directory / note_name, note); !written) return pass(written);
  return Home{path, account};
}

Result<Home> make_home(const std::string& asked, const std::optional<Account>& account) {
  std::error_code failure;
  fs::create_directories(asked, failure);
  if (failure) return system_failure("cannot make the directory " + asked, failure.value());
  const fs::path directory = fs::canonical(asked, failure);
  if (failure) return system_failure("cannot find the directory " + asked, failure.value());
  if (account && !can_traverse(*account, directory)) return place_elsewhere(directory, *account);
  Home home{directory / home_name, account};
  if (auto made = make_private_directory(home.path, account); !made) return pass(made);
  use_owner_of_data(home);
  return home;
}

/// The programs of the major that the data were made by.
Result<Binaries> binaries_for(const Home& home, std::optional<int> asked) {
  const fs::path version_file = home.path / data_name / "PG_VERSION";
  if (std::error_code ignored; !fs::exists(version_file, ignored)) return choose_binaries(asked);
  auto version = read_file(version_file);
  if (!version) return pass(version);
  const int major = std::atoi(version->c_str());
  if (asked && *asked != major)
    return fail(codes::server_start_failed,
                fmt::format("{} holds data of PostgreSQL {}, but {} was asked for", home.path.native(), major,
                            *asked),
                fmt::format("ask for {}, or use another directory", major));
  return choose_binaries(major);
}

/// postmaster.pid of a killed server may name a process that is something else by now; PostgreSQL would
/// refuse to start. A process of that number that works in the data directory is a server, and is left alone.
void remove_stale_pid_file(const fs::path& data) {
  auto text = read_file(data / "postmaster.pid");
  if (!text) return;
  const int pid = std::atoi(text->c_str());
  if (pid <= 0 || (::kill(pid, 0) != 0 && errno == ESRCH)) return;  // PostgreSQL sees that by itself
  std::error_code unknown;
  const fs::path working = fs::read_symlink(fmt::format("/proc/{}/cwd", pid), unknown);
  if (!unknown && working != fs::canonical(data, unknown)) fs::remove(data / "postmaster.pid", unknown);
}

Result<std::optional<Server>> join_running(const Home& home) {
  std::error_code ignored;
  if (!fs::exists(home.path / address_name, ignored)) return std::nullopt;
  auto runtime = read_file(home.path / address_name);
  if (!runtime) return pass(runtime);
  return join_server(*runtime);
}

std::unexpected<Error> still_locked(const fs::path& file) {
  return fail(codes::server_start_failed,
              fmt::format("the lock {} is still held after {} s", file.native(), lock_patience.count()),
              fmt::format("end what holds it: fuser -v {}", file.native()));
}

Result<std::pair<Server, int>> start_in(const Home& home, const Fd& lock, std::optional<int> major) {
  auto binaries = binaries_for(home, major);
  if (!binaries) return pass(binaries);
  remove_stale_pid_file(home.path / data_name);
  auto server = start_server(
      {.binaries = *binaries, .account = home.account, .home = home.path.native(), .lock = &lock});
  if (!server) return pass(server);
  return std::pair(std::move(*server), binaries->major);
}

Result<int> major_of_data(const Home& home) {
  auto version = read_file(home.path / data_name / "PG_VERSION");
  if (!version) return pass(version);
  return std::atoi(version->c_str());
}

}  // namespace

Result<std::pair<Server, int>> start_or_join(const ClusterOptions& options) {
  auto account = server_account();
  if (!account) return pass(account);
  auto home = make_home(options.directory, *account);
  if (!home) return pass(home);
  auto guard = open_file(home->path / guard_name, O_RDWR, home->account);
  if (!guard) return pass(guard);
  auto lock = open_file(home->path / lock_name, O_RDWR, home->account);
  if (!lock) return pass(lock);

  // While a server runs its lock is taken and it can be joined; while one stops, neither; then it is our
  // turn.
  const auto deadline = steady_clock::now() + lock_patience;
  bool guarded = false;
  while (steady_clock::now() < deadline) {
    auto running = join_running(*home);
    if (!running) return pass(running);
    if (*running) {
      auto major = major_of_data(*home);
      if (!major) return pass(major);
      if (auto fits = binaries_for(*home, options.major); !fits) return pass(fits);
      return std::pair(std::move(**running), *major);
    }
    guarded = guarded || try_lock(*guard);
    if (guarded && try_lock(*lock)) return start_in(*home, *lock, options.major);
    if (interrupted()) return fail(codes::interrupted, "interrupted while waiting for the embedded server");
    std::this_thread::sleep_for(milliseconds(10));
  }
  return still_locked(home->path / lock_name);
}

}  // namespace candor::pg
