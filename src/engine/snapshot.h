/// engine/snapshot.h: what a database says of itself at one moment: its ledger and its catalog.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "history/ledger.h"
#include "pg/connection.h"

namespace candor::engine {

struct Snapshot {
  history::LedgerShape shape;
  std::vector<history::LedgerRow> rows;  ///< ascending versions
  catalog::Catalog catalog;              ///< without the ledger's own schema
  std::optional<Error> ledger_error;     ///< why shape and rows say nothing; only by take_snapshot_as_is()
};

/// Reads ledger and catalog so that they belong together, and writes nothing: in one transaction, again if a
/// relation vanished meanwhile. For a role that may not read every catalog: one after the other, again if the
/// ledger changed. Errors: as Ledger::require_usable and Ledger::rows · as Connection::query.
Result<Snapshot> take_snapshot(pg::Connection& connection, const history::Ledger& ledger);

/// The same of a database whose ledger may be damaged, newer, or out of the role's reach: the catalog is read
/// all the same, and `ledger_error` says why there are no rows. Errors: as Connection::query.
Result<Snapshot> take_snapshot_as_is(pg::Connection& connection, const history::Ledger& ledger);

}  // namespace candor::engine
