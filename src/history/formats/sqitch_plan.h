/// history/formats/sqitch_plan.h: sqitch.plan, the list by which Sqitch deploys changes.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace candor::history {

constexpr std::string_view plan_name = "sqitch.plan";

struct SqitchChange {
  std::string name;
  std::string
      script;  ///< its file without .sql: "name", or "name@tag" for one that was reworked after the tag
};

/// The changes in the order of the plan.
/// Errors: C0004 · C0307 · C0320 a line that is no change, tag or pragma, or a name that is no file's · C0333
/// a change twice without a tag between.
Result<std::vector<SqitchChange>> read_plan(const std::filesystem::path& folder);

}  // namespace candor::history
