/// history/ledgers/sqitch_rows.h: what `sqitch deploy --log-only` writes for a change.
///
/// Changes and tags have ids that are made of the plan (App::Sqitch::Plan::Change and ::Tag, `info`): SHA-1
/// over "change LENGTH\\0" and what the plan says of it, the id of the change before it included.
#pragma once

#include <string>
#include <vector>

#include "history/foreign_ledger.h"
#include "history/formats/sqitch_plan.h"

namespace candor::history {

/// Who records: no person has run Sqitch.
constexpr std::string_view sqitch_committer = "Candor", sqitch_committer_mail = "candor@localhost";

/// Each change's id, in the order of the plan.
std::vector<std::string> sqitch_ids(const SqitchPlan& plan);

/// The rows of changes, dependencies and tags for change `index`, unless they are there, and that of the
/// event, as each deployment has one; "{schema}" in the SQL is Sqitch's. `script_hash`: SHA-1 of the deploy
/// script.
std::vector<ForeignStatement> sqitch_rows(const SqitchPlan& plan, const std::vector<std::string>& ids,
                                          std::size_t index, const std::string& script_hash);

}  // namespace candor::history
