#include "engine/mirror.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/file.h"

namespace candor::engine {

Result<std::optional<ForeignHistory>> open_mirror(const Project& project, pg::Connection& connection) {
  if (!project.settings.adopt.mirror) return std::nullopt;
  const std::string named = printable(project.settings.adopt.table);
  if (named.empty())
    return fail(codes::mirror_broken, "[adopt] mirror is set, and no table is named",
                "run `candor adopt --mirror`, or remove the setting");
  auto histories = read_foreign_histories(project, connection);
  if (!histories) return pass(histories);
  if (!histories->chosen)
    return fail(codes::mirror_broken, fmt::format("there is no {} to be mirrored", named),
                "bring the table back, or set mirror = false under [adopt] in candor.toml");
  ForeignHistory& mine = histories->all[*histories->chosen];
  if (mine.unreadable) {
    Error error = *mine.unreadable;
    error.code = codes::mirror_broken;
    return std::unexpected(std::move(error));
  }
  if (!history::can_mark(mine.ledger))
    return fail(codes::mirror_unsupported,
                fmt::format("the rows of {} in {} cannot be written by Candor",
                            history::title_of(mine.ledger), named),
                "set mirror = false under [adopt] in candor.toml");
  return std::optional<ForeignHistory>(std::move(mine));
}

std::vector<history::ForeignStatement> in_one_list(
    std::vector<std::vector<history::ForeignStatement>> of_migrations) {
  std::vector<history::ForeignStatement> all;
  for (auto& of_one : of_migrations) std::ranges::move(of_one, std::back_inserter(all));
  return all;
}

Result<> require_none_passed_over(const ForeignHistory& tool, const Project& project,
                                  const std::vector<const history::Migration*>& marked) {
  if (marked.empty()) return {};
  const auto passed_over = passed_over_with(tool.ledger, project.history, marked, tool.records);
  if (!passed_over) return std::unexpected(passed_over.error());
  if (*passed_over == nullptr) return {};
  const std::string name = printable((*passed_over)->file);
  return fail(
      codes::mirror_unsupported,
      fmt::format("with rows for what is here, {} would never run {}, which is pending",
                  history::title_of(tool.ledger), name),
      fmt::format("{}, apply it with `candor up --allow-out-of-order`, and then run `candor adopt --mirror`",
                  project.settings.adopt.mirror
                      ? "set mirror = false under [adopt] in candor.toml, run `candor adopt`"
                      : "adopt without --mirror"));
}

namespace {

std::vector<const history::Migration*> migrations_of(const Project& project, const LockEntries& entries) {
  std::vector<const history::Migration*> migrations;
  for (const history::LockEntry* const entry : entries)
    if (const auto* const migration = project.history.find(entry->version)) migrations.push_back(migration);
  return migrations;
}

}  // namespace

Result<std::vector<history::ForeignStatement>> mirrored_rows(const Project& project,
                                                             pg::Connection& connection,
                                                             const LockEntries& recorded,
                                                             const LockEntries& pending) {
  std::vector<history::ForeignStatement> all;
  if (recorded.empty() && pending.empty()) return all;
  auto mirror = open_mirror(project, connection);
  if (!mirror) return pass(mirror);
  if (!*mirror) return all;
  const ForeignHistory& tool = **mirror;
  const auto marked = migrations_of(project, recorded);
  if (auto none = require_none_passed_over(tool, project, marked); !none) return pass(none);
  auto marks = history::mark(tool.ledger, project.history, marked, tool.records);
  if (!marks) return pass(marks);
  auto last_first = migrations_of(project, pending);
  std::ranges::reverse(last_first);
  auto unmarks = history::unmark(tool.ledger, project.history, last_first, tool.records, tool.verdicts);
  if (!unmarks) return pass(unmarks);
  all = in_one_list(std::move(*marks));
  std::ranges::move(in_one_list(std::move(*unmarks)), std::back_inserter(all));
  return all;
}

}  // namespace candor::engine
