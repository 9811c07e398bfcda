/// Knex: the name of the file with its ending; a recorded file that is gone stops everything.
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"
#include "history/ledgers/programs.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {
    {"id", Type::number}, {"name", Type::text}, {"batch", Type::number}, {"migration_time", Type::time}};
constexpr std::string_view companions[] = {"{}_lock"};
constexpr ForeignLock run_lock{
    .table = companions[0], .is_held = "t.is_locked <> 0", .holder = "NULL", .release = "is_locked = 0"};

ForeignFields fields(const ForeignTable& table) {
  return {.key = column("name"),
          .version = column("batch"),
          .name = column("name"),
          .applied_at = time_of(table, "migration_time"),
          .order = column("id")};
}

std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  return {insert_once(
      marking.table,
      {text_value("name", marking.file().key),
       sql_value("batch",
                 fmt::format("(SELECT coalesce(pg_catalog.max(batch), 0) + 1 FROM {})", marking.table.sql())),
       sql_value("migration_time", "pg_catalog.now()")})};
}

}  // namespace

const ForeignTool knex{.name = "knex",
                       .title = "Knex",
                       .table = "knex_migrations",
                       .table_tells = true,
                       .columns = columns,
                       .exact = true,
                       .companions = companions,
                       .rules = {.loose = true, .missing_blocks = true},
                       .fields = fields,
                       .files = files_with_ending,
                       .mark = mark,
                       .lock = &run_lock};

}  // namespace candor::history::ledgers
