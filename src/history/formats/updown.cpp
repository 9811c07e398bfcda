/// Pairs of files, VERSION_NAME.up.sql and VERSION_NAME.down.sql (morph, sqlx, soda), or a folder
/// for each migration, VERSION_NAME/up.sql and down.sql (Diesel, which also puts settings into its
/// metadata.toml).
#define TOML_EXCEPTIONS 0
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "base/file.h"
#include "history/formats/formats.h"
#include "history/formats/reader.h"

namespace candor::history {
namespace {

std::optional<Stem> file_stem(const Listing::Entry& entry, std::string_view ending) {
  const auto stem = without_ending(entry.name, ending);
  return entry.is_directory || !stem ? std::nullopt : read_stem(*stem);
}

/// A folder's version as Diesel reads it: what is before the first '_', without dashes. Diesel then compares
/// as text, which is by time, as Version does: 20251119091444 and 2025-11-19-091444-0000 stand side by side.
struct FolderName {
  std::string version;
  std::string_view name;
};

std::optional<FolderName> folder_name(const Listing::Entry& entry) {
  const std::string_view whole = entry.name;
  const std::size_t end = std::min(whole.find('_'), whole.size());
  std::string version(whole.substr(0, end));
  std::erase(version, '-');
  if (!entry.is_directory || !read_stem(version)) return std::nullopt;
  return FolderName{std::move(version), whole.substr(std::min(end + 1, whole.size()))};
}

int recognise(const Listing& listing) {
  int matched = 0;
  for (const Listing::Entry& entry : listing.entries) {
    if (file_stem(entry, ".up.sql")) ++matched;  // down files say nothing: native has them too
    std::error_code ignored;  // a folder that cannot be read is no evidence; read() reports it
    if (folder_name(entry) && std::filesystem::exists(listing.folder / entry.name / "up.sql", ignored))
      ++matched;
  }
  return matched == 0 ? 0 : 10 + 80 * matched / static_cast<int>(listing.entries.size());
}

/// Dates with dashes, and the first migration that Diesel writes, are nobody else's.
int recognise_diesel(const Listing& listing) {
  const bool is_own = std::ranges::any_of(listing.entries, [](const Listing::Entry& entry) {
    const std::string_view version = std::string_view(entry.name).substr(0, entry.name.find('_'));
    return folder_name(entry) && (version.find('-') != std::string_view::npos ||
                                  entry.name == "00000000000000_diesel_initial_setup");
  });
  return is_own && recognise(listing) > 0 ? 92 : 0;
}

/// Soda leaves one behind after every run, and nothing else may tell that the pairs are its own: it stops
/// nobody.
bool is_dump(const Listing::Entry& entry) {
  return entry.name == "schema.sql" && entry.head.find("-- PostgreSQL database dump") != std::string::npos;
}

class Reader : public FormatReader {
 public:
  using FormatReader::FormatReader;

  void read_entries() {
    // Among folders an .sql file that begins with no version is a note of somebody's, not a forgotten
    // migration.
    const bool has_folders = std::ranges::any_of(
        listing.entries, [](const auto& entry) { return folder_name(entry).has_value(); });
    shape = has_folders ? "VERSION_NAME/up.sql" : "VERSION_NAME.up.sql";
    for (const Listing::Entry& entry : listing.entries) {
      if (const auto up = file_stem(entry, ".up.sql"))
        history.migrations.push_back(make_migration(listing, *up, entry.name));
      else if (const auto down = file_stem(entry, ".down.sql"))
        downs.push_back({Version(std::string(down->version)), std::string(down->name), entry.name});
      else if (const auto folder = folder_name(entry))
        read_folder(entry, *folder);
      else
        pass_over(entry, !has_folders && !is_dump(entry));
    }
  }

 private:
  void read_folder(const Listing::Entry& entry, const FolderName& folder) {
    const auto names = list_directory(listing.folder / entry.name);
    if (!names) return history.findings.push_back({Severity::error, names.error()});
    const auto has = [&](std::string_view name) { return std::ranges::find(*names, name) != names->end(); };
    if (!has("up.sql"))
      return error(codes::unmatched_file,
                   fmt::format("folder {} has no up.sql and would be ignored", printable(entry.name)),
                   "add its up.sql, or remove the folder");

    Migration migration = make_migration(listing, {folder.version, folder.name}, entry.name + "/up.sql");
    if (has("down.sql")) migration.down = listing.folder / entry.name / "down.sql";
    if (has("metadata.toml")) read_metadata(entry.name + "/metadata.toml", migration.directives);
    for (const std::string& name : *names)
      if (name != "up.sql" && name != "down.sql" && name != "metadata.toml")
        not_read(entry.name, {name, false});
    history.migrations.push_back(std::move(migration));
  }

  void read_metadata(const std::string& file, Directives& directives) {
    const auto text = read_file(listing.folder / file);
    if (!text) return history.findings.push_back({Severity::error, text.error()});
    const toml::parse_result parsed = toml::parse(*text);
    if (!parsed)
      return error(codes::unknown_directive,
                   fmt::format("{} is not valid TOML: {}", printable(file), parsed.error().description()),
                   "correct the file");
    // Diesel's own default, where the file is there and does not say.
    if (!parsed.table().contains("run_in_transaction")) {
      directives.no_transaction = true;
      warning(codes::unknown_directive,
              fmt::format("{} does not set run_in_transaction, so Diesel runs the migration without one",
                          printable(file)),
              "write run_in_transaction = true, or false");
    }
    for (const auto& [key, value] : parsed.table()) {
      if (key.str() != "run_in_transaction")
        warning(codes::unknown_directive,
                fmt::format("{} sets \"{}\", which does nothing", printable(file), printable(key.str())),
                "remove the key");
      else if (const auto in_transaction = value.value_exact<bool>())
        directives.no_transaction = !*in_transaction;
      else
        error(codes::unknown_directive,
              fmt::format("run_in_transaction in {} is neither true nor false", printable(file)),
              "write run_in_transaction = false");
    }
  }
};

Result<History> read(const Listing& listing) {
  Reader reader(listing);
  reader.read_entries();
  return reader.finish();
}

/// By the versions as texts. A folder whose version is no number is run as well.
Result<History> read_diesel(const Listing& listing) {
  Reader reader(listing);
  reader.read_entries();
  for (const Listing::Entry& entry : listing.entries) {
    std::error_code ignored;
    if (entry.is_directory && !folder_name(entry) &&
        std::filesystem::exists(listing.folder / entry.name / "up.sql", ignored))
      reader.error(codes::unmatched_file,
                   fmt::format("the version of {} is no number, and Diesel runs it all the same", entry.name),
                   "rename the folder to NUMBER_NAME");
  }
  std::ranges::stable_sort(reader.history.migrations, {},
                           [](const Migration& migration) { return migration.version.text(); });
  const auto& migrations = reader.history.migrations;
  const auto twin =
      std::ranges::adjacent_find(migrations, {}, [](const Migration& one) { return one.version.text(); });
  if (twin != migrations.end())
    reader.error(codes::duplicate_version,
                 fmt::format("{} and {} have the same version: Diesel runs one of them, and never the other",
                             twin->file, std::next(twin)->file),
                 "give the one that was applied nowhere a new version");
  reader.order_by_name();
  return reader.finish();
}

}  // namespace

const Format updown{"updown", recognise, read};
const Format diesel{"diesel", recognise_diesel, read_diesel};

}  // namespace candor::history
