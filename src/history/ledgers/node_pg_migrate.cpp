/// node-pg-migrate, and db-migrate, which puts a slash before its names. The first compares rows and files
/// place by place: a late file, or one that is gone, stops it.
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"
#include "history/ledgers/programs.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {{"id", Type::number}, {"name", Type::text}, {"run_on", Type::time}};

ForeignFields fields(const ForeignTable& table) {
  return {.key = column("name"),
          .name = column("name"),
          .applied_at = time_of(table, "run_on"),
          .order = column("run_on") + ", " + column("id")};
}

bool fits_db_migrate(const ForeignTable& table) {
  return table.name == "migrations";
}

Result<std::vector<ForeignFile>> files_with_slash(const History& history,
                                                  const std::vector<ForeignRecord>& records) {
  auto files = files_by_stem(history, records);
  if (files)
    for (ForeignFile& file : *files)
      if (!file.key.empty() && !file.key.starts_with('/')) file.key.insert(0, 1, '/');
  return files;
}

/// Rows are ordered by run_on: a row must not come before its predecessor.
std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  return {insert_once(marking.table, {text_value("name", marking.file().key),
                                      sql_value("run_on", "pg_catalog.clock_timestamp()")})};
}

}  // namespace

const ForeignTool node_pg_migrate{.name = "node-pg-migrate",
                                  .title = "node-pg-migrate",
                                  .table = "pgmigrations",
                                  .table_tells = true,
                                  .columns = columns,
                                  .exact = true,
                                  .rules = {.late = LateFile::refused, .loose = true, .missing_blocks = true},
                                  .fields = fields,
                                  .files = files_by_stem,
                                  .mark = mark};

const ForeignTool db_migrate{.name = "db-migrate",
                             .title = "db-migrate",
                             .table = "migrations",
                             .columns = columns,
                             .exact = true,
                             .rules = {.loose = true},
                             .fields = fields,
                             .files = files_with_slash,
                             .fits = fits_db_migrate,
                             .mark = mark};

}  // namespace candor::history::ledgers
