/// Rows by which a tool takes a migration for applied, and what takes them away again.
#include <fmt/format.h>

#include "base/file.h"
#include "history/foreign_tool.h"

namespace candor::history {

namespace {

/// For tools of which each row tells of one migration.
ForeignStatement delete_by_key(const ForeignTool& tool, const ForeignUnmarking& unmarking) {
  const ForeignFields fields = tool.fields(unmarking.table);
  return {fmt::format("DELETE FROM {} AS t WHERE ({})::pg_catalog.text = $1{} RETURNING true",
                      unmarking.table.sql(), fields.key,
                      fields.where.empty() ? std::string() : fmt::format(" AND {}", fields.where)),
          {unmarking.record.key}};
}

}  // namespace

bool can_mark(const ForeignLedger& ledger) {
  return ledger.tool->mark != nullptr && ledger.faults.empty();
}

Result<std::vector<std::vector<ForeignStatement>>> mark(const ForeignLedger& ledger, const History& history,
                                                        const std::vector<const Migration*>& migrations,
                                                        const std::vector<ForeignRecord>& records) {
  auto files = ledger.tool->files(history, records);
  if (!files) return pass(files);
  std::vector<std::vector<ForeignStatement>> statements;
  for (const Migration* const migration : migrations) {
    const auto index = static_cast<std::size_t>(migration - history.migrations.data());
    std::vector<ForeignStatement> rows;
    if (!files->at(index).key.empty()) rows = ledger.tool->mark({ledger.table, records, *files, index});
    if (rows.empty())
      return fail(codes::mirror_unsupported,
                  fmt::format("{} does not take {} for a migration: it cannot be recorded in {}",
                              ledger.tool->title, printable(migration->file), ledger.table.identity()),
                  ledger.tool->rules.loose
                      ? "write the name of the tool's own file into its first line, `-- captured from NAME`"
                      : "bring the file into the tool's own list, or run without --mirror");
    statements.push_back(std::move(rows));
  }
  return statements;
}

Result<std::vector<ForeignStatement>> unmark(const ForeignLedger& ledger, const History& history,
                                             const Migration& migration,
                                             const std::vector<ForeignRecord>& records) {
  using Verdict = ForeignJudgement::Verdict;
  const ForeignTool& tool = *ledger.tool;
  const auto index = static_cast<std::size_t>(&migration - history.migrations.data());
  auto files = tool.files(history, records);
  if (!files) return pass(files);
  const auto verdicts = judge(ledger, history, records);
  if (!verdicts) return std::unexpected(verdicts.error());
  const ForeignJudgement& judgement = verdicts->migrations.at(index);
  std::vector<ForeignStatement> statements;
  if (judgement.record == nullptr && judgement.verdict != Verdict::never_runs) return statements;
  if (judgement.record != nullptr && judgement.record->claims_applied()) {
    const ForeignUnmarking unmarking{ledger.table, *judgement.record, records, *files, index};
    statements =
        tool.unmark != nullptr ? tool.unmark(unmarking) : std::vector{delete_by_key(tool, unmarking)};
  }
  if (!statements.empty()) return statements;
  return fail(
      codes::mirror_unsupported,
      fmt::format("{} would go on taking {} for applied: Candor cannot take that out of {}", tool.title,
                  printable(migration.file), ledger.table.identity()),
      "correct the table as the tool's manual says, or set mirror = false under [adopt] in candor.toml");
}

}  // namespace candor::history
