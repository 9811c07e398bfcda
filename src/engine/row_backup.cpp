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

/// Keeps other writers off the tables until the end of the transaction, and lets no policy hide rows.
Result<> keep_to_ourselves(pg::Connection& connection, const std::vector<history::ForeignTable>& tables) {
  auto set = connection.query(
      "SELECT pg_catalog.set_config('row_security', 'off', true), pg_catalog.set_config('lock_timeout', $1, true)",
      {patience});
  if (!set) return pass(set);
  for (const history::ForeignTable& table : tables) {
    auto locked = connection.query(fmt::format("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", table.sql()));
    if (locked) continue;
    if (locked.error().sqlstate == "55P03")
      locked.error().hint =
          fmt::format("end the run that writes into {}, then run the same command again", table.identity());
    return failed(fmt::format("keeping other writers off {} for {}", table.identity(), patience), locked);
  }
  return {};
}

/// Whole rows are compared as JSON: not every type has an equality.
std::string script_for(const history::ForeignTable& table, const std::string& rows) {
  constexpr std::string_view script = R"(
LOCK TABLE {0} IN SHARE ROW EXCLUSIVE MODE;
CREATE TEMPORARY TABLE candor_kept ON COMMIT DROP AS
SELECT * FROM pg_catalog.json_populate_recordset(NULL::{0},
{1});
DELETE FROM {0} AS now WHERE NOT EXISTS (SELECT FROM pg_temp.candor_kept AS kept
  WHERE pg_catalog.row_to_json(kept)::pg_catalog.text = pg_catalog.row_to_json(now)::pg_catalog.text);
INSERT INTO {0} OVERRIDING SYSTEM VALUE SELECT kept.* FROM pg_temp.candor_kept AS kept WHERE NOT EXISTS (SELECT FROM {0} AS now
  WHERE pg_catalog.row_to_json(kept)::pg_catalog.text = pg_catalog.row_to_json(now)::pg_catalog.text);
DROP TABLE pg_temp.candor_kept;
)";
  return fmt::format(script, table.sql(), pg::literal(rows));
}

Result<std::string> script_of_rows(pg::Connection& connection,
                                   const std::vector<history::ForeignTable>& tables) {
  std::string script =
      "-- The rows as they were before `candor repair --history --apply`. To put them back, while no run of their\n"
      "-- tool is under way: psql -v ON_ERROR_STOP=1 -f this-file\n"
      "BEGIN;\nSET LOCAL client_encoding = 'UTF8';\n";
  for (const history::ForeignTable& table : tables) {
    auto rows = rows_of(connection, table);
    if (!rows) return pass(rows);
    script += script_for(table, *rows);
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

Result<> run(pg::Connection& connection, const RowChange& change) {
  for (std::size_t i = 0; i < change.size(); ++i) {
    auto changed = connection.query(change[i].sql, change[i].params);
    if (!changed) return failed("changing a row of another tool's", changed);
    if (i == 0 && changed->empty())
      return fail(codes::mending_refused, "a row is not what it was a moment ago: somebody else is at work",
                  "run the same command again");
  }
  return {};
}

}  // namespace

Result<std::string> change_rows(pg::Connection& connection, const std::vector<history::ForeignTable>& tables,
                                const std::vector<RowChange>& changes, const fs::path& folder) {
  auto transaction = pg::Transaction::begin(connection);
  if (!transaction) return pass(transaction);
  if (auto kept = keep_to_ourselves(connection, tables); !kept) return pass(kept);
  auto script = script_of_rows(connection, tables);
  if (!script) return pass(script);
  for (const RowChange& change : changes)
    if (auto ran = run(connection, change); !ran) return pass(ran);
  auto backup = write_backup(folder, tables.front().identity(), *script);
  if (!backup) return pass(backup);
  if (auto committed = transaction->commit(); !committed) return pass(committed);
  return backup;
}

}  // namespace candor::engine
