/// engine/mend_snapshots.h: the snapshots of Drizzle 0.x made whole: each entry has one, and each follows the
/// one before it.
///
/// drizzle-kit generates the next migration from the snapshot whose name is the last (cli/commands/utils.ts,
/// prepareOutFolder sorts the paths), and gives the new one that prevId. So the chain is one of names, and
/// the last name has to tell the state after all migrations, whatever the journal's order is. Every other
/// snapshot that is made tells the state after its migration, in the journal's order.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/project.h"

namespace candor::engine {

struct SnapshotMending {
  std::string file;                   ///< "meta/0004_snapshot.json"
  std::string previous;               ///< its prevId from now on
  std::optional<std::string> before;  ///< its text; nullopt: it is missing
  std::string after;
};

struct SnapshotPlan {
  std::vector<SnapshotMending> files;  ///< what is missing first; by name
  /// Roles of the shadow; snapshots of old versions, which are left; what the last snapshot does not tell.
  std::vector<std::string> notes;
};

/// `tags` are the journal's, in its order. Only if a snapshot is missing, or the order is not the one that
/// the journal has had, are the migrations replayed in a shadow: an order that does not run is refused.
/// Entries without a number have no snapshot. Writes nothing. Errors: C0324 a snapshot that is there cannot
/// be read, or has the id of another · C0004 · as engine::replay (C0411).
Result<SnapshotPlan> plan_snapshots(const Project& project, const std::vector<std::string>& tags,
                                    bool other_order);

/// What is wrong with the last snapshot by what the lock knows, without a server: tables and columns that
/// migrations make, and of which it does not tell. Nothing where there is no lock that fits the files.
std::optional<Finding> check_last_snapshot(const Project& project);

/// In the order of `files`. The former text of a snapshot stays beside it as _NAME.bak: drizzle-kit reads
/// every file in meta/ that does not begin with '_'. Errors: C0005; the files before it are then written, and
/// a second run finishes.
Result<> mend_snapshots(const std::filesystem::path& folder, const std::vector<SnapshotMending>& files);

}  // namespace candor::engine
