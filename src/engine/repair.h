/// engine/repair.h: makes a database and its ledger what a version of the history says, keeping its data.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/diagnose.h"
#include "engine/losses.h"
#include "engine/prove_plan.h"
#include "pg/advisory.h"
#include "plan/plan.h"

namespace candor::engine {

struct RepairOptions {
  std::optional<history::Version>
      to;  ///< nullopt: the ledger's version, else where the database nearly stands
  bool apply = false;
  bool allow_drop = false;    ///< what is extra goes; without it, it is listed and left
  bool as_migration = false;  ///< the plan as a file as well: RepairResult::migration
  bool online = false;        ///< indexes are built and rows are checked while others write
  bool unproven = false;      ///< run a plan that is unproven, or takes more than one transaction
  std::vector<std::pair<std::string, std::string>> renames;  ///< what is there by another name: old, right
  bool as_new = false;                       ///< nothing that is missing is there by another name
  std::map<std::string, std::string> fills;  ///< by "public.users.password": SQL for the rows that are there
};

struct RepairResult {
  const history::LockEntry* target = nullptr;  ///< null: before the first migration
  std::vector<std::string> mending;            ///< statements that restore the ledger's own tables
  plan::Plan plan;
  PlanProof proof;           ///< in a shadow; of an empty plan, and without a shadow: not proven
  std::string migration;     ///< as_migration: SQL that looks before it acts (guarded_plan.h)
  std::vector<Loss> losses;  ///< with allow_drop
  std::vector<const history::LockEntry*> baselined;      ///< rows that are added
  std::vector<const history::LockEntry*> without_trace;  ///< of those: the catalog cannot tell that they ran
  std::vector<const history::LockEntry*> made_pending;   ///< rows that go
  std::vector<history::Version> forgotten;               ///< rows that go: no migration has these versions
  std::vector<const history::LockEntry*> same_catalog;   ///< pending; whether they ran cannot be told
  std::vector<plan::Rename> likely_renames;              ///< nobody has said whether they are such
  std::size_t objects = 0;                ///< compared, in the transaction or (dry run) before it
  std::vector<catalog::Difference> left;  ///< what stays different: extra objects
  bool applied = false;

  [[nodiscard]] bool nothing_to_do() const {
    return mending.empty() && plan.empty() && baselined.empty() && made_pending.empty() && forgotten.empty();
  }
};

/// Mends the ledger's tables, then plans from the live catalog to the target: additive unless allow_drop. A
/// database that stands at a version needs no plan: the ledger is made to say so. Statements, comparison,
/// ledger rows and the event `repair` are one transaction; a plan that needs several is compared in the last
/// one, and is run only if `unproven` says so. A second run finds nothing to do, also after one that was
/// interrupted. The plan is tried in a shadow first; where there is none, a plan of one transaction rests on
/// the comparison before its COMMIT alone. Errors: C03xx, C04xx about files and lock · C0201 a ledger that
/// cannot be mended · C0314 · C0710 a column needs a value · C0711 data would be lost, and that was not
/// allowed · C0712 values would not survive · C0713 the plan takes more than one transaction, does not do in
/// a shadow what it should, or cannot be written as a migration · C0001 as_migration, and the target is not
/// the last of the history · C0718 a table that is missing may be there by another name · C0714 it did not
/// lead to the target: rolled back · as Connection::query.
Result<RepairResult> repair(const Project& project, pg::Connection& connection, const RepairOptions& options,
                            const std::function<void(const pg::Holder&)>& waiting = {});

}  // namespace candor::engine
