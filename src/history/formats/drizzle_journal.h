/// history/formats/drizzle_journal.h: meta/_journal.json, the list by which Drizzle runs migrations.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace candor::history {

struct JournalEntry {
  std::int64_t idx = 0;
  std::int64_t when = 0;  ///< milliseconds since 1970
  std::string tag;        ///< the file's name without .sql
};

constexpr std::string_view journal_name = "meta/_journal.json";

/// The entries of the journal in `folder`, in the order of the list, which is the one that counts.
/// Errors: C0004 · C0320 malformed, over 16 MiB, of another dialect or version, or with a tag that is no
/// file's name.
Result<std::vector<JournalEntry>> read_journal(const std::filesystem::path& folder);

/// Where the journal speaks of `tag`; nothing if it cannot be read any more, or is over 1 MiB.
std::optional<SourcePosition> place_in_journal(const std::filesystem::path& folder, std::string_view tag);

/// "0007" of "0007_add_teams": what its snapshot is called by.
std::string_view prefix_of(std::string_view tag);

/// Equal for two files that hold the same but for line ends: one was generated again under another number.
/// Empty for a text of blanks only, which has no twin.
std::string twin_key(std::string_view text);

}  // namespace candor::history
