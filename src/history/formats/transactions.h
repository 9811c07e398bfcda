/// history/formats/transactions.h: COMMIT in files that a tool runs inside a transaction of its own.
#pragma once

#include <string_view>
#include <vector>

#include "base/error.h"

namespace candor::history {

/// Adds C0328 for the first COMMIT or ROLLBACK that ends the tool's transaction rather than one that the file
/// began, with `consequence` as what follows from it. A file that wraps itself in one BEGIN … COMMIT is not
/// told: it does as a whole what it says (C0312 is the notice of it).
void check_commits(std::string_view text, std::string_view file, std::string_view consequence,
                   std::vector<Finding>& findings);

}  // namespace candor::history
