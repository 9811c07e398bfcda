/// Prisma: a folder for each migration, DIRECTORY/migration.sql, in the order of the directories' names.
#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "history/formats/folders.h"
#include "history/formats/formats.h"
#include "history/formats/reader.h"

namespace candor::history {
namespace {

constexpr std::string_view script = "migration.sql";
constexpr std::string_view lock_file = "migration_lock.toml";

/// By which Prisma knows a migration; its file says nothing of the order.
std::string_view folder_of(const Migration& migration) {
  return folder_in(migration.file);
}

int recognise(const Listing& listing) {
  const int holding = folders_holding(listing, script);
  if (listing.find(lock_file) != nullptr) return holding > 0 ? 98 : 91;
  return holding > 0 && folders_holding(listing, "snapshot.json") == 0 ? 92 : 0;
}

class Reader : public FormatReader {
 public:
  using FormatReader::FormatReader;

  History read() {
    shape = "TIME_NAME/migration.sql";
    check_provider();
    for (const Listing::Entry& entry : listing.entries) {
      if (entry.is_directory)
        take(entry);
      else if (entry.name != lock_file)
        pass_over(entry);
    }
    std::ranges::stable_sort(history.migrations, before_in_locale, folder_of);
    number_as_listed(history.migrations);
    return std::move(history);
  }

 private:
  void take(const Listing::Entry& entry) {
    const auto inner = inside(listing, entry, entry.name);
    if (!inner) return;
    const auto* const file = inner->find(script);
    if (file == nullptr || file->is_directory)
      for (const Listing::Entry& other : inner->entries)
        if (auto program = not_sql({fmt::format("{}/{}", entry.name, other.name), false}))
          return history.findings.push_back(std::move(*program));
    if (file == nullptr || file->is_directory)
      return error(codes::listed_missing, fmt::format("folder {} has no {}", entry.name, script),
                   "restore the file, or remove the folder");
    for (const Listing::Entry& other : inner->entries)
      if (other.name != script) not_read(entry.name, other);
    history.migrations.push_back(
        make_migration(listing, stem_of_folder(entry.name), fmt::format("{}/{}", entry.name, script)));
  }

  /// The line `provider = "postgresql"`; other databases' SQL is not ours to run.
  void check_provider() {
    if (listing.find(lock_file) == nullptr) return;
    const auto text = read_file(listing.folder / lock_file);
    if (!text) return history.findings.push_back({Severity::error, text.error()});
    for (const Line& line : lines_of(*text)) {
      const std::string_view whole = trimmed(line.text);
      if (!whole.starts_with("provider")) continue;
      const std::size_t open = whole.find('"'), close = whole.rfind('"');
      const std::string_view provider =
          open == std::string_view::npos || close == open ? "" : whole.substr(open + 1, close - open - 1);
      if (provider == "postgresql" || provider == "postgres") return;
      return error(
          codes::journal_unusable,
          fmt::format("{} says that the migrations are written for \"{}\"", lock_file, printable(provider)),
          "name the folder of the PostgreSQL migrations with --dir");
    }
    error(codes::journal_unusable, fmt::format("{} names no provider", lock_file),
          "restore it: provider = \"postgresql\"");
  }
};

Result<History> read(const Listing& listing) {
  return Reader(listing).read();
}

void check(const History& history, std::vector<Finding>& findings) {
  std::vector<std::string> bytewise;
  for (const Migration& migration : history.migrations) bytewise.push_back(migration.file);
  std::ranges::sort(bytewise, {}, folder_in);
  const auto [listed, other] = std::ranges::mismatch(history.migrations, bytewise, {}, &Migration::file);
  if (listed == history.migrations.end()) return;
  findings.push_back(
      {Severity::warning,
       Error{.code = codes::order_varies,
             .message = fmt::format("Prisma 7 runs {} where older versions run {}", listed->file, *other),
             .detail = "older versions sort folders by their bytes, Prisma 7 as JavaScript compares texts",
             .hint = "begin the name of every folder with a time of 14 digits"}});
}

}  // namespace

const Format prisma{.name = "prisma", .recognise = recognise, .read = read, .check = check};

}  // namespace candor::history
