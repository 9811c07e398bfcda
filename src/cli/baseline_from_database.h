/// cli/baseline_from_database.h: `candor baseline --from-database`: a database without a history gets its
/// first migration, the lock and a ledger that records it.
#pragma once

#include <string>

#include "cli/context.h"

namespace candor::cli {

struct FromDatabase {
  std::string name = "baseline";  ///< what the migration is called
  bool dry_run = false;
};

/// Writes migration and lock, then baselines: the replayed file has to be what the database has, else both
/// files are removed again. Errors: as engine::first_migration, write_migration, engine::replay,
/// engine::baseline · C0713 the plan is unproven.
Result<int> baseline_from_database(Context& context, const FromDatabase& options);

}  // namespace candor::cli
