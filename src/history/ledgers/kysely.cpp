/// Kysely: the name without its ending, in the strict order of names.
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"
#include "history/ledgers/programs.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {{"name", Type::text}, {"timestamp", Type::text}};
constexpr std::string_view companions[] = {"kysely_migration_lock"};
constexpr ForeignLock run_lock{
    .table = companions[0], .is_held = "t.is_locked <> 0", .holder = "NULL", .release = "is_locked = 0"};

ForeignFields fields(const ForeignTable&) {
  return {.key = column("name"),
          .name = column("name"),
          .applied_at = column("timestamp"),
          .order = column("timestamp") + ", " + column("name")};
}

std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  return {insert_once(
      marking.table, {text_value("name", marking.file().key),
                      sql_value("timestamp",
                                "pg_catalog.to_char(pg_catalog.timezone('UTC', pg_catalog.clock_timestamp()),"
                                " 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')")})};
}

}  // namespace

const ForeignTool kysely{.name = "kysely",
                         .title = "Kysely",
                         .table = "kysely_migration",
                         .table_tells = true,
                         .columns = columns,
                         .exact = true,
                         .companions = companions,
                         .rules = {.late = LateFile::refused, .loose = true, .missing_blocks = true},
                         .fields = fields,
                         .files = files_by_stem,
                         .mark = mark,
                         .lock = &run_lock};

}  // namespace candor::history::ledgers
