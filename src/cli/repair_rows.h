/// cli/repair_rows.h: `candor repair --history` for tools whose files are sound and whose rows stop them.
#pragma once

#include "cli/context.h"

namespace candor::cli {

/// Shows what would change; with `apply` writes it, and looks again. The exit code: 1 if the tool still
/// refuses to run. Errors: as engine::plan_rows, engine::mend_rows · C0104 no database is named.
Result<int> repair_rows(Context& context, engine::Project& project, bool apply, bool unproven);

}  // namespace candor::cli
