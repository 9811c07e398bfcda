/// cli/lock_changes.h: what a new lock file says that the old one did not.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/print_error.h"
#include "history/lock_file.h"

namespace candor::cli {

struct LockChange {
  enum class Nature : std::uint8_t {
    added,     ///< a migration that was not locked
    removed,   ///< a locked migration whose file is gone
    edited,    ///< another checksum, the same effects
    replaced,  ///< another checksum and other effects
    shifted,   ///< the same checksum and other effects: what comes before it, or the server, changed
    renamed,   ///< the same version, checksum and effects under another name or file
  };
  Nature nature{};
  const history::LockEntry* before = nullptr;  ///< null: added
  const history::LockEntry* after = nullptr;   ///< null: removed
};

std::string_view to_string(LockChange::Nature nature);

/// In the order of versions. Both are borrowed by the result.
std::vector<LockChange> changes_between(const history::LockFile& before, const history::LockFile& after);

/// "+ 0028_soft_delete_content  +1 column", "~ 0012_api_keys  edited, same effects: accepted", with the lines
/// of the effects that differ.
std::string format_change(const LockChange& change, const Paint& paint);

/// The two lists of effects, one beneath the other: lines of the old ones alone begin with "locked", of the
/// new ones alone with "now".
std::string effects_side_by_side(const LockChange& change);

}  // namespace candor::cli
