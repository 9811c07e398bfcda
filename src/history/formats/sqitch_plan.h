/// history/formats/sqitch_plan.h: sqitch.plan, the list by which Sqitch deploys changes.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace candor::history {

constexpr std::string_view plan_name = "sqitch.plan";

/// What the plan says of a change, or of a tag.
struct SqitchLine {
  std::string name;  ///< a tag's with its '@'
  std::string date;  ///< "2026-11-20T16:24:52Z"
  std::string planner, mail;
  std::string note;  ///< its line breaks written out
};

struct SqitchChange : SqitchLine {
  std::string
      script;  ///< its file without .sql: "name", or "name@tag" for one that was reworked behind the tag
  std::vector<std::string> requires_, conflicts;  ///< as they stand in the plan
  std::vector<SqitchLine> tags;                   ///< behind it
};

struct SqitchPlan {
  std::string project, uri;  ///< empty: it has none
  std::vector<SqitchChange> changes;
};

/// The plan, its changes in their order.
/// Errors: C0004 · C0307 · C0320 a line that is no change, tag or pragma, or a name that is no file's · C0333
/// a change twice without a tag between.
Result<SqitchPlan> read_plan(const std::filesystem::path& folder);

}  // namespace candor::history
