/// cli/repair_history.h: `candor repair --history`: another tool's files put right.
#pragma once

#include "cli/context.h"

namespace candor::cli {

/// Drizzle's journal; of other tools the rows that stop them (repair_rows). Shows what would change; with
/// `apply` writes it. `unproven`: also what cannot be known. The exit code. Errors: as engine::plan_journal,
/// engine::mend_journal, repair_rows.
Result<int> repair_history(Context& context, bool apply, bool unproven);

}  // namespace candor::cli
