/// engine/rows_fit.h: do the rows that are there bear the keys, checks and unique indexes that a plan puts
/// back? Private to the engine.
#pragma once

#include "catalog/catalog.h"
#include "pg/connection.h"
#include "plan/plan.h"

namespace candor::engine {

/// C0712 if rows of tables in `live` break what `plan` makes of `goal`: each constraint or index with how
/// many. What cannot be asked yet, as a column of it is still missing, is left to the server. Reads those
/// tables.
Result<> require_rows_fit(pg::Connection& connection, const plan::Plan& plan, const catalog::Catalog& goal,
                          const catalog::Catalog& live);

}  // namespace candor::engine
