/// goose: any row of a version counts for `up`, the newest for `status`; a late file is refused.
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {
    {"id", Type::number}, {"version_id", Type::number}, {"is_applied", Type::flag}, {"tstamp", Type::time}};

/// The row of version 0 is goose's own.
ForeignFields fields(const ForeignTable& table) {
  return {.key = column("version_id"),
          .version = column("version_id"),
          .state = state_of_flag(column("is_applied"), "applied", "rolled_back"),
          .applied_at = time_of(table, "tstamp"),
          .order = column("id"),
          .where = fmt::format("{} IS DISTINCT FROM 0", column("version_id"))};
}

Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>&) {
  return files_by(history, [](const Migration& migration) {
    const std::string digits = as_number(leading_digits(basename_of(migration)));
    return ForeignFile{.key = digits, .version = digits, .name = migration.name};
  });
}

std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  return {
      insert_once(marking.table, {number_value("version_id", marking.file().key),
                                  sql_value("is_applied", "true"), sql_value("tstamp", "pg_catalog.now()")})};
}

/// Old versions wrote down what they took back: `status` goes by the newest row, and `up` by any.
void judge(ForeignJudging& judging) {
  using Verdict = ForeignJudgement::Verdict;
  judge_by_rules(goose, judging);
  for (ForeignJudgement& judgement : judging.verdicts.migrations)
    if (judgement.record != nullptr && judgement.verdict == Verdict::would_run) {
      judgement.verdict = Verdict::never_runs;
      judgement.reason =
          "its newest row says that it was taken back, and `goose up` takes any row for applied";
    }
}

}  // namespace

const ForeignTool goose{.name = "goose",
                        .title = "goose",
                        .table = "goose_db_version",
                        .table_tells = true,
                        .columns = columns,
                        .exact = true,
                        .rules = {.late = LateFile::refused, .numeric = true},
                        .fields = fields,
                        .files = files,
                        .judge = judge,
                        .mark = mark};

}  // namespace candor::history::ledgers
