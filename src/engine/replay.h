/// engine/replay.h: what does each migration do? Runs the history in a shadow and records effects: `candor
/// lock`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/project.h"
#include "history/lock_file.h"

namespace candor::engine {

struct ReplayOptions {
  std::vector<int> other_servers;  ///< majors whose printed forms are recorded as well
};

struct Replayed {
  history::LockFile lock;
  std::vector<Finding> findings;  ///< C0414 roles created in the shadow, and other news
  double shadow_ms = 0;           ///< until the shadow was ready
  double total_ms = 0;
};

/// Replays the whole history. `progress` is called after each migration with its entry.
/// Errors: C0411 a statement failed (file:line, SQLSTATE) · C0412 extension · C0413 setup · C0107, C0108,
/// C0112.
Result<Replayed> replay(const Project& project, const ReplayOptions& options,
                        const std::function<void(const history::LockEntry&)>& progress = {});

}  // namespace candor::engine
