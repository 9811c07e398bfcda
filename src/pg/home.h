/// pg/home.h: servers whose data are kept in a directory, shared by every Candor that names it.
#pragma once

#include <utility>

#include "base/error.h"
#include "pg/cluster.h"
#include "pg/server.h"

namespace candor::pg {

/// The server of options.directory and its major: joined if it runs, else started.
/// Errors: C0107 · C0108 · C0005 · C0008 · C0112.
Result<std::pair<Server, int>> start_or_join(const ClusterOptions& options);

}  // namespace candor::pg
