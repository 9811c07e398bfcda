/// engine/planned_inverse.h: the way back of a migration that has no down file: planned from the catalog with
/// it to the catalog without it, and proven in a shadow.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/prove_plan.h"
#include "engine/shadow.h"
#include "plan/plan.h"

namespace candor::engine {

struct PlannedInverse {
  plan::Plan plan;
  PlanProof proof;
};

/// Plans the ways back of one run; they share a shadow, which is opened for the first.
class InversePlanner {
 public:
  /// `settings` are borrowed. `fills` as in plan::Options.
  InversePlanner(const Settings& settings, std::map<std::string, std::string> fills) : settings_(settings) {
    options_.simple = true;
    options_.fills = std::move(fills);
  }

  /// What makes `from` become `to`. That it is unproven, or that there is no shadow to prove it in, is in the
  /// result. Errors: C0715 there is no statement for some of it · as prove_plan.
  Result<PlannedInverse> plan(const catalog::Catalog& from, const catalog::Catalog& to);

 private:
  const Settings& settings_;
  plan::Options options_;
  std::optional<Shadow> shadow_;
};

}  // namespace candor::engine
