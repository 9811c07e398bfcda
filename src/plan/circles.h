/// plan/circles.h: nodes that wait for each other: one of them is taken apart. Private to the planner.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "plan/nodes.h"
#include "plan/order.h"

namespace candor::plan {

class Circles {
 public:
  /// Both are borrowed; nodes are changed.
  Circles(const Changes& changes, Nodes& nodes) : changes_(changes), nodes_(nodes) {}

  /// Of the nodes that are `left`, makes one free to go; false if none can be.
  bool break_one(Order& order, const std::vector<std::size_t>& left);
  /// Puts what was taken off where it can be done.
  void insert_rests(std::vector<std::size_t>& sorted);

 private:
  using What = Node::What;
  bool split(std::size_t node);
  bool loosen(std::size_t node);

  const Changes& changes_;
  Nodes& nodes_;
  std::map<std::size_t, Node> rests_;  ///< of nodes that were split
  std::map<std::size_t, std::set<std::size_t>> rest_needs_;
};

}  // namespace candor::plan
