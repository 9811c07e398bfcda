/// Liquibase: id, author and path. MARK_RAN was recorded without being run; what failed is never recorded.
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {
    {"id", Type::text},           {"author", Type::text},          {"filename", Type::text},
    {"dateexecuted", Type::time}, {"orderexecuted", Type::number}, {"exectype", Type::text},
    {"md5sum", Type::text}};
constexpr std::string_view companions[] = {"databasechangeloglock"};
constexpr ForeignLock run_lock{.table = companions[0],
                               .is_held = "t.locked",
                               .holder = "t.lockedby",
                               .release = "locked = false, lockgranted = NULL, lockedby = NULL"};

ForeignFields fields(const ForeignTable& table) {
  return {
      .key = fmt::format("pg_catalog.regexp_replace({}, '^.*/', '') || '::' || {}", column("filename"),
                         column("id")),
      .version = column("id"),
      .name = column("filename"),
      .state = fmt::format("CASE {0} WHEN 'EXECUTED' THEN 'applied' WHEN 'RERAN' THEN 'applied' ELSE {0} END",
                           column("exectype")),
      .applied_at = time_of(table, "dateexecuted"),
      .order = column("orderexecuted")};
}

/// A changeset is known by its file's name and its id, which is the name that its migration has.
Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>&) {
  return files_by(history, [](const Migration& migration) {
    return ForeignFile{.key = fmt::format("{}::{}", basename_of(migration), migration.name),
                       .version = migration.version.text(),
                       .name = basename_of(migration)};
  });
}

}  // namespace

const ForeignTool liquibase{.name = "liquibase",
                            .title = "Liquibase",
                            .table = "databasechangelog",
                            .table_tells = true,
                            .columns = columns,
                            .companions = companions,
                            .fields = fields,
                            .files = files,
                            .lock = &run_lock};

}  // namespace candor::history::ledgers
