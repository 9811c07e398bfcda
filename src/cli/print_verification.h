/// cli/print_verification.h: verdicts: what was compared with what, and what came of it.
#pragma once

#include <string>

#include "cli/context.h"
#include "engine/verify.h"

namespace candor::cli {

/// "true: 412 objects are what 29 migrations produce" and its siblings, in one line.
std::string verdict_line(const engine::Verification& verification);
/// "compared 412 objects with candor.lock at version 0029 in 12 ms", or that nothing was compared.
std::string comparison_line(const engine::Verification& verification);

/// Prints the findings, each difference, what is unproven, the notices, and the verdict last. Adds the
/// verification to the JSON document under "verification".
void print_verification(Context& context, const engine::Verification& verification);

/// 0 if the verdict is true (or unproven, where that is accepted) and no finding is an error, else 1.
int exit_code_of(const engine::Verification& verification, const engine::Settings& settings);

}  // namespace candor::cli
