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

}  // namespace candor::engine
