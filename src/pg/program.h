/// pg/program.h: runs one of PostgreSQL's programs to its end.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pg/account.h"

namespace candor::pg {

struct ProgramResult {
  int status = -1;     ///< exit status; 127: could not be started; 128 + n: killed by signal n
  std::string output;  ///< stdout and stderr together
};

/// The environment of server programs: nothing of the user's PG… or LC_… settings, and no secrets.
std::vector<std::string> server_environment();

/// Runs `arguments` (the first is the program's path) with `input` as its standard input (at most 4 KiB), as
/// `account` if given. The program does not outlive the calling thread.
ProgramResult run_program(const std::vector<std::string>& arguments,
                          const std::optional<Account>& account = {}, std::string_view input = {});

/// `strings` as execve wants them. Borrows; `strings` must outlive the result.
std::vector<char*> c_array(const std::vector<std::string>& strings);

}  // namespace candor::pg
