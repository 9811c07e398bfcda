/// plan/nodes.h: what is to be done, before anybody asks in which order: one node for each object that is
/// dropped, made or altered. Private to the planner.
#pragma once

#include <unordered_map>
#include <vector>

#include "catalog/kind.h"
#include "plan/planner.h"

namespace candor::plan {

struct Nodes {
  std::vector<Node> all;
  // Where in `all` the node of an object stands; several objects may share one, as a table and its columns
  // do.
  std::unordered_map<Place, std::size_t> drop, detach;          ///< by place in `from`
  std::unordered_map<Place, std::size_t> make, late, validate;  ///< by place in `to`

  std::size_t add(Node node);
};

/// Null for a kind that no statement makes.
const catalog::KindSql* sql_of(const catalog::ObjectId& id);

Nodes nodes_of(const Changes& changes, int major);

}  // namespace candor::plan
