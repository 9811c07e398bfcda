/// pg/server.h: one server with its supervisor: started, or joined where it runs already.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "pg/account.h"
#include "pg/cluster.h"
#include "pg/fd.h"

namespace candor::pg {

/// The files of a server whose data are kept, below ServerPlan::home.
inline constexpr const char* data_name = "data";
inline constexpr const char* log_name = "log";
inline constexpr const char* address_name = "address";  ///< names the runtime directory of the running server

struct ServerPlan {
  Binaries binaries;
  std::optional<Account> account;
  std::string home = {};      ///< empty: a throw-away server, all of it in its runtime directory
  const Fd* lock = nullptr;   ///< of `home`, locked; every process of the server keeps it locked
  std::string recorded_role;  ///< see ClusterOptions
};

struct Server {
  Fd supervisor;        ///< kept open for as long as the server is needed
  std::string runtime;  ///< where its sockets are
  int postmaster = 0;
  int port = 5432;       ///< of its sockets' names, too
  bool records = false;  ///< it listens on 127.0.0.1 as well
};

/// Starts a server and waits until it is ready; makes its data from the template where there are none.
/// Errors: C0108 with the server's log · C0005 · C0112 · C0008.
Result<Server> start_server(const ServerPlan& plan);

/// Joins the server whose runtime directory this is; nothing when it is gone or going. Errors: C0008 · C0108.
Result<std::optional<Server>> join_server(const std::string& runtime);

/// Lets go of the server; when we were the last, waits until it has stopped.
void leave_server(Server& server);

}  // namespace candor::pg
