#include "engine/migration_effects.h"

#include <algorithm>
#include <unordered_map>

namespace candor::engine {

namespace {

using catalog::AttributeChange;
using catalog::Change;
using catalog::Comparison;
using catalog::Difference;
using catalog::Effect;
using catalog::ObjectId;
using history::LockEntry;

using Nature = Difference::Nature;

/// Which migration had the last word on an object, up to the position where the database stands.
struct LastWord {
  const LockEntry* existence = nullptr;        ///< added or dropped it
  std::size_t existence_at = 0;                ///< its place in the walk, from 1
  std::vector<const LockEntry*> by_attribute;  ///< set the attribute
};
using LastWords = std::unordered_map<ObjectId, LastWord>;

void note(LastWords& words, const LockEntry& entry, std::size_t at) {
  for (const Effect& effect : entry.effects) {
    LastWord& word = words[effect.id];
    word.by_attribute.resize(catalog::attributes_of(effect.id.kind).size());
    if (effect.change == Change::altered) {
      for (const AttributeChange& change : effect.attributes) word.by_attribute[change.attribute] = &entry;
    } else {
      word.existence = &entry;
      word.existence_at = at;
      std::ranges::fill(word.by_attribute, &entry);
    }
  }
}

std::size_t index_of(catalog::Kind kind, std::string_view attribute) {
  const auto attributes = catalog::attributes_of(kind);
  const auto at = std::ranges::find(attributes, attribute, &catalog::Attribute::name);
  return static_cast<std::size_t>(at - attributes.begin());
}

bool is_missing(const Comparison& comparison) {
  return !comparison.differences.empty() && comparison.differences.front().nature == Nature::missing;
}
bool is_extra(const Comparison& comparison) {
  return !comparison.differences.empty() && comparison.differences.front().nature == Nature::extra;
}

/// Its kind may not be read.
bool is_unread(const Comparison& comparison) {
  return !comparison.unproven.empty() && comparison.unproven.front().attribute.empty();
}

/// The differences in attributes that `wanted` asks for.
template <class Wanted>
std::vector<Difference> those(const std::vector<Difference>& differences, const ObjectId& id, Wanted wanted) {
  std::vector<Difference> found;
  for (const Difference& difference : differences)
    if (!difference.attribute.empty() && wanted(index_of(id.kind, difference.attribute)))
      found.push_back(difference);
  return found;
}

/// A column that changed its place because another one went: whoever takes it away later contradicts who made
/// it.
bool only_moves(const Effect& effect) {
  return effect.change == Change::altered &&
         std::ranges::all_of(effect.attributes, [&](const AttributeChange& change) {
           return catalog::attributes_of(effect.id.kind)[change.attribute].name == "position";
         });
}

/// Of an alteration: each attribute is as before, or something third.
EffectStanding judge_alteration(const Effect& effect, std::vector<Difference> differences,
                                const HistoryWalk& walk) {
  EffectStanding standing{.effect = &effect, .state = EffectState::absent};
  const catalog::Object* const live = walk.live(effect.id);
  for (const Difference& difference : differences) {
    const std::size_t attribute = index_of(effect.id.kind, difference.attribute);
    const auto change = std::ranges::find(effect.attributes, attribute, &AttributeChange::attribute);
    const bool as_before =
        live != nullptr && change != effect.attributes.end() && live->values[attribute] == change->from;
    if (!as_before) standing.state = EffectState::contradicted;
  }
  standing.differences = std::move(differences);
  return standing;
}

/// An effect of a migration up to the position: `comparison` is that of its object at the position.
EffectStanding judge_done(const Effect& effect, const LockEntry& entry, std::size_t at, const LastWord& word,
                          const Comparison& comparison, const HistoryWalk& walk) {
  if (is_unread(comparison)) return {.effect = &effect, .state = EffectState::unproven};
  if (word.existence_at > at)
    return {.effect = &effect, .state = EffectState::superseded, .by = word.existence};
  if (effect.change == Change::dropped)
    return {.effect = &effect, .state = is_extra(comparison) ? EffectState::absent : EffectState::present};
  if (is_missing(comparison))
    return {.effect = &effect, .state = only_moves(effect) ? EffectState::present : EffectState::absent};

  const auto is_ours = [&](std::size_t attribute) { return word.by_attribute[attribute] == &entry; };
  if (effect.change == Change::altered) {
    const bool none_left = std::ranges::none_of(
        effect.attributes, [&](const AttributeChange& c) { return is_ours(c.attribute); });
    if (none_left)
      return {.effect = &effect,
              .state = EffectState::superseded,
              .by = word.by_attribute[effect.attributes.front().attribute]};
  }
  if (auto differences = those(comparison.differences, effect.id, is_ours); !differences.empty()) {
    if (effect.change == Change::altered) return judge_alteration(effect, std::move(differences), walk);
    return {.effect = &effect, .state = EffectState::contradicted, .differences = std::move(differences)};
  }
  if (!those(comparison.unproven, effect.id, is_ours).empty())
    return {.effect = &effect, .state = EffectState::unproven};
  return {.effect = &effect, .state = EffectState::present};
}

/// An effect of a migration beyond the position, on an object that is not as it is expected there:
/// `comparison` is that of the object after this migration.
EffectStanding judge_ahead(const Effect& effect, const Comparison& comparison, const HistoryWalk& walk) {
  if (is_unread(comparison)) return {.effect = &effect, .state = EffectState::unproven};
  if (is_missing(comparison) || is_extra(comparison))
    return {.effect = &effect, .state = EffectState::absent};
  const auto is_ours = [&](std::size_t attribute) {
    return effect.change != Change::altered ||
           std::ranges::any_of(effect.attributes,
                               [&](const AttributeChange& change) { return change.attribute == attribute; });
  };
  if (auto differences = those(comparison.differences, effect.id, is_ours); !differences.empty()) {
    if (effect.change == Change::altered) return judge_alteration(effect, std::move(differences), walk);
    return {.effect = &effect, .state = EffectState::contradicted, .differences = std::move(differences)};
  }
  if (!those(comparison.unproven, effect.id, is_ours).empty())
    return {.effect = &effect, .state = EffectState::unproven};
  return {.effect = &effect, .state = EffectState::present};
}

Presence presence_of(const MigrationStanding& migration) {
  const std::size_t alive = migration.effect_count() - migration.superseded;
  if (migration.effect_count() == 0) return Presence::no_trace;
  if (alive == 0) return Presence::superseded;
  if (migration.contradicted > 0) return Presence::contradicted;
  if (migration.absent == alive) return Presence::absent;
  if (migration.absent > 0) return Presence::partly;
  return migration.unproven > 0 ? Presence::unproven : Presence::present;
}

void add(MigrationStanding& migration, EffectStanding effect) {
  if (effect.state == EffectState::present) return;
  migration.effects.push_back(std::move(effect));
}

void count(MigrationStanding& migration) {
  for (const EffectStanding& effect : migration.effects) {
    migration.absent += effect.state == EffectState::absent ? 1u : 0u;
    migration.contradicted += effect.state == EffectState::contradicted ? 1u : 0u;
    migration.superseded += effect.state == EffectState::superseded ? 1u : 0u;
    migration.unproven += effect.state == EffectState::unproven ? 1u : 0u;
  }
  migration.present = migration.entry->effects.size() - migration.effects.size();
  migration.presence = presence_of(migration);
}

/// Beyond the position, in the order of the history. An object that a later migration explains wholly excuses
/// the earlier ones that it contradicts.
class Ahead {
 public:
  explicit Ahead(HistoryWalk& walk) : walk_(walk) {
    for (const ObjectId& id : walk.disagreeing()) strange_.emplace(id, std::vector<EffectStanding*>());
  }

  Result<> run(std::vector<MigrationStanding>& migrations) {
    for (std::size_t i = walk_.position(); i < migrations.size(); ++i) {
      if (auto stepped = walk_.step(); !stepped) return stepped;
      migrations[i].effects.reserve(migrations[i].entry->effects.size());  // their addresses are kept
      for (const Effect& effect : migrations[i].entry->effects) look_at(effect, migrations[i]);
    }
    for (MigrationStanding& migration : migrations)
      std::erase_if(migration.effects,
                    [](const auto& effect) { return effect.state == EffectState::present; });
    return {};
  }

 private:
  void look_at(const Effect& effect, MigrationStanding& migration) {
    const auto strange = strange_.find(effect.id);
    if (strange == strange_.end()) {
      migration.effects.push_back({.effect = &effect, .state = EffectState::absent});
      return;
    }
    const Comparison comparison = walk_.compare(effect.id);
    migration.effects.push_back(judge_ahead(effect, comparison, walk_));
    if (!walk_.disagrees(effect.id))
      for (EffectStanding* const before : strange->second)
        if (before->state == EffectState::contradicted) {
          before->state = EffectState::superseded;
          before->by = migration.entry;
        }
    strange->second.push_back(&migration.effects.back());
  }

  HistoryWalk& walk_;
  std::unordered_map<ObjectId, std::vector<EffectStanding*>>
      strange_;  ///< not as they are expected at the position
};

}  // namespace

Result<std::vector<MigrationStanding>> stand_of_migrations(HistoryWalk& walk, std::size_t position) {
  LastWords words;
  while (walk.position() < position) {
    note(words, *walk.entries()[walk.position()], walk.position() + 1);
    if (auto stepped = walk.step(); !stepped) return pass(stepped);
  }
  std::vector<MigrationStanding> migrations;
  for (const LockEntry* const entry : walk.entries()) migrations.push_back({.entry = entry});
  for (std::size_t i = 0; i < position; ++i) {
    const LockEntry& entry = *migrations[i].entry;
    for (const Effect& effect : entry.effects) {
      const Comparison comparison = walk.disagrees(effect.id) ? walk.compare(effect.id) : Comparison{};
      add(migrations[i], judge_done(effect, entry, i + 1, words.at(effect.id), comparison, walk));
    }
  }
  if (auto looked = Ahead(walk).run(migrations); !looked) return pass(looked);
  for (MigrationStanding& migration : migrations) count(migration);
  return migrations;
}

}  // namespace candor::engine
