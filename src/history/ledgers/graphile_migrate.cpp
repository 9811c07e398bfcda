/// graphile-migrate: a chain of hashes over the bodies, and the name of the newest file as the mark.
#include <algorithm>

#include "history/formats/sums.h"
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {
    {"hash", Type::text}, {"previous_hash", Type::text}, {"filename", Type::text}, {"date", Type::time}};

ForeignFields fields(const ForeignTable& table) {
  return {.key = column("filename"),
          .version = column("filename"),
          .name = column("filename"),
          .checksum = column("hash"),
          .applied_at = time_of(table, "date"),
          .order = column("filename")};
}

/// The value of a header line, "--! Hash: sha1:…".
std::string header_of(std::string_view text, std::string_view name) {
  const std::string head = fmt::format("--! {}:", name);
  while (text.starts_with("--!")) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.starts_with(head)) {
      line.remove_prefix(std::min(line.find_first_not_of(' ', head.size()), line.size()));
      return std::string(line.substr(0, line.find_last_not_of(" \r") + 1));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

std::string_view body_of(std::string_view text) {
  while (text.starts_with("--! ") && !text.starts_with("--! no-transaction"))
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first);
}

Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>&) {
  return files_with_text(history, [](const Migration& migration, std::string_view bytes) {
    std::string previous = header_of(bytes, "Previous");
    if (previous == "-") previous.clear();
    const std::string digits = leading_digits(basename_of(migration));
    const std::string body(body_of(bytes));
    const std::string hash =
        "sha1:" +
        digest_hex("sha1", previous.empty() ? body + "\n" : fmt::format("{}\n{}\n", previous, body));
    return ForeignFile{.key = digits + ".sql",
                       .version = digits,
                       .name = migration.name,
                       .stamp = previous,
                       .forms = {{"in its body", hash}, {"as its header says", header_of(bytes, "Hash")}}};
  });
}

/// The row refers to its predecessor's.
std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  const ForeignFile& file = marking.file();
  std::vector<ForeignValue> values{text_value("hash", file.forms.front().value),
                                   text_value("filename", file.key)};
  if (!file.stamp.empty()) values.push_back(text_value("previous_hash", file.stamp));
  return {insert_once(marking.table, values)};
}

}  // namespace

const ForeignTool graphile_migrate{.name = "graphile-migrate",
                                   .title = "graphile-migrate",
                                   .table = "migrations",
                                   .columns = columns,
                                   .exact = true,
                                   .own_schema = "graphile_migrate",
                                   .rules = {.late = LateFile::never_runs},
                                   .fields = fields,
                                   .files = files,
                                   .mark = mark};

}  // namespace candor::history::ledgers
