/// engine/repair_checks.h: what a plan asks of the rows that are there: values for new columns, and casts
/// that keep what is stored. Private to the engine.
#pragma once

#include <map>
#include <string>

#include "catalog/catalog.h"
#include "pg/connection.h"
#include "plan/plan.h"

namespace candor::engine {

/// From now on a query that a row security policy would filter fails (42501): what it hides would be lost or
/// cut, too. Or as it was.
Result<> see_every_row(pg::Connection& connection, bool every);

/// C0710 if a column must not be null from now on, and rows have no value for it: it is added to a table with
/// rows, or holds nulls; and none was given.
Result<> require_values(pg::Connection& connection, const plan::Plan& plan, const catalog::Catalog& live,
                        const std::map<std::string, std::string>& fills);

/// C0710 if a value is given for what is no column of `goal`: it would do nothing, in silence. A column that
/// is there already is none to be given a value, but the command was right before.
Result<> require_columns(const std::map<std::string, std::string>& fills, const catalog::Catalog& goal);

/// C0712 if values of a column of `live` whose type is to be changed, or to be another of the same name (a
/// domain over another type, an enum without a label), cannot be cast, or would be other values afterwards:
/// with how many and three examples. Reads all rows of those columns, and leaves nothing behind.
Result<> require_casts(pg::Connection& connection, const plan::Plan& plan, const catalog::Catalog& live);

}  // namespace candor::engine
