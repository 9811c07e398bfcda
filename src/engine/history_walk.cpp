#include <algorithm>

#include "engine/expectation.h"
#include "engine/verify.h"

namespace candor::engine {

namespace {

using catalog::ObjectId;
using history::LockEntry;

}  // namespace

HistoryWalk::HistoryWalk(const Project& project, const history::LockFile& lock,
                         std::vector<const LockEntry*> entries, const catalog::Catalog& live)
    : project_(project),
      lock_(lock),
      entries_(std::move(entries)),
      live_(live),
      options_(project.compare_options()),
      printed_here_(live.major != lock.server && std::ranges::binary_search(lock.other_servers, live.major)) {
  options_.varies.clear();  // a migration's patterns hold from that migration on
  live_by_id_.reserve(live.size());
  for (const catalog::Object& object : live.objects()) live_by_id_.emplace(object.id, &object);
}

Result<HistoryWalk> HistoryWalk::begin(const Project& project, const history::LockFile& lock,
                                       std::vector<const LockEntry*> entries, const catalog::Catalog& live,
                                       const std::vector<history::LedgerRow>& rows) {
  auto base = base_catalog(lock);
  if (!base) return pass(base);
  HistoryWalk walk(project, lock, std::move(entries), live);
  walk.options_.left_out.merge(touched_by_outdated(lock, rows, {}));
  walk.state_ = catalog::State(*base);
  if (live.major != lock.server) {
    auto witnessed = witnessed_in(rows, live.major);
    if (!witnessed) return pass(witnessed);
    for (const Witnessed& one : *witnessed) walk.witnessed_.emplace(one.version, one.form);
  }
  walk.look_at_everything();
  return walk;
}

Result<> HistoryWalk::step() {
  const LockEntry& entry = *entries_[position_];
  for (const catalog::Effect& effect : entry.effects)
    if (!state_.apply(effect))
      return std::unexpected(Error{.code = codes::lock_malformed,
                                   .message = "the effects of migration " +
                                              catalog::quoted(entry.version.text()) +
                                              " do not fit those before it",
                                   .detail = history::to_line(effect),
                                   .hint = "run `candor lock` to replay the history"});
  ++position_;
  if (entry.version.repeatable())
    for (const catalog::Effect& effect : entry.effects) options_.left_out.erase(effect.id);
  if (live_.major != lock_.server) {
    renew_forms(forms_, entry, live_.major);
    const auto [first, last] = witnessed_.equal_range(entry.version);
    for (auto at = first; at != last; ++at) {
      auto& known = forms_[at->second.id];
      std::erase_if(known, [&](const auto& form) { return form.first == at->second.attribute; });
      known.emplace_back(at->second.attribute, at->second.text);
    }
  }
  const history::Migration* const migration = project_.history.find(entry.version);
  if (migration != nullptr && !migration->directives.varies.empty()) {
    const auto& patterns = migration->directives.varies;
    options_.varies.insert(options_.varies.end(), patterns.begin(), patterns.end());
    look_at_everything();
    return {};
  }
  for (const catalog::Effect& effect : entry.effects) look_at(effect.id);
  return {};
}

void HistoryWalk::look_at_everything() {
  const catalog::Catalog expected = state_.catalog(lock_.server);
  for (const catalog::Object& object : expected.objects()) look_at(object.id);
  for (const catalog::Object& object : live_.objects()) look_at(object.id);
}

void HistoryWalk::look_at(const ObjectId& id) {
  if (const auto before = disagreeing_.find(id); before != disagreeing_.end()) {
    differences_ -= before->second;
    if (before->second == 0) --unproven_;
    disagreeing_.erase(before);
  }
  const std::vector<Text>* const wanted = state_.values(id);
  const catalog::Object* const found = live(id);
  if (wanted == nullptr && found == nullptr) return;
  const bool same_major = live_.major == lock_.server;
  if (same_major && wanted != nullptr && found != nullptr && *wanted == found->values) return;

  const catalog::Comparison comparison = compare(id);
  if (comparison.verdict() == catalog::Verdict::is_true) return;
  const std::size_t differences = comparison.differences.size();
  disagreeing_.emplace(id, differences);
  differences_ += differences;
  if (differences == 0) ++unproven_;
}

std::vector<ObjectId> HistoryWalk::disagreeing() const {
  std::vector<ObjectId> ids;
  ids.reserve(disagreeing_.size());
  for (const auto& [id, differences] : disagreeing_) ids.push_back(id);
  return ids;
}

const catalog::Object* HistoryWalk::live(const ObjectId& id) const {
  const auto found = live_by_id_.find(id);
  return found == live_by_id_.end() ? nullptr : found->second;
}

catalog::Comparison HistoryWalk::compare(const ObjectId& id) const {
  std::vector<catalog::Object> wanted, found;
  if (const std::vector<Text>* const values = state_.values(id)) {
    wanted.push_back({id, *values});
    if (const auto known = forms_.find(id); printed_here_ && known != forms_.end())
      for (const auto& [attribute, text] : known->second) wanted.back().values[attribute] = text;
  }
  if (const catalog::Object* const object = live(id)) found.push_back(*object);
  const bool unread = found.empty() && is_unreadable(id.kind);
  auto comparison =
      catalog::compare(catalog::Catalog(std::move(wanted), printed_here_ ? live_.major : lock_.server),
                       catalog::Catalog(std::move(found), live_.major), forms_, options_);
  if (!unread) return comparison;
  for (catalog::Difference& difference : comparison.differences)
    difference.nature = catalog::Difference::Nature::unproven;
  comparison.unproven.swap(comparison.differences);
  return comparison;
}

bool HistoryWalk::is_unreadable(catalog::Kind kind) const {
  return std::ranges::find(live_.unreadable, kind, &catalog::Unreadable::kind) != live_.unreadable.end();
}

}  // namespace candor::engine
