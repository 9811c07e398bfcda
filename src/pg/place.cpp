#include "pg/place.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace candor::pg {
namespace {

namespace fs = std::filesystem;

fs::path variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

fs::path home_directory() {
  if (fs::path home = variable("HOME"); home.is_absolute()) return home;
  const passwd* entry = ::getpwuid(::geteuid());
  return entry != nullptr ? entry->pw_dir : "/nonexistent";
}

/// $XDG_CACHE_HOME as root may name a place that the account cannot reach, such as /root/.cache.
fs::path cache_root(const std::optional<Account>& account) {
  const fs::path asked = variable("XDG_CACHE_HOME");
  if (asked.is_absolute() && (!account || can_traverse(*account, asked))) return asked;
  return account ? "/var/cache" : home_directory() / ".cache";
}

fs::path temporary_root(const std::optional<Account>& account) {
  const fs::path asked = variable("TMPDIR");
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::strchr("/_-.", c);
  };
  std::error_code ignored;
  const bool usable = asked.is_absolute() && asked.native().size() <= 50 &&
                      std::ranges::all_of(asked.native(), plain) && fs::is_directory(asked, ignored) &&
                      (!account || can_traverse(*account, asked));
  return usable ? asked : "/tmp";
}

}  // namespace

std::unexpected<Error> system_failure(const std::string& what, int error_number) {
  const bool full = error_number == ENOSPC || error_number == EDQUOT;
  auto failure =
      fail(full ? codes::shadow_disk_full : codes::file_unwritable,
           fmt::format("{}: {}", what, std::strerror(error_number)),
           full ? "free some space there, or point TMPDIR (servers) and XDG_CACHE_HOME (their template) "
                  "to a disk that has it"
                : "make the place writable, or point TMPDIR (servers) and XDG_CACHE_HOME (their template) "
                  "to one that is");
  failure.error().detail = std::strerror(error_number);
  return failure;
}

Result<> hand_over(int fd, const std::optional<Account>& account, const fs::path& path) {
  if (!account || ::fchown(fd, account->uid, account->gid) == 0) return {};
  return system_failure(fmt::format("cannot give {} to the account {}", path.native(), account->name), errno);
}

Result<> make_private_directory(const fs::path& path, const std::optional<Account>& account) {
  const bool made = ::mkdir(path.c_str(), 0700) == 0;
  if (!made && errno != EEXIST) return system_failure("cannot make the directory " + path.native(), errno);
  const Fd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory) return system_failure("cannot open " + path.native(), errno);
  if (made) return hand_over(directory.get(), account, path);
  struct stat status = {};
  if (::fstat(directory.get(), &status) != 0 ||
      (status.st_uid != owner_id(account) && status.st_uid != ::geteuid()))
    return system_failure(path.native() + " belongs to someone else", EACCES);
  return {};
}

Result<fs::path> make_unique_directory(const std::string& prefix, const std::optional<Account>& account) {
  std::string path = prefix + "XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) return system_failure("cannot make the directory " + path, errno);
  const Fd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory) return system_failure("cannot open " + path, errno);
  if (auto given = hand_over(directory.get(), account, path); !given) return pass(given);
  return path;
}

Result<Fd> open_file(const fs::path& path, int flags, const std::optional<Account>& account) {
  Fd file(::open(path.c_str(), flags | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return system_failure("cannot open " + path.native(), errno);
  if (auto given = hand_over(file.get(), account, path); !given) return pass(given);
  return file;
}

bool try_lock(const Fd& file) {
  return ::flock(file.get(), LOCK_EX | LOCK_NB) == 0;
}

void spread_entries(const fs::path& directory) {
  const Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  int flags = 0;
  if (::ioctl(fd.get(), FS_IOC_GETFLAGS, &flags) != 0 || (flags & FS_TOPDIR_FL) != 0) return;
  flags |= FS_TOPDIR_FL;
  ::ioctl(fd.get(), FS_IOC_SETFLAGS, &flags);
}

Result<fs::path> cache_directory(const std::optional<Account>& account) {
  const fs::path root = cache_root(account);
  std::error_code failure;
  fs::create_directories(root, failure);
  if (failure) return system_failure("cannot make the directory " + root.native(), failure.value());
  const fs::path cache = root / "candor";
  if (auto made = make_private_directory(cache, account); !made) return pass(made);
  spread_entries(cache);
  return cache;
}

Result<fs::path> servers_directory(const std::optional<Account>& account) {
  const fs::path directory = temporary_root(account) / fmt::format("candor-{}", owner_id(account));
  if (auto made = make_private_directory(directory, account); !made) return pass(made);
  spread_entries(directory);
  return directory;
}

}  // namespace candor::pg
