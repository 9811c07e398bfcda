/// history/formats/atlas_sum.h: atlas.sum, the sums by which Atlas sees that its folder was edited.
#pragma once

#include <string_view>
#include <vector>

#include "history/migration.h"

namespace candor::history {

constexpr std::string_view atlas_sum_name = "atlas.sum";

/// Adds, if the folder holds atlas.sum: C0320 malformed · C0321 a file that it does not list · C0322 one that
/// it lists and that is gone · C0330 a file that it does not describe. Each line sums up all files up to it,
/// so only the first that differs is named.
void check_atlas_sum(const History& history, std::vector<Finding>& findings);

}  // namespace candor::history
