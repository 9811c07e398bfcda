/// cli/project_files.h: a project whose lock file may be unusable, for the commands that mend or judge it.
#pragma once

#include <optional>

#include "cli/context.h"
#include "engine/project.h"

namespace candor::cli {

struct ProjectFiles {
  engine::Project project;          ///< without a lock if it is missing or unusable
  std::optional<Error> lock_error;  ///< why it is unusable
};

/// As Context::project, but a lock file that cannot be used is told beside the migrations.
Result<ProjectFiles> open_files(const Context& context);

}  // namespace candor::cli
