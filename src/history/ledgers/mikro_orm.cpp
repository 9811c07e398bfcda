/// MikroORM: the name of the file without its ending.
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"
#include "history/ledgers/programs.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {
    {"id", Type::number}, {"name", Type::text}, {"executed_at", Type::time}};

ForeignFields fields(const ForeignTable& table) {
  return {.key = column("name"),
          .name = column("name"),
          .applied_at = time_of(table, "executed_at"),
          .order = column("id")};
}

bool fits(const ForeignTable& table) {
  return table.name.find("mikro") != std::string::npos;
}

std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  return {insert_once(marking.table, {text_value("name", marking.file().key)})};
}

}  // namespace

const ForeignTool mikro_orm{.name = "mikro-orm",
                            .title = "MikroORM",
                            .table = "mikro_orm_migrations",
                            .table_tells = true,
                            .columns = columns,
                            .exact = true,
                            .rules = {.loose = true},
                            .fields = fields,
                            .files = files_by_stem,
                            .fits = fits,
                            .mark = mark};

}  // namespace candor::history::ledgers
