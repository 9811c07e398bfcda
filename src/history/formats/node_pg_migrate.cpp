/// node-pg-migrate's SQL migrations: TIMESTAMP_name.sql, with `-- Up Migration` and `-- Down Migration`.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "history/formats/formats.h"
#include "history/formats/reader.h"

namespace candor::history {
namespace {

/// "-- Up Migration", in any case, with any blanks and dashes before it.
bool is_marker(std::string_view line, std::string_view direction) {
  line = trimmed(line);
  if (!line.starts_with("--")) return false;
  line.remove_prefix(std::min(line.find_first_not_of("- \t"), line.size()));
  if (!begins_with_word(line, direction)) return false;
  const std::string_view rest = line.substr(direction.size());
  return !rest.empty() && (rest[0] == ' ' || rest[0] == '\t') && begins_with_word(trimmed(rest), "migration");
}

int recognise(const Listing& listing) {
  for (const Listing::Entry& entry : listing.entries)
    for (const Line& line : lines_of(entry.head))
      if (is_marker(line.text, "up")) return 96;
  return 0;
}

/// Prefixes are milliseconds since 1970, or a UTC date of 17 digits; both as the latter.
std::string time_of(std::string_view digits) {
  constexpr std::size_t date_digits = 17, millisecond_digits = 13;
  if (digits.size() == date_digits) return std::string(digits);
  std::int64_t number = 0;
  if (digits.size() != millisecond_digits ||
      std::from_chars(digits.data(), digits.data() + digits.size(), number).ec != std::errc())
    return fmt::format("{:0>17}", digits);
  return fmt::format("{:%Y%m%d%H%M%S}{:03}", fmt::gmtime(static_cast<std::time_t>(number / 1000)),
                     number % 1000);
}

class Reader : public FormatReader {
 public:
  using FormatReader::FormatReader;

  History read() {
    for (const Listing::Entry& entry : listing.entries) take(entry);
    std::ranges::stable_sort(history.migrations, [](const Migration& a, const Migration& b) {
      const std::string left = time_of(a.version.text()), right = time_of(b.version.text());
      return left != right ? left < right : before_in_locale(a.file, b.file);
    });
    number_as_listed(history.migrations);
    return finish();
  }

 private:
  void take(const Listing::Entry& entry) {
    const auto name = without_ending(entry.name, ".sql");
    const std::size_t digits = name ? leading_digits(*name) : 0;
    if (entry.is_directory || digits == 0) return pass_over(entry);
    std::string_view rest = name->substr(digits);
    rest.remove_prefix(std::min(rest.find_first_not_of("_-"), rest.size()));
    Migration migration = make_migration(listing, {name->substr(0, digits), rest}, entry.name);
    if (const auto text = text_of(migration)) find_sections(migration, text->view());
    history.migrations.push_back(std::move(migration));
  }

  /// Without an up marker the whole file is up, whatever else it holds.
  void find_sections(Migration& migration, std::string_view text) {
    std::optional<std::size_t> up, down;
    for (const Line& line : lines_of(text)) {
      if (!up && is_marker(line.text, "up")) up = line.begin;
      if (!down && is_marker(line.text, "down")) down = line.begin;
    }
    const std::size_t end = text.size();
    if (!up && down)
      return report_at(
          Severity::error, codes::sections_malformed, migration.file, text, *down,
          "without `-- Up Migration` node-pg-migrate runs the whole file as up, this section with it",
          "write -- Up Migration above the first section");
    if (!up) return;
    warn_of_statement_before(down ? std::min(*up, *down) : *up, migration.file, text,
                             "node-pg-migrate leaves out what stands above the first section",
                             "move it below -- Up Migration");
    migration.parts.push_back({*up, down && *down > *up ? *down : end});
    if (!down) return;
    migration.down = migration.path;
    migration.down_parts.push_back({*down, *up > *down ? *up : end});
  }
};

Result<History> read(const Listing& listing) {
  return Reader(listing).read();
}

}  // namespace

const Format node_pg_migrate{
    .name = "node-pg-migrate", .recognise = recognise, .read = read, .alone_in_folder = true};

}  // namespace candor::history
