#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <string_view>

#include "pg/cluster.h"
#include "pg/program.h"

namespace candor::pg {
namespace {

namespace fs = std::filesystem;

constexpr int oldest_major = 12;
constexpr int newest_major = 18;

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::vector<std::string> split_path_list(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(':'), list.size());
    if (end > 0) parts.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return parts;
}

bool is_executable(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0;
}

bool holds_a_server(const fs::path& directory) {
  return is_executable(directory / "initdb") && is_executable(directory / "postgres");
}

int leading_number(std::string_view text) {
  int number = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9' || number > 999) break;
    number = number * 10 + (digit - '0');
  }
  return number;
}

/// Debian's /usr/lib/postgresql/15/bin says the major; anything else is asked. 0: no answer.
int major_of(const std::string& directory) {
  constexpr std::string_view debian = "/usr/lib/postgresql/";
  if (directory.starts_with(debian)) {
    const std::string_view rest = std::string_view(directory).substr(debian.size());
    if (const int major = leading_number(rest); rest == fmt::format("{}/bin", major)) return major;
  }
  const ProgramResult answer = run_program({directory + "/postgres", "--version"});
  constexpr std::string_view before = "(PostgreSQL) ";
  const std::size_t at = answer.output.find(before);
  if (answer.status != 0 || at == std::string::npos) return 0;
  return leading_number(std::string_view(answer.output).substr(at + before.size()));
}

/// Where the programs in `place` really are: /usr/local/bin is often full of links to them.
std::string real_directory(const fs::path& place) {
  std::error_code missing;
  const fs::path programs = fs::canonical(place / "postgres", missing).parent_path();
  if (!missing && holds_a_server(programs)) return programs;
  const fs::path directory = fs::canonical(place, missing);
  return !missing && holds_a_server(directory) ? directory.native() : "";
}

/// The servers of supported majors among `directories`, newest first, the order of places kept within a
/// major.
std::vector<Binaries> servers_in(const std::vector<std::string>& directories) {
  std::vector<Binaries> found;
  for (const std::string& place : directories) {
    const std::string directory = real_directory(place);
    const auto same = [&](const Binaries& other) { return other.directory == directory; };
    if (directory.empty() || std::ranges::any_of(found, same)) continue;
    const int major = major_of(directory);
    if (major >= oldest_major && major <= newest_major) found.push_back({directory, major});
  }
  std::ranges::stable_sort(found, std::ranges::greater(), &Binaries::major);
  return found;
}

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

/// Debian's pg_config is a script of 20-70 ms that names one of the /usr/lib/postgresql/*/bin, which we list
/// anyway.
bool is_script(const fs::path& program) {
  char start[2] = {};
  std::ifstream(program).read(start, sizeof start);
  return start[0] == '#' && start[1] == '!';
}

std::vector<std::string> usual_places() {
  std::vector<std::string> places;
  const std::vector<std::string> path = split_path_list(variable("PATH"));
  for (const std::string& directory : path) {
    const std::string program = directory + "/pg_config";
    if (!is_executable(program)) continue;
    if (is_script(program)) break;
    const ProgramResult answer = run_program({program, "--bindir"});
    if (answer.status == 0) places.push_back(first_line(answer.output));
    break;
  }
  std::error_code ignored;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", ignored))
    places.push_back(version.path() / "bin");
  places.insert(places.end(), path.begin(), path.end());
  return places;
}

std::vector<Binaries> search() {
  const std::vector<std::string> named = split_path_list(variable("CANDOR_PG_BIN"));
  std::vector<Binaries> found = servers_in(named);
  if (found.empty() && !named.empty()) return found;
  for (Binaries& other : servers_in(usual_places())) {
    const auto same = [&](const Binaries& known) { return known.directory == other.directory; };
    if (std::ranges::none_of(found, same)) found.push_back(std::move(other));
  }
  return found;
}

std::string majors_of(const std::vector<Binaries>& found) {
  std::string list;
  for (const Binaries& binaries : found)
    list += fmt::format("{}{} in {}", list.empty() ? "" : ", ", binaries.major, binaries.directory);
  return list;
}

}  // namespace

std::vector<Binaries> find_binaries() {
  // Asking programs for their version costs milliseconds each; the answer holds as long as the places do.
  static std::mutex mutex;
  static std::map<std::string, std::vector<Binaries>> known;
  const std::scoped_lock lock(mutex);
  const std::string places = fmt::format("{}\n{}", variable("CANDOR_PG_BIN"), variable("PATH"));
  if (const auto at = known.find(places); at != known.end()) return at->second;
  std::vector<Binaries> found = search();
  if (!found.empty()) known[places] = found;
  return found;
}

Result<Binaries> choose_binaries(std::optional<int> major) {
  const std::vector<Binaries> found = find_binaries();
  for (const Binaries& binaries : found)
    if (!major || binaries.major == *major) return binaries;

  const std::string_view named = variable("CANDOR_PG_BIN");
  if (found.empty() && !named.empty())
    return fail(codes::no_server_binaries,
                fmt::format("CANDOR_PG_BIN names no directory that holds initdb and postgres: {}", named),
                "set CANDOR_PG_BIN to the bin directory of a PostgreSQL server, or unset it");
  if (!major)
    return fail(codes::no_server_binaries, "no directory with PostgreSQL's initdb and postgres was found",
                "install them: apt-get install postgresql, or name their directory in CANDOR_PG_BIN");
  return fail(codes::no_server_binaries,
              fmt::format("PostgreSQL {} was asked for; found: {}", *major,
                          found.empty() ? "no PostgreSQL server programs" : majors_of(found)),
              fmt::format("install it: apt-get install postgresql-{}, or name its directory in CANDOR_PG_BIN",
                          *major));
}

}  // namespace candor::pg
