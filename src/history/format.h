/// history/format.h: one kind of migrations folder. Each format is one file in formats/ and one row in
/// formats.cpp.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "history/migration.h"

namespace candor::history {

/// A folder's listing, read once for all formats.
struct Listing {
  std::filesystem::path folder;
  struct Entry {
    std::string name;
    bool is_directory = false;
  };
  std::vector<Entry> entries;  ///< sorted bytewise; hidden files left out
};

struct Format {
  std::string_view name;  ///< "native", as in candor.toml
  /// How sure this format is that the folder is its own: 0 (no) … 100 (certain). The highest wins.
  int (*recognise)(const Listing& listing);
  /// Migrations in any order (versions, names, paths; checksums and directives are filled in by read_history)
  /// and what is wrong with the names. Errors: C0004.
  Result<History> (*read)(const Listing& listing);
  /// What stands before and behind a placeholder's name; empty: the format has no placeholders.
  std::string_view placeholder_open = {};
  std::string_view placeholder_close = {};
};

std::span<const Format* const> all_formats();

}  // namespace candor::history
