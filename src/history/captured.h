/// history/captured.h: the first line of a migration that `candor capture` wrote, which says of what.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace candor::history {

/// Stands before the program's own name of the migration, as its tracking table has it.
inline constexpr std::string_view captured_mark = "-- captured from ";

/// That name; empty: the file was not captured, or cannot be read.
std::string captured_from(const std::filesystem::path& file);

}  // namespace candor::history
