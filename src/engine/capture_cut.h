/// engine/capture_cut.h: a recording cut into the migrations that made it.
///
/// A migration program writes a row into its tracking table when a migration is done: what it sent since the
/// row before belongs to that migration. What was rolled back, what only looked, and what the program does
/// for its own table is left out.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "engine/tracking_tables.h"
#include "pg/recording.h"

namespace candor::engine {

struct CapturedMigration {
  std::string name;                     ///< as the tracking row says
  std::vector<std::string> statements;  ///< with their parameters written out; settings of the session first
};

struct Cutting {
  std::vector<CapturedMigration> migrations;
  CapturedMigration rest;  ///< what came after the last row and was not taken back
  std::set<std::pair<std::string, std::string>> tracking;  ///< schema (or empty) and name of the tables found
  std::string tool;                                        ///< whose they are; empty: no row was found
  std::vector<Finding> findings;  ///< C0903 COPY data · C0906 a failure that was passed over
  std::size_t received = 0;       ///< statements that the server received
};

/// Which of the functions of these names may do more than compute a value.
using VolatileAmong = std::function<Result<std::set<std::string>>(const std::set<std::string>&)>;

/// Errors: those of `volatile_among`.
Result<Cutting> cut(const std::vector<pg::Recorded>& recording, const std::vector<TrackingTable>& tables,
                    const VolatileAmong& volatile_among);

}  // namespace candor::engine
