/// history/formats/atlas_sum.h: atlas.sum, the sums by which Atlas sees that its folder was edited.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "history/migration.h"

namespace candor::history {

constexpr std::string_view atlas_sum_name = "atlas.sum";

/// Adds, if the folder holds atlas.sum: C0320 malformed · C0321 a file that it does not list · C0322 one that
/// it lists and that is gone · C0330 a file that it does not describe. Each line sums up all files up to it,
/// so only the first that differs is named.
void check_atlas_sum(const History& history, std::vector<Finding>& findings);

/// What atlas.sum says of each file, without the "h1:" in front. Nothing where it is missing or malformed,
/// which check_atlas_sum() tells.
std::map<std::string, std::string> read_atlas_sums(const std::filesystem::path& folder);

}  // namespace candor::history
