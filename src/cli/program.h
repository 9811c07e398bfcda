/// cli/program.h: starting other programs: in our place, or beside us.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"

namespace candor::cli {

/// From now on a reader that goes away (`candor status | head -1`) is an error of writing, and ends nothing.
void ignore_broken_pipes();

/// Puts `program` (searched in PATH) in this process's place, with its arguments, our environment, the signal
/// handlers and mask that we were started with, and the files that we were started with. Returns only when
/// that failed: C0007, or C0008 when Ctrl-C came before.
Error replace_process(const std::vector<std::string>& program);

/// What tells a program of the server at `url`: DATABASE_URL, PGHOST, PGPORT, PGUSER, PGDATABASE, PGPASSWORD.
/// Errors: C0104.
Result<std::map<std::string, std::string>> server_environment(const std::string& url);

/// Takes settings of libpq's out of the environment that would lead a program elsewhere.
void forget_other_servers();

/// Runs `program` with `environment` added to ours and waits for it. Signals that we get are passed on,
/// except those that the terminal sends to both of us. Returns its exit code; 128 + n if signal n ended it.
/// `to_stderr`: what it prints goes there, stdout stays ours. Errors: C0007.
Result<int> run_beside(const std::vector<std::string>& program,
                       const std::map<std::string, std::string>& environment, bool to_stderr = false);

}  // namespace candor::cli
