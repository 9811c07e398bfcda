#include "history/ledgers/programs.h"

#include <algorithm>

#include "base/file.h"
#include "history/ledgers/common.h"

namespace candor::history {

std::string captured_from(const Migration& migration) {
  constexpr std::string_view mark = "-- captured from ";
  const auto file = FileText::open(migration.path);
  if (!file) return {};
  std::string_view line = without_byte_order_mark(file->view());
  line = line.substr(0, line.find_first_of("\r\n"));
  return line.starts_with(mark) ? std::string(line.substr(mark.size())) : std::string();
}

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
  for (const ForeignRecord& record : records) {
    const std::size_t own = leading_digits(record.key).size();
    if (own > 0 && own < record.key.size() && (record.key[own] == '-' || record.key[own] == '_')) {
      stem[digits] = record.key[own];
      break;
    }
  }
  return stem;
}

Result<std::vector<ForeignFile>> files_with_ending(const History& history,
                                                   const std::vector<ForeignRecord>& records) {
  const std::string ending = usual_ending(records, ".js");
  return files_by(history, [&](const Migration& migration) {
    const std::string stem = in_the_style_of(records, stem_of(basename_of(migration)));
    const std::string captured = captured_from(migration);
    return ForeignFile{.key = captured.empty() ? stem + ending : captured,
                       .version = migration.version.text(),
                       .name = stem};
  });
}

Result<std::vector<ForeignFile>> files_by_stem(const History& history,
                                               const std::vector<ForeignRecord>& records) {
  return files_by(history, [&](const Migration& migration) {
    const std::string stem = in_the_style_of(records, stem_of(basename_of(migration)));
    const std::string captured = captured_from(migration);
    return ForeignFile{
        .key = captured.empty() ? stem : captured, .version = migration.version.text(), .name = stem};
  });
}

}  // namespace candor::history
