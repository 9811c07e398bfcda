/// pg/supervisor.h: the process that is a server's parent for as long as any Candor uses the server.
///
/// It is forked without exec from a program that may have threads: it allocates no memory and uses plain
/// system calls on what a SupervisorPlan has put together beforehand. It ends by _exit.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "pg/account.h"
#include "pg/fd.h"
#include "pg/tree.h"

namespace candor::pg {

/// The file in a server's runtime directory whose flock says that some process of the server is alive.
inline constexpr const char* alive_file = "alive";
inline constexpr const char* runtime_prefix = "server-";

/// What the supervisor tells each Candor that connects, once it is known.
struct Report {
  enum Outcome : std::int32_t { ready, template_damaged, system_error, server_ended };
  Outcome outcome = ready;
  std::int32_t postmaster = 0;
  std::int32_t error_number = 0;
  std::array<char, 64> doing{};  ///< of a system_error
};

struct SupervisorPlan {
  std::optional<Account> account;
  std::string runtime;                 ///< holds the sockets and alive_file; removed at the end
  std::string data;                    ///< the data directory
  std::string template_data;           ///< copied to `data` first; empty: `data` is there
  TreeSize template_size;              ///< what a whole copy holds
  bool keep = false;                   ///< data are to survive: sync them, stop the server gently
  std::vector<std::string> arguments;  ///< of postgres
  Fd listener;                         ///< where Candors connect
  Fd log;
  std::vector<Fd> alive;  ///< locked files; every process of the server inherits them
};

/// Forks the supervisor, which then owns everything in the plan; our copies are closed. Errors: C0108.
Result<> start_supervisor(SupervisorPlan plan);

}  // namespace candor::pg
