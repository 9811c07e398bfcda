/// plan/ranks.h: which of several statements that could come next does. Private to the plan.
#pragma once

#include "catalog/object.h"

namespace candor::plan {

enum Rank {
  before_all = -1,
  dropping = 0,
  making = 10,
  late_marks = 45,
  linking = 50,
  firing = 60,
  rights = 70,
  dropping_last = 80,
};

/// Roughly pg_dump's order; what really needs what is told by the dependencies.
int rank_of(const catalog::Object& object);

/// A column's place among its table's; 0 of anything else.
int position_of(const catalog::Object& object);

}  // namespace candor::plan
