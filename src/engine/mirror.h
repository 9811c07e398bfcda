/// engine/mirror.h: the rows of the tool that a history was taken over from, written beside Candor's own, so
/// that a team can go back.
#pragma once

#include <optional>
#include <vector>

#include "engine/foreign.h"

namespace candor::engine {

/// The ledger that [adopt] names, if its rows are to be written as well; nullopt: they are not, and nothing
/// was asked. Errors: C0814 it is gone, or cannot be read · C0813 its rows cannot be written · as
/// Connection::query.
Result<std::optional<ForeignHistory>> open_mirror(const Project& project, pg::Connection& connection);

using LockEntries = std::vector<const history::LockEntry*>;

/// What makes that tool see `recorded` as applied and `pending` as not, both in the order of the history;
/// nothing where no tool is mirrored. Errors: as open_mirror, history::mark and history::unmark.
Result<std::vector<history::ForeignStatement>> mirrored_rows(const Project& project,
                                                             pg::Connection& connection,
                                                             const LockEntries& recorded,
                                                             const LockEntries& pending);

/// Rows for `marked` must not make the tool pass over, for good, what is pending. Errors: C0813 they would ·
/// C0004.
Result<> require_none_passed_over(const ForeignHistory& tool, const Project& project,
                                  const std::vector<const history::Migration*>& marked);

/// The statements of several migrations, one after the other.
std::vector<history::ForeignStatement> in_one_list(
    std::vector<std::vector<history::ForeignStatement>> of_migrations);

}  // namespace candor::engine
