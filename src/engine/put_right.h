/// engine/put_right.h: the live catalog as it would be if just what differs from a history were put right.
#pragma once

#include "catalog/catalog.h"
#include "engine/expectation.h"

namespace candor::engine {

/// The goal of a plan: what is as the history expects it where `walk` stands, or what nobody may judge, stays
/// as the server has it, so that a plan touches nothing else. REQUIRES: `walk` was begun with `live`.
catalog::Catalog put_right(const HistoryWalk& walk, const catalog::Catalog& live);

/// put_right() where exactly `applied` are in the database. Errors: as HistoryWalk.
Result<catalog::Catalog> put_right_at(const Project& project,
                                      const std::vector<const history::LockEntry*>& applied,
                                      const std::vector<history::LedgerRow>& rows,
                                      const catalog::Catalog& live);

}  // namespace candor::engine
