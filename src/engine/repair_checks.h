/// engine/repair_checks.h: what a plan asks of the rows that are there: values for new columns, and casts
/// that keep what is stored. Private to repair*.cpp.
#pragma once

#include "catalog/catalog.h"
#include "pg/connection.h"
#include "plan/plan.h"

namespace candor::engine {

/// C0710 if a step adds a column that must not be null to a table with rows, and no value was given.
Result<> require_values(pg::Connection& connection, const plan::Plan& plan);

/// C0712 if values of a column whose type is to be changed cannot be cast, or would be other values
/// afterwards: with how many and three examples. Reads all rows of those columns, and leaves nothing behind.
Result<> require_casts(pg::Connection& connection, const plan::Plan& plan);

}  // namespace candor::engine
