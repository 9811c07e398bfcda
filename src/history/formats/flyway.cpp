/// Flyway: V<version>__<description>.sql, in the folder and in those below it, then R__<description>.sql. U
/// files are inverses; baselines and callbacks are named, not run.
#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "history/formats/flyway_name.h"
#include "history/formats/formats.h"
#include "history/formats/neighbours.h"
#include "history/formats/reader.h"
#include "sql/lexer.h"

namespace candor::history {
namespace {

int recognise(const Listing& listing) {
  int matched = 0, files = 0;
  for (const Listing::Entry& entry : listing.entries) {
    if (entry.is_directory) continue;
    ++files;
    if (const auto name = read_flyway_name(entry.name); name && name->kind == 'V') ++matched;
  }
  return matched == 0 ? 0 : 10 + 80 * matched / files;  // as native counts: of equals it wins
}

class Reader : public FormatReader {
 public:
  using FormatReader::FormatReader;

  History read() {
    shape = "V<version>__<description>.sql";
    for_each_file([this](const Listing::Entry& entry, const std::string& file) { take(entry, file); });
    for (const std::string& file : settings_) read_settings(file);
    for (const char* const file : {"flyway.toml", "flyway.conf", "conf/flyway.conf"}) look_for_settings(file);
    return finish();
  }

 private:
  /// Flyway's own settings that change which files are read, or as what: none of them is followed.
  void look_for_settings(std::string_view file) {
    constexpr std::string_view followed_as[][2] = {
        {"placeholderPrefix", "write the placeholders as ${name}"},
        {"placeholderSuffix", "write the placeholders as ${name}"},
        {"placeholderReplacement",
         "give a value to everything that looks like ${name}: under [placeholders]"},
        {"sqlMigrationPrefix", "call the files V<version>__<description>.sql"},
        {"sqlMigrationSeparator", "call the files V<version>__<description>.sql"},
        {"sqlMigrationSuffixes", "call the files V<version>__<description>.sql"},
        {"repeatableSqlMigrationPrefix", "call the files R__<description>.sql"},
        {"defaultSchema", "say so in candor.toml: search_path = [\"…\"]"},
        {"schemas", "say so in candor.toml: search_path = [\"…\"]"}};
    for (const auto& [setting, instead] : followed_as)
      if (is_set(listing, file, "flyway", setting))
        history.findings.push_back(
            {Severity::notice,
             Error{.code = codes::not_supported,
                   .message = fmt::format("{} sets {}, which Candor does not read", file, setting),
                   .hint = std::string(instead)}});
  }

  void take(const Listing::Entry& entry, const std::string& file) {
    if (entry.name.ends_with(".sql.conf")) return settings_.push_back(file);
    const auto name = read_flyway_name(entry.name);
    if (!name) return misnamed(entry, file);
    switch (name->kind) {
      case 'V':
        history.migrations.push_back(make_migration(listing, {name->version, name->description}, file));
        return;
      case 'U':
        downs.push_back({Version(name->version), name->description, file});
        return;
      case 'R':
        history.migrations.push_back(make_migration(listing, {"R__" + name->description, {}}, file));
        return;
      default:
        return error(codes::not_supported,
                     fmt::format("{} is {}, which Candor does not run", file, name->what),
                     "put what it does into a versioned migration, and remove it");
    }
  }

  /// What Flyway passes over without a word, unless it is told to validate names.
  void misnamed(const Listing::Entry& entry, const std::string& file) {
    if (!unmatched(listing, entry)) return;
    if (not_sql(entry)) return pass_over({file, false});
    if (!entry.name.ends_with(".sql")) return pass_over({file, false}, false);
    error(codes::unmatched_file,
          fmt::format("{} is not named as Flyway wants it: it is ignored without a word", file),
          fmt::format("rename it to {}", advice(entry.name)));
  }

  static std::string advice(std::string_view name) {
    const bool is_v = name.starts_with('v') || name.starts_with('V');
    const std::string_view rest = is_v ? name.substr(1) : name;
    std::string_view version = rest.substr(0, rest.find_first_not_of("0123456789."));
    while (version.ends_with('.')) version.remove_suffix(1);
    if (version.empty()) return "V<version>__<description>.sql";
    const std::string_view behind = rest.substr(version.size());
    if (sql::is_word(behind, ".sql")) return fmt::format("V{}__<description>.sql", version);
    const std::size_t from = std::min(behind.find_first_not_of("_-. "), behind.size());
    std::string better = fmt::format("V{}__{}", version, printable(behind.substr(from)));
    return better == name ? "V<version>__<description>.sql" : better;
  }

  /// V1__x.sql.conf: settings of one file.
  void read_settings(const std::string& file) {
    const std::string script = file.substr(0, file.size() - std::string_view(".conf").size());
    const auto owner = std::ranges::find(history.migrations, script, &Migration::file);
    const auto text = read_file(listing.folder / file);
    if (!text) return history.findings.push_back({Severity::error, text.error()});
    for (const Line& line : lines_of(*text)) {
      const std::string_view whole = trimmed(line.text);
      if (whole.empty() || whole.starts_with('#')) continue;
      const std::size_t equals = whole.find('=');
      const std::string_view key = trimmed(whole.substr(0, equals));
      const std::string_view value =
          equals == std::string_view::npos ? "" : trimmed(whole.substr(equals + 1));
      const bool is_true = sql::is_word(value, "true"), is_false = sql::is_word(value, "false");
      if (key == "executeInTransaction" && (is_true || is_false) && owner != history.migrations.end())
        owner->directives.no_transaction = is_false;
      else
        report_at(Severity::error, codes::not_supported, file, *text, line.begin,
                  fmt::format("Candor does not follow the setting {}", printable(key)), "remove the line");
    }
  }

  std::vector<std::string> settings_;
};

Result<History> read(const Listing& listing) {
  return Reader(listing).read();
}

}  // namespace

const Format flyway{.name = "flyway",
                    .recognise = recognise,
                    .read = read,
                    .placeholder_open = "${",
                    .placeholder_close = "}"};

}  // namespace candor::history
