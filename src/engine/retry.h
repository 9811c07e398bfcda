/// engine/retry.h: another try where somebody else held what was needed.
#pragma once

#include "base/error.h"

namespace candor::engine {

/// A lock that was not to be had in time (55P03), a deadlock (40P01).
bool worth_retrying(const Error& error);

/// Waits before try number `attempt` + 1: twice as long each time, by chance a half more, five to seven
/// seconds at most. An interrupt ends it.
void pause_before(int attempt);

}  // namespace candor::engine
