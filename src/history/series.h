/// history/series.h: what is wrong with the versions of a history as a whole.
#pragma once

#include "history/migration.h"

namespace candor::history {

/// Adds findings: C0302 no migration at all · C0303 a version twice · C0308 numbers missing from a series 1,
/// 2, 3 …, or 1.1, 1.2, 1.3 … where all versions with a dot have equally many; at most 99 in one place.
/// REQUIRES: ascending versions.
void check_series(History& history);

/// Adds a notice (C0336) for each version that looks like a timestamp and names no moment.
void check_times(const History& history, std::vector<Finding>& findings);

}  // namespace candor::history
