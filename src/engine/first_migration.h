/// engine/first_migration.h: the first migration of a database that never had any: `candor baseline
/// --from-database`.
#pragma once

#include "engine/project.h"
#include "engine/prove_plan.h"
#include "pg/connection.h"
#include "plan/plan.h"

namespace candor::engine {

struct FirstMigration {
  plan::Plan plan;  ///< from nothing to the live catalog, the short way
  PlanProof proof;
  catalog::Catalog live;  ///< without the ledger, and without what the settings ignore
};

/// Reads the database, plans and proves; writes nothing. Errors: C0708 there is a history already: files, a
/// lock or ledger rows · C02xx the ledger cannot be used · C0602 the role may not read everything · C0713 a
/// kind of object cannot be written as SQL · as prove_plan_in_shadow.
Result<FirstMigration> first_migration(const Project& project, pg::Connection& connection);

}  // namespace candor::engine
