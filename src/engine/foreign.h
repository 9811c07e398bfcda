/// engine/foreign.h: what do other tools' ledgers say of this history, and is it so? Joins their rows with
/// the files and the live catalog; writes nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/diagnose.h"
#include "engine/project.h"
#include "history/foreign_ledger.h"

namespace candor::engine {

/// A tool's ledger, read and judged.
struct ForeignHistory {
  history::ForeignLedger ledger;
  std::optional<Error> unreadable;  ///< then there are no records, and nothing was judged
  std::vector<history::ForeignRecord> records;
  history::ForeignVerdicts verdicts;         ///< borrows from `records`
  std::size_t fitting = 0;                   ///< migrations of which a row tells
  std::optional<history::ForeignHeld> held;  ///< the tool's own lock, found set

  ForeignHistory() = default;
  ForeignHistory(ForeignHistory&&) = default;
  ForeignHistory& operator=(ForeignHistory&&) = default;
};

struct ForeignHistories {
  std::vector<ForeignHistory> all;    ///< ordered by schema and table
  std::optional<std::size_t> chosen;  ///< the one that belongs to the files
  bool named = false;                 ///< candor.toml says which
  std::vector<std::string>
      doubtful;  ///< left out: tables with a tool's few columns; "public.cache (golang-migrate)"

  [[nodiscard]] const ForeignHistory* mine() const { return chosen ? &all[*chosen] : nullptr; }
};

/// Finds and reads them. The one that candor.toml names is chosen; else the only one that there is, or the
/// only one whose rows fit the files. A table that only looks like a ledger is left out unless a row of it
/// fits, and so is one that the history makes, if none does. Errors: C0004 · as Connection::query. A ledger
/// that cannot be read is no error here.
Result<ForeignHistories> read_foreign_histories(const Project& project, pg::Connection& connection);

/// Whether Candor's ledger claims a migration to be applied, or cannot be read: then what other tools say
/// matters no more. Errors: as Connection::query.
Result<bool> has_own_ledger(const Project& project, pg::Connection& connection);

/// From now on the comparison leaves out what belongs to `history`'s tool, but for what the migrations make.
void leave_alone(Project& project, const ForeignHistory& history);

/// The same for every tool whose ledger is in the database; a table that the history itself makes stays in.
/// What candor.toml leaves out already is not named: `public."SequelizeMeta" (Sequelize)`. Errors: as
/// read_foreign_histories.
Result<std::vector<std::string>> leave_tools_alone(Project& project, pg::Connection& connection);

/// The one that belongs to the files. Errors: C0811 there is none · C0802 several · C0801 it cannot be read.
Result<const ForeignHistory*> require_ledger(const Project& project, const ForeignHistories& histories);

/// What it claims of the lock's migrations.
Claims claims_of(const Project& project, const ForeignHistory& history);

/// What is wrong between files, ledger and catalog: C0801 to C0811. `diagnosis` was made with claims_of() the
/// chosen one.
std::vector<Finding> findings_of(const Project& project, const ForeignHistories& histories,
                                 const Diagnosis& diagnosis);

}  // namespace candor::engine
