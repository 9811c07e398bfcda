/// engine/capture_proof.h: do the captured files make what the program made?
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "engine/capture.h"
#include "pg/connection.h"

namespace candor::engine {

/// Runs one captured text, in one transaction where it can be. One that uses enum values which it adds itself
/// cannot, as the program has committed them in between: then `file` says so from now on.
/// Errors: C0905 with the place of a statement that fails.
Result<> run_captured(pg::Connection& connection, CapturedFile& file);

/// What differs between the catalogs, line by line.
Result<std::vector<std::string>> compare_catalogs(pg::Connection& program, pg::Connection& replayed,
                                                  std::size_t& objects);

/// The tables whose rows differ; `tables` counts those that have any.
Result<std::vector<RowDifference>> compare_rows(pg::Connection& program, pg::Connection& replayed,
                                                std::size_t& tables);

}  // namespace candor::engine
