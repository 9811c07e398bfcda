#include "cli/repair_history.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "cli/format.h"
#include "cli/repair_rows.h"
#include "engine/mend_journal.h"
#include "pg/literal.h"

namespace candor::cli {

namespace {

/// "~ meta/0005_snapshot.json  prevId 2f0c…".
std::string line_of(const engine::SnapshotMending& mending) {
  return mending.before ? fmt::format("~ {}  prevId {}", printable(mending.file), mending.previous)
                        : fmt::format("+ {}", printable(mending.file));
}

void print(Context& context, const engine::JournalMending& mending, const std::vector<std::string>& rows) {
  for (const std::string& line : mending.changes)
    context.out.line(context.out.paint(line.starts_with('+') ? Style::good : Style::bad, line));
  for (const std::string& row : rows) context.out.line(fmt::format("{};", row));
  for (const engine::SnapshotMending& snapshot : mending.snapshots.files)
    context.out.line(context.out.paint(Style::good, line_of(snapshot)));
}

std::vector<std::string> statements_of(const engine::JournalMending& mending) {
  std::vector<std::string> statements;
  for (const history::ForeignStatement& row : mending.rows)
    statements.push_back(pg::with_parameters(row.sql, row.params));
  return statements;
}

Json snapshots_json(const engine::JournalMending& mending) {
  Json list = Json::array();
  for (const engine::SnapshotMending& snapshot : mending.snapshots.files)
    list.push_back({{"file", snapshot.file},
                    {"change", snapshot.before ? "prevId" : "added"},
                    {"prevId", snapshot.previous}});
  return list;
}

/// What was written, and where that is which it replaced.
void print_done(Context& context, const engine::JournalMending& mending, const std::string& path,
                const std::string& backup_of_rows) {
  const auto& files = mending.snapshots.files;
  const auto added =
      static_cast<std::size_t>(std::ranges::count_if(files, [](const auto& file) { return !file.before; }));
  const std::size_t relinked = files.size() - added;
  if (!mending.changes.empty())
    context.out.line(fmt::format("mended {}; what it was is in {}.bak", path,
                                 printable(mending.path.filename().string())));
  if (!backup_of_rows.empty())
    context.out.line(fmt::format("dated {}; what {} held is in {}", counted(mending.rows.size(), "row"),
                                 printable(mending.table.identity()), backup_of_rows));
  if (added > 0) context.out.line(fmt::format("made {}", counted(added, "snapshot")));
  if (relinked > 0)
    context.out.line(
        fmt::format("linked {}; the former text is in meta/_*.bak", counted(relinked, "snapshot")));
}

}  // namespace

Result<int> repair_history(Context& context, bool apply, bool unproven) {
  auto project = context.project();
  if (!project) return pass(project);
  if (project->history.format != "drizzle") return repair_rows(context, *project, apply, unproven);
  std::optional<pg::Connection> connection;
  if (names_database(project->settings)) {
    auto opened = context.connect(project->settings);
    if (!opened) return pass(opened);
    connection.emplace(std::move(*opened));
    context.fields["target"] = connection->target();
  }
  const auto mending = engine::plan_journal(*project, connection ? &*connection : nullptr);
  if (!mending) return std::unexpected(mending.error());
  const auto rows = statements_of(*mending);
  context.fields["changes"] = mending->changes;
  context.fields["rows"] = rows;
  context.fields["snapshots"] = snapshots_json(*mending);
  std::vector<std::string> notes = mending->notes;
  std::ranges::copy(mending->snapshots.notes, std::back_inserter(notes));
  context.fields["notes"] = notes;
  context.fields["applied"] = apply && !mending->nothing_to_do();
  const std::string path = printable(mending->path.string());
  for (const std::string& note : notes) context.out.note(note);
  if (mending->nothing_to_do()) {
    context.out.line(fmt::format("nothing to mend in {}", path));
    return 0;
  }
  context.out.line(path);
  print(context, *mending, rows);
  if (!connection) context.out.note("no database was given: what the journal lists is taken for run");
  if (!apply) {
    context.out.line("-- dry run: nothing was written. `candor repair --history --apply` writes it");
    return 0;
  }
  const auto backup =
      engine::mend_journal(*mending, connection ? &*connection : nullptr, project->settings.root);
  if (!backup) return std::unexpected(backup.error());
  if (!backup->empty()) context.fields["backup"] = *backup;
  print_done(context, *mending, path, *backup);
  return 0;
}

}  // namespace candor::cli
