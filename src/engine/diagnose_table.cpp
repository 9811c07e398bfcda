#include "engine/diagnose_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "base/file.h"
#include "engine/put_right.h"

namespace candor::engine {

namespace {

using catalog::Change;
using catalog::Kind;
using catalog::ObjectId;
using history::LockEntry;
using Entries = std::vector<const LockEntry*>;

/// What is expected: the entries up to `at`; by the ledger; or where the database stands.
Result<Entries> entries_to_expect(const Diagnosis& diagnosis, const std::optional<history::Version>& at) {
  Entries entries;
  if (at) {
    for (const LockEntry* const entry : diagnosis.entries)
      if (entry->version <= *at) entries.push_back(entry);
    if (std::ranges::none_of(entries, [&](const LockEntry* entry) { return entry->version == *at; }))
      return fail(codes::migration_unknown, fmt::format("there is no migration {}", printable(at->text())),
                  "run `candor status` to see the versions that there are");
    return entries;
  }
  const bool by_ledger = diagnosis.says == LedgerSays::more || diagnosis.says == LedgerSays::otherwise;
  for (std::size_t i = 0; i < diagnosis.entries.size(); ++i)
    if (by_ledger ? diagnosis.records(*diagnosis.entries[i]) : i < diagnosis.position)
      entries.push_back(diagnosis.entries[i]);
  return entries;
}

/// What has parts, or is looked at as if it had.
bool is_relation(Kind kind) {
  switch (kind) {
    case Kind::table:
    case Kind::foreign_table:
    case Kind::view:
    case Kind::materialized_view:
    case Kind::sequence:
    case Kind::enum_type:
    case Kind::domain:
    case Kind::composite_type:
    case Kind::range_type:
      return true;
    default:
      return false;
  }
}

/// The relation called `name`, with or without its schema; public comes first.
std::optional<ObjectId> relation_called(std::string_view name, const catalog::Catalog& expected,
                                        const catalog::Catalog& live) {
  std::optional<ObjectId> found;
  for (const catalog::Catalog* const side : {&expected, &live})
    for (const catalog::Object& object : side->objects()) {
      if (!is_relation(object.id.kind)) continue;
      if (to_string(object.id) == name) return object.id;
      const bool better = !found || (found->schema != "public" && object.id.schema == "public");
      if (object.id.name == name && better) found = object.id;
    }
  return found;
}

bool belongs_to(const ObjectId& id, const ObjectId& relation) {
  return id == relation || (id.schema == relation.schema && id.relation == relation.name);
}

int position_of(const PartStanding& part) {
  if (part.id.kind != Kind::column) return 0;
  const catalog::Object& object = part.expected ? *part.expected : *part.found;
  const auto attributes = catalog::attributes_of(Kind::column);
  const auto at = std::ranges::find(attributes, std::string_view("position"), &catalog::Attribute::name);
  const std::string_view text = object.values[static_cast<std::size_t>(at - attributes.begin())].view();
  int position = 0;
  std::from_chars(text.data(), text.data() + text.size(), position);
  return position;
}

/// The relation first, then columns as they stand, then the rest by kind and name; what is extra comes behind
/// its like.
void sort(std::vector<PartStanding>& parts) {
  const auto key = [](const PartStanding& part) {
    const bool itself = part.id.relation.empty();
    return std::tuple(!itself, part.id.kind, part.state == PartStanding::State::extra, position_of(part),
                      part.id.name.view());
  };
  std::ranges::sort(parts, {}, key);
}

PartStanding::State state_of(const catalog::Comparison& comparison) {
  using Nature = catalog::Difference::Nature;
  using State = PartStanding::State;
  if (comparison.differences.empty()) return comparison.unproven.empty() ? State::same : State::unproven;
  switch (comparison.differences.front().nature) {
    case Nature::missing:
      return State::missing;
    case Nature::extra:
      return State::extra;
    default:
      return State::altered;
  }
}

/// The plan that puts this relation right and touches nothing else, step by step with the part it is about.
void add_fixes(const HistoryWalk& walk, const catalog::Catalog& live, TableDiagnosis& table) {
  if (table.is_true()) return;
  const catalog::Catalog right = put_right(walk, live);
  std::vector<catalog::Object> objects;
  for (const catalog::Object& object : live.objects())
    if (!belongs_to(object.id, table.relation)) objects.push_back(object);
  for (const catalog::Object& object : right.objects())
    if (belongs_to(object.id, table.relation)) objects.push_back(object);
  const catalog::Catalog goal(std::move(objects), live.major);
  const plan::Plan plan = plan::make_plan(live, goal, live.major, {.simple = true});
  for (const plan::Transaction& transaction : plan.transactions)
    for (const plan::Step& step : transaction.steps) {
      const auto part = std::ranges::find(table.parts, step.object, &PartStanding::id);
      const bool own = part != table.parts.end() && part->state != PartStanding::State::same;
      (own ? part->fix : table.also).push_back(step);
    }
}

}  // namespace

bool TableDiagnosis::is_true() const {
  return std::ranges::all_of(
      parts, [](const PartStanding& part) { return part.state == PartStanding::State::same; });
}

Result<TableDiagnosis> diagnose_table(const Project& project, const Diagnosis& diagnosis,
                                      std::string_view name, const std::optional<history::Version>& at) {
  auto entries = entries_to_expect(diagnosis, at);
  if (!entries) return pass(entries);
  auto walk = HistoryWalk::begin(project, *project.lock, *entries, diagnosis.live, diagnosis.rows);
  if (!walk) return pass(walk);
  while (!walk->at_end())
    if (auto stepped = walk->step(); !stepped) return pass(stepped);

  const catalog::Catalog expected = walk->expected().catalog(project.lock->server);
  const auto relation = relation_called(name, expected, diagnosis.live);
  if (!relation)
    return fail(codes::no_such_relation, fmt::format("there is no relation {}", catalog::quoted(name)),
                "write it with its schema, as `candor verify` and the lock file do: public.users");

  TableDiagnosis result{.relation = *relation, .at = entries->empty() ? nullptr : entries->back()};
  std::map<ObjectId, PartStanding> parts;
  for (const catalog::Object& object : expected.objects())
    if (belongs_to(object.id, *relation)) parts[object.id].expected = object;
  for (const catalog::Object& object : diagnosis.live.objects())
    if (belongs_to(object.id, *relation)) parts[object.id].found = object;
  for (const LockEntry* const entry : *entries)
    for (const catalog::Effect& effect : entry->effects) {
      const auto part = parts.find(effect.id);
      if (part == parts.end()) continue;
      if (effect.change == Change::altered) {
        part->second.changed_by = entry;
      } else {
        part->second.made_by = effect.change == Change::added ? entry : nullptr;
        part->second.changed_by = nullptr;
      }
    }
  for (auto& [id, part] : parts) {
    const catalog::Comparison comparison = walk->compare(id);
    if (comparison.objects == 0 && comparison.varying == 0) continue;  // ignored
    part.id = id;
    part.state = state_of(comparison);
    part.differences = comparison.differences.empty() ? comparison.unproven : comparison.differences;
    result.parts.push_back(std::move(part));
  }
  sort(result.parts);
  add_fixes(*walk, diagnosis.live, result);
  return result;
}

}  // namespace candor::engine
