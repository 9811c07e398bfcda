/// engine/round_trip.h: does every migration's way down lead back? `candor check --round-trip`.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/project.h"

namespace candor::engine {

/// One migration, taken up, down and up again.
struct RoundTrip {
  const history::Migration* migration = nullptr;
  bool planned = false;          ///< there is no down file: a planned inverse was run
  std::optional<Error> problem;  ///< C0717 it does not lead back · C0715 no inverse could be planned
};

struct RoundTrips {
  std::vector<RoundTrip> trips;   ///< in the order of the history
  std::vector<Finding> findings;  ///< roles that the shadow needed
  int major = 0;                  ///< of the shadow
  double total_ms = 0;
  [[nodiscard]] std::size_t failed() const;
};

/// In a shadow: up → down → up, with the same fingerprints before and after, migration by migration. One that
/// does not come back is a result; those behind it are tried in a shadow of their own, in which it was only
/// taken up. `progress` is called after each. Errors: C0411 a migration's way up fails · as Shadow::open.
Result<RoundTrips> round_trip(const Project& project,
                              const std::function<void(const RoundTrip&)>& progress = {});

}  // namespace candor::engine
