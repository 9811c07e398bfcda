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
  std::filesystem::path lock_path;        ///< as lock_path_of
  std::optional<history::LockFile> lock;  ///< nullopt: there is none
  std::vector<Finding> lock_findings;     ///< compare_lock(); empty without a lock

  [[nodiscard]] catalog::CompareOptions compare_options() const;
  /// The patterns that the migrations declare as varying.
  [[nodiscard]] std::vector<std::string> varying() const;
};

/// Reads the migrations and the lock. Findings about files stay in history.findings.
/// Errors: as read_history, parse_lock. A missing lock is no error here.
Result<Project> open_project(Settings settings);

/// Where the lock file is, or will be: DIR/candor.lock beside the migrations, unless the project keeps its
/// one lock file beside candor.toml; a new one lies there where `tool`, or the one that was adopted, stops at
/// files in its folder that are none of its own. `tool`: a format's name, or a foreign ledger's.
std::filesystem::path lock_path_of(const Settings& settings, std::string_view tool);

/// Whether a migration of the lock makes, alters or drops something whose identity fits `pattern`.
bool makes(const Project& project, std::string_view pattern);
/// From now on every comparison leaves out what fits these patterns: another tool's things. What a migration
/// makes is the history's, whoever writes into it, and stays in.
void leave_out(Project& project, std::vector<std::string> patterns);

/// The first error-severity finding about the files, if any: for commands that would run or lock them.
Result<> require_sound_files(const Project& project);
/// C0401 without a lock; else the first error among lock_findings.
Result<> require_lock(const Project& project);

}  // namespace candor::engine
