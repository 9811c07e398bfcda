/// Sequelize (umzug): the name of the file with its ending, and nothing else. That a row is there proves only
/// that `up` resolved.
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"
#include "history/ledgers/programs.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {
    {"name", Type::text}, {"createdAt", Type::time, false}, {"updatedAt", Type::time, false}};

ForeignFields fields(const ForeignTable& table) {
  return {.key = column("name"),
          .name = column("name"),
          .applied_at = time_of(table, "createdAt"),
          .order = column("name")};
}

std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  return {insert_once(marking.table,
                      {text_value("name", marking.file().key), sql_value("createdAt", "pg_catalog.now()"),
                       sql_value("updatedAt", "pg_catalog.now()")})};
}

/// One column called name is anything, unless the table is called as umzug calls it or is one of migrations.
bool fits(const ForeignTable& table) {
  return table.name == "SequelizeMeta" || table.name == "SequelizeData" ||
         (table.columns.size() == 1 && table.name.find("igration") != std::string::npos);
}

}  // namespace

const ForeignTool sequelize{.name = "sequelize",
                            .title = "Sequelize",
                            .table = "SequelizeMeta",
                            .table_tells = true,
                            .columns = columns,
                            .exact = true,
                            .rules = {.loose = true},
                            .fields = fields,
                            .files = files_with_ending,
                            .fits = fits,
                            .mark = mark};

}  // namespace candor::history::ledgers
