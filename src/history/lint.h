/// history/lint.h: what `candor check` can say about migrations without any server.
#pragma once

#include <vector>

#include "history/migration.h"

namespace candor::history {

/// What the tool itself would do without saying so (C0323 to C0335, Format::check), versions that are no
/// time (C0336, a notice), then every migration's
/// text, in the order of the history: C0004 · C0307 not valid text ·
/// C0306 each psql meta-command · C0309 something is not closed · C0310 · C0311 not in the grammar of
/// PostgreSQL 15 (a warning: the server may know it) · C0312 transaction control · C0318 a statement that
/// cannot run in a transaction beside others that could (a notice, once for each file) · C0316 no statement
/// at all. Of a down: C0004, C0306, C0307, C0309 to C0311, as warnings, since up does without it. Behind all
/// of them the notices about downs (downs.h). What is wrong with names and directives is in
/// `history.findings` already.
std::vector<Finding> lint(const History& history);

}  // namespace candor::history
