#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

#include "base/ascii.h"
#include "base/file.h"
#include "engine/capture.h"
#include "history/captured.h"
#include "history/migration.h"

namespace candor::engine {
namespace {

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

/// The first whose version is none, or not above the one before it; nothing: they ascend.
std::optional<std::size_t> first_out_of_order(const std::vector<Stem>& stems) {
  for (std::size_t i = 0; i < stems.size(); ++i) {
    if (stems[i].version.empty()) return i;
    if (i > 0 && !(history::Version(stems[i - 1].version) < history::Version(stems[i].version))) return i;
  }
  return std::nullopt;
}

template <class Named>
std::vector<Stem> stems_of(const std::vector<Named>& all) {
  std::vector<Stem> stems;
  for (const Named& one : all) stems.push_back(stem_of(one.name));
  return stems;
}

std::string_view digits_of(std::string_view file) {
  return {file.begin(), std::ranges::find_if_not(file, is_digit)};
}

/// The names of new files: after the migrations where these ascend, else 0001, 0002 … behind what is there.
class Names {
 public:
  Names(const std::vector<CapturedMigration>& migrations, const std::vector<EarlierFile>& earlier) {
    numbered_ = first_out_of_order(stems_of(migrations)).has_value();
    for (const EarlierFile& file : earlier) {
      const std::string_view digits = digits_of(file.file);
      std::size_t number = 0;
      std::from_chars(digits.data(), digits.data() + digits.size(), number);
      last_ = std::max(last_, number);
    }
    width_ = std::max<std::size_t>(4, std::to_string(last_ + migrations.size()).size());
  }

  std::string next(std::string_view migration) {
    const Stem stem = numbered_
                          ? Stem{fmt::format("{:0{}}", ++last_, width_), plain(without_ending(migration))}
                          : stem_of(migration);
    return stem.name.empty() ? stem.version + ".sql" : fmt::format("{}_{}.sql", stem.version, stem.name);
  }

 private:
  bool numbered_ = false;
  std::size_t last_ = 0, width_ = 0;
};

std::string text_of(const CapturedMigration& migration) {
  std::string text = fmt::format("{}{}\n", history::captured_mark, printable(migration.name));
  if (migration.statements.empty()) text += "-- it changed nothing in the database\n";
  for (const std::string& statement : migration.statements) {
    const std::size_t last_line = statement.rfind('\n') + 1;  // npos + 1 is 0
    const bool commented = statement.find("--", last_line) != std::string::npos;
    text += fmt::format("\n{}{};\n", statement, commented ? "\n" : "");
  }
  return text;
}

}  // namespace

Result<std::vector<EarlierFile>> earlier_files(const std::filesystem::path& folder) {
  std::vector<EarlierFile> files;
  std::error_code ignored;
  if (!std::filesystem::exists(folder, ignored)) return files;
  auto names = list_directory(folder);
  if (!names) return pass(names);
  for (std::string& name : *names)
    if (name.ends_with(".sql")) files.push_back({name, history::captured_from(folder / name)});
  return files;
}

std::string why_numbered(const std::vector<CapturedFile>& files) {
  const auto at = first_out_of_order(stems_of(files));
  if (!at) return {};
  const std::string name = printable(files[*at].name);
  if (stem_of(files[*at].name).version.empty()) return fmt::format("{} has no number of its own", name);
  return fmt::format("{} ran behind {}", name, printable(files[*at - 1].name));
}

std::vector<CapturedFile> files_of(const std::vector<CapturedMigration>& migrations,
                                   const std::vector<EarlierFile>& earlier) {
  Names names(migrations, earlier);
  std::vector<CapturedFile> files;
  for (const CapturedMigration& migration : migrations) {
    const auto known = std::ranges::find(earlier, printable(migration.name), &EarlierFile::name);
    files.push_back({.file = known == earlier.end() ? names.next(migration.name) : known->file,
                     .name = migration.name,
                     .text = text_of(migration),
                     .statements = migration.statements.size()});
  }
  std::ranges::stable_sort(files, {}, [](const CapturedFile& file) {
    return history::Version(std::string(digits_of(file.file)));
  });
  return files;
}

}  // namespace candor::engine
