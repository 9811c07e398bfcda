#include "cli/repair_history.h"

#include <fmt/format.h>

#include "base/file.h"
#include "cli/format.h"
#include "cli/repair_rows.h"
#include "engine/mend_journal.h"
#include "pg/literal.h"

namespace candor::cli {

namespace {

void print(Context& context, const engine::JournalMending& mending) {
  for (const std::string& line : mending.changes)
    context.out.line(context.out.paint(line.starts_with('+') ? Style::good : Style::bad, line));
  for (const history::ForeignStatement& row : mending.rows)
    context.out.line(fmt::format("{};", pg::with_parameters(row.sql, row.params)));
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
  Json rows = Json::array();
  for (const history::ForeignStatement& row : mending->rows)
    rows.push_back(pg::with_parameters(row.sql, row.params));
  context.fields["changes"] = mending->changes;
  context.fields["rows"] = std::move(rows);
  context.fields["applied"] = apply && !mending->nothing_to_do();
  const std::string path = printable(mending->path.string());
  if (mending->nothing_to_do()) {
    context.out.line(fmt::format("nothing to mend in {}", path));
    return 0;
  }
  context.out.line(path);
  print(context, *mending);
  if (!connection) context.out.note("no database was given: what the journal lists is taken for run");
  if (!apply) {
    context.out.line("-- dry run: nothing was written. `candor repair --history --apply` writes it");
    return 0;
  }
  if (auto mended = engine::mend_journal(*mending, connection ? &*connection : nullptr); !mended)
    return pass(mended);
  context.out.line(
      fmt::format("mended {}; what it was is in {}.bak", path, printable(mending->path.filename().string())));
  return 0;
}

}  // namespace candor::cli
