/// engine/tracking_tables.h: the tables in which migration programs write down what they have run. A row in
/// one of them is where a recording is cut.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace candor::engine {

struct TrackingTable {
  std::string table;
  /// The columns that together name a migration, joined with '_'; none: the program's lock or settings.
  std::vector<std::string> names;
  std::string tool;
  std::string beside = {};  ///< a column that the rows have, too: several programs call their table the same
};

/// What is known of the programs, and `more`: "table.column", or "table" alone.
std::vector<TrackingTable> tracking_tables(const std::vector<std::string>& more);

}  // namespace candor::engine
