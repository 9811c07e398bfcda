/// history/formats/drizzle_snapshots.h: the chain of meta/NNNN_snapshot.json, from which drizzle-kit
/// generates the next migration.
#pragma once

#include <filesystem>
#include <vector>

#include "history/formats/drizzle_journal.h"

namespace candor::history {

/// Adds C0324: an entry without a snapshot, a snapshot that no entry has, one that cannot be read, one that
/// does not follow the one before it, two that follow the same.
void check_snapshots(const std::filesystem::path& folder, const std::vector<JournalEntry>& entries,
                     std::vector<Finding>& findings);

}  // namespace candor::history
