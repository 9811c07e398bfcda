/// engine/put_right.h: the live catalog as it would be if just what differs from a history were put right.
#pragma once

#include <set>

#include "catalog/catalog.h"
#include "engine/expectation.h"

namespace candor::engine {

/// The goal of a plan: what is as the history expects it where `walk` stands, or what nobody may judge, stays
/// as the server has it, so that a plan touches nothing else. Of the objects in
/// `from_lock` texts that cannot be compared are the lock's. REQUIRES: `walk` was begun with `live`.
catalog::Catalog put_right(const HistoryWalk& walk, const catalog::Catalog& live,
                           const std::set<catalog::ObjectId>& from_lock = {});

/// put_right() where exactly `applied` are in the database. Of what `undone` changed, texts that cannot be
/// compared are the lock's: left as they are they would be what it made. Errors: as HistoryWalk.
Result<catalog::Catalog> put_right_at(const Project& project,
                                      const std::vector<const history::LockEntry*>& applied,
                                      const std::vector<history::LedgerRow>& rows,
                                      const catalog::Catalog& live,
                                      const history::LockEntry* undone = nullptr);

}  // namespace candor::engine
