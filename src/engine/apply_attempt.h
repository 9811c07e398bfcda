/// engine/apply_attempt.h: one attempt at one migration: run, read back, compared. Private to apply*.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/read.h"
#include "engine/apply_run.h"
#include "engine/script_runner.h"
#include "engine/tuple_counts.h"

namespace candor::engine {

/// One attempt at one migration, inside a transaction that others begin and end.
class Attempt {
 public:
  Attempt(ApplyRun& run, const Task& task, std::string_view text, const ScriptMode& mode)
      : run_(run), task_(task), mode_(mode), runner_(run.connection, task.migration, text) {}

  /// Runs the statements, reads back and compares. `begin`: sent first. Everything up to the names is one
  /// round trip. Errors: as apply(); the transaction is then for the caller to roll back.
  Result<ProofResult> run(std::string_view begin);
  /// What is in the database now, once the transaction is committed.
  void accept();

  [[nodiscard]] int failed_statement() const { return runner_.failed_statement(); }
  [[nodiscard]] std::vector<catalog::Effect> effects() const;
  /// What to tell of it. `proof` is what run() returned.
  [[nodiscard]] Applied describe(const ProofResult& proof) const;

 private:
  /// What the server told.
  struct Witness {
    TupleCounters before, after;
    std::int64_t ledger_writes = 0;  ///< before the migration ran
    std::string first_xid;           ///< only where the lock's major is another
    bool role_changed = false;       ///< by the file
  };

  [[nodiscard]] bool other_major() const;
  void add_prologue();
  void add_epilogue();
  Result<> ask_as_ourselves(std::optional<catalog::Reader>& reader);
  Result<ProofResult> prove(std::optional<catalog::Reader>& reader);
  [[nodiscard]] bool counted_as_replayed() const;
  Result<std::string> newest_xid();

  ApplyRun& run_;
  const Task& task_;
  const ScriptMode& mode_;
  ScriptRunner runner_;
  Witness witness_;
  std::optional<catalog::Catalog> touched_;  ///< the counted proof's reading
  catalog::Catalog after_;                   ///< the whole proof's
  double proof_ms_ = 0;
};

/// The row of a migration that was applied.
history::LedgerRow completed_row(const ApplyRun& run, const Task& task, const Outcome& outcome,
                                 double milliseconds);
/// Records a migration: Candor's row, then those of the tool that is mirrored.
void add_record(pg::Pipeline& pipeline, const ApplyRun& run, const Task& task, const history::LedgerRow& row);
/// Names what a migration did to the ledger, where that is why it cannot be written. `failed_at`: in the
/// pipeline that add_record() began.
Error explain_record_failure(Error error, const Task& task, std::size_t failed_at);
/// Writes a `failed` row. What is wrong with writing it is only told: it is less than what the row is about.
void record_failure(ApplyRun& run, const Task& task, const Error& error, int failed_statement);
/// ROLLBACK, also after Ctrl-C, unless the connection is gone.
void roll_back(pg::Connection& connection);

}  // namespace candor::engine
