/// engine/adopt.h: `candor adopt`: takes a database over from the tool that migrated it so far.
#pragma once

#include <functional>

#include "engine/baseline.h"
#include "engine/foreign.h"

namespace candor::engine {

struct AdoptOptions {
  bool mirror = false;  ///< write the tool's own rows of what is proven and unrecorded, too
  bool dry_run = false;
};

struct Adopted {
  ForeignHistories histories;                      ///< borrowed from by `findings` texts only
  BaselineResult baseline;                         ///< what was recorded, in the order of application
  std::vector<const history::LockEntry*> marked;   ///< of which the tool's row was (or would be) written
  std::vector<const history::LockEntry*> pending;  ///< left to `candor up`
  std::vector<Finding> findings;                   ///< of the diagnosis before; none of them stops
};

/// Diagnoses with what the tool's ledger claims, and records as baselined what the catalog proves; the rest
/// stays pending. Candor's rows and, with `mirror`, the tool's are written in one transaction, in which the
/// catalog is read once more. Nothing that the tool wrote is changed or deleted. `project` is told to leave
/// the tool's table alone. REQUIRES: a lock. Errors: C0811 no ledger was found · C0802 several · C0801 it
/// cannot be read · C0812 the catalog contradicts the history · C0813 no mirror of this tool · as baseline().
Result<Adopted> adopt(Project& project, pg::Connection& connection, const AdoptOptions& options,
                      const std::function<void(const pg::Holder&)>& waiting = {});

}  // namespace candor::engine
