#include "engine/apply_foreign.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "engine/mirror.h"

namespace candor::engine {

namespace {

using catalog::Change;
using catalog::Effect;

/// A row of the tool's tells of it, and nothing that it makes is missing.
bool was_run_by(const ForeignHistory& tool, const Project& project, const Task& task,
                const catalog::Catalog& live) {
  const auto index = static_cast<std::size_t>(&task.migration - project.history.migrations.data());
  return tool.verdicts.migrations.at(index).is_claimed() &&
         (task.entry == nullptr || std::ranges::none_of(task.entry->effects, [&](const Effect& effect) {
            return effect.change == Change::added && live.find(effect.id) == nullptr;
          }));
}

bool makes_something(const Task& task) {
  return task.entry != nullptr && std::ranges::any_of(task.entry->effects, [](const Effect& effect) {
           return effect.change == Change::added;
         });
}

/// Another database of a history that was taken over: until it is adopted, too, files that can be run twice
/// would be, and change rows twice. A row alone is no evidence: something that the migration makes has to be
/// there.
Result<> require_adopted(const ApplyRun& run, const Verification& start, const std::vector<Task>& tasks) {
  if (run.project.settings.adopt.empty() || start.applied > 0) return {};
  auto histories = read_foreign_histories(run.project, run.connection);
  if (!histories) return pass(histories);
  const ForeignHistory* const tool = histories->mine();
  if (tool == nullptr) return {};
  if (tool->unreadable) return std::unexpected(*tool->unreadable);
  const auto there = std::ranges::find_if(tasks, [&](const Task& task) {
    return makes_something(task) && was_run_by(*tool, run.project, task, start.live);
  });
  if (there == tasks.end()) return {};
  return fail(codes::foreign_applied,
              fmt::format("{} is in this database, {} records it, and Candor's ledger nothing",
                          printable(there->migration.file), tool->ledger.table.identity()),
              "run `candor adopt`, here as well");
}

/// The tool that is mirrored may have run it: what it makes is there, or it leaves no trace that could tell.
/// Where nothing was applied, the tool's rows are believed as little as `adopt` believes them.
Result<> require_not_run(const Project& project, const ForeignHistory& mirror, const Task& task,
                         const Verification& start) {
  if (!start.version || !was_run_by(mirror, project, task, start.live)) return {};
  return fail(codes::foreign_applied,
              fmt::format("{} is pending here, and {} records it as applied", task.migration.file,
                          mirror.ledger.table.identity()),
              "run `candor adopt`, which records what the catalog does not contradict");
}

/// The rows that the tool would write of each, where it is mirrored.
Result<> prepare_mirror(const Project& project, pg::Connection& connection, const Verification& start,
                        std::vector<Task>& tasks) {
  auto mirror = open_mirror(project, connection);
  if (!mirror) return pass(mirror);
  if (!*mirror) return {};
  std::vector<const history::Migration*> migrations;
  for (const Task& task : tasks) {
    if (auto unknown = require_not_run(project, **mirror, task, start); !unknown) return unknown;
    migrations.push_back(&task.migration);
  }
  auto rows = mark((*mirror)->ledger, project.history, migrations, (*mirror)->records);
  if (!rows) return pass(rows);
  for (std::size_t i = 0; i < tasks.size(); ++i) tasks[i].mirrored = std::move((*rows)[i]);
  return {};
}

}  // namespace

Result<> heed_other_tool(const ApplyRun& run, const Verification& start, std::vector<Task>& tasks) {
  if (auto adopted = require_adopted(run, start, tasks); !adopted) return adopted;
  return prepare_mirror(run.project, run.connection, start, tasks);
}

}  // namespace candor::engine
