#include "engine/row_backup.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/file.h"
#include "pg/literal.h"

namespace candor::engine {

namespace {

namespace fs = std::filesystem;

/// Long enough for a row that a tool writes.
constexpr const char* patience = "10s";

/// JSON as text, not as jsonb: values of type json keep their spelling.
Result<std::string> rows_of(pg::Connection& connection, const history::ForeignTable& table) {
  auto rows = connection.query(
      fmt::format("SELECT coalesce(pg_catalog.string_agg(pg_catalog.row_to_json(whole_row)::pg_catalog.text,"
                  " E',\\n ' ORDER BY whole_row.ctid), '') FROM {} AS whole_row",
                  table.sql()));
  if (!rows) return failed(fmt::format("reading {} for its backup", table.identity()), rows);
  return fmt::format("[{}]", rows->at(0, 0));
}

char plain(char c) {
  constexpr std::string_view others = "._-";
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter || others.contains(c) ? c : '_';
}

}  // namespace

Result<std::string> script_of_rows(pg::Connection& connection,
                                   const std::vector<history::ForeignTable>& tables) {
  auto set = connection.query(
      "SELECT pg_catalog.set_config('row_security', 'off', true), pg_catalog.set_config('lock_timeout', $1, true)",
      {patience});
  if (!set) return pass(set);
  for (const history::ForeignTable& table : tables)
    if (auto locked = connection.query(fmt::format("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", table.sql()));
        !locked)
      return failed(fmt::format("keeping other writers off {}", table.identity()), locked);
  std::string script =
      "-- The rows as they were before `candor repair --history --apply`. To put them back, while no run of their\n"
      "-- tool is under way: psql -v ON_ERROR_STOP=1 -f this-file\n"
      "BEGIN;\nSET LOCAL client_encoding = 'UTF8';\n";
  for (const history::ForeignTable& table : tables) {
    auto rows = rows_of(connection, table);
    if (!rows) return pass(rows);
    const std::string name = table.sql();
    script += fmt::format(
        "\nLOCK TABLE {0} IN EXCLUSIVE MODE;\nDELETE FROM {0};\nINSERT INTO {0} OVERRIDING SYSTEM VALUE\n"
        "SELECT * FROM pg_catalog.json_populate_recordset(NULL::{0},\n{1});\n",
        name, pg::literal(*rows));
  }
  return script + "\nCOMMIT;\n";
}

Result<std::string> write_backup(const fs::path& folder, std::string_view name, std::string_view script) {
  std::string stem(name);
  std::ranges::transform(stem, stem.begin(), plain);
  std::string file = stem + ".sql.bak";
  std::error_code ignored;
  for (int number = 2; fs::exists(folder / file, ignored); ++number)
    file = fmt::format("{}.{}.sql.bak", stem, number);
  if (auto written = write_file_atomically(folder / file, script); !written) return pass(written);
  return file;
}

}  // namespace candor::engine
