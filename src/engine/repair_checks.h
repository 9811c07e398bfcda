/// engine/repair_checks.h: what a plan asks of the rows that are there: values for new columns, and casts
/// that keep what is stored. Private to the engine.
#pragma once

#include <map>
#include <string>

#include "catalog/catalog.h"
#include "pg/connection.h"
#include "plan/plan.h"

namespace candor::engine {

/// C0710 if a step adds a column that must not be null to a table with rows, and no value was given.
Result<> require_values(pg::Connection& connection, const plan::Plan& plan);

/// C0710 if a value is given for what is no column of `goal`: it would do nothing, in silence. A column that
/// is there already is none to be given a value, but the command was right before.
Result<> require_columns(const std::map<std::string, std::string>& fills, const catalog::Catalog& goal);

/// C0712 if values of a column whose type is to be changed cannot be cast, or would be other values
/// afterwards: with how many and three examples. Reads all rows of those columns, and leaves nothing behind.
Result<> require_casts(pg::Connection& connection, const plan::Plan& plan);

}  // namespace candor::engine
