/// engine/diagnose_findings.h: what a diagnosis has found, each finding with the command that mends it.
/// Private to the engine.
#pragma once

#include "engine/diagnose.h"

namespace candor::engine {

/// Findings about the ledger, the place, single migrations and objects that belong to none.
std::vector<Finding> findings_of(const Project& project, const Diagnosis& diagnosis);

/// `otherwise`; but where tables of the history are missing, and are there in one other schema as nobody's,
/// how to tell Candor that the migrations were run with that search_path.
std::string hint_unless_elsewhere(const Diagnosis& diagnosis, std::string otherwise);

/// "0007_add_teams", for messages.
std::string label(const history::LockEntry& entry);
/// "0003, 0005–0007": positions of the diagnosis as versions; 0 is "before the first".
std::string versions_at(const Diagnosis& diagnosis, const std::vector<std::size_t>& positions);
/// One line per difference.
std::string lines_of(const std::vector<catalog::Difference>& differences);

}  // namespace candor::engine
