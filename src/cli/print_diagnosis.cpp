#include "cli/print_diagnosis.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/file.h"
#include "cli/format.h"
#include "cli/print_difference.h"

namespace candor::cli {

namespace {

using engine::Diagnosis;
using engine::EffectStanding;
using engine::EffectState;
using engine::LedgerSays;
using engine::MigrationStanding;
using engine::Presence;

constexpr std::size_t word_width = 13;
constexpr std::size_t shortest_run = 4;  ///< of migrations that are told on one line

std::string_view word_of(Presence presence) {
  switch (presence) {
    case Presence::no_trace:
      return "no trace";
    case Presence::present:
      return "present";
    case Presence::partly:
      return "partly";
    case Presence::absent:
      return "absent";
    case Presence::contradicted:
      return "contradicted";
    case Presence::superseded:
      return "superseded";
    case Presence::unproven:
      break;
  }
  return "unproven";
}

Style style_of(Presence presence) {
  switch (presence) {
    case Presence::present:
    case Presence::superseded:
      return Style::plain;
    case Presence::partly:
    case Presence::contradicted:
      return Style::bad;
    case Presence::no_trace:
      return Style::dim;
    default:
      return Style::doubtful;
  }
}

std::string_view word_of(EffectState state) {
  switch (state) {
    case EffectState::present:
      return "present";
    case EffectState::absent:
      return "absent";
    case EffectState::contradicted:
      return "contradicted";
    case EffectState::superseded:
      return "superseded";
    case EffectState::unproven:
      break;
  }
  return "unproven";
}

std::string_view word_of(LedgerSays says) {
  switch (says) {
    case LedgerSays::nothing:
      return "nothing";
    case LedgerSays::unreadable:
      return "unreadable";
    case LedgerSays::the_same:
      return "the_same";
    case LedgerSays::less:
      return "less";
    case LedgerSays::more:
      return "more";
    case LedgerSays::otherwise:
      break;
  }
  return "otherwise";
}

std::string name_of(const history::LockEntry* entry) {
  return entry == nullptr ? std::string("before its first migration") : label(entry->version, entry->name);
}

std::string padded(Context& context, Style style, std::string_view word) {
  return context.out.paint(style, word) +
         std::string(word_width - std::min(word.size(), word_width - 1), ' ');
}

/// "5 of 7 effects", "12 effects".
std::string effects_of(const MigrationStanding& migration) {
  const std::size_t alive = migration.effect_count() - migration.superseded;
  if (migration.presence == Presence::no_trace) return "it leaves nothing in the catalog";
  if (migration.presence == Presence::partly || migration.presence == Presence::contradicted)
    return fmt::format("{} of {} are there", migration.present, counted(alive, "effect"));
  return counted(migration.presence == Presence::absent ? alive : migration.effect_count(), "effect");
}

std::string superseded_by(const MigrationStanding& migration) {
  std::vector<const history::LockEntry*> by;
  for (const EffectStanding& effect : migration.effects)
    if (effect.by != nullptr && std::ranges::find(by, effect.by) == by.end()) by.push_back(effect.by);
  std::string list;
  for (const history::LockEntry* const entry : by) {
    if (!list.empty()) list += ", ";
    list += printable(entry->version.text());
  }
  return list;
}

std::string line_of(Context& context, const Diagnosis& diagnosis, const MigrationStanding& migration) {
  std::string line = padded(context, style_of(migration.presence), word_of(migration.presence)) +
                     label(migration.entry->version, migration.entry->name) + "  " + effects_of(migration);
  if (migration.presence == Presence::superseded)
    line += " undone or changed again by " + superseded_by(migration);
  const bool recorded = diagnosis.claims_applied(*migration.entry);
  if (recorded && !is_there(migration.presence) && migration.presence != Presence::no_trace)
    line += "  (the ledger claims it)";
  return line;
}

/// What belongs to a relation that is itself absent needs no line of its own.
bool is_told_by_its_relation(const EffectStanding& effect, const MigrationStanding& migration) {
  const catalog::ObjectId& id = effect.effect->id;
  if (id.relation.empty() || effect.state != EffectState::absent) return false;
  return std::ranges::any_of(migration.effects, [&](const EffectStanding& other) {
    const catalog::ObjectId& root = other.effect->id;
    return other.state == EffectState::absent && other.effect->change == effect.effect->change &&
           root.relation.empty() && root.schema == id.schema && root.name == id.relation;
  });
}

void print_effect(Context& context, const EffectStanding& effect) {
  const std::string indent = "  ";
  if (effect.differences.empty()) {
    const bool drop = effect.effect->change == catalog::Change::dropped;
    const std::string_view word = effect.state == EffectState::unproven ? "unproven"
                                  : drop                                ? "not gone"
                                                                        : "missing";
    const Style style = effect.state == EffectState::unproven ? Style::doubtful : Style::bad;
    context.out.line(indent + context.out.paint(style, word) + std::string(10 - word.size(), ' ') +
                     describe(effect.effect->id));
    return;
  }
  for (const catalog::Difference& difference : effect.differences) {
    std::string text = indent;
    for (const char c : format_difference(difference, context.paint())) {
      text += c;
      if (c == '\n') text += indent;
    }
    context.out.line(text);
  }
}

/// Its effects are listed: something of them is not as it should be where the database stands.
bool is_listed(const Diagnosis& diagnosis, std::size_t index) {
  switch (diagnosis.migrations[index].presence) {
    case Presence::partly:
    case Presence::contradicted:
    case Presence::unproven:
      return true;
    case Presence::absent:
      return index < diagnosis.position || (!diagnosis.stands && index + 1 < diagnosis.repair_position());
    default:
      return false;
  }
}

/// One word says everything about it.
bool is_plain(const Diagnosis& diagnosis, std::size_t index) {
  const Presence presence = diagnosis.migrations[index].presence;
  return (presence == Presence::present || presence == Presence::absent) && !is_listed(diagnosis, index);
}

using Told = std::set<catalog::ObjectId>;

/// "present  0001_a to 0009_b  9 migrations, 60 effects".
std::string line_of_run(Context& context, const Diagnosis& diagnosis, std::size_t begin, std::size_t end) {
  const MigrationStanding& first = diagnosis.migrations[begin];
  const history::LockEntry& last = *diagnosis.migrations[end - 1].entry;
  std::size_t effects = 0;
  for (std::size_t i = begin; i < end; ++i) effects += diagnosis.migrations[i].effect_count();
  std::string line = padded(context, style_of(first.presence), word_of(first.presence)) +
                     fmt::format("{} to {}  {}, {}", label(first.entry->version, first.entry->name),
                                 label(last.version, last.name), counted(end - begin, "migration"),
                                 counted(effects, "effect"));
  if (first.presence == Presence::absent && diagnosis.claims_applied(*first.entry))
    line += "  (the ledger claims them)";
  return line;
}

/// Returns the objects that were named.
Told print_migrations(Context& context, const Diagnosis& diagnosis, bool all) {
  Told told;
  const auto& migrations = diagnosis.migrations;
  for (std::size_t i = 0; i < migrations.size();) {
    const MigrationStanding& first = migrations[i];
    std::size_t end = i + 1;
    const bool recorded = diagnosis.claims_applied(*first.entry);
    while (is_plain(diagnosis, i) && end < migrations.size() && migrations[end].presence == first.presence &&
           is_plain(diagnosis, end) && diagnosis.claims_applied(*migrations[end].entry) == recorded)
      ++end;
    if (!all && end - i >= shortest_run) {
      context.out.line(line_of_run(context, diagnosis, i, end));
      i = end;
      continue;
    }
    context.out.line(line_of(context, diagnosis, first));
    if (is_listed(diagnosis, i))
      for (const EffectStanding& effect : first.effects) {
        if (effect.state == EffectState::superseded) continue;
        told.insert(effect.effect->id);
        if (!is_told_by_its_relation(effect, first)) print_effect(context, effect);
      }
    ++i;
  }
  return told;
}

Json effect_json(const EffectStanding& effect) {
  return {{"state", word_of(effect.state)},
          {"change", to_json(*effect.effect)["change"]},
          {"kind", catalog::name_of(effect.effect->id.kind)},
          {"object", catalog::to_string(effect.effect->id)},
          {"differences", to_json(effect.differences)},
          {"superseded_by", effect.by != nullptr ? Json(effect.by->version.text()) : Json()}};
}

Json migration_json(const Diagnosis& diagnosis, const MigrationStanding& migration) {
  Json effects = Json::array();
  for (const EffectStanding& effect : migration.effects) effects.push_back(effect_json(effect));
  return {{"version", migration.entry->version.text()},
          {"name", migration.entry->name},
          {"presence", word_of(migration.presence)},
          {"recorded", diagnosis.claims_applied(*migration.entry)},
          {"present", migration.present},
          {"absent", migration.absent},
          {"contradicted", migration.contradicted},
          {"superseded", migration.superseded},
          {"unproven", migration.unproven},
          {"effects", std::move(effects)}};
}

Json version_or_null(const history::LockEntry* entry) {
  return entry != nullptr ? Json(entry->version.text()) : Json();
}

/// The attributes that are set, for people: "text, not null, default 'x'".
std::string summary(const catalog::Object& object) {
  const auto attributes = catalog::attributes_of(object.id.kind);
  std::string text;
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    if (object.values[i].empty() || attributes[i].compare != catalog::Compare::always) continue;
    std::string name(attributes[i].name);
    std::ranges::replace(name, '_', ' ');
    const std::string_view value = object.values[i].view();
    if (value.find('\n') != std::string_view::npos) continue;
    if (!text.empty()) text += ", ";
    if (value == "true" && attributes[i].printed == catalog::Printed::no)
      text += name;
    else if (name == "type")
      text += printable(value);
    else
      text += fmt::format("{} {}", name, printable(value));
  }
  return text;
}

std::string_view word_of(engine::PartStanding::State state) {
  using State = engine::PartStanding::State;
  switch (state) {
    case State::same:
      return "same";
    case State::missing:
      return "missing";
    case State::extra:
      return "extra";
    case State::altered:
      return "altered";
    case State::unproven:
      break;
  }
  return "unproven";
}

/// "0001_users, changed by 0007_names".
std::string origin(const engine::PartStanding& part) {
  if (part.made_by == nullptr && part.changed_by == nullptr) return "from no migration";
  std::string text = part.made_by != nullptr ? "from " + name_of(part.made_by) : std::string();
  if (part.changed_by == nullptr) return text;
  if (!text.empty()) text += ", ";
  return text + "changed by " + name_of(part.changed_by);
}

void print_steps(Context& context, const std::vector<plan::Step>& steps, std::string_view word) {
  for (const plan::Step& step : steps) {
    const std::string hazard = step.hazard.empty() ? "" : "  -- " + safe_text(step.hazard);
    context.out.line(fmt::format("  {:9} {};{}", word, safe_text(step.sql), hazard));
  }
}

Json statements_of(const std::vector<plan::Step>& steps) {
  Json list = Json::array();
  for (const plan::Step& step : steps) list.push_back(step.sql);
  return list;
}

}  // namespace

std::string standing_line(const Diagnosis& diagnosis) {
  const auto& comparison = diagnosis.comparison;
  const std::string place = name_of(diagnosis.at());
  const std::string at = diagnosis.at() == nullptr ? place : "at " + place;
  const std::string objects = counted(comparison.objects, "object");
  if (!diagnosis.stands)
    return fmt::format("stands nowhere: nearest {}, with {} in {}", at,
                       counted(comparison.differences.size(), "difference"), objects);
  if (comparison.verdict() == catalog::Verdict::is_true)
    return fmt::format("stands {}: {} compared, no difference", at, objects);
  if (!comparison.differences.empty())
    return fmt::format("stands {}: {} compared, and {} no migration explains", at, objects,
                       counted(diagnosis.standing.unexplained.size(), "object"));
  return fmt::format("stands {}, unproven: {} of {} could not be compared", at,
                     counted(comparison.unproven.size(), "text"), objects);
}

std::string ledger_line(const Diagnosis& diagnosis) {
  const std::string who =
      diagnosis.claims.claimant.empty() ? "the ledger" : printable(diagnosis.claims.claimant);
  switch (diagnosis.says) {
    case LedgerSays::nothing:
      return diagnosis.ledger.shape == history::Shape::absent ? "there is no ledger"
                                                              : "the ledger records no migration";
    case LedgerSays::unreadable:
      return "the ledger cannot be used";
    case LedgerSays::the_same:
      return fmt::format("{} says the same: {} recorded", who, counted(diagnosis.recorded, "migration"));
    default:
      return fmt::format("{} says otherwise: {} recorded", who, counted(diagnosis.recorded, "migration"));
  }
}

Json to_json(const Diagnosis& diagnosis) {
  Json migrations = Json::array();
  for (const MigrationStanding& migration : diagnosis.migrations)
    migrations.push_back(migration_json(diagnosis, migration));
  Json equal = Json::array();
  for (const std::size_t position : diagnosis.standing.equal)
    equal.push_back(position == 0 ? Json() : Json(diagnosis.entries[position - 1]->version.text()));
  Json unexplained = Json::array();
  for (const catalog::ObjectId& id : diagnosis.standing.unexplained) unexplained.push_back(describe(id));
  return {{"stands", diagnosis.stands},
          {"version", version_or_null(diagnosis.at())},
          {"equal", std::move(equal)},
          {"ledger", word_of(diagnosis.says)},
          {"recorded", diagnosis.recorded},
          {"objects", diagnosis.comparison.objects},
          {"differences", to_json(diagnosis.comparison.differences)},
          {"unproven", to_json(diagnosis.comparison.unproven)},
          {"unexplained", std::move(unexplained)},
          {"migrations", std::move(migrations)},
          {"reading_ms", diagnosis.reading_ms},
          {"total_ms", diagnosis.total_ms}};
}

Json to_json(const engine::TableDiagnosis& table) {
  Json parts = Json::array();
  for (const engine::PartStanding& part : table.parts)
    parts.push_back({{"state", word_of(part.state)},
                     {"kind", catalog::name_of(part.id.kind)},
                     {"object", catalog::to_string(part.id)},
                     {"expected", part.expected ? Json(summary(*part.expected)) : Json()},
                     {"found", part.found ? Json(summary(*part.found)) : Json()},
                     {"differences", to_json(part.differences)},
                     {"made_by", version_or_null(part.made_by)},
                     {"changed_by", version_or_null(part.changed_by)},
                     {"fix", statements_of(part.fix)}});
  return {{"relation", catalog::to_string(table.relation)},
          {"kind", catalog::name_of(table.relation.kind)},
          {"at", version_or_null(table.at)},
          {"also", statements_of(table.also)},
          {"parts", std::move(parts)}};
}

void print_diagnosis(Context& context, const Diagnosis& diagnosis, bool all) {
  context.fields["diagnosis"] = to_json(diagnosis);
  Told told = print_migrations(context, diagnosis, all);
  const auto& strangers = diagnosis.standing.unexplained;  // a finding names them
  for (std::size_t i = diagnosis.position; i < diagnosis.migrations.size();
       ++i)  // and these are parts of later ones
    if (const MigrationStanding& later = diagnosis.migrations[i]; later.present + later.contradicted > 0)
      for (const catalog::Effect& effect : later.entry->effects) told.insert(effect.id);
  for (const auto* const list : {&diagnosis.comparison.differences, &diagnosis.comparison.unproven})
    for (const catalog::Difference& difference : *list)
      if (!told.contains(difference.id) && !std::ranges::binary_search(strangers, difference.id))
        context.out.line(format_difference(difference, context.paint()));
  context.report(diagnosis.findings);
  context.out.line(context.out.paint(diagnosis.is_sound() ? Style::good
                                     : diagnosis.stands   ? Style::doubtful
                                                          : Style::bad,
                                     "stands") +
                   standing_line(diagnosis).substr(6) + "; " + ledger_line(diagnosis));
}

void print_table(Context& context, const engine::TableDiagnosis& table) {
  using State = engine::PartStanding::State;
  context.fields["table"] = to_json(table);
  context.out.line(fmt::format("{}, expected as {}", describe(table.relation),
                               table.at == nullptr ? "before the first migration"
                                                   : "after " + label(table.at->version, table.at->name)));
  std::size_t wrong = 0;
  for (const engine::PartStanding& part : table.parts) {
    const std::string_view word = part.state == State::same ? "" : word_of(part.state);
    const Style style = part.state == State::unproven ? Style::doubtful : Style::bad;
    const catalog::Object& shown = part.expected ? *part.expected : *part.found;
    const bool itself = part.id.relation.empty();
    std::string what = fmt::format("{} {}", catalog::name_of(part.id.kind), printable(part.id.name.view()));
    if (const std::string values = itself ? std::string() : summary(shown); !values.empty())
      what += ": " + values;
    context.out.line(padded(context, style, word) + what + "  (" + origin(part) + ")");
    if (part.state == State::altered || part.state == State::unproven)
      for (const catalog::Difference& difference : part.differences)
        context.out.line("  " + format_difference(difference, context.paint()));
    print_steps(context, part.fix, "fix");
    wrong += part.state == State::same ? 0u : 1u;
  }
  print_steps(context, table.also, "also");
  context.out.line(wrong == 0 ? fmt::format("{} compared, no difference", counted(table.parts.size(), "part"))
                              : fmt::format("{} of {} differ", wrong, counted(table.parts.size(), "part")));
}

}  // namespace candor::cli
