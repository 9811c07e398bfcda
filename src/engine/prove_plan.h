/// engine/prove_plan.h: does a plan do what it says? Run on a server, and read back.
#pragma once

#include <string>

#include "catalog/catalog.h"
#include "engine/settings.h"
#include "pg/connection.h"
#include "plan/plan.h"

namespace candor::engine {

struct PlanProof {
  bool proven = false;
  std::string why_not;       ///< empty when proven
  std::string detail;        ///< the statement that failed, or the first differences; lines
  std::size_t objects = 0;   ///< that were compared
  std::size_t left_out = 0;  ///< objects of `from` that the plan has nothing to do with: they were not built
  int major = 0;             ///< of the server that ran it
  double plan_ms = 0;        ///< the plan's own statements
  double total_ms = 0;
};

/// On `connection`, a database that nobody needs (empty, or left by the proof before): makes it `from`, runs
/// `plan`, requires `to` (with `plan.extra` left where it is, for an additive plan), and that a second plan
/// is empty. Of a large `from` only that is built which the plan has to do with (plan/slice.h). What is not
/// equal is a result (unproven), no error. Roles that the catalogs name are created.
/// Errors: as Connection::query for what is not the plan's doing: a lost connection, Ctrl-C.
Result<PlanProof> prove_plan(pg::Connection& connection, const catalog::Catalog& from,
                             const catalog::Catalog& to, const plan::Plan& plan,
                             const plan::Options& options);

/// Likewise, in a shadow of the major that the catalogs are of.
Result<PlanProof> prove_plan_in_shadow(const Settings& settings, const catalog::Catalog& from,
                                       const catalog::Catalog& to, const plan::Plan& plan,
                                       const plan::Options& options);

/// Makes a shadow what `wanted` is, whatever it holds now. Whether it is, is not looked at. REQUIRES: the
/// roles are there, as after prove_plan(). Errors: as run_plan.
Result<> rebuild(pg::Connection& connection, const catalog::Catalog& wanted);

/// Runs the steps on `connection`, each transaction of the plan in one of its own. Errors: as
/// Connection::query, with the statement as detail; what was open is rolled back.
Result<> run_plan(pg::Connection& connection, const plan::Plan& plan);

}  // namespace candor::engine
