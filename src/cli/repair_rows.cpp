#include "cli/repair_rows.h"

#include <fmt/format.h>

#include "base/file.h"
#include "cli/format.h"
#include "engine/foreign.h"
#include "engine/mend_rows.h"
#include "pg/literal.h"

namespace candor::cli {

namespace {

Json to_json(const engine::RowsMending& mending) {
  Json rows = Json::array();
  for (const engine::RowMending& row : mending.rows) {
    Json statements = Json::array();
    for (const history::ForeignStatement& statement : row.statements)
      statements.push_back(pg::with_parameters(statement.sql, statement.params));
    rows.push_back({{"row", row.row}, {"why", row.why}, {"statements", std::move(statements)}});
  }
  return rows;
}

void print(Context& context, const engine::RowsMending& mending) {
  context.out.line(printable(mending.table.identity()));
  for (const engine::RowMending& row : mending.rows) {
    context.out.line(context.out.paint(Style::bad, fmt::format("- {}", printable(row.row))));
    context.out.line(fmt::format("  -- {}", row.why));
    for (const history::ForeignStatement& statement : row.statements)
      context.out.line(context.out.paint(
          Style::good,
          fmt::format("+ {};", safe_text(pg::with_parameters(statement.sql, statement.params)))));
  }
}

/// What still keeps the tool from running.
Result<std::string> still_blocked(const engine::Project& project, pg::Connection& connection) {
  auto histories = engine::read_foreign_histories(project, connection);
  if (!histories) return pass(histories);
  const engine::ForeignHistory* const mine = histories->mine();
  if (mine == nullptr) return std::string("its table is gone");
  if (mine->unreadable) return std::unexpected(*mine->unreadable);
  if (mine->held) return fmt::format("its lock in {} is set", mine->held->table.identity());
  return mine->verdicts.blocked;
}

int still_refuses(Context& context, const std::string& why) {
  context.report(Finding{Severity::error,
                         Error{.code = codes::foreign_blocked,
                               .message = fmt::format("the tool still refuses to run: {}", why),
                               .hint = "run `candor diagnose`, which says what is wrong beside the rows"}});
  return 1;
}

}  // namespace

Result<int> repair_rows(Context& context, engine::Project& project, bool apply, bool unproven) {
  auto connection = context.connect(project.settings);
  if (!connection) return pass(connection);
  context.fields["target"] = connection->target();
  std::vector<Finding> findings;
  const auto mending = engine::plan_rows(project, *connection, unproven, findings);
  context.report(findings);
  if (!mending) return std::unexpected(mending.error());
  context.fields["rows"] = to_json(*mending);
  context.fields["applied"] = apply && !mending->rows.empty();
  if (mending->rows.empty()) {
    auto blocked = still_blocked(project, *connection);
    if (!blocked) return pass(blocked);
    if (!blocked->empty()) return still_refuses(context, *blocked);
    context.out.line(fmt::format("nothing to mend in {}: no row of it broke off, no lock is set",
                                 printable(mending->table.identity())));
    return 0;
  }
  print(context, *mending);
  if (!apply) {
    context.out.line("-- dry run: nothing was written. `candor repair --history --apply` writes it");
    return 0;
  }
  auto backup = engine::mend_rows(*mending, *connection, project.settings.root);
  if (!backup) return pass(backup);
  context.fields["backup"] = *backup;
  context.out.line(fmt::format("mended {}: {}; what it held is in {}", printable(mending->table.identity()),
                               counted(mending->rows.size(), "row"), *backup));
  auto blocked = still_blocked(project, *connection);
  if (!blocked) return pass(blocked);
  return blocked->empty() ? 0 : still_refuses(context, *blocked);
}

}  // namespace candor::cli
