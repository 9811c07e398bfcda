/// cli/repair_history.h: `candor repair --history`: another tool's files put right.
#pragma once

#include "cli/context.h"

namespace candor::cli {

/// Shows what would change; with `apply` writes it. The exit code. Errors: as engine::plan_journal,
/// engine::mend_journal.
Result<int> repair_history(Context& context, bool apply);

}  // namespace candor::cli
