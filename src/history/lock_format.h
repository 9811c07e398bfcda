/// history/lock_format.h: what writing, reading and judging candor.lock share. Not for other rooms.
#pragma once

#include <string>
#include <string_view>

#include "history/migration.h"

namespace candor::history::lock_format {

/// The number on the file's first line. A file with a greater one was written by a newer Candor.
inline constexpr int version = 1;

/// The chain of an entry with these lines (all but its `chain` line, each with its newline) after the chain
/// `before`. The lines at the top of the file are chained so as well, after nothing.
std::string chain_of(std::string_view before, std::string_view lines);

/// A migration for messages: "0003 add_sessions".
std::string label(const Version& migration, std::string_view name);

}  // namespace candor::history::lock_format
