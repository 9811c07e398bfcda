/// engine/diagnose.h: where does this database stand, and what of its history is in it? Compares files, lock,
/// ledger and live catalog; writes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/migration_effects.h"
#include "engine/project.h"
#include "engine/stand.h"
#include "history/ledger.h"
#include "pg/connection.h"

namespace candor::engine {

/// What the ledger says, beside what the catalog shows.
enum class LedgerSays : std::uint8_t {
  nothing,     ///< there is none, or it records no applied migration
  unreadable,  ///< damaged, newer, or out of the role's reach
  the_same,
  less,       ///< the catalog is that of a later version
  more,       ///< the catalog is that of an earlier version
  otherwise,  ///< the catalog is that of no version
};

/// What another tool's ledger claims, where Candor's own says nothing.
struct Claims {
  std::string claimant;                    ///< "drizzle.__drizzle_migrations"; empty: there is none
  std::vector<history::Version> versions;  ///< ascending
};

struct Diagnosis {
  history::LedgerShape ledger;
  std::optional<Error> ledger_error;
  std::vector<history::LedgerRow> rows;
  Claims claims;             ///< what was believed first, Candor's ledger included; no claimant: that alone
  std::size_t recorded = 0;  ///< migrations that the ledger claims to be applied
  LedgerSays says{};

  std::vector<const history::LockEntry*>
      entries;  ///< the lock's, in the order that positions count; those
                ///< applied out of order stand before the ones they overtook
  Standing standing;
  std::size_t position = 0;        ///< where the database stands; if !stands, the nearest
  bool stands = false;             ///< its catalog equals that of `position`, but for what is unexplained
  catalog::Comparison comparison;  ///< with the catalog of `position`
  std::vector<MigrationStanding> migrations;  ///< as `entries`
  catalog::Catalog live;

  std::vector<Finding> findings;
  double total_ms = 0, reading_ms = 0;

  /// The last migration at `position`; null before the first.
  [[nodiscard]] const history::LockEntry* at() const {
    return position == 0 ? nullptr : entries[position - 1];
  }
  /// The position to which the database is to be repaired: where it stands or nearly stands, or the last
  /// migration of which a part is there.
  [[nodiscard]] std::size_t repair_position() const;
  /// The last migration at that position; null: none.
  [[nodiscard]] const history::LockEntry* worth_repairing_to() const;
  /// Stands, nothing is unexplained or unproven, and the ledger says the same.
  [[nodiscard]] bool is_sound() const {
    return stands && comparison.verdict() == catalog::Verdict::is_true &&
           (says == LedgerSays::the_same || (says == LedgerSays::nothing && position == 0));
  }
  /// The entries that rows of the ledger claim to be applied; empty where it cannot be read.
  [[nodiscard]] bool records(const history::LockEntry& entry) const;
  /// The same of the ledger that was believed, whose ever it is.
  [[nodiscard]] bool claims_applied(const history::LockEntry& entry) const;
};

/// Compares a live catalog with what the lock expects after `applied`, with what just those declare as
/// varying. REQUIRES: a lock. Errors: as expectation_of().
Result<catalog::Comparison> compare_with(const Project& project,
                                         const std::vector<const history::LockEntry*>& applied,
                                         const std::vector<history::LedgerRow>& rows,
                                         const catalog::Catalog& live);

/// Makes a project that can be looked for in a database, whatever is wrong with a list that a tool keeps of
/// its files: findings about lists go to `findings`, and files that are not listed are taken in behind the
/// others, unless they do not run there. Where there is no lock file, or it knows nothing of such files,
/// replays the history in a shadow, for this run alone, and says so. Errors: the first error about the files
/// themselves · as replay().
Result<> provide_lock(Project& project, std::vector<Finding>& findings);

/// Nothing that is wrong with the database or its ledger is an error here: it is a finding. `claims` are
/// looked at where they tell more than Candor's ledger; where they are wrong, the place is looked for in the
/// order of the lock, then in what the catalog shows of each migration. REQUIRES: a lock. Errors: C0402 the
/// lock's effects do not fit together · as Connection::query.
Result<Diagnosis> diagnose(const Project& project, pg::Connection& connection, const Claims& claims = {});

}  // namespace candor::engine
