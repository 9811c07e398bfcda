#include "history/formats/naming.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "sql/lexer.h"

namespace candor::history {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::size_t leading_digits(std::string_view name) {
  return static_cast<std::size_t>(std::ranges::find_if_not(name, is_digit) - name.begin());
}

bool ends_in(std::string_view name, std::string_view lower) {
  return name.size() >= lower.size() && sql::is_word(name.substr(name.size() - lower.size()), lower);
}

bool belongs_here(std::string_view name) {
  constexpr std::string_view files[] = {"candor.lock", "candor.toml", "shadow.sql"};
  return name.starts_with(".") || name.starts_with("README") || ends_in(name, ".md") ||
         std::ranges::find(files, name) != std::end(files);
}

bool is_backup(std::string_view name) {
  constexpr std::string_view endings[] = {"~", ".bak", ".orig", ".rej", ".swp", ".tmp"};
  return std::ranges::any_of(endings, [&](std::string_view ending) { return ends_in(name, ending); });
}

std::string advice(const Listing::Entry& entry) {
  const std::string_view name = entry.name;
  if (name.starts_with("V") && name.find("__") != std::string_view::npos)
    return fmt::format("rename it to {}_{}", name.substr(1, name.find("__") - 1),
                       name.substr(name.find("__") + 2));
  const std::size_t digits = leading_digits(name);
  const auto rest = name.substr(digits);
  if (digits > 0 && (rest.starts_with("-") || rest.starts_with(".") || rest.starts_with(" ")) &&
      rest.size() > 4 && rest != ".sql")
    return fmt::format("rename it to {}_{}", name.substr(0, digits), rest.substr(1));
  if (digits > 0 && ends_in(name, ".sql")) return "name it VERSION_NAME.sql, in lower case";
  return looks_like_migration(name) || ends_in(name, ".sql")
             ? "name it VERSION_NAME.sql, or move it out of the migrations folder"
             : "move it out of the migrations folder";
}

}  // namespace

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

std::optional<Finding> unmatched(const Listing::Entry& entry, bool sql_is_error) {
  if (belongs_here(entry.name)) return std::nullopt;
  const bool is_error = !is_backup(entry.name) &&
                        (looks_like_migration(entry.name) || (sql_is_error && ends_in(entry.name, ".sql")));
  return Finding{is_error ? Severity::error : Severity::warning,
                 Error{.code = codes::unmatched_file,
                       .message = fmt::format("{} {} matches no naming rule and would be ignored",
                                              entry.is_directory ? "folder" : "file", printable(entry.name)),
                       .hint = printable(advice(entry))}};
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
