/// engine/stand.h: where in its history does a catalog stand? Walks the states that the lock knows, one
/// migration after the other, and keeps count of what disagrees.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/expectation.h"

namespace candor::engine {

/// A position is a number of migrations: 0 stands before the first, n after the n-th.
struct Standing {
  struct Distance {
    std::size_t differing = 0;   ///< objects of the history that are missing, extra or altered
    std::size_t unproven = 0;    ///< objects that could not be compared
    std::size_t attributes = 0;  ///< differences in those that differ: more than one in what is altered much
  };
  std::vector<Distance> distances;  ///< by position: one more than there are migrations
  std::vector<std::size_t> equal;   ///< positions without a differing object, ascending
  std::size_t nearest = 0;          ///< the first of `equal`; else the last of those that differ least,
                                    ///< in objects and then in attributes
  std::vector<catalog::ObjectId>
      unexplained;  ///< in the live catalog, and in no state of the history; sorted

  [[nodiscard]] bool is_equal(std::size_t position) const {
    return position < distances.size() && distances[position].differing == 0;
  }
  /// Equal, and everything could be compared.
  [[nodiscard]] bool is_proven(std::size_t position) const {
    return is_equal(position) && distances[position].unproven == 0;
  }
};

/// Takes `walk`, which stands at its beginning, to its end. What no migration ever touches counts at no
/// position: it is in `unexplained`. Errors: C0402.
Result<Standing> find_standing(HistoryWalk& walk, const catalog::Catalog& live);

}  // namespace candor::engine
