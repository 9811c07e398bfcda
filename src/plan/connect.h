/// plan/connect.h: which node comes before which. Private to the planner.
#pragma once

#include "plan/nodes.h"
#include "plan/order.h"

namespace candor::plan {

/// Tells `order` what the dependencies of both catalogs, and names that have to be free, ask for.
void connect(const Changes& changes, const Nodes& nodes, Order& order);

}  // namespace candor::plan
