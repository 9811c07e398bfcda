/// Diesel: the folder's name up to the first '_', without dashes.
#include <algorithm>

#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {{"version", Type::text}, {"run_on", Type::time}};

/// Diesel's own first migration is a row like any other.
ForeignFields fields(const ForeignTable& table) {
  return {.key = column("version"),
          .version = column("version"),
          .applied_at = time_of(table, "run_on"),
          .order = column("version")};
}

Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>&) {
  return files_by(history, [](const Migration& migration) {
    const std::string folder = folder_of(migration);
    std::string version = folder.substr(0, folder.find('_'));
    std::erase(version, '-');
    return ForeignFile{.key = version, .version = version, .name = migration.name};
  });
}

std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  return {insert_once(marking.table, {text_value("version", marking.file().key)})};
}

}  // namespace

const ForeignTool diesel{.name = "diesel",
                         .title = "Diesel",
                         .table = "__diesel_schema_migrations",
                         .table_tells = true,
                         .columns = columns,
                         .exact = true,
                         .fields = fields,
                         .files = files,
                         .mark = mark};

}  // namespace candor::history::ledgers
