/// Alembic: the current heads and no history: everything up to the head counts as applied.
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"
#include "history/ledgers/programs.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {{"version_num", Type::text}};

ForeignFields fields(const ForeignTable&) {
  return {.key = column("version_num"), .version = column("version_num"), .order = column("version_num")};
}

/// Captured files say their revision; in others' names it is somewhere.
Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>& records) {
  return files_by(history, [&](const Migration& migration) {
    ForeignFile file{.key = captured_from(migration.path),
                     .version = migration.version.text(),
                     .name = stem_of(basename_of(migration))};
    if (!file.key.empty()) return file;
    for (const ForeignRecord& record : records)
      if (file.name.find(record.key) != std::string::npos) file.key = record.key;
    return file;
  });
}

void judge(ForeignJudging& judging) {
  judge_by_rules(alembic, judging);
  for (std::size_t i = judging.files.size(); i-- > 0;)
    if (const ForeignRecord* const head = judging.verdicts.migrations[i].record)
      return judge_by_mark(judging, judging.history.migrations[i].version, *head);
}

/// The head moves on from whichever earlier revision it is. Two heads, of branches, would become the same,
/// which the table's key does not take.
std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  const std::string table = marking.table.sql();
  pg::Params keys{marking.file().key};
  std::string earlier;
  for (std::size_t i = 0; i < marking.index; ++i) {
    if (marking.files[i].key.empty()) continue;
    keys.emplace_back(marking.files[i].key);
    earlier += fmt::format("{}${}", earlier.empty() ? "" : ", ", keys.size());
  }
  std::vector<ForeignStatement> statements;
  if (!earlier.empty())
    statements.push_back(
        {fmt::format("UPDATE {} SET version_num = $1 WHERE version_num IN ({})", table, earlier), keys});
  statements.push_back(
      {fmt::format(
           "INSERT INTO {0} (version_num) SELECT $1::pg_catalog.text WHERE NOT EXISTS (SELECT FROM {0})",
           table),
       {marking.file().key}});
  return statements;
}

/// Its head goes back to the revision before it. Where there are several heads, which one that is only
/// Alembic knows.
std::vector<ForeignStatement> unmark(const ForeignUnmarking& unmarking) {
  if (unmarking.records.size() != 1) return {};
  const std::string table = unmarking.table.sql();
  for (std::size_t i = unmarking.index; i-- > 0;)
    if (!unmarking.files[i].key.empty())
      return {{fmt::format("UPDATE {} SET version_num = $2 WHERE version_num = $1 RETURNING true", table),
               {unmarking.file().key, unmarking.files[i].key}}};
  return {
      {fmt::format("DELETE FROM {} WHERE version_num = $1 RETURNING true", table), {unmarking.file().key}}};
}

}  // namespace

const ForeignTool alembic{.name = "alembic",
                          .title = "Alembic",
                          .table = "alembic_version",
                          .table_tells = true,
                          .columns = columns,
                          .exact = true,
                          .rules = {.missing_blocks = true},
                          .fields = fields,
                          .files = files,
                          .judge = judge,
                          .mark = mark,
                          .unmark = unmark};

}  // namespace candor::history::ledgers
