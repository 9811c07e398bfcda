#include "pg/template.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/sha256.h"
#include "pg/place.h"
#include "pg/program.h"

namespace candor::pg {
namespace {

namespace fs = std::filesystem;

/// Raised when templates are made differently, so that old ones are not used.
constexpr int layout = 2;

/// A template is one directory below the cache: `data`, and beside it `whole`, which is written last.
struct Location {
  fs::path cache;
  std::string key;
  [[nodiscard]] fs::path path() const { return cache / key; }
};

/// Size and time stand for the exact version: an upgrade replaces the files, and asking costs a process each.
std::string stamp(const fs::path& file) {
  struct stat status = {};
  if (::stat(file.c_str(), &status) != 0) return "missing";
  return fmt::format("{} {} {}", file.native(), status.st_size, status.st_mtim.tv_sec);
}

Result<Location> locate(const Binaries& binaries, const std::optional<Account>& account) {
  auto cache = cache_directory(account);
  if (!cache) return pass(cache);
  const fs::path programs = binaries.directory;
  const std::string made_from = fmt::format("{}\n{}\n{}\n{}", layout, stamp(programs / "initdb"),
                                            stamp(programs / "postgres"), owner_id(account));
  return Location{*cache, fmt::format("pg{}-{}", binaries.major, hex(sha256(made_from)).substr(0, 12))};
}

std::optional<Template> whole_template(const fs::path& path) {
  auto whole = read_file(path / "whole");
  if (!whole) return std::nullopt;
  Template found{path / "data", {}};
  unsigned long long files = 0;
  unsigned long long bytes = 0;
  unsigned long long times = 0;
  if (std::sscanf(whole->c_str(), "%llu files %llu bytes %llu seconds\n", &files, &bytes, &times) != 3)
    return std::nullopt;
  found.size = {files, bytes, times};
  return found;
}

std::string last_lines(const std::string& text) {
  constexpr std::size_t limit = 2000;
  return text.size() <= limit ? text : text.substr(text.size() - limit);
}

std::unexpected<Error> program_failure(std::string_view program, const ProgramResult& result) {
  if (interrupted()) return fail(codes::interrupted, "interrupted while preparing the embedded server");
  const bool full = result.output.find("No space left on device") != std::string::npos;
  auto failure = fail(full ? codes::shadow_disk_full : codes::server_start_failed,
                      fmt::format("{} failed with status {}", program, result.status),
                      full ? "free some space there, or point XDG_CACHE_HOME to a disk that has it"
                           : "mend what its output names, then run the same command again");
  failure.error().detail = last_lines(result.output);
  return failure;
}

Result<> initialise(const Binaries& binaries, const std::optional<Account>& account,
                    const std::string& data) {
  // Small WAL segments make a small template: 16 MB would be copied for every server.
  const ProgramResult made =
      run_program({binaries.directory + "/initdb", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8",
                   "--locale=C", "--no-sync", "--wal-segsize=1"},
                  account);
  if (made.status != 0) return program_failure("initdb", made);

  const std::string create = binaries.major >= 15
                                 ? "CREATE DATABASE candor STRATEGY file_copy;\n"  // little WAL
                                 : "CREATE DATABASE candor;\n";
  const ProgramResult created =
      run_program({binaries.directory + "/postgres", "--single", "-D", data, "-c", "fsync=off", "postgres"},
                  account, create);
  // The single-user server ends with status 0 even when a statement failed.
  if (created.status != 0 || created.output.find("ERROR:") != std::string::npos)
    return program_failure("creating the database candor", created);
  return {};
}

Result<> write_manifest(const fs::path& path) {
  const Fd data(::open((path / "data").c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  TreeSize size;
  const int error = data ? measure_tree(data.get(), size) : errno;
  if (error != 0) return system_failure("cannot read " + path.native(), error);
  return write_file_atomically(
      path / "whole", fmt::format("{} files {} bytes {} seconds\n", size.files, size.bytes, size.times));
}

/// What kill -9 left behind while making this template. REQUIRES: its lock is held.
void remove_leftovers(const Location& at) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(at.cache, ignored))
    if (entry.path().filename().native().starts_with(at.key + ".")) remove_tree(entry.path().c_str());
}

Result<> make(const Location& at, const Binaries& binaries, const std::optional<Account>& account) {
  remove_leftovers(at);
  auto making = make_unique_directory(at.path().native() + ".making-", account);
  if (!making) return pass(making);
  Result<> made = initialise(binaries, account, *making / "data");
  if (made) made = write_manifest(*making);
  if (made && ::rename(making->c_str(), at.path().c_str()) != 0)
    made = system_failure("cannot rename " + making->native(), errno);
  if (!made) remove_tree(making->c_str());
  return made;
}

Result<> wait_for_lock(const Fd& lock) {
  while (!try_lock(lock)) {
    if (interrupted())
      return fail(codes::interrupted, "interrupted while another Candor prepares the embedded server");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return {};
}

}  // namespace

Result<Template> find_template(const Binaries& binaries, const std::optional<Account>& account) {
  constexpr std::string_view doing = "preparing the template of the embedded server";
  auto at = locate(binaries, account);
  if (!at) return failed(doing, at);
  if (auto found = whole_template(at->path())) return *found;

  auto lock = open_file(at->cache / ("lock-" + at->key), O_RDWR, account);
  if (!lock) return failed(doing, lock);
  if (auto locked = wait_for_lock(*lock); !locked) return pass(locked);
  if (auto found = whole_template(at->path())) return *found;  // made by another one meanwhile
  remove_tree(at->path().c_str());  // never whole: its manifest is missing or malformed
  if (auto made = make(*at, binaries, account); !made) return failed(doing, made);
  if (auto found = whole_template(at->path())) return *found;
  return fail(codes::server_start_failed, fmt::format("{}: {} vanished", doing, at->path().native()),
              "run the same command again");
}

Result<> discard_template(const Template& damaged) {
  const fs::path path = fs::path(damaged.data).parent_path();
  const auto now = whole_template(path);
  if (now && !(now->size == damaged.size)) return {};  // another one has replaced it already
  const std::string aside = fmt::format("{}.damaged-{}", path.native(), ::getpid());
  if (::rename(path.c_str(), aside.c_str()) != 0 && errno != ENOENT)
    return system_failure("cannot rename " + path.native(), errno);
  remove_tree(aside.c_str());
  return {};
}

}  // namespace candor::pg
