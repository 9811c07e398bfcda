#include "history/ledgers/programs.h"

#include <algorithm>
#include <cctype>

#include "base/file.h"
#include "history/ledgers/common.h"

namespace candor::history {

std::string usual_ending(const std::vector<ForeignRecord>& records, std::string_view otherwise) {
  constexpr std::string_view endings[] = {".js", ".ts", ".cjs", ".mjs", ".cts", ".mts", ".sql"};
  std::string_view best = otherwise;
  std::ptrdiff_t most = 0;
  for (const std::string_view ending : endings) {
    const auto count = std::ranges::count_if(
        records, [&](const ForeignRecord& record) { return record.key.ends_with(ending); });
    if (count > most) {
      most = count;
      best = ending;
    }
  }
  return std::string(best);
}

std::string in_the_style_of(const std::vector<ForeignRecord>& records, std::string stem) {
  const std::size_t digits = leading_digits(stem).size();
  if (digits == 0 || digits >= stem.size()) return stem;
  char separator = 0;
  bool dashes = false, underscores = false;  // within the names
  for (const ForeignRecord& record : records) {
    std::string_view key = record.key;
    if (key.starts_with('/')) key.remove_prefix(1);
    const std::size_t own = leading_digits(key).size();
    if (own == 0 || own >= key.size() || (key[own] != '-' && key[own] != '_')) continue;
    if (separator == 0) separator = key[own];
    key.remove_prefix(own + 1);
    dashes = dashes || key.find('-') != std::string_view::npos;
    underscores = underscores || key.find('_') != std::string_view::npos;
  }
  if (separator == 0) return stem;
  if (!underscores && (dashes || separator == '-')) std::ranges::replace(stem, '_', '-');
  stem[digits] = separator;
  return stem;
}

namespace {

/// What is left of a name when nobody writes its separators as he likes: letters and digits, without ending.
std::string bones_of(std::string_view name) {
  constexpr std::string_view endings[] = {".js",  ".ts",  ".cjs", ".mjs", ".cts", ".mts",
                                          ".sql", ".php", ".py",  ".rb",  ".go"};
  for (const std::string_view ending : endings)
    if (name.ends_with(ending)) name.remove_suffix(ending.size());
  std::string bones;
  for (const char c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) bones += c;
  return bones;
}

/// `candor capture` numbers its files where the program's own names do not ascend: then no file's name tells
/// what the program would call it.
bool are_numbered(const History& history, const std::vector<std::string>& captured) {
  for (std::size_t i = 0; i < captured.size(); ++i)
    if (!captured[i].empty() && bones_of(captured[i]) != bones_of(basename_of(history.migrations[i])))
      return true;
  return false;
}

Result<std::vector<ForeignFile>> files_called(const History& history,
                                              const std::vector<ForeignRecord>& records,
                                              std::string_view ending) {
  std::vector<std::string> captured;
  for (const Migration& migration : history.migrations) captured.push_back(captured_from(migration.path));
  const bool numbered = are_numbered(history, captured);
  std::vector<ForeignFile> files;
  for (std::size_t i = 0; i < captured.size(); ++i) {
    const Migration& migration = history.migrations[i];
    const std::string stem = in_the_style_of(records, stem_of(basename_of(migration)));
    std::string key = captured[i];
    if (key.empty() && !numbered) key = fmt::format("{}{}", stem, ending);
    files.push_back({.key = std::move(key), .version = migration.version.text(), .name = stem});
  }
  return files;
}

}  // namespace

Result<std::vector<ForeignFile>> files_with_ending(const History& history,
                                                   const std::vector<ForeignRecord>& records) {
  return files_called(history, records, usual_ending(records, ".js"));
}

Result<std::vector<ForeignFile>> files_by_stem(const History& history,
                                               const std::vector<ForeignRecord>& records) {
  return files_called(history, records, "");
}

}  // namespace candor::history
