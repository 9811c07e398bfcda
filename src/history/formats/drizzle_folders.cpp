/// Drizzle 1.0: a folder for each migration, DIRECTORY/migration.sql and snapshot.json, in the order of the
/// directories' names; there is no journal any more.
#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "history/formats/breakpoints.h"
#include "history/formats/drizzle_check.h"
#include "history/formats/drizzle_journal.h"
#include "history/formats/folders.h"
#include "history/formats/formats.h"
#include "history/formats/json_text.h"
#include "history/formats/reader.h"

namespace candor::history {
namespace {

constexpr std::string_view script = "migration.sql";
constexpr std::string_view snapshot_name = "snapshot.json";
constexpr std::size_t time_digits = 14;

int recognise(const Listing& listing) {
  return folders_holding(listing, script) > 0 && folders_holding(listing, snapshot_name) > 0 ? 98 : 0;
}

class Reader : public FormatReader {
 public:
  using FormatReader::FormatReader;

  History read() {
    shape = "TIME_NAME/migration.sql";
    for (const Listing::Entry& entry : listing.entries) entry.is_directory ? take(entry) : pass_over(entry);
    std::ranges::stable_sort(history.migrations, before_in_locale,
                             [](const Migration& migration) { return folder_in(migration.file); });
    number_as_listed(history.migrations);
    return std::move(history);
  }

 private:
  void take(const Listing::Entry& entry) {
    const auto inner = inside(listing, entry, entry.name);
    if (!inner) return;
    if (entry.name == "meta" && inner->find("_journal.json") != nullptr)
      return error(
          codes::journal_unusable,
          fmt::format("{} of Drizzle 0.x stands beside folders of Drizzle 1.0, which then runs nothing",
                      journal_name),
          "run `drizzle-kit up`");
    if (inner->find(script) == nullptr)
      return error(codes::listed_missing,
                   fmt::format("folder {} has no {}: Drizzle ignores it without a word", entry.name, script),
                   "restore the file, or remove the folder");
    const Stem stem = stem_of_folder(entry.name);
    if (leading_digits(entry.name) < time_digits)
      return error(codes::unmatched_file,
                   fmt::format("folder {} does not begin with a time: Drizzle reads one from it, and fails",
                               printable(entry.name)),
                   fmt::format("rename it to YYYYMMDDhhmmss_{}, with the time at which it was written",
                               printable(stem.name)));
    Migration migration = make_migration(listing, stem, fmt::format("{}/{}", entry.name, script));
    if (const auto text = text_of(migration)) migration.parts = chunks_of(text->view());
    history.migrations.push_back(std::move(migration));
  }
};

Result<History> read(const Listing& listing) {
  return Reader(listing).read();
}

void check_snapshot(const History& history, const Migration& migration, std::vector<Finding>& findings) {
  const auto directory = std::filesystem::path(migration.file).parent_path();
  const std::string file = (directory / snapshot_name).string();
  std::error_code failure;
  if (!std::filesystem::exists(history.folder / file, failure)) {
    findings.push_back(
        {Severity::warning,
         Error{.code = codes::snapshot_chain,
               .message = fmt::format("{} has no {}", directory.string(), snapshot_name),
               .detail = "drizzle-kit does not know what it did: the next generated migration may "
                         "repeat it",
               .hint = "generate it with `drizzle-kit generate --custom`, or restore it"}});
    return;
  }
  if (const auto read = read_json_texts(history.folder / file, file); !read) {
    Error error = read.error();
    error.code = codes::snapshot_chain;
    findings.push_back({Severity::warning, std::move(error)});
  }
}

void check(const History& history, std::vector<Finding>& findings) {
  for (const Migration& migration : history.migrations) {
    check_snapshot(history, migration, findings);
    check_drizzle_script(migration, findings);
  }
}

}  // namespace

const Format drizzle_folders{.name = "drizzle-folders", .recognise = recognise, .read = read, .check = check};

}  // namespace candor::history
