/// engine/run_script.h: runs one file as `up` and `down` do, and nothing else: for shadows.
#pragma once

#include "base/error.h"
#include "history/migration.h"
#include "pg/connection.h"

namespace candor::engine {

/// In a transaction of its own where the file allows that, else statement by statement. The session is as
/// before afterwards. On failure what was open is rolled back. Errors: C0306, C0309, C0501 … with their place
/// in the file.
Result<> run_script(pg::Connection& connection, const history::Migration& script);
/// The same of a text that is in no file; `script` names it.
Result<> run_script(pg::Connection& connection, const history::Migration& script, std::string_view text);

}  // namespace candor::engine
