/// pop and soda: VERSION_name[.dialect][.autocommit].up.sql, in the folder and in those below it; the SQL is
/// a template of Go's, whose values are [placeholders].
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "history/formats/formats.h"
#include "history/formats/neighbours.h"
#include "history/formats/reader.h"

namespace candor::history {
namespace {

struct Name {
  Stem stem;
  std::string_view dialect;  ///< empty: all of them
  bool autocommit = false;
  bool is_down = false;
};

std::optional<Name> read_name(std::string_view file) {
  const auto up = without_ending(file, ".up.sql"), down = without_ending(file, ".down.sql");
  std::string_view rest = up ? *up : down ? *down : "";
  Name name{.stem = {}, .dialect = {}, .is_down = !up};
  if (const auto plain = without_ending(rest, ".autocommit")) {
    name.autocommit = true;
    rest = *plain;
  }
  if (const std::size_t dot = rest.find('.'); dot != std::string_view::npos) {
    name.dialect = rest.substr(dot + 1);
    rest = rest.substr(0, dot);
  }
  const auto stem = read_stem(rest);
  if (!stem || stem->name.empty()) return std::nullopt;
  name.stem = *stem;
  return name;
}

bool is_postgres(std::string_view dialect) {
  return dialect == "postgres" || dialect == "postgresql" || dialect == "pg";
}

bool is_of_another_database(std::string_view dialect) {
  constexpr std::string_view known[] = {"cockroach", "cockroachdb", "crdb",    "mysql",
                                        "mariadb",   "sqlite",      "sqlite3", "mssql"};
  return std::ranges::find(known, dialect) != std::end(known);
}

int recognise(const Listing& listing) {
  bool has_names = false;
  for (const Listing::Entry& entry : listing.entries) {
    if (entry.name.ends_with(".up.fizz")) return 96;
    const auto name = read_name(entry.name);
    if (!name || entry.is_directory) continue;
    has_names = true;
    if (is_postgres(name->dialect) || name->autocommit || entry.head.find("{{") != std::string::npos)
      return 96;
  }
  return has_names && is_mentioned(listing, "go.mod", "gobuffalo/pop") ? 92 : 0;
}

std::string_view basename_of(std::string_view file) {
  return file.substr(file.rfind('/') + 1);  // npos + 1 is 0
}

class Reader : public FormatReader {
 public:
  using FormatReader::FormatReader;

  History read() {
    shape = "VERSION_NAME.up.sql";
    for_each_file([this](const Listing::Entry& entry, const std::string& file) { take(entry, file); });
    for (const auto& [version, file] : chosen_) add(file);  // in the order of the versions as texts
    order_by_name();
    return finish();
  }

 private:
  void take(const Listing::Entry& entry, const std::string& file) {
    if (file == "schema.sql") return;  // soda writes it after every run
    const auto name = read_name(entry.name);
    if (!name || name->dialect.find('.') != std::string_view::npos) return misnamed(entry, file);
    if (is_of_another_database(name->dialect)) return;
    if (!name->dialect.empty() && !is_postgres(name->dialect))
      return error(codes::unmatched_file,
                   fmt::format("{} is for the database \"{}\", which pop does not know: it stops there", file,
                               name->dialect),
                   "correct the database's name, or leave it out");
    if (name->is_down) return take_down(*name, file);
    const auto [at, is_first] = chosen_.emplace(std::string(name->stem.version), file);
    if (is_first) return;
    const Name other = *read_name(basename_of(at->second));
    if (other.stem.name == name->stem.name && other.dialect.empty() != name->dialect.empty()) {
      if (other.dialect.empty()) at->second = file;  // a dialect's own file comes first
      return;
    }
    error(
        codes::duplicate_version,
        fmt::format("{} and {} have the same version: pop runs the first and skips the second without a word",
                    at->second, file),
        "give the one that was applied nowhere a new version");
  }

  /// A dialect's own file comes first, here as well.
  void take_down(const Name& name, const std::string& file) {
    const Version version{std::string(name.stem.version)};
    const auto other = std::ranges::find_if(
        downs, [&](const Down& down) { return down.version == version && down.name == name.stem.name; });
    if (other == downs.end())
      downs.push_back({version, std::string(name.stem.name), file});
    else if (!name.dialect.empty())
      other->file = file;
  }

  void misnamed(const Listing::Entry& entry, const std::string& file) {
    if (auto code = not_sql(entry)) return history.findings.push_back(std::move(*code));
    if (unmatched(listing, entry)) pass_over({file, false});
  }

  void add(const std::string& file) {
    const Name name = *read_name(basename_of(file));
    Migration migration = make_migration(listing, name.stem, file);
    migration.directives.no_transaction = name.autocommit;
    if (const auto text = text_of(migration)) look_for_logic(migration, text->view());
    history.migrations.push_back(std::move(migration));
  }

  /// Values can be put in; branches and loops of a template cannot be followed.
  void look_for_logic(const Migration& migration, std::string_view text) {
    constexpr std::string_view words[] = {"if",   "else",   "end",      "range",
                                          "with", "define", "template", "block"};
    for (std::size_t at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at + 2)) {
      std::string_view inside = text.substr(at + 2, std::min(text.find("}}", at), text.size()) - at - 2);
      if (inside.starts_with('-')) inside.remove_prefix(1);
      inside = trimmed(inside);
      const std::string_view word = inside.substr(0, inside.find_first_of(" \t-"));
      if (std::ranges::find(words, word) == std::end(words)) continue;
      return report_at(Severity::error, codes::not_supported, migration.file, text, at,
                       fmt::format("Candor does not follow the template's {}", word),
                       "write out what it yields for PostgreSQL");
    }
  }

  std::map<std::string, std::string, std::less<>> chosen_;  ///< version to file
};

Result<History> read(const Listing& listing) {
  return Reader(listing).read();
}

/// popx, where pop has recorded the first of two: said once, however many there are.
void check(const History& history, std::vector<Finding>& findings) {
  constexpr std::size_t known_digits = 14;  // of which older tables keep a version
  constexpr std::size_t shown = 10;
  std::map<std::string, const Migration*, std::less<>> by_start;
  std::vector<std::string> pairs;
  for (const Migration& migration : history.migrations) {
    const auto start = migration.version.text().substr(0, known_digits);
    const auto [other, is_first] = by_start.emplace(start, &migration);
    if (!is_first) pairs.push_back(fmt::format("{} and {}", other->second->file, migration.file));
  }
  if (pairs.empty()) return;
  std::string lines;
  for (std::size_t i = 1; i < pairs.size() && i < shown; ++i) lines += (i > 1 ? "\n" : "") + pairs[i];
  if (pairs.size() > shown) lines += fmt::format("\nand {} more", pairs.size() - shown);
  findings.push_back(
      {Severity::warning,
       Error{.code = codes::would_be_skipped,
             .message = fmt::format("{} begin with the same 14 digits: where the first was recorded by pop, "
                                    "popx takes the second for applied and never runs it",
                                    pairs.front()),
             .detail = std::move(lines),
             .hint = "give the one that was applied nowhere a version that differs earlier"}});
}

}  // namespace

const Format pop{.name = "pop",
                 .recognise = recognise,
                 .read = read,
                 .placeholder_open = "{{",
                 .placeholder_close = "}}",
                 .check = check};

}  // namespace candor::history
