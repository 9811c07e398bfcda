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

/// A revision is somewhere in the name of the file that was captured from it.
Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>& records) {
  return files_by(history, [&](const Migration& migration) {
    ForeignFile file{.version = migration.version.text(), .name = stem_of(basename_of(migration))};
    const std::string captured = captured_from(migration);
    for (const ForeignRecord& record : records)
      if (file.name.find(record.key) != std::string::npos || captured == record.key) file.key = record.key;
    return file;
  });
}

void judge(ForeignJudging& judging) {
  judge_by_rules(alembic, judging);
  for (std::size_t i = judging.files.size(); i-- > 0;)
    if (const ForeignRecord* const head = judging.verdicts.migrations[i].record)
      return judge_by_mark(judging, judging.history.migrations[i].version, *head);
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
                          .judge = judge};

}  // namespace candor::history::ledgers
