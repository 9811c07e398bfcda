/// engine/guarded_plan.h: a plan as a file that looks before it acts: right for the database that it was
/// planned for, for one that needs nothing, and for an empty one that was migrated up to there.
#pragma once

#include <string>

#include "engine/settings.h"
#include "plan/plan.h"

namespace candor::engine {

/// DO blocks: each reads the state of an object in pg_catalog and runs its statements only if that is the one
/// in `from`; on the major that it was written on, a state that is neither that nor the one in `to` is an
/// error. Where the steps of several objects hang together, one block holds them all. A plan of several
/// transactions becomes a file that is run statement by statement (`-- candor:no-transaction`), and may be
/// broken off anywhere and run again. Tried in a shadow: on `from` it leads to `to`, and on `to` it does
/// nothing. `options` are those that the plan was made with. Errors: C0713 it does not, or a kind of object
/// or a statement does not allow it · as Shadow::open.
Result<std::string> guarded_sql(const Settings& settings, const catalog::Catalog& from,
                                const catalog::Catalog& to, const plan::Plan& plan,
                                const plan::Options& options);

}  // namespace candor::engine
