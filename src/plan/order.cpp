#include "plan/order.h"

#include <algorithm>
#include <set>

namespace candor::plan {

void Order::release(std::size_t node) {
  hard_[node].clear();
}

std::vector<std::size_t> Order::waits_for(std::size_t node) const {
  std::vector<std::size_t> left;
  for (const std::size_t other : hard_[node])
    if (!done_[other]) left.push_back(other);
  return left;
}

std::vector<std::size_t> Order::sorted(const std::function<bool(std::size_t, std::size_t)>& less,
                                       const std::function<bool(const std::vector<std::size_t>&)>& stuck) {
  const std::size_t count = hard_.size();
  done_.assign(count, false);
  std::vector<std::vector<std::size_t>> behind(count), loosely_behind(count);
  for (std::size_t node = 0; node < count; ++node) {
    for (const std::size_t other : hard_[node]) behind[other].push_back(node);
    for (const std::size_t other : loose_[node]) loosely_behind[other].push_back(node);
  }
  std::vector<std::size_t> open(count), loosely_open(count);
  std::set<std::size_t, std::function<bool(std::size_t, std::size_t)>> ready(less), half_ready(less);
  const auto file = [&](std::size_t node) {
    if (open[node] > 0) return;
    (loosely_open[node] > 0 ? half_ready : ready).insert(node);
  };
  for (std::size_t node = 0; node < count; ++node) {
    open[node] = hard_[node].size();
    loosely_open[node] = loose_[node].size();
  }
  for (std::size_t node = 0; node < count; ++node) file(node);

  std::vector<std::size_t> result;
  while (result.size() < count) {
    if (ready.empty() && half_ready.empty()) {
      std::vector<std::size_t> left;
      for (std::size_t node = 0; node < count; ++node)
        if (!done_[node]) left.push_back(node);
      if (!stuck(left)) release(*std::ranges::min_element(left, less));
      for (const std::size_t node : left)
        if (hard_[node].empty() && open[node] > 0) {
          open[node] = 0;
          file(node);
        }
      continue;
    }
    auto& from = ready.empty() ? half_ready : ready;
    const std::size_t node = *from.begin();
    from.erase(from.begin());
    done_[node] = true;
    result.push_back(node);
    for (const std::size_t other : behind[node])
      if (open[other] > 0 && --open[other] == 0) file(other);
    for (const std::size_t other : loosely_behind[node]) {
      if (done_[other] || loosely_open[other] == 0 || --loosely_open[other] > 0 || open[other] > 0) continue;
      half_ready.erase(other);
      file(other);
    }
  }
  return result;
}

}  // namespace candor::plan
