/// sqlx: VERSION_description.sql, or pairs VERSION_description.up.sql and .down.sql.
#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "history/formats/formats.h"
#include "history/formats/neighbours.h"
#include "history/formats/reader.h"

namespace candor::history {
namespace {

constexpr std::string_view mark = "-- no-transaction";

struct Name {
  Stem stem;
  bool is_down = false;
  bool is_pair = false;
};

std::optional<Name> read_name(const Listing::Entry& entry) {
  if (entry.is_directory) return std::nullopt;
  for (const std::string_view ending : {".up.sql", ".down.sql", ".sql"}) {
    const auto rest = without_ending(entry.name, ending);
    if (!rest) continue;
    const auto stem = read_stem(*rest);
    if (!stem || rest->find('_') == std::string_view::npos) return std::nullopt;
    return Name{*stem, ending == ".down.sql", ending != ".sql"};
  }
  return std::nullopt;
}

/// The files alone do not tell; the crate around them does, and so does the mark.
int recognise(const Listing& listing) {
  const bool any =
      std::ranges::any_of(listing.entries, [](const auto& entry) { return read_name(entry).has_value(); });
  if (!any) return 0;
  const bool marked =
      std::ranges::any_of(listing.entries, [](const auto& entry) { return entry.head.starts_with(mark); });
  return marked || is_mentioned(listing, "Cargo.toml", "sqlx") ? 93 : 0;
}

class Reader : public FormatReader {
 public:
  using FormatReader::FormatReader;

  History read() {
    for (const Listing::Entry& entry : listing.entries) {
      const auto name = read_name(entry);
      if (!name && !entry.is_directory && entry.name.ends_with(".sql") && entry.name.contains('_'))
        error(codes::unmatched_file,
              fmt::format("the version of {} is no number, and sqlx stops there", printable(entry.name)),
              "name it VERSION_NAME.sql");
      else if (!name)
        pass_over(entry);
      else if (name->is_down)
        downs.push_back({Version(std::string(name->stem.version)), std::string(name->stem.name), entry.name});
      else
        take(entry, *name);
    }
    return finish();
  }

 private:
  void take(const Listing::Entry& entry, const Name& name) {
    constexpr std::string_view largest = "9223372036854775807";  // sqlx reads an i64
    if (exceeds(name.stem.version, largest))
      return error(codes::unmatched_file, fmt::format("the version of {} is too large for sqlx", entry.name),
                   "give it a version of at most 18 digits");
    Migration migration = make_migration(listing, name.stem, entry.name);
    look_for_mark(migration);
    history.migrations.push_back(std::move(migration));
  }

  /// Only as the first bytes of the file does the mark count.
  void look_for_mark(Migration& migration) {
    const auto file = read_file(migration.path);
    if (!file) return;  // told by whoever reads the file as a migration
    migration.directives.no_transaction = file->starts_with(mark);
    if (migration.directives.no_transaction) return;
    for (const Line& line : lines_of(*file)) {
      if (trimmed(without_byte_order_mark(line.text)) != mark) continue;
      return report_at(Severity::warning, codes::unknown_directive, migration.file, *file, line.begin,
                       "sqlx does not see this mark: only as the first bytes of the file does it count",
                       "make it the first line, without a byte-order mark before it");
    }
  }
};

Result<History> read(const Listing& listing) {
  return Reader(listing).read();
}

void check(const History& history, std::vector<Finding>& findings) {
  const auto lacks_down = [](const Migration& migration) { return !migration.down; };
  if (std::ranges::all_of(history.migrations, lacks_down)) return;
  for (const Migration& migration : history.migrations)
    if (lacks_down(migration))
      findings.push_back({Severity::warning,
                          Error{.code = codes::no_way_back,
                                .message = fmt::format(
                                    "{} has no down file: `sqlx migrate revert` stops there", migration.file),
                                .hint = "add its .down.sql, or take the others away"}});
}

}  // namespace

const Format sqlx{.name = "sqlx", .recognise = recognise, .read = read, .check = check};

}  // namespace candor::history
