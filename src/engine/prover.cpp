#include "engine/prover.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace candor::engine {

namespace {

using catalog::Change;
using catalog::Difference;

std::string shown(std::string_view value) {
  return value.empty() ? "not set" : catalog::quoted(value);
}

std::string line_of(const catalog::Effect& effect) {
  const std::string object = describe(effect.id);
  if (effect.change == Change::added) return fmt::format("{}: was added, which is not expected", object);
  if (effect.change == Change::dropped) return fmt::format("{}: was dropped, which is not expected", object);
  const catalog::AttributeChange& first = effect.attributes.front();
  return fmt::format("{}: {} changed from {} to {}, which is not expected", object,
                     catalog::attributes_of(effect.id.kind)[first.attribute].name, shown(first.from.view()),
                     shown(first.to.view()));
}

}  // namespace

std::string line_of(const Difference& difference) {
  const std::string object = describe(difference.id);
  if (difference.nature == Difference::Nature::missing && difference.attribute.empty())
    return object + ": expected, and not there";
  if (difference.nature == Difference::Nature::extra) return object + ": there, and not expected";
  return fmt::format("{}: {} expected {}, found {}", object, difference.attribute, shown(difference.expected),
                     shown(difference.found));
}

namespace {

/// A checkout may have changed the line ends of the file.
bool is_of_line_ends(const Difference& difference) {
  const auto without_cr = [](std::string_view text) {
    std::string bare(text);
    std::erase(bare, '\r');
    return bare;
  };
  return difference.expected != difference.found &&
         without_cr(difference.expected) == without_cr(difference.found);
}

}  // namespace

Prover::Prover(const history::LockFile* lock, catalog::CompareOptions options,
               std::vector<std::string> excluded_schemas, const catalog::Catalog& expected,
               const catalog::Catalog& live, catalog::Forms forms)
    : lock_(lock),
      options_(std::move(options)),
      read_options_{.excluded_schemas = std::move(excluded_schemas)},
      expected_(expected),
      live_(live),
      forms_(std::move(forms)),
      live_major_(live.major) {}

bool Prover::expect(const history::LockEntry& entry) {
  if (lock_ != nullptr && lock_->server != live_major_) renew_forms(entry);
  return std::ranges::all_of(entry.effects,
                             [&](const catalog::Effect& effect) { return expected_.apply(effect); });
}

void Prover::renew_forms(const history::LockEntry& entry) {
  for (const catalog::Effect& effect : entry.effects) {
    const auto known = forms_.find(effect.id);
    if (known == forms_.end()) continue;
    if (effect.change != Change::altered) {
      forms_.erase(known);
      continue;
    }
    for (const catalog::AttributeChange& change : effect.attributes)
      std::erase_if(known->second, [&](const auto& form) { return form.first == change.attribute; });
  }
  if (const auto own = entry.forms.find(live_major_); own != entry.forms.end()) accept(own->second);
}

std::size_t Prover::present_before(const history::LockEntry& entry) const {
  return static_cast<std::size_t>(std::ranges::count_if(entry.effects, [&](const catalog::Effect& effect) {
    return effect.change == Change::added && live_.find(effect.id).has_value();
  }));
}

std::vector<catalog::ObjectId> Prover::touched_ids(const history::LockEntry& entry) const {
  std::vector<catalog::ObjectId> ids;
  ids.reserve(entry.effects.size());
  for (const catalog::Effect& effect : entry.effects) ids.push_back(effect.id);
  return ids;
}

catalog::Scope Prover::scope_of(const history::LockEntry& entry) const {
  catalog::Scope scope = catalog::Scope::of(touched_ids(entry));
  const bool needs_indexes = std::ranges::any_of(entry.effects, [&](const catalog::Effect& effect) {
    if (effect.id.kind == catalog::Kind::index) return true;
    if (effect.id.kind != catalog::Kind::constraint) return false;
    const auto expected = expected_.find(effect.id);
    return expected && catalog::has_backing_index(*expected);
  });
  if (!needs_indexes) scope.kinds.erase(catalog::Kind::index);
  return scope;
}

catalog::Comparison Prover::compare_touched(const history::LockEntry& entry,
                                            const catalog::Catalog& found) const {
  const auto ids = touched_ids(entry);
  std::vector<catalog::Object> objects;
  for (const catalog::ObjectId& id : ids)
    if (const catalog::Object* const object = found.find(id)) objects.push_back(*object);
  return compare(expected_.only(ids, lock_->server), catalog::Catalog(std::move(objects), live_major_),
                 forms_, options_);
}

bool Prover::holds(const history::LockEntry& entry, const catalog::Catalog& touched,
                   ProofResult& result) const {
  const catalog::Comparison comparison = compare_touched(entry, touched);
  if (comparison.verdict() != catalog::Verdict::is_true || comparison.varying > 0) return false;
  result = {.proof = Proof::counted, .compared = entry.effects.size()};
  return true;
}

ProofResult Prover::prove(const history::LockEntry* entry, const catalog::Catalog& after,
                          const catalog::Forms& written) const {
  ProofResult result;
  result.compared = after.size();
  if (entry == nullptr) {
    result.proof = Proof::unproven;
    result.compared = 0;
    return result;
  }
  const catalog::Comparison comparison = compare_touched(*entry, after);
  result.varying = comparison.varying;
  for (const Difference& difference : comparison.differences) {
    result.differences.push_back(line_of(difference));
    result.line_ends |= is_of_line_ends(difference);
  }
  for (const Difference& difference : comparison.unproven) {
    const auto forms = written.find(difference.id);
    const auto attributes = catalog::attributes_of(difference.id.kind);
    const auto at = std::ranges::find(attributes, difference.attribute, &catalog::Attribute::name);
    const auto attribute = static_cast<std::uint8_t>(at - attributes.begin());
    const bool witnessed =
        at != attributes.end() && forms != written.end() &&
        std::ranges::any_of(forms->second, [&](const auto& form) { return form.first == attribute; });
    if (witnessed)
      result.witnessed.push_back({difference.id, attribute, Text(difference.found)});
    else
      ++result.unproven;
  }
  if (result.unproven > 0) result.proof = Proof::unproven;
  add_other_changes(*entry, after, result);
  return result;
}

void Prover::add_other_changes(const history::LockEntry& entry, const catalog::Catalog& after,
                               ProofResult& result) const {
  std::unordered_set<catalog::ObjectId> touched;
  for (const catalog::Effect& effect : entry.effects) touched.insert(effect.id);
  for (const catalog::Effect& effect : effects_since(after)) {
    if (touched.contains(effect.id) || options_.left_out.contains(effect.id) ||
        catalog::fits_any(options_.ignore, effect.id))
      continue;
    if (puts_right(effect.id, after)) continue;
    if (catalog::fits_any(options_.varies, effect.id))
      ++result.varying;
    else
      result.differences.push_back(line_of(effect));
  }
}

bool Prover::puts_right(const catalog::ObjectId& id, const catalog::Catalog& after) const {
  std::vector<catalog::Object> found;
  if (const catalog::Object* const object = after.find(id)) found.push_back(*object);
  const catalog::Catalog now(std::move(found), live_major_);
  return compare(expected_.only({id}, lock_->server), now, forms_, options_).verdict() ==
         catalog::Verdict::is_true;
}

std::vector<catalog::Effect> Prover::effects_since(const catalog::Catalog& after) const {
  return diff(live_.catalog(live_major_), after);
}

void Prover::accept(const history::LockEntry& entry, const catalog::Catalog& touched) {
  for (const catalog::Effect& effect : entry.effects) live_.take(effect.id, touched);
}

void Prover::accept(const catalog::Catalog& after) {
  live_ = catalog::State(after);
}

void Prover::accept(const std::vector<history::Form>& witnessed) {
  for (const history::Form& form : witnessed) {
    auto& forms = forms_[form.id];
    std::erase_if(forms, [&](const auto& known) { return known.first == form.attribute; });
    forms.emplace_back(form.attribute, form.text);
  }
}

}  // namespace candor::engine
