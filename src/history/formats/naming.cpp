#include "history/formats/naming.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "history/formats/atlas_sum.h"
#include "sql/lexer.h"

namespace candor::history {
namespace {

bool ends_in(std::string_view name, std::string_view lower) {
  return name.size() >= lower.size() && sql::is_word(name.substr(name.size() - lower.size()), lower);
}

bool belongs_here(std::string_view name) {
  // atlas.sum is read whatever the format (lint).
  constexpr std::string_view files[] = {"candor.lock", "candor.toml", "shadow.sql", atlas_sum_name};
  return name.starts_with(".") || name.starts_with("README") || ends_in(name, ".md") ||
         std::ranges::find(files, name) != std::end(files);
}

bool is_backup(std::string_view name) {
  constexpr std::string_view endings[] = {"~", ".bak", ".orig", ".rej", ".swp", ".tmp"};
  return std::ranges::any_of(endings, [&](std::string_view ending) { return ends_in(name, ending); });
}

constexpr std::string_view move_out = "move it out of the migrations folder";

/// A dump of the whole schema, or rows for a first start: no migration, whatever it is called.
bool is_no_migration(std::string_view name) {
  constexpr std::string_view files[] = {"latest.sql", "schema.sql", "structure.sql",
                                        "dump.sql",   "seed.sql",   "seeds.sql"};
  return std::ranges::any_of(files, [&](std::string_view file) { return sql::is_word(name, file); });
}

std::string advice_on_file(std::string_view name, std::string_view shape) {
  const bool is_plain = shape == plain_shape;
  if (is_plain && name.starts_with("V") && name.find("__") != std::string_view::npos)
    return fmt::format("rename it to {}_{}", name.substr(1, name.find("__") - 1),
                       name.substr(name.find("__") + 2));
  const std::size_t digits = leading_digits(name);
  const auto rest = name.substr(digits);
  if (is_plain && digits > 0 && (rest.starts_with("-") || rest.starts_with(".") || rest.starts_with(" ")) &&
      rest.size() > 4 && rest != ".sql")
    return fmt::format("rename it to {}_{}", name.substr(0, digits), rest.substr(1));
  if (digits > 0 && ends_in(name, ".sql"))
    return fmt::format("name it {}{}", shape, is_plain ? ", in lower case" : "");
  if (looks_like_migration(name)) return fmt::format("name it {}, or {}", shape, move_out);
  if (!ends_in(name, ".sql") || is_no_migration(name)) return std::string(move_out);
  return fmt::format("if it is a migration, name it {}; else {}", shape, move_out);
}

std::optional<Listing> looked_into(const std::filesystem::path& folder) {
  std::vector<Finding> ignored;  // whoever is told to read the folder will be told of them
  auto listing = list_folder(folder, folder, "", ignored);
  if (!listing) return std::nullopt;
  return std::move(*listing);
}

bool holds_migrations(const Listing& folder) {
  constexpr int likely = 10;  // what the formats begin with as soon as a single name is theirs
  return std::ranges::any_of(all_formats(),
                             [&](const Format* format) { return format->recognise(folder) >= likely; });
}

/// The folder itself, or those in it that hold migrations.
std::vector<std::string> folders_of_migrations(const Listing& folder) {
  if (holds_migrations(folder)) return {folder.folder.string()};
  std::vector<std::string> found;
  for (const Listing::Entry& entry : folder.entries)
    if (entry.is_directory)
      if (const auto inner = looked_into(folder.folder / entry.name); inner && holds_migrations(*inner))
        found.push_back(inner->folder.string());
  return found;
}

std::string advice_on_folder(const std::filesystem::path& path, std::string_view shape) {
  const auto folder = looked_into(path);
  if (!folder) return std::string(move_out);
  if (const auto found = folders_of_migrations(*folder); !found.empty())
    return fmt::format("if its migrations are the ones to run, say --dir {}; else {}",
                       fmt::join(found, " or --dir "), move_out);
  const bool has_sql = std::ranges::any_of(
      folder->entries, [](const Listing::Entry& entry) { return ends_in(entry.name, ".sql"); });
  return has_sql
             ? fmt::format("name its files {} and put them into the migrations folder, or move it out", shape)
             : std::string(move_out);
}

}  // namespace

std::size_t leading_digits(std::string_view text) {
  return std::min(text.find_first_not_of("0123456789"), text.size());
}

bool exceeds(std::string_view digits, std::string_view largest) {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits.size() != largest.size() ? digits.size() > largest.size() : digits > largest;
}

std::optional<std::string_view> without_ending(std::string_view text, std::string_view ending) {
  if (!text.ends_with(ending)) return std::nullopt;
  return text.substr(0, text.size() - ending.size());
}

std::optional<Stem> read_stem(std::string_view text) {
  const std::size_t digits = leading_digits(text);
  if (digits == 0 || (digits < text.size() && text[digits] != '_')) return std::nullopt;
  return Stem{text.substr(0, digits), text.substr(std::min(digits + 1, text.size()))};
}

bool looks_like_migration(std::string_view name) {
  if (name.starts_with("V") || name.starts_with("v")) name.remove_prefix(1);
  const std::size_t digits = leading_digits(name);
  return digits > 0 && digits < name.size() &&
         std::string_view("_-. ").find(name[digits]) != std::string_view::npos;
}

std::optional<Finding> not_sql(const Listing::Entry& entry) {
  constexpr std::string_view code[] = {".go", ".js",    ".ts", ".mjs", ".mts", ".cjs",    ".cts", ".java",
                                       ".kt", ".class", ".rb", ".py",  ".rs",  ".groovy", ".fizz"};
  const bool is_code =
      std::ranges::any_of(code, [&](std::string_view ending) { return ends_in(entry.name, ending); });
  if (entry.is_directory || !is_code || !looks_like_migration(entry.name) || ends_in(entry.name, ".d.ts"))
    return std::nullopt;
  return Finding{
      Severity::error,
      Error{.code = codes::not_sql,
            .message = fmt::format("{} is not SQL; the history cannot be replayed without it", entry.name),
            .hint = "record what it does with `candor capture`, and put the SQL in its place"}};
}

std::optional<Finding> unmatched(const Listing& listing, const Listing::Entry& entry, bool sql_is_error,
                                 std::string_view shape) {
  if (belongs_here(entry.name)) return std::nullopt;
  if (auto finding = not_sql(entry)) return finding;
  const bool is_error = !is_backup(entry.name) &&
                        (looks_like_migration(entry.name) || (sql_is_error && ends_in(entry.name, ".sql")));
  const std::string advice = entry.is_directory ? advice_on_folder(listing.folder / entry.name, shape)
                                                : advice_on_file(entry.name, shape);
  return Finding{is_error ? Severity::error : Severity::warning,
                 Error{.code = codes::unmatched_file,
                       .message = fmt::format("{} {} matches no naming rule and would be ignored",
                                              entry.is_directory ? "folder" : "file", printable(entry.name)),
                       .hint = printable(advice)}};
}

namespace {

/// Gives equal neighbours a second number; false if the versions do not ascend.
bool tell_equals_apart(std::vector<Migration>& migrations) {
  Version before;
  int times = 1;
  for (Migration& migration : migrations) {
    const std::string& text = migration.version.text();
    if (text.empty() || leading_digits(text) == 0) return false;
    const auto order = before <=> migration.version;
    if (order > 0) return false;
    before = migration.version;
    times = order == 0 ? times + 1 : 1;
    if (times > 1) migration.version = Version(fmt::format("{}.{}", text, times));
  }
  return true;
}

int rank(char c) {
  constexpr std::string_view order = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789";
  if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  const std::size_t at = order.find(c);
  return at != std::string_view::npos ? static_cast<int>(at) : 100 + static_cast<unsigned char>(c);
}

}  // namespace

void number_as_listed(std::vector<Migration>& migrations) {
  std::vector<Migration> numbered = migrations;
  if (tell_equals_apart(numbered)) {
    migrations = std::move(numbered);
    return;
  }
  const auto width = std::max<std::size_t>(4, std::to_string(migrations.size()).size());
  for (std::size_t i = 0; i < migrations.size(); ++i)
    migrations[i].version = Version(fmt::format("{:0{}}", i + 1, width));
}

bool before_in_locale(std::string_view a, std::string_view b) {
  const auto [left, right] = std::ranges::mismatch(a, b, {}, rank, rank);
  if (left == a.end() || right == b.end()) {
    if (left != a.end() || right != b.end()) return left == a.end();
    return a > b;  // the same letters: lower case first
  }
  return rank(*left) < rank(*right);
}

bool is_safe_path(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos) return false;
  if (printable(name) != name) return false;
  for (const auto& part : std::filesystem::path(name))
    if (part == ".." || part == "." || part.empty()) return false;
  return true;
}

Migration make_migration(const Listing& listing, const Stem& stem, std::string file) {
  Migration migration;
  migration.version = Version(std::string(stem.version));
  migration.name = stem.name;
  migration.path = listing.folder / file;
  migration.file = std::move(file);
  return migration;
}

void attach_downs(History& history, const std::vector<Down>& downs) {
  std::vector<Migration*> by_version;
  for (Migration& migration : history.migrations) by_version.push_back(&migration);
  const auto version_of = [](const Migration* migration) -> const Version& { return migration->version; };
  std::ranges::sort(by_version, {}, version_of);

  for (const Down& down : downs) {
    Migration* owner = nullptr;
    for (Migration* migration : std::ranges::equal_range(by_version, down.version, {}, version_of))
      if (!migration->down && (owner == nullptr || migration->name == down.name)) owner = migration;
    if (owner != nullptr)
      owner->down = history.folder / down.file;
    else
      history.findings.push_back(
          {Severity::warning,
           Error{.code = codes::down_orphan,
                 .message = fmt::format("{} is the inverse of no migration", printable(down.file)),
                 .hint = "give it the version and name of its migration, or remove it"}});
  }
}

}  // namespace candor::history
