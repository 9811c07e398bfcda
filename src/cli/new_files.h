/// cli/new_files.h: a new migration's files, as the format of its folder wants them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "history/migration.h"

namespace candor::cli {

struct NewFile {
  std::filesystem::path path;
  std::string text;
};

/// The files of the migration `stem` ("20260114093000_add_users"): `up` is run, `down` undoes it; an empty
/// `down` leaves out the files and sections that would hold it, where the format allows that.
/// Errors: C0313 the format keeps a list or sums that only its own tool writes.
Result<std::vector<NewFile>> new_files(const history::History& history, const std::string& stem,
                                       std::string_view up, std::string_view down);

}  // namespace candor::cli
