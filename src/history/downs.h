/// history/downs.h: the ways back of a history as a whole.
#pragma once

#include <vector>

#include "history/migration.h"

namespace candor::history {

/// Which texts of a migration hold no statement.
struct Emptiness {
  bool up = false;
  bool down = false;
};

/// Adds two notices, each naming the files: C0316 downs without a statement · C0334 migrations without a down
/// where most have one, unless the format's own check has told it. Neither of migrations that hold no
/// statement themselves. `empty`: one for each migration.
void check_downs(const History& history, const std::vector<Emptiness>& empty, std::vector<Finding>& findings);

}  // namespace candor::history
