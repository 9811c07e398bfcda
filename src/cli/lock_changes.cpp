#include "cli/lock_changes.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/format.h"

namespace candor::cli {

namespace {

using history::LockEntry;
using Nature = LockChange::Nature;

std::vector<const LockEntry*> by_version(const history::LockFile& lock) {
  std::vector<const LockEntry*> entries;
  for (const LockEntry& entry : lock.entries) entries.push_back(&entry);
  std::ranges::stable_sort(entries, [](auto* a, auto* b) { return a->version < b->version; });
  return entries;
}

std::vector<LockChange> compared(const LockEntry& before, const LockEntry& after) {
  const bool same_effects = before.effects == after.effects;
  const bool same_text = before.checksum == after.checksum;
  if (!same_text) return {{same_effects ? Nature::edited : Nature::replaced, &before, &after}};
  if (!same_effects) return {{Nature::shifted, &before, &after}};
  if (before.name != after.name || before.file != after.file) return {{Nature::renamed, &before, &after}};
  return {};
}

std::vector<std::string> lines_of(const LockEntry& entry) {
  std::vector<std::string> lines;
  for (const catalog::Effect& effect : entry.effects) lines.push_back(history::to_line(effect));
  return lines;
}

std::string line(std::string_view mark, const LockEntry& entry, std::string_view remark) {
  return fmt::format("{} {}  {}", mark, label(entry.version, entry.name), remark);
}

}  // namespace

std::string_view to_string(Nature nature) {
  static constexpr std::string_view names[] = {"added",    "removed", "edited",
                                               "replaced", "shifted", "renamed"};
  return names[static_cast<std::size_t>(nature)];
}

std::vector<LockChange> changes_between(const history::LockFile& before, const history::LockFile& after) {
  const auto old_entries = by_version(before);
  const auto new_entries = by_version(after);
  std::vector<LockChange> changes;
  auto a = old_entries.begin();
  auto b = new_entries.begin();
  while (a != old_entries.end() || b != new_entries.end()) {
    if (b == new_entries.end() || (a != old_entries.end() && (*a)->version < (*b)->version)) {
      changes.push_back({Nature::removed, *a++, nullptr});
    } else if (a == old_entries.end() || (*b)->version < (*a)->version) {
      changes.push_back({Nature::added, nullptr, *b++});
    } else {
      std::ranges::copy(compared(**a++, **b++), std::back_inserter(changes));
    }
  }
  return changes;
}

std::string format_change(const LockChange& change, const Paint& paint) {
  switch (change.nature) {
    case Nature::added:
      return line(paint(Style::good, "+"), *change.after, effect_summary(change.after->effects));
    case Nature::removed:
      return line(paint(Style::bad, "-"), *change.before, "its file is gone");
    case Nature::edited:
      return line("~", *change.after, "edited, same effects: accepted");
    case Nature::renamed:
      return line("~", *change.after, "renamed, same effects: accepted");
    case Nature::replaced:
      return line(paint(Style::doubtful, "~"), *change.after,
                  "edited, other effects:\n" + effects_side_by_side(change));
    case Nature::shifted:
      break;
  }
  return line(paint(Style::doubtful, "~"), *change.after,
              "not edited, but its effects changed:\n" + effects_side_by_side(change));
}

std::string effects_side_by_side(const LockChange& change) {
  const std::vector<std::string> before = lines_of(*change.before);
  const std::vector<std::string> after = lines_of(*change.after);
  const auto lacks = [](const std::vector<std::string>& lines, const std::string& wanted) {
    return std::ranges::find(lines, wanted) == lines.end();
  };
  std::string text;
  const auto append = [&text](std::string_view side, const std::string& effect) {
    if (!text.empty()) text += '\n';
    text += fmt::format("  {:6}  {}", side, effect);
  };
  for (const std::string& effect : before)
    if (lacks(after, effect)) append("locked", effect);
  for (const std::string& effect : after)
    if (lacks(before, effect)) append("now", effect);
  return text;
}

}  // namespace candor::cli
