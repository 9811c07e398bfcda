/// engine/guarded_trial.h: is a file that looks before it acts right? Run in a shadow, as it would be run.
#pragma once

#include <string>

#include "catalog/catalog.h"
#include "pg/connection.h"
#include "plan/plan.h"

namespace candor::engine {

/// On a database that holds `from` it leads to `to` (with `plan.extra` left), and once more does nothing. One
/// that is run statement by statement (`whole` false) may also be broken off behind any of them, or within
/// the build of an index, and run again from its start. REQUIRES: as rebuild(). Errors: C0713 · as
/// Connection::query.
Result<> try_guarded(pg::Connection& connection, const catalog::Catalog& from, const catalog::Catalog& to,
                     const plan::Plan& plan, const std::string& text, bool whole);

}  // namespace candor::engine
