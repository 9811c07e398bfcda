/// engine/mend_rows.h: rows that stop another tool, made what the catalog proves: a failed or unfinished row,
/// a dirty flag, a lock that a run left set.
#pragma once

#include <string>
#include <vector>

#include "engine/project.h"
#include "history/foreign_ledger.h"
#include "pg/connection.h"

namespace candor::engine {

/// One row, and what becomes of it.
struct RowMending {
  history::ForeignTable table;                        ///< the ledger, or that of its lock
  std::string row;                                    ///< as it is: JSON; of a lock: its table
  std::string why;                                    ///< "0003_add_teams is in the database: 4 effects"
  std::vector<history::ForeignStatement> statements;  ///< the first returns the rows that it changed
};

struct RowsMending {
  history::ForeignTable table;  ///< the ledger
  std::vector<RowMending> rows;
};

/// Reads and computes; writes nothing. `project` is told to leave the tool's tables alone. A lock that is set
/// is released only if no other session is connected to the database, or with `unproven`.
/// Errors: C0815 a migration is in the database in part, or cannot be compared, or a row fits no file, or a
/// session is connected · C0801 · C0802 · C0811 · as provide_lock(), diagnose(). News goes to `findings`.
Result<RowsMending> plan_rows(Project& project, pg::Connection& connection, bool unproven,
                              std::vector<Finding>& findings);

/// All of them in one transaction, before whose COMMIT a script that puts the rows back is written to
/// `folder`; its name is returned. REQUIRES: there are some. Errors: C0815 a row is not what it was: nothing
/// was changed · as change_rows.
Result<std::string> mend_rows(const RowsMending& mending, pg::Connection& connection,
                              const std::filesystem::path& folder);

}  // namespace candor::engine
