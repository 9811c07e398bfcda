/// Drizzle 0.x: files beside meta/_journal.json. What the journal lists is run, in the order of the list;
/// everything else is ignored.
#include <fmt/format.h>

#include <map>
#include <set>

#include "base/file.h"
#include "history/formats/breakpoints.h"
#include "history/formats/drizzle_check.h"
#include "history/formats/drizzle_journal.h"
#include "history/formats/formats.h"
#include "history/formats/reader.h"

namespace candor::history {
namespace {

bool has_file(const Listing& listing, std::string_view name) {
  std::error_code ignored;  // a link to nowhere is there: read() says what is wrong with it
  return std::filesystem::symlink_status(listing.folder / name, ignored).type() !=
         std::filesystem::file_type::not_found;
}

int recognise(const Listing& listing) {
  if (const auto* const meta = listing.find("meta"); meta != nullptr && meta->is_directory) {
    if (has_file(listing, journal_name)) return 100;
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(listing.folder / "meta", failure))
      if (entry.path().filename().string().ends_with("_snapshot.json")) return 99;
  }
  for (const Listing::Entry& entry : listing.entries)
    if (entry.head.find(breakpoint) != std::string::npos)
      return 91;  // the journal was lost, or not committed
  return 0;
}

class Reader : public FormatReader {
 public:
  using FormatReader::FormatReader;

  History read() {
    const auto entries = read_journal(listing.folder);
    if (!entries) {
      history.findings.push_back({Severity::error, entries.error()});
      return std::move(history);
    }
    for (const JournalEntry& entry : *entries) take(entry);
    number_as_listed(history.migrations);
    for (const Listing::Entry& entry : listing.entries) look_at(entry, *entries);
    return std::move(history);
  }

 private:
  void take(const JournalEntry& entry) {
    if (!tags_.insert(entry.tag).second)
      return report(
          entry, codes::listed_twice,
          fmt::format("the journal lists {} twice, so Drizzle runs it twice in a fresh database", entry.tag),
          fmt::format("remove one of the two entries from {}", journal_name));
    const std::string file = entry.tag + ".sql";
    const auto* const found = listing.find(file);
    if (found == nullptr || found->is_directory)
      return report(entry, codes::listed_missing,
                    fmt::format("the journal lists {}, but there is no {}: Drizzle runs nothing at all",
                                entry.tag, file),
                    fmt::format("restore the file, or remove its entry from {}", journal_name));
    history.migrations.push_back(migration_of(entry.tag));
  }

  Migration migration_of(std::string_view tag) {
    const std::string_view prefix = prefix_of(tag);
    const std::string_view rest = tag.substr(std::min(prefix.size() + 1, tag.size()));
    const bool numbered = all_digits(prefix);
    Migration migration = make_migration(
        listing, {numbered ? prefix : std::string_view(), numbered ? rest : tag}, std::string(tag) + ".sql");
    if (const auto text = text_of(migration)) migration.parts = chunks_of(text->view());
    return migration;
  }

  void report(const JournalEntry& entry, const Code& code, std::string message, std::string hint) {
    error(code, std::move(message), std::move(hint));
    history.findings.back().what.where = place_in_journal(listing.folder, entry.tag);
  }

  /// A file that is no entry's: nobody will ever run it.
  void look_at(const Listing::Entry& entry, const std::vector<JournalEntry>& entries) {
    if (entry.name == "meta") return;
    const auto tag = without_ending(entry.name, ".sql");
    if (entry.is_directory || !tag) return pass_over(entry);
    if (tags_.contains(*tag)) return;
    std::string also;
    for (const JournalEntry& other : entries)
      if (all_digits(prefix_of(*tag)) && prefix_of(other.tag) == prefix_of(*tag))
        also = fmt::format(" (its number is that of {})", other.tag);
    const Migration& unlisted = history.unlisted.emplace_back(migration_of(*tag));
    const std::string twin = twin_of(unlisted);
    if (!twin.empty()) also += fmt::format("; it holds what {} holds, which is listed", twin);
    error(
        codes::not_listed,
        fmt::format("{} is not in the journal: Drizzle never runs it, and says nothing{}", entry.name, also),
        twin.empty() ? "run `candor repair --history`, which lists it, or remove the file" : "remove it");
  }

  static std::string key_of(const Migration& migration) {
    const auto text = FileText::open(migration.path);
    return text ? twin_key(text->view()) : std::string();
  }

  /// The listed file with the text of `unlisted`, if there is one.
  std::string twin_of(const Migration& unlisted) {
    if (listed_by_key_.empty())
      for (const Migration& listed : history.migrations) listed_by_key_.emplace(key_of(listed), listed.file);
    const std::string key = key_of(unlisted);
    const auto at = listed_by_key_.find(key);
    return key.empty() || at == listed_by_key_.end() ? std::string() : at->second;
  }

  std::set<std::string, std::less<>> tags_;
  std::map<std::string, std::string> listed_by_key_;  ///< files by their twin_key(), once it is asked for
};

Result<History> read(const Listing& listing) {
  return Reader(listing).read();
}

}  // namespace

const Format drizzle{.name = "drizzle", .recognise = recognise, .read = read, .check = check_drizzle};

}  // namespace candor::history
