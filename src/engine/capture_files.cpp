#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/file.h"
#include "engine/capture.h"
#include "history/migration.h"

namespace candor::engine {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A name without the ending of a program's source.
std::string_view without_ending(std::string_view name) {
  constexpr std::string_view endings[] = {".js", ".ts", ".cjs", ".mjs", ".cts", ".py", ".rb", ".php", ".go"};
  for (const std::string_view ending : endings)
    if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  return name;
}

/// Letters, digits and underscores.
std::string plain(std::string_view text) {
  std::string name;
  for (const char c : text)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      name += c;
    else if (!name.empty() && name.back() != '_')
      name += '_';
  while (name.ends_with('_')) name.pop_back();
  return name;
}

struct Stem {
  std::string version, name;
};

/// "20190101000000-create-users", "1700000000000_x", db-migrate's "/20190101-x" or TypeORM's
/// "CreateUsers1699999999999".
Stem stem_of(std::string_view name) {
  name = without_ending(name);
  if (name.starts_with('/')) name.remove_prefix(1);
  constexpr std::size_t digits_of_a_time = 10;
  const auto head = static_cast<std::size_t>(std::ranges::find_if_not(name, is_digit) - name.begin());
  std::size_t tail = name.size();
  while (tail > 0 && is_digit(name[tail - 1])) --tail;
  if (head > 0) return {std::string(name.substr(0, head)), plain(name.substr(head))};
  if (name.size() - tail >= digits_of_a_time)
    return {std::string(name.substr(tail)), plain(name.substr(0, tail))};
  return {"", plain(name)};
}

bool ascend(const std::vector<Stem>& stems) {
  for (std::size_t i = 0; i < stems.size(); ++i) {
    if (stems[i].version.empty()) return false;
    if (i > 0 && !(history::Version(stems[i - 1].version) < history::Version(stems[i].version))) return false;
  }
  return true;
}

std::string text_of(const CapturedMigration& migration) {
  std::string text = fmt::format("-- captured from {}\n", printable(migration.name));
  if (migration.statements.empty()) text += "-- it changed nothing in the database\n";
  for (const std::string& statement : migration.statements) {
    const std::size_t last_line = statement.rfind('\n') + 1;  // npos + 1 is 0
    const bool commented = statement.find("--", last_line) != std::string::npos;
    text += fmt::format("\n{}{};\n", statement, commented ? "\n" : "");
  }
  return text;
}

}  // namespace

std::vector<CapturedFile> files_of(const std::vector<CapturedMigration>& migrations) {
  std::vector<Stem> stems;
  for (const CapturedMigration& migration : migrations) stems.push_back(stem_of(migration.name));
  if (!ascend(stems)) {
    const std::size_t width = std::max<std::size_t>(4, std::to_string(stems.size()).size());
    for (std::size_t i = 0; i < stems.size(); ++i)
      stems[i] = {fmt::format("{:0{}}", i + 1, width), plain(without_ending(migrations[i].name))};
  }
  std::vector<CapturedFile> files;
  for (std::size_t i = 0; i < stems.size(); ++i) {
    const std::string name =
        stems[i].name.empty() ? stems[i].version : fmt::format("{}_{}", stems[i].version, stems[i].name);
    files.push_back({.file = name + ".sql",
                     .name = migrations[i].name,
                     .text = text_of(migrations[i]),
                     .statements = migrations[i].statements.size()});
  }
  return files;
}

}  // namespace candor::engine
