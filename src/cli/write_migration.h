/// cli/write_migration.h: a migration that Candor writes, named and placed as `candor new` does.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.h"
#include "cli/context.h"
#include "engine/project.h"

namespace candor::cli {

/// Writes `sql` as the next migration of the project's folder. In a folder of up/down pairs the up file
/// alone: without a down file the way back is planned. Returns its path. Errors: C0001 `name` holds no letter
/// or digit · C0010 · C0005.
Result<std::filesystem::path> write_migration(const engine::Project& project, const std::string& name,
                                              const std::string& sql);

/// Replays the history and writes the lock file anew, as `candor lock` does. `server`: the major of a first
/// lock, where its programs are there. Errors: as engine::replay, C0005.
Result<> update_lock(Context& context, std::optional<int> server = std::nullopt);

/// update_lock() for a file that was just written; if it fails, the file is removed again. Errors: likewise.
Result<> lock_or_take_back(Context& context, const std::filesystem::path& written);

}  // namespace candor::cli
