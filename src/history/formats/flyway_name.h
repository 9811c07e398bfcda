/// history/formats/flyway_name.h: V1_2__add_teams.sql and its like.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace candor::history {

struct FlywayName {
  char kind = 'V';          ///< V versioned, U its inverse, R repeatable, B baseline, C callback
  std::string version;      ///< "1.2"; empty for R and callbacks
  std::string description;  ///< behind the first "__"; V16.sql has none
  std::string_view what;    ///< B and C for people: "a callback"
};

/// Nothing for a name that Flyway does not read as any of these: the separator is "__", the version digits
/// joined by '.' or '_', the ending .sql in any case.
std::optional<FlywayName> read_flyway_name(std::string_view file);

}  // namespace candor::history
