/// engine/guarded_steps.h: a plan of several transactions as a file that looks before it acts, and that may
/// be broken off anywhere and run again. Private to guarded_plan.cpp.
#pragma once

#include <string>

#include "catalog/catalog.h"
#include "pg/connection.h"
#include "plan/plan.h"

namespace candor::engine {

/// Statements that are run one by one: DO blocks, each a transaction, and what no transaction allows (CREATE
/// INDEX CONCURRENTLY) behind a block that has looked whether it may run. What an object is at any later
/// point of the plan counts as done. Nothing is tried. REQUIRES: as rebuild(); the plan leads from `from` to
/// its goal. Errors: C0713 a step cannot be written like this · as Connection::query.
Result<std::string> guarded_steps(pg::Connection& connection, const catalog::Catalog& from,
                                  const plan::Plan& plan);

}  // namespace candor::engine
