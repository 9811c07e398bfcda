/// sql/big_stack.h: runs a deeply recursive piece of work on a stack of the size that it asks for.
#pragma once

#include <cstddef>
#include <functional>

namespace candor::sql {

/// Runs `work` to its end on a stack of `bytes` (address space; memory is used as far as the work goes down).
/// False if the system has no such stack; `work` was then not run. `work` must not throw.
bool run_with_stack(std::size_t bytes, const std::function<void()>& work);

}  // namespace candor::sql
