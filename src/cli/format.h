/// cli/format.h: how durations, counts, migrations and effects are written for people.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/counted.h"
#include "base/error.h"
#include "catalog/diff.h"
#include "history/migration.h"

namespace candor::cli {

/// "<1 ms", "12 ms", "1.4 s", "2 min 3 s".
std::string duration(double milliseconds);
/// "0007_add_teams", "0007" without a name. Safe to print whatever the file is called.
std::string label(const history::Version& version, std::string_view name);
/// "+1 table +4 columns ~1 column -1 index"; "no effects".
std::string effect_summary(const std::vector<catalog::Effect>& effects);
/// "60s", "2min", "500ms", "1h"; a bare number is seconds. Errors: C0001.
Result<std::chrono::milliseconds> parse_wait(std::string_view text);

}  // namespace candor::cli
