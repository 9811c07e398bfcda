/// engine/keep_varying.h: effects that vary as declared are locked once, not anew with every replay.
#pragma once

#include "engine/project.h"

namespace candor::engine {

/// Migrations that depend on the clock or the environment (`-- candor:varies`) have other effects in every
/// replay, and the lock would never be up to date. Where all that `before` holds is what `now` holds but for
/// objects that vary as declared, `now` takes over its entries; what is new behind them stays. Else, or if
/// the new ones do not fit behind the old, `now` is left as it is.
void keep_varying(const Project& project, const history::LockFile& before, history::LockFile& now);

}  // namespace candor::engine
