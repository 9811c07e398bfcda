/// engine/tuple_counts.h: how many catalog tuples the current transaction wrote: the witness that nothing
/// else changed.
///
/// pg_stat_get_xact_tuples_* count this backend's uncommitted writes, rolled-back subtransactions included,
/// in about a tenth of a millisecond whatever the size of the schema (PostgreSQL documentation, "The
/// Cumulative Statistics System"). Counts of the session's previous transaction may still be pending: only
/// differences within one transaction mean anything. They need track_counts = on.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "history/lock_file.h"
#include "pg/connection.h"

namespace candor::engine {

/// A system catalog that is counted, and its OID, which PostgreSQL fixes for all majors
/// (src/include/catalog/*.h): looking the names up twice per migration would cost more than the counting.
struct CountedCatalog {
  std::string_view name;
  int oid;
};
std::span<const CountedCatalog> counted_catalogs();

/// The expressions of that row, for a query that asks for more in the same breath.
const std::string& tuple_counts_columns();
/// One row: whether the counters work, and an array of what was inserted into, updated in, deleted from each
/// catalog.
const pg::Prepared& tuple_counts_query();

/// What the query answered.
struct TupleCounters {
  bool tracked = false;
  std::vector<std::int64_t> values;
};
TupleCounters read_tuple_counters(const pg::Rows& rows);

/// What was written between two readings: catalogs in bytewise order, those with no writes left out. nullopt:
/// the server does not count.
std::optional<std::vector<history::TupleCount>> written_between(const TupleCounters& before,
                                                                const TupleCounters& after);

}  // namespace candor::engine
