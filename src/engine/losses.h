/// engine/losses.h: what data would be lost if tables or columns were dropped?
#pragma once

#include <vector>

#include "catalog/diff.h"
#include "engine/revert.h"
#include "pg/connection.h"

namespace candor::engine {

/// Of the tables, materialized views and columns that `from` has and `to` has not, those that hold rows.
/// Columns that go with their table are not told apart. Tables beyond about a gigabyte are estimated. Errors:
/// as Connection::query.
Result<std::vector<Loss>> losses_between(pg::Connection& connection, const catalog::Catalog& from,
                                         const catalog::Catalog& to);

}  // namespace candor::engine
