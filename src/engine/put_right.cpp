#include "engine/put_right.h"

#include <algorithm>
#include <set>

namespace candor::engine {

using catalog::Difference;
using catalog::ObjectId;

catalog::Catalog put_right(const HistoryWalk& walk, const catalog::Catalog& live,
                           const std::set<ObjectId>& from_lock) {
  using Nature = Difference::Nature;
  std::vector<catalog::Object> objects;
  std::set<ObjectId> missing;
  for (const ObjectId& id : walk.disagreeing()) {
    const catalog::Comparison comparison = walk.compare(id);
    if (!comparison.differences.empty() && comparison.differences.front().nature == Nature::missing)
      missing.insert(id);
  }
  for (const catalog::Object& object : live.objects()) {
    if (!walk.disagrees(object.id)) {
      objects.push_back(object);
      continue;
    }
    const catalog::Comparison comparison = walk.compare(object.id);
    if (!comparison.differences.empty() && comparison.differences.front().nature == Nature::extra) continue;
    objects.push_back(object);
    const auto attributes = catalog::attributes_of(object.id.kind);
    const auto correct = [&](const std::vector<Difference>& differences) {
      for (const Difference& difference : differences)
        if (const auto at = std::ranges::find(attributes, difference.attribute, &catalog::Attribute::name);
            at != attributes.end())
          objects.back().values[static_cast<std::size_t>(at - attributes.begin())] =
              Text(difference.expected);
    };
    correct(comparison.differences);
    if (from_lock.contains(object.id)) correct(comparison.unproven);
  }
  for (const ObjectId& id : missing) objects.push_back({id, *walk.expected().values(id)});
  return catalog::Catalog(std::move(objects), live.major);
}

Result<catalog::Catalog> put_right_at(const Project& project,
                                      const std::vector<const history::LockEntry*>& applied,
                                      const std::vector<history::LedgerRow>& rows,
                                      const catalog::Catalog& live, const history::LockEntry* undone) {
  auto walk = HistoryWalk::begin(project, *project.lock, applied, live, rows);
  if (!walk) return pass(walk);
  while (!walk->at_end())
    if (auto stepped = walk->step(); !stepped) return pass(stepped);
  std::set<ObjectId> from_lock;
  if (undone != nullptr)
    for (const catalog::Effect& effect : undone->effects) from_lock.insert(effect.id);
  return put_right(*walk, live, from_lock);
}

}  // namespace candor::engine
