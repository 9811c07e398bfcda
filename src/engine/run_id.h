/// engine/run_id.h: the name of one run of Candor, in the ledger.
#pragma once

#include <string>

namespace candor::engine {

/// A random UUID (version 4).
std::string random_uuid();

}  // namespace candor::engine
