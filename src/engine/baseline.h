/// engine/baseline.h: records as present what the catalog proves to be present, without running it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/diagnose.h"
#include "history/foreign_ledger.h"
#include "pg/advisory.h"

namespace candor::engine {

struct BaselineOptions {
  std::optional<history::Version> at;  ///< nullopt: the version that the catalog proves
  bool accept_differences =
      false;  ///< record although the catalog differs; the differences are kept as evidence
  bool dry_run = false;
  Claims claims =
      {};  ///< another tool's: what is believed first, and decides between versions with one catalog
  /// What else is written in the same transaction, once it is known which migrations are in the database;
  /// null: nothing.
  std::function<Result<std::vector<history::ForeignStatement>>(
      const std::vector<const history::LockEntry*>& present)>
      also = {};
};

struct BaselineResult {
  const history::LockEntry* at = nullptr;           ///< null: the database stands before the first migration
  std::vector<const history::LockEntry*> recorded;  ///< those that the ledger did not claim before
  std::vector<const history::LockEntry*>
      same_catalog;  ///< they follow `at` and have its catalog: left pending
  std::vector<catalog::Difference> accepted;
  std::size_t objects = 0;              ///< compared
  std::size_t pending = 0;              ///< what is left to be applied
  std::vector<std::string> statements;  ///< dry run: what would be run
};

/// Diagnoses, decides, and writes ledger rows and events in one transaction in which the catalog is read once
/// more. Where several versions have the same catalog, it proves the first of them and no more: the others
/// stay pending unless `at` names one. The ledger is made if there is none. `waiting` is called while another
/// runner holds the lock. On failure nothing is written. Errors: C03xx, C04xx
/// about files and lock · C0314 no such version · C0703 no version fits · C0708 it is not proven, or the
/// ledger claims more · C0210 a migration is half done · C02xx the ledger · C0205 · C0206.
Result<BaselineResult> baseline(const Project& project, pg::Connection& connection,
                                const BaselineOptions& options,
                                const std::function<void(const pg::Holder&)>& waiting = {});

}  // namespace candor::engine
