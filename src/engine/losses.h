/// engine/losses.h: what data would be lost if a plan, or a script, were run?
#pragma once

#include <vector>

#include "catalog/diff.h"
#include "engine/revert.h"
#include "pg/connection.h"
#include "plan/plan.h"

namespace candor::engine {

/// Of a script, of which only the ends are known: those tables, materialized views and columns that `from`
/// has and `to` has not, and that hold rows. Columns that go with their table are not told apart. Tables
/// beyond about a gigabyte are estimated. Errors: as Connection::query.
Result<std::vector<Loss>> losses_between(pg::Connection& connection, const catalog::Catalog& from,
                                         const catalog::Catalog& to);

/// Of a plan: what it drops, whether it makes it again or not, and the fields that it takes out of composite
/// types of which there are values. `live` is what the database holds: what is not in it loses nothing.
/// Errors: as Connection::query.
Result<std::vector<Loss>> losses_of(pg::Connection& connection, const plan::Plan& plan,
                                    const catalog::Catalog& live);

/// "table public.users: 3 rows, 16 kB".
std::string line_of(const Loss& loss);

}  // namespace candor::engine
