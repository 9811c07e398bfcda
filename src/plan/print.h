/// plan/print.h: a plan as SQL that people read and servers run.
#pragma once

#include <string>

#include "plan/plan.h"

namespace candor::plan {

/// The statements with what each locks, rewrites and may lose as comments. More than one transaction: each
/// stands between BEGIN and COMMIT, what cannot run in one stands alone.
std::string to_sql(const Plan& plan);

/// "locks public.users (ACCESS EXCLUSIVE), rewrites it"; empty: nothing that others notice.
std::string effect_on_others(const Step& step);

}  // namespace candor::plan
