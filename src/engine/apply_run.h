/// engine/apply_run.h: what the parts of `up` share while it runs. Private to apply*.cpp.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "engine/apply.h"
#include "engine/prover.h"
#include "engine/script_mode.h"
#include "history/foreign_ledger.h"
#include "history/ledger.h"
#include "pg/advisory.h"

namespace candor::engine {

using Clock = std::chrono::steady_clock;
inline double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct ApplyRun {
  const Project& project;
  pg::Connection& connection;
  const ApplyOptions& options;
  ApplyObserver& observer;
  history::Ledger ledger;
  pg::LockKeys keys;
  std::string run_id;
  Prover prover;
  std::string ledger_tables = "{}";  ///< their OIDs, as an array; empty: they are not there yet
};

/// One pending migration, with all that is known before it runs.
struct Task {
  const history::Migration& migration;
  const history::LockEntry* entry;                       ///< null: unlocked
  std::optional<history::LedgerRow> row;                 ///< of an earlier attempt, or of an earlier text
  std::vector<history::ForeignStatement> mirrored = {};  ///< the rows of the tool that is mirrored
};

/// What became of it, to be recorded.
struct Outcome {
  Applied applied;
  std::vector<history::Form> witnessed;
};

/// The row of a migration that is (about to be) completed.
history::LedgerRow ledger_row(const ApplyRun& run, const Task& task, history::Status status);
/// Sets what a failure says on a row.
void describe_failure(history::LedgerRow& row, const Error& error, int failed_statement);

/// Applies in one transaction of its own, again and again while locks are not to be had; records and commits.
/// Errors: as apply(). On failure the transaction is rolled back and a `failed` row written.
Result<Outcome> apply_in_transaction(ApplyRun& run, const Task& task, std::string_view text,
                                     const ScriptMode& mode);
/// Applies all in one transaction: all or nothing.
Result<std::vector<Outcome>> apply_in_single_transaction(ApplyRun& run, const std::vector<Task>& tasks);
/// Runs the transactional migrations up to the first that is not, as `up` would and proven like there, and
/// rolls all of it back. Returns how many. Errors: as apply(); nothing is left either way.
Result<std::size_t> rehearse(ApplyRun& run, const std::vector<Task>& tasks,
                             const history::LedgerShape& ledger);
/// Applies statement by statement with a `running` row that counts; resumes where an earlier attempt stopped.
Result<Outcome> apply_by_statement(ApplyRun& run, const Task& task, std::string_view text);

/// After a COMMIT whose answer never came: connects anew, waits until the old session is gone and looks into
/// the ledger. True: it was committed. The run's connection is then the new one, without the run's lock.
/// Errors: C0505 it was not applied · C0506 it cannot be known.
Result<> resolve_doubt(ApplyRun& run, const Task& task);

/// The proof's failure: C0502 with one line per difference.
Error differs(const Task& task, const ProofResult& proof);

}  // namespace candor::engine
