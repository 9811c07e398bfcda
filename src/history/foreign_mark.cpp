/// Rows by which a tool takes a migration for applied, and what takes them away again.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/file.h"
#include "history/foreign_tool.h"

namespace candor::history {

namespace {

/// REQUIRES: the migration is one of History's own.
std::size_t index_of(const Migration& migration, const History& history) {
  return static_cast<std::size_t>(&migration - history.migrations.data());
}

/// For tools of which each row tells of one migration.
ForeignStatement delete_by_key(const ForeignTool& tool, const ForeignUnmarking& unmarking) {
  const ForeignFields fields = tool.fields(unmarking.table);
  return {fmt::format("DELETE FROM {} AS t WHERE ({})::pg_catalog.text = $1{} RETURNING true",
                      unmarking.table.sql(), fields.key,
                      fields.where.empty() ? std::string() : fmt::format(" AND {}", fields.where)),
          {unmarking.record.key}};
}

/// A row that a run has left behind unfinished keeps a new one out.
bool has_stuck_row(const ForeignTool& tool, const std::vector<ForeignRecord>& records,
                   const ForeignFile& file) {
  return tool.rules.failed_blocks && tool.mend != nullptr &&
         std::ranges::any_of(records, [&](const ForeignRecord& record) {
           return record.key == file.key && is_stuck(record);
         });
}

/// The smallest row, behind what makes one true that is there. Nothing: the tool would not see the file.
std::vector<ForeignStatement> rows_of(const ForeignTool& tool, const ForeignMarking& marking) {
  if (marking.file().key.empty()) return {};
  std::vector<ForeignStatement> rows = tool.mark(marking);
  if (rows.empty() || !has_stuck_row(tool, marking.records, marking.file())) return rows;
  std::vector<ForeignStatement> all =
      tool.mend({marking.table, marking.records, marking.files, marking.index, true});
  std::ranges::move(rows, std::back_inserter(all));
  return all;
}

/// Why a file cannot be recorded, and what has to be done first.
Error unlisted(const ForeignLedger& ledger, const Migration& migration) {
  const ForeignTool& tool = *ledger.tool;
  std::string_view hint = "bring the file into the tool's own list, then run the same command again";
  if (!tool.listing_hint.empty()) hint = tool.listing_hint;
  if (tool.rules.loose)
    hint = "write the name of the tool's own file into its first line, `-- captured from NAME`";
  return {.code = codes::not_listed,
          .message = fmt::format("{} does not take {} for a migration: it cannot be recorded in {}",
                                 tool.title, printable(migration.file), ledger.table.identity()),
          .hint = std::string(hint)};
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
    const std::size_t index = index_of(*migration, history);
    std::vector<ForeignStatement> rows = rows_of(*ledger.tool, {ledger.table, records, *files, index});
    if (rows.empty()) return std::unexpected(unlisted(ledger, *migration));
    statements.push_back(std::move(rows));
  }
  return statements;
}

Result<std::vector<std::vector<ForeignStatement>>> unmark(const ForeignLedger& ledger, const History& history,
                                                          const std::vector<const Migration*>& migrations,
                                                          const std::vector<ForeignRecord>& records,
                                                          const ForeignVerdicts& verdicts) {
  using Verdict = ForeignJudgement::Verdict;
  const ForeignTool& tool = *ledger.tool;
  auto files = tool.files(history, records);
  if (!files) return pass(files);
  std::vector<std::vector<ForeignStatement>> statements;
  for (const Migration* const migration : migrations) {
    const std::size_t index = index_of(*migration, history);
    const ForeignJudgement& judgement = verdicts.migrations.at(index);
    std::vector<ForeignStatement>& rows = statements.emplace_back();
    if (judgement.record == nullptr && judgement.verdict != Verdict::never_runs) continue;
    if (judgement.record != nullptr && judgement.record->claims_applied()) {
      const ForeignUnmarking unmarking{ledger.table, *judgement.record, records, *files, index};
      rows = tool.unmark != nullptr ? tool.unmark(unmarking) : std::vector{delete_by_key(tool, unmarking)};
    }
    if (rows.empty())
      return fail(
          codes::mirror_unsupported,
          fmt::format("{} would go on taking {} for applied: Candor cannot take that out of {}", tool.title,
                      printable(migration->file), ledger.table.identity()),
          "correct the table as the tool's manual says, or set mirror = false under [adopt] in candor.toml");
  }
  return statements;
}

}  // namespace candor::history
