/// Laravel: the name of the file without its ending.
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"
#include "history/ledgers/programs.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {
    {"id", Type::number, false}, {"migration", Type::text}, {"batch", Type::number}};

ForeignFields fields(const ForeignTable& table) {
  return {.key = column("migration"),
          .version = column("batch"),
          .name = column("migration"),
          .order = fmt::format("{}, {}", column("batch"), column_or_null(table, "id"))};
}

std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  return {
      insert_once(marking.table,
                  {text_value("migration", marking.file().key),
                   sql_value("batch", fmt::format("(SELECT coalesce(pg_catalog.max(batch), 0) + 1 FROM {})",
                                                  marking.table.sql()))})};
}

}  // namespace

const ForeignTool laravel{.name = "laravel",
                          .title = "Laravel",
                          .table = "migrations",
                          .columns = columns,
                          .exact = true,
                          .rules = {.loose = true},
                          .fields = fields,
                          .files = files_by_stem,
                          .mark = mark};

}  // namespace candor::history::ledgers
