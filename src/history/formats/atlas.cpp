/// Atlas: *.sql in the order of the names, with atlas.sum beside them. Pairs (.up.sql, .down.sql) are those
/// of golang-migrate, which Atlas writes as well.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "history/formats/atlas_sum.h"
#include "history/formats/formats.h"
#include "history/formats/reader.h"

namespace candor::history {
namespace {

int recognise(const Listing& listing) {
  return listing.find(atlas_sum_name) != nullptr ? 92 : 0;
}

class Reader : public FormatReader {
 public:
  using FormatReader::FormatReader;

  History read() {
    for (const Listing::Entry& entry : listing.entries) take(entry);
    number_as_listed(history.migrations);
    attach_pairs();
    return std::move(history);
  }

 private:
  void take(const Listing::Entry& entry) {
    if (entry.name == atlas_sum_name) return;
    const auto name = without_ending(entry.name, ".sql");
    if (entry.is_directory || !name) return pass_over(entry);
    if (name->ends_with(".down")) return;
    const auto up = without_ending(*name, ".up");
    const std::string_view rest = up ? *up : *name;
    const auto stem = read_stem(rest);
    Migration migration = make_migration(listing, stem ? *stem : Stem{{}, rest}, entry.name);
    if (const auto text = text_of(migration)) read_directives_of(migration, text->view());
    history.migrations.push_back(std::move(migration));
  }

  /// By name, not by version: the versions may have been replaced by positions.
  void attach_pairs() {
    for (const Listing::Entry& entry : listing.entries) {
      const auto name = without_ending(entry.name, ".down.sql");
      if (entry.is_directory || !name) continue;
      const auto owner =
          std::ranges::find(history.migrations, std::string(*name) + ".up.sql", &Migration::file);
      if (owner != history.migrations.end())
        owner->down = listing.folder / entry.name;
      else
        warning(codes::down_orphan, fmt::format("{} is the inverse of no migration", entry.name),
                "give it the version and name of its migration, or remove it");
    }
  }

  /// The comments `-- atlas:NAME VALUE` at the top of the file.
  void read_directives_of(Migration& migration, std::string_view text) {
    for (const Line& line : lines_of(text)) {
      if (trimmed(line.text).empty()) continue;
      if (!line.text.starts_with("--")) return;
      const std::string_view words = trimmed(line.text.substr(2));
      if (!words.starts_with("atlas:")) continue;
      const std::size_t end = std::min(words.find_first_of(" \t"), words.size());
      take_directive(migration, words.substr(6, end - 6), trimmed(words.substr(end)), text, line);
    }
  }

  void take_directive(Migration& migration, std::string_view name, std::string_view value,
                      std::string_view text, const Line& line) {
    if (name == "nolint" || name == "sum") return;
    if (name == "txmode" && (value == "none" || value == "file")) {
      migration.directives.no_transaction = value == "none";
      return;
    }
    report_at(Severity::error, codes::not_supported, migration.file, text, line.begin,
              fmt::format("Candor does not follow atlas:{}{}{}", printable(name), value.empty() ? "" : " ",
                          printable(value)),
              name == "txmode"      ? "write none or file: Atlas refuses anything else in a file"
              : name == "delimiter" ? "end the statements with semicolons, and remove the line"
                                    : "write the migration as plain statements, and remove the line");
  }
};

Result<History> read(const Listing& listing) {
  return Reader(listing).read();
}

/// Atlas' version is what stands before the first '_', and one row is all that a version gets.
void check_versions(const History& history, std::vector<Finding>& findings) {
  std::map<std::string, const Migration*, std::less<>> by_version;
  for (const Migration& migration : history.migrations) {
    const std::string_view stem = *without_ending(migration.file, ".sql");
    const auto [first, is_new] = by_version.emplace(stem.substr(0, stem.find('_')), &migration);
    if (!is_new)
      findings.push_back(
          {Severity::error,
           Error{.code = codes::would_be_skipped,
                 .message = fmt::format(
                     "{} and {} have the same version: Atlas runs the first, and never the second",
                     first->second->file, migration.file),
                 .hint = "give the second a version of its own, then run `atlas migrate hash`"}});
  }
}

void check(const History& history, std::vector<Finding>& findings) {
  check_atlas_sum(history, findings);
  check_versions(history, findings);
}

}  // namespace

const Format atlas{.name = "atlas", .recognise = recognise, .read = read, .check = check};

}  // namespace candor::history
