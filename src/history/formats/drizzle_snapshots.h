/// history/formats/drizzle_snapshots.h: the chain of meta/NNNN_snapshot.json, from which drizzle-kit
/// generates the next migration.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history/formats/drizzle_journal.h"

namespace candor::history {

/// The prevId of the first.
constexpr std::string_view no_snapshot = "00000000-0000-0000-0000-000000000000";

/// "meta/0004_snapshot.json" of "0004_keys"; nothing for an entry without a number, which has none that
/// drizzle-kit would read.
std::optional<std::string> snapshot_of(std::string_view tag);

/// Adds C0324: an entry without a snapshot, a snapshot that no entry has, one that cannot be read, one that
/// does not follow the one before it, two that follow the same. Before it is which name is before its own:
/// drizzle-kit sorts the names (cli/commands/utils.ts, prepareOutFolder).
void check_snapshots(const std::filesystem::path& folder, const std::vector<JournalEntry>& entries,
                     std::vector<Finding>& findings);

}  // namespace candor::history
