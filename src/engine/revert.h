/// engine/revert.h: `candor down`: takes migrations back, the last first, each proven to lead to the state
/// before it. Repeatable ones stay.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/planned_inverse.h"
#include "engine/project.h"
#include "engine/verify.h"
#include "history/foreign_ledger.h"
#include "pg/advisory.h"
#include "pg/connection.h"

namespace candor::engine {

/// Rows or values that go.
struct Loss {
  catalog::ObjectId id;    ///< a table, materialized view, column, or composite type
  std::string what = {};   ///< in words, where the object itself stays: "drops the field a of …"
  std::int64_t rows = 0;   ///< of a column: those that are not null
  bool estimated = false;  ///< the table is too large to be counted
  std::int64_t bytes = 0;  ///< of a table, with its indexes; 0 of a column
};

/// One migration on its way back.
struct Reversal {
  const history::Migration* migration = nullptr;
  const history::LockEntry* entry = nullptr;
  std::string source;                   ///< the down file; "planned inverse" without one
  std::vector<std::string> statements;  ///< in order
  bool transactional = true;
  std::optional<PlannedInverse> planned;            ///< where there is no down file
  std::vector<Loss> losses;                         ///< as far as they are there now
  std::vector<history::ForeignStatement> mirrored;  ///< what takes the row of the tool away that is mirrored
};

struct Reverted {
  const history::Migration* migration = nullptr;
  std::size_t objects = 0;  ///< compared with the state before the migration
  std::size_t unproven = 0;
  double total_ms = 0;
};

struct RevertOptions {
  std::size_t steps = 1;
  std::optional<history::Version> to;  ///< instead of steps: this version stays
  bool dry_run = false;
  bool unproven = false;  ///< run a planned inverse although it could not be proven in a shadow
  /// By "public.users.password": what a planned inverse gives rows in columns that come back not null.
  std::map<std::string, std::string> fills;
};

class RevertObserver {
 public:
  virtual ~RevertObserver() = default;
  virtual void waiting_for(const pg::Holder&) {}
  /// All that will be done, before any of it. False: nothing is done, and revert() fails with C0716.
  virtual bool confirm(const std::vector<Reversal>&) { return true; }
  virtual void reverted(const Reverted&) {}
};

struct RevertResult {
  std::vector<Reversal> planned;
  std::vector<Reverted> reverted;
  Verification final;  ///< the whole comparison at the end (dry run: at the start)
};

/// What stopped it, with what had been reverted before.
struct RevertFailure {
  Error error;
  std::vector<Reverted> reverted;
};

/// Without a down file the way back is planned, and proven in a shadow. Each migration's statements, the
/// comparison with the state before it, the deletion of its row (with that of the tool that is mirrored) and
/// the event `reverted` are one transaction.
/// A way back with statements that cannot run in one (DROP INDEX CONCURRENTLY) is run statement by statement,
/// compared, and only then recorded. Errors: C03xx, C04xx about files and lock · C02xx · C0314 no such
/// version · C0509 the database differs before · C0715 there is no way back · C0710 a column that comes back
/// needs a value · C0712 values would not survive · C0713 a planned way back is unproven · C0716 not
/// confirmed · C0813, C0814 the tool that is mirrored would go on taking it for applied · C0714 the way back
/// leads elsewhere · C0501 a statement failed.
std::expected<RevertResult, RevertFailure> revert(const Project& project, pg::Connection& connection,
                                                  const RevertOptions& options, RevertObserver& observer);

}  // namespace candor::engine
