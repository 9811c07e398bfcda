/// engine/verify.h: is this database still true to its history?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/compare.h"
#include "engine/project.h"
#include "history/ledger.h"
#include "pg/connection.h"

namespace candor::engine {

/// A migration as the files, the lock and the ledger know it together.
struct MigrationState {
  history::Version version;
  std::string name;
  std::optional<history::LedgerRow> row;          ///< nullopt: pending
  const history::Migration* migration = nullptr;  ///< null: recorded, but the file is gone
  bool outdated = false;                          ///< repeatable, and not applied as it is now
  [[nodiscard]] bool pending() const { return !row || !row->claims_applied() || outdated; }
};

struct Verification {
  catalog::Verdict verdict = catalog::Verdict::unproven;
  history::LedgerShape ledger;
  std::vector<MigrationState> migrations;   ///< ascending versions
  std::optional<history::Version> version;  ///< the last that the ledger claims, a repeatable one only where
                                            ///< there are no others; nullopt: none
  std::size_t applied = 0, pending = 0;
  bool compared = false;  ///< false: there was nothing to compare with (no lock, or it does not know
                          ///< what the ledger records: findings say so)
  catalog::Comparison comparison;
  catalog::Catalog live;          ///< what was read
  std::vector<Finding> findings;  ///< edited files, failed rows, unknown versions …
  int server_major = 0, lock_major = 0;
  double milliseconds = 0;
};

/// Compares the live catalog with what the lock expects at the ledger's version. Reads in one snapshot,
/// writes nothing. A difference is a result, not an error. Without a lock the verdict is unproven. Errors:
/// C0201 ledger damaged · C0202 newer · as Connection::query.
Result<Verification> verify(const Project& project, pg::Connection& connection);

/// A verification with the project that its migrations point into.
struct Verified {
  Project project;
  Verification verification;
};
/// Opens the project while the server answers: to read a lock file of megabytes takes a while as well.
/// Errors: as open_project, then as verify.
Result<Verified> open_and_verify(const Settings& settings, pg::Connection& connection);

/// What a database holds before its first migration: the schema public, as every new one has it.
catalog::Catalog base_catalog(int major);
/// base_catalog() with what [shadow] setup makes. Errors: C0402 its effects do not fit.
Result<catalog::Catalog> base_catalog(const history::LockFile& lock);

/// The catalog that the lock expects after `applied`, which need not be a prefix of the lock (out of order,
/// gaps): the effects of just these entries, in the order given, on base_catalog(). Forms for `major` are
/// collected into `forms`; one is forgotten when a later entry changes its text. Errors: C0203 the lock lacks
/// one of them (null) · C0402 effects do not fit together.
Result<catalog::Catalog> expected_catalog(const history::LockFile& lock,
                                          const std::vector<const history::LockEntry*>& applied, int major,
                                          catalog::Forms& forms);

/// Reads the `witnessed` JSON of ledger rows into forms, later rows over earlier ones. Forms of another
/// major, and of texts that a later one of `applied` changed, are left out: they say nothing about what must
/// be there now. Errors: C0209 it cannot be read.
Result<> add_witnessed(const std::vector<history::LedgerRow>& rows,
                       const std::vector<const history::LockEntry*>& applied, int major,
                       catalog::Forms& forms);

}  // namespace candor::engine
