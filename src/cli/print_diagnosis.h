/// cli/print_diagnosis.h: where a database stands, for people and as JSON.
#pragma once

#include <string>

#include "cli/context.h"
#include "engine/diagnose.h"
#include "engine/diagnose_table.h"

namespace candor::cli {

Json to_json(const engine::Diagnosis& diagnosis);
Json to_json(const engine::TableDiagnosis& table);

/// "stands at 0007_add_teams: 214 objects are what 7 migrations produce".
std::string standing_line(const engine::Diagnosis& diagnosis);
/// "the ledger says the same".
std::string ledger_line(const engine::Diagnosis& diagnosis);

/// Where it stands, each migration (runs of the same kind on one line unless `all`), differences, findings.
void print_diagnosis(Context& context, const engine::Diagnosis& diagnosis, bool all);
/// One relation part by part.
void print_table(Context& context, const engine::TableDiagnosis& table);

}  // namespace candor::cli
