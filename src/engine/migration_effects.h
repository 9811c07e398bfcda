/// engine/migration_effects.h: which of a migration's effects are in a database, and which are not?
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/expectation.h"

namespace candor::engine {

enum class EffectState : std::uint8_t {
  present,
  absent,
  contradicted,  ///< something else is there
  superseded,    ///< a later migration that is in the database changed or dropped it again
  unproven,      ///< text of another major, or a catalog that may not be read
};

struct EffectStanding {
  const catalog::Effect* effect = nullptr;
  EffectState state{};
  std::vector<catalog::Difference>
      differences;                         ///< contradicted, absent (an alteration): what is there instead
  const history::LockEntry* by = nullptr;  ///< superseded: the migration that did it
};

/// A migration's effects taken together.
enum class Presence : std::uint8_t {
  no_trace,  ///< it has no effects: the catalog cannot tell
  present,
  partly,
  absent,
  contradicted,
  superseded,
  unproven,
};

/// All that the migration did was done in this database, whatever became of it later.
inline bool is_there(Presence presence) {
  return presence == Presence::present || presence == Presence::superseded;
}

struct MigrationStanding {
  const history::LockEntry* entry = nullptr;
  Presence presence{};
  std::size_t present = 0, absent = 0, contradicted = 0, superseded = 0, unproven = 0;
  std::vector<EffectStanding> effects;  ///< all that are not plainly present, in canonical order

  [[nodiscard]] std::size_t effect_count() const {
    return present + absent + contradicted + superseded + unproven;
  }
};

/// Looks for each migration's effects in the live catalog. `walk` stands at its beginning and is taken to its
/// end; `position`: where the database stands, or the nearest. Up to there an effect counts as present unless
/// the catalog says otherwise; beyond, what is as it was at `position` is absent, so that a dropped object
/// which never was there tells nothing. Errors: C0402.
Result<std::vector<MigrationStanding>> stand_of_migrations(HistoryWalk& walk, std::size_t position);

}  // namespace candor::engine
