#include "engine/planned_inverse.h"

#include <fmt/format.h>

namespace candor::engine {

Result<PlannedInverse> InversePlanner::plan(const catalog::Catalog& from, const catalog::Catalog& to) {
  PlannedInverse inverse{.plan = plan::make_plan(from, to, from.major, options_), .proof = {}};
  if (!inverse.plan.impossible.empty()) {
    std::string lines;
    for (const std::string& line : inverse.plan.impossible)
      lines += fmt::format("{}{}", lines.empty() ? "" : "\n", line);
    return std::unexpected(Error{.code = codes::irreversible,
                                 .message = "no statement takes some of its changes back",
                                 .detail = std::move(lines),
                                 .hint = "write a down file beside it"});
  }
  if (inverse.plan.empty()) {
    inverse.proof.proven = true;
    return inverse;
  }
  if (!shadow_) {
    auto shadow = Shadow::open(settings_, from.major == 0 ? std::nullopt : std::optional(from.major));
    if (!shadow && shadow.error().code.id == codes::interrupted.id) return pass(shadow);
    if (!shadow) {
      inverse.proof.why_not = fmt::format("there is no shadow to try it in: {}", shadow.error().message);
      inverse.proof.detail = shadow.error().detail;
      return inverse;
    }
    shadow_.emplace(std::move(*shadow));
  }
  auto proof = prove_plan(shadow_->connection(), from, to, inverse.plan, options_);
  if (!proof) return failed("proving the way back", proof);
  inverse.proof = std::move(*proof);
  return inverse;
}

}  // namespace candor::engine
