#include "engine/stand.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace candor::engine {

namespace {

/// Live objects that no migration ever touches and that are not expected from the beginning. Those that
/// settings ignore disagree with nothing and are left out.
std::vector<catalog::ObjectId> unexplained_in(const HistoryWalk& walk, const catalog::Catalog& live) {
  std::unordered_set<catalog::ObjectId> touched;
  for (const history::LockEntry* const entry : walk.entries())
    for (const catalog::Effect& effect : entry->effects) touched.insert(effect.id);
  std::vector<catalog::ObjectId> ids;
  for (const catalog::Object& object : live.objects())
    if (walk.disagrees(object.id) && !touched.contains(object.id) &&
        walk.expected().values(object.id) == nullptr)
      ids.push_back(object.id);
  return ids;
}

}  // namespace

Result<Standing> find_standing(HistoryWalk& walk, const catalog::Catalog& live) {
  Standing standing;
  standing.unexplained = unexplained_in(walk, live);
  std::unordered_set<catalog::ObjectId> unexplained(standing.unexplained.begin(), standing.unexplained.end());

  const auto note = [&] {
    // A migration may declare that what it makes varies: such objects are explained from then on.
    const auto strangers = static_cast<std::size_t>(
        std::ranges::count_if(unexplained, [&](const auto& id) { return walk.disagrees(id); }));
    const std::size_t differing = walk.differing() - std::min(strangers, walk.differing());
    if (differing == 0) standing.equal.push_back(standing.distances.size());
    standing.distances.push_back(
        {.differing = differing,
         .unproven = walk.unproven(),
         .attributes = walk.differences() - std::min(strangers, walk.differences())});
  };
  note();
  while (!walk.at_end()) {
    if (auto stepped = walk.step(); !stepped) return pass(stepped);
    note();
  }
  std::erase_if(standing.unexplained, [&](const auto& id) { return !walk.disagrees(id); });

  const auto& distances = standing.distances;
  const auto far = [](const Standing::Distance& distance) {
    return std::pair(distance.differing, distance.attributes);
  };
  for (std::size_t p = 0; p < distances.size(); ++p)
    if (far(distances[p]) <= far(distances[standing.nearest])) standing.nearest = p;
  if (!standing.equal.empty()) standing.nearest = standing.equal.front();
  return standing;
}

}  // namespace candor::engine
