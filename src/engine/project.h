/// engine/project.h: settings, migrations and lock file: all that a command knows before it asks a database.
#pragma once

#include <optional>

#include "catalog/compare.h"
#include "engine/settings.h"
#include "history/lock_file.h"
#include "history/migration.h"

namespace candor::engine {

struct Project {
  Settings settings;
  history::History history;
  std::filesystem::path lock_path;        ///< beside the migrations folder's files: DIR/candor.lock
  std::optional<history::LockFile> lock;  ///< nullopt: there is none
  std::vector<Finding> lock_findings;     ///< compare_lock(); empty without a lock

  [[nodiscard]] catalog::CompareOptions compare_options() const;
  /// The patterns that the migrations declare as varying.
  [[nodiscard]] std::vector<std::string> varying() const;
};

/// Reads the migrations and the lock. Findings about files stay in history.findings.
/// Errors: as read_history, parse_lock. A missing lock is no error here.
Result<Project> open_project(Settings settings);

/// The first error-severity finding about the files, if any: for commands that would run or lock them.
Result<> require_sound_files(const Project& project);
/// C0401 without a lock; else the first error among lock_findings.
Result<> require_lock(const Project& project);

}  // namespace candor::engine
