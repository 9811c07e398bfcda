/// Rows that stop a tool: found, and made true as the tool itself would be told to.
#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "history/foreign_tool.h"
#include "pg/identifier.h"

namespace candor::history {

namespace {

/// The migration whose row `record` is, or would be if no later row overrode it.
std::optional<std::size_t> migration_of(const ForeignRecord& record, const ForeignVerdicts& verdicts) {
  std::optional<std::size_t> found;
  if (std::ranges::find(verdicts.unmatched, &record) != verdicts.unmatched.end()) return found;
  for (std::size_t i = 0; i < verdicts.migrations.size(); ++i) {
    const ForeignRecord* const own = verdicts.migrations[i].record;
    if (own != nullptr && own->key == record.key) found = i;  // of a high-water row the last is its own
  }
  return found;
}

Result<bool> is_there(pg::Connection& connection, const ForeignTable& table) {
  auto found = connection.query(
      "SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE"
      " n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p')",
      {table.schema, table.name});
  if (!found) return pass(found);
  return !found->empty();
}

}  // namespace

bool is_stuck(const ForeignRecord& record) {
  return record.state == ForeignState::failed || record.state == ForeignState::in_progress;
}

std::vector<ForeignStuck> stuck_rows(const ForeignLedger& ledger, const ForeignVerdicts& verdicts,
                                     const std::vector<ForeignRecord>& records) {
  std::vector<ForeignStuck> rows;
  if (!ledger.tool->rules.failed_blocks) return rows;
  for (const ForeignRecord& record : records)
    if (is_stuck(record)) rows.push_back({&record, migration_of(record, verdicts)});
  return rows;
}

bool is_high_water(const ForeignLedger& ledger) {
  return ledger.tool->rules.high_water;
}

Result<std::vector<ForeignStatement>> mend(const ForeignLedger& ledger, const History& history,
                                           const std::vector<ForeignRecord>& records, std::size_t index,
                                           bool present) {
  if (ledger.tool->mend == nullptr)
    return fail(codes::mending_refused,
                fmt::format("Candor does not know how {} is told that {} ended", ledger.tool->title,
                            printable(history.migrations.at(index).file)),
                "correct the row as the tool's manual says, or run `candor adopt` and go on with Candor");
  auto files = ledger.tool->files(history, records);
  if (!files) return pass(files);
  return ledger.tool->mend({ledger.table, records, *files, index, present});
}

Result<std::optional<ForeignHeld>> find_held_lock(pg::Connection& connection, const ForeignLedger& ledger,
                                                  std::string_view lock_timeout) {
  if (ledger.tool->lock == nullptr) return std::nullopt;
  const ForeignLock& lock = *ledger.tool->lock;
  ForeignTable table = ledger.table;
  table.name = name_of_companion(lock.table, ledger.table.name);
  auto there = is_there(connection, table);
  if (!there) return pass(there);
  if (!*there) return std::nullopt;

  auto transaction = pg::Transaction::begin(connection, "READ ONLY");
  if (!transaction) return pass(transaction);
  auto set = connection.query("SELECT pg_catalog.set_config('lock_timeout', $1::pg_catalog.text, true)",
                              {std::string(lock_timeout)});
  if (!set) return pass(set);
  auto rows = connection.query(fmt::format("SELECT {}::pg_catalog.text FROM {} AS t WHERE {}", lock.holder,
                                           table.sql(), lock.is_held));
  if (!rows) {
    if (rows.error().connection_lost || rows.error().code.id == codes::interrupted.id) return pass(rows);
    Error error = std::move(rows.error());
    error.message =
        fmt::format("{} ({}'s lock) cannot be read: {}", table.identity(), ledger.tool->title, error.message);
    error.code = codes::foreign_unreadable;
    error.hint = "run as its owner, or compare the table with one that the tool made in an empty database";
    return std::unexpected(std::move(error));
  }
  if (auto done = transaction->rollback(); !done) return pass(done);
  if (rows->empty()) return std::nullopt;
  ForeignStatement release{
      fmt::format("UPDATE {} AS t SET {} WHERE {} RETURNING true", table.sql(), lock.release, lock.is_held),
      {}};
  return ForeignHeld{
      .table = std::move(table), .holder = std::string(rows->at(0, 0)), .release = std::move(release)};
}

}  // namespace candor::history
