/// history/formats/drizzle_check.h: what Drizzle would do to these files without saying so.
#pragma once

#include <vector>

#include "history/migration.h"

namespace candor::history {

/// Adds: C0323 an entry that Drizzle would skip in databases that are up to date · C0324 snapshots · C0325
/// numbers that do not follow one another, or stand twice · C0328 a COMMIT · C0329 misplaced breakpoints.
void check_drizzle(const History& history, std::vector<Finding>& findings);

/// Adds of one file, whichever Drizzle it is for: C0328 · C0329.
void check_drizzle_script(const Migration& migration, std::vector<Finding>& findings);

}  // namespace candor::history
