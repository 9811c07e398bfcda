/// cli/print_foreign.h: what other tools' ledgers say, for people and as JSON.
#pragma once

#include "cli/context.h"
#include "engine/foreign.h"

namespace candor::cli {

Json to_json(const engine::Project& project, const engine::ForeignHistories& histories);

/// "schema_migrations of dbmate: 7 rows; 6 recorded, 1 will never run": a line for each ledger.
void print_foreign(Context& context, const engine::ForeignHistories& histories);

}  // namespace candor::cli
