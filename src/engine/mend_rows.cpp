#include "engine/mend_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/counted.h"
#include "base/file.h"
#include "engine/foreign.h"
#include "engine/row_backup.h"

namespace candor::engine {

namespace {

using history::ForeignStuck;

Error refused(std::string message, std::string hint, std::string detail = {}) {
  return {.code = codes::mending_refused,
          .message = std::move(message),
          .detail = std::move(detail),
          .hint = std::move(hint)};
}

std::string effects_of(const MigrationStanding& standing) {
  return fmt::format("{} of {} effects are there, {} missing, {} contradicted, {} unproven", standing.present,
                     standing.effect_count(), standing.absent, standing.contradicted, standing.unproven);
}

class RowPlan {
 public:
  RowPlan(const Project& project, const ForeignHistory& mine, const Diagnosis& diagnosis)
      : project_(project), mine_(mine), diagnosis_(diagnosis) {}

  Result<RowMending> mend(const ForeignStuck& stuck) const {
    const std::string row = printable(stuck.record->key);
    if (!stuck.migration)
      return std::unexpected(refused(fmt::format("the row of {} fits no file of this folder", row),
                                     "bring the file back: without it nobody knows what was to be done",
                                     printable(stuck.record->raw)));
    const auto& migration = project_.history.migrations[*stuck.migration];
    const MigrationStanding* const standing = standing_of(migration.version);
    if (standing == nullptr)
      return std::unexpected(
          refused(fmt::format("{} is not in the lock file", printable(migration.file)), "run `candor lock`"));
    const bool present = is_there(standing->presence);
    if (!present && standing->presence != Presence::absent)
      return std::unexpected(
          refused(fmt::format("{} is neither in the database nor out of it", row),
                  standing->presence == Presence::no_trace
                      ? "look at the rows that it changes, and correct its row by hand"
                      : "run `candor diagnose`; complete it or take it away, then run this again",
                  effects_of(*standing)));
    if (auto claims = require_before(*stuck.migration); !claims) return pass(claims);
    auto statements = history::mend(mine_.ledger, project_.history, mine_.records, *stuck.migration, present);
    if (!statements) return pass(statements);
    return RowMending{
        .table = mine_.ledger.table,
        .row = stuck.record->raw,
        .why = fmt::format("{} is {} in the database: {} compared", printable(migration.file),
                           present ? "whole" : "not", counted(standing->effect_count(), "effect")),
        .statements = std::move(*statements)};
  }

 private:
  [[nodiscard]] const MigrationStanding* standing_of(const history::Version& version) const {
    const auto at = std::ranges::find_if(
        diagnosis_.migrations, [&](const MigrationStanding& one) { return one.entry->version == version; });
    return at == diagnosis_.migrations.end() ? nullptr : &*at;
  }

  /// A row that stands for all that comes before it must not claim what is not there.
  [[nodiscard]] Result<> require_before(std::size_t index) const {
    if (!is_high_water(mine_.ledger)) return {};
    for (std::size_t i = 0; i < index; ++i) {
      const auto& migration = project_.history.migrations[i];
      const MigrationStanding* const standing = standing_of(migration.version);
      if (standing == nullptr || is_there(standing->presence) || standing->presence == Presence::no_trace)
        continue;
      return std::unexpected(
          refused(fmt::format("the row would claim {} as well, which is not in the database",
                              printable(migration.file)),
                  "run `candor repair`, which shows what would put it in, then run this again",
                  effects_of(*standing)));
    }
    return {};
  }

  const Project& project_;
  const ForeignHistory& mine_;
  const Diagnosis& diagnosis_;
};

/// Nobody can tell from a row whether the run that set it still lives; a run has a session.
Result<> require_alone(pg::Connection& connection, const history::ForeignHeld& held) {
  auto others = connection.query(
      "SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', 'pid', pid, usename, application_name), ', '"
      " ORDER BY pid) FROM pg_catalog.pg_stat_activity WHERE datname = pg_catalog.current_database() AND pid <>"
      " pg_catalog.pg_backend_pid() AND backend_type = 'client backend'");
  if (!others) return pass(others);
  if (others->is_null(0, 0)) return {};
  return std::unexpected(refused(
      fmt::format("one of the sessions on this database may hold the lock in {}", held.table.identity()),
      "end the tool's runs, or add --unproven if none of these sessions is one",
      printable(std::string(others->at(0, 0)))));
}

Result<RowMending> release(pg::Connection& connection, const history::ForeignHeld& held, bool unproven) {
  if (!unproven)
    if (auto alone = require_alone(connection, held); !alone) return pass(alone);
  return RowMending{.table = held.table,
                    .row = held.table.identity(),
                    .why = unproven ? "released unproven" : "no other session is connected to this database",
                    .statements = {held.release}};
}

/// The ledger first: the backup is called after it.
std::vector<history::ForeignTable> tables_of(const RowsMending& mending) {
  std::vector<history::ForeignTable> tables{mending.table};
  for (const RowMending& row : mending.rows)
    if (std::ranges::find(tables, row.table.identity(), &history::ForeignTable::identity) == tables.end())
      tables.push_back(row.table);
  return tables;
}

}  // namespace

Result<RowsMending> plan_rows(Project& project, pg::Connection& connection, bool unproven,
                              std::vector<Finding>& findings) {
  auto histories = read_foreign_histories(project, connection);
  if (!histories) return pass(histories);
  auto mine = require_ledger(project, *histories);
  if (!mine) return pass(mine);
  RowsMending mending{.table = (*mine)->ledger.table, .rows = {}};

  const auto stuck = stuck_rows((*mine)->ledger, (*mine)->verdicts, (*mine)->records);
  if (!stuck.empty()) {
    if (auto provided = provide_lock(project, findings); !provided) return pass(provided);
    leave_alone(project, **mine);
    auto diagnosis = diagnose(project, connection, claims_of(project, **mine));
    if (!diagnosis) return pass(diagnosis);
    for (const ForeignStuck& row : stuck) {
      auto mended = RowPlan(project, **mine, *diagnosis).mend(row);
      if (!mended) return pass(mended);
      mending.rows.push_back(std::move(*mended));
    }
  }
  if (const auto& held = (*mine)->held) {
    auto released = release(connection, *held, unproven);
    if (!released) return pass(released);
    mending.rows.push_back(std::move(*released));
  }
  return mending;
}

Result<std::string> mend_rows(const RowsMending& mending, pg::Connection& connection,
                              const std::filesystem::path& folder) {
  std::vector<RowChange> changes;
  for (const RowMending& row : mending.rows) changes.push_back(row.statements);
  return change_rows(connection, tables_of(mending), changes, folder);
}

}  // namespace candor::engine
