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
    std::string head = {};  ///< of an .sql file, its first bytes behind the byte-order mark: a tool's marks
    bool is_whole = false;  ///< `head` is all of the file
  };
  std::vector<Entry> entries;  ///< sorted bytewise; hidden files left out

  [[nodiscard]] const Entry* find(std::string_view name) const;
};

/// Lists `folder`, which is reached as `shown` (empty for the migrations folder itself, else "sub/"). What
/// can be no migration whatever the format is, goes to `findings`: names that cannot be printed (C0304),
/// links to nowhere and pipes (C0004), links out of `root` (C0317, a warning). Errors: C0004.
Result<Listing> list_folder(const std::filesystem::path& folder, const std::filesystem::path& root,
                            std::string_view shown, std::vector<Finding>& findings);

/// From here on a format has met files that no other tool writes; two such formats in one folder are a
/// finding (C0331).
constexpr int certain = 95;

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
  /// What the tool itself would do to these files without saying so. None of it keeps Candor from running
  /// them: `candor check` alone tells it. Null: nothing is known.
  void (*check)(const History& history, std::vector<Finding>& findings) = nullptr;
  /// The tool stops at a file in its folder that is no migration: candor.lock has to lie elsewhere.
  bool alone_in_folder = false;
};

std::span<const Format* const> all_formats();

/// The format of this name, or null.
const Format* find_format(std::string_view name);

}  // namespace candor::history
