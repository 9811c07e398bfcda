/// Prisma: the name of the folder. A row is applied when it is finished and not rolled back; any other one
/// that is not rolled back stops `migrate deploy`.
#include "base/file.h"
#include "history/formats/sums.h"
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {
    {"id", Type::text},          {"checksum", Type::text},
    {"finished_at", Type::time}, {"migration_name", Type::text},
    {"logs", Type::text, false}, {"rolled_back_at", Type::time},
    {"started_at", Type::time},  {"applied_steps_count", Type::number, false}};

ForeignFields fields(const ForeignTable& table) {
  const std::string resolved = table.find("applied_steps_count") == nullptr
                                   ? "false"
                                   : fmt::format("{} = 0 AND {} = {}", column("applied_steps_count"),
                                                 column("finished_at"), column("started_at"));
  return {.key = column("migration_name"),
          .name = column("migration_name"),
          .checksum = column("checksum"),
          .state = fmt::format("CASE WHEN {0} IS NOT NULL THEN 'rolled_back' WHEN {1} IS NULL THEN 'failed'"
                               " WHEN {2} THEN 'baseline' ELSE 'applied' END",
                               column("rolled_back_at"), column("finished_at"), resolved),
          .applied_at = time_of(table, "finished_at"),
          .error = column_or_null(table, "logs"),
          .order = column("started_at")};
}

std::string sha256_of(std::string_view text) {
  return digest_hex("sha256", text);
}

Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>&) {
  return files_with_text(history, [](const Migration& migration, std::string_view bytes) {
    const std::string folder = folder_of(migration);
    return ForeignFile{.key = folder,
                       .version = leading_digits(folder),
                       .name = folder,
                       .forms = forms_of(bytes, sha256_of)};
  });
}

/// As `prisma migrate resolve --applied` does it.
std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  const ForeignFile& file = marking.file();
  return {
      {fmt::format("UPDATE {} SET rolled_back_at = pg_catalog.now() WHERE migration_name ="
                   " $1::pg_catalog.text AND finished_at IS NULL AND rolled_back_at IS NULL",
                   marking.table.sql()),
       {file.key}},
      {fmt::format("INSERT INTO {0} (id, checksum, finished_at, migration_name, logs, started_at,"
                   " applied_steps_count) SELECT pg_catalog.md5(pg_catalog.random()::pg_catalog.text ||"
                   " $1::pg_catalog.text)::pg_catalog.uuid::pg_catalog.text, $2::pg_catalog.text,"
                   " pg_catalog.now(), $1::pg_catalog.text, '', pg_catalog.now(), 0 WHERE NOT EXISTS (SELECT"
                   " FROM {0} t WHERE t.migration_name = $1::pg_catalog.text AND t.finished_at IS NOT NULL"
                   " AND t.rolled_back_at IS NULL)",
                   marking.table.sql()),
       {file.key, file.forms.front().value}}};
}

/// As `prisma migrate resolve` does it, with --applied or --rolled-back.
std::vector<ForeignStatement> mend(const ForeignMending& mending) {
  std::vector<ForeignStatement> statements = {
      {fmt::format("UPDATE {} SET rolled_back_at = pg_catalog.now() WHERE migration_name ="
                   " $1::pg_catalog.text AND finished_at IS NULL AND rolled_back_at IS NULL RETURNING true",
                   mending.table.sql()),
       {mending.file().key}}};
  if (mending.present)
    statements.push_back(mark({mending.table, mending.records, mending.files, mending.index}).back());
  return statements;
}

/// `migrate deploy` stops at any unfinished row (P3009), also where a later one of the same name is finished.
void judge(ForeignJudging& judging) {
  judge_by_rules(prisma, judging);
  for (const ForeignRecord& record : judging.records)
    if (is_stuck(record) && judging.verdicts.blocked.empty())
      judging.verdicts.blocked =
          fmt::format("a row of {} is {}", printable(record.key), to_string(record.state));
}

/// What was rolled back before stays told.
std::vector<ForeignStatement> unmark(const ForeignUnmarking& unmarking) {
  return {{fmt::format("DELETE FROM {} WHERE migration_name = $1::pg_catalog.text AND finished_at IS NOT NULL"
                       " AND rolled_back_at IS NULL RETURNING true",
                       unmarking.table.sql()),
           {unmarking.record.key}}};
}

}  // namespace

const ForeignTool prisma{.name = "prisma",
                         .title = "Prisma",
                         .table = "_prisma_migrations",
                         .table_tells = true,
                         .columns = columns,
                         .rules = {.failed_blocks = true},
                         .fields = fields,
                         .files = files,
                         .judge = judge,
                         .mark = mark,
                         .unmark = unmark,
                         .mend = mend};

}  // namespace candor::history::ledgers
