/// engine/mend_ledger.h: the ledger's own tables, restored column by column from what the events keep.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "history/ledger.h"
#include "pg/connection.h"

namespace candor::engine {

/// In the open transaction: mends one damage after the other until the ledger is usable. Returns the
/// statements that did it; none: nothing was damaged. Errors: C0201 something only a backup can bring back ·
/// as Connection::query.
Result<std::vector<std::string>> mend_ledger(pg::Connection& connection, const history::Ledger& ledger);

}  // namespace candor::engine
