/// engine/apply_foreign.h: what `up` has to know of the tool that a history was taken over from. Private to
/// apply*.cpp.
#pragma once

#include <vector>

#include "engine/apply_run.h"
#include "engine/verify.h"

namespace candor::engine {

/// Looks whether that tool has run some of `tasks`, and where its rows are mirrored, gives each task those
/// that the tool would write. Writes nothing. Errors: C0816 it has · C0801 its table cannot be read · as
/// open_mirror, history::mark.
Result<> heed_other_tool(const ApplyRun& run, const Verification& start, std::vector<Task>& tasks);

}  // namespace candor::engine
