/// engine/mend_journal.h: Drizzle's journal put right, so that either tool runs just what a database lacks.
///
/// Drizzle 0.x runs what its journal lists, and of that what is dated after the newest row of its table
/// (drizzle-orm, pg-core/dialect.ts). A file that is not listed, or dated too early, never runs. So: every
/// file is listed once; what the database has run stands first and keeps its place; what it lacks follows,
/// dated after all rows; rows carry the dates of their entries; and every entry has its snapshot.
#pragma once

#include <string>
#include <vector>

#include "engine/mend_snapshots.h"
#include "engine/project.h"
#include "history/foreign_ledger.h"
#include "pg/connection.h"

namespace candor::engine {

struct JournalMending {
  std::filesystem::path path;
  std::string before, after;                    ///< the journal's text
  std::vector<std::string> changes;             ///< "+ 0004_keys  when 1700000000001": a diff of the entries
  std::vector<history::ForeignStatement> rows;  ///< for Drizzle's table
  history::ForeignTable table;                  ///< that table, if there are such rows
  SnapshotPlan snapshots;
  std::vector<std::string> notes;  ///< files that are left out, and why
  std::size_t recorded = 0;        ///< entries that the database has run

  [[nodiscard]] bool nothing_to_do() const {
    return changes.empty() && rows.empty() && snapshots.files.empty();
  }
};

/// Reads and computes; writes nothing. Without a `connection` what is listed is taken for run.
/// Errors: C0001 the files are not Drizzle's · C0320 · C0004 · C0801 · as plan_snapshots, Connection::query.
Result<JournalMending> plan_journal(const Project& project, pg::Connection* connection);

/// The journal's former text is kept beside it, as _journal.json.bak; then the rows are changed, in one
/// transaction, before whose COMMIT a script that puts them back is written to `folder`; then the journal and
/// the snapshots. Interrupted in between, a second run finishes. Returns the script's name; empty: no row was
/// changed. Errors: C0815 a row is not what it was · C0005 · as change_rows; then
/// nothing of the failed step is left.
Result<std::string> mend_journal(const JournalMending& mending, pg::Connection* connection,
                                 const std::filesystem::path& folder);

}  // namespace candor::engine
