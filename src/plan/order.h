/// plan/order.h: an order for things that have to follow each other, as good as there is one.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace candor::plan {

/// A directed graph of numbered nodes. Loose edges are kept only where they close no circle.
class Order {
 public:
  explicit Order(std::size_t nodes) : hard_(nodes), loose_(nodes) {}
  void before(std::size_t first, std::size_t second) {
    if (first != second) hard_[second].push_back(first);
  }
  void rather_before(std::size_t first, std::size_t second) {
    if (first != second) loose_[second].push_back(first);
  }

  /// All nodes, each behind those before it. Among those that may come next, the least by `less` does. When
  /// none may, because of a circle, `stuck` is asked with those that are left; it may break the circle with
  /// release() and return true, else the least is taken all the same.
  std::vector<std::size_t> sorted(const std::function<bool(std::size_t, std::size_t)>& less,
                                  const std::function<bool(const std::vector<std::size_t>&)>& stuck);
  /// For `stuck`: `node` no longer waits for others.
  void release(std::size_t node);
  /// For `stuck`: what `node` still waits for.
  [[nodiscard]] std::vector<std::size_t> waits_for(std::size_t node) const;

 private:
  std::vector<std::vector<std::size_t>> hard_, loose_;  ///< of each node, those before it
  std::vector<bool> done_;
};

}  // namespace candor::plan
