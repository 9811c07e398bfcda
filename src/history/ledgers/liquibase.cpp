/// Liquibase: id, author and path. MARK_RAN was recorded without being run; what failed is never recorded.
#include "history/formats/liquibase_header.h"
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

/// Liquibase records a file as its changelog names it. The file's own rows tell, or else the newest one.
std::string path_of(const Migration& migration, const std::vector<ForeignRecord>& records) {
  const std::string base = basename_of(migration);
  std::string folder;
  for (const ForeignRecord& record : records) {
    const std::size_t slash = record.name.rfind('/') + 1;  // 0 where there is none
    if (record.name.substr(slash) == base) return record.name;
    folder = record.name.substr(0, slash);
  }
  return folder + base;
}

/// Its sum is left out: Liquibase fills it in when it next runs.
ForeignStatement row_of(const std::string& id, const std::string& author, const std::string& path) {
  return {
      "INSERT INTO {table} (id, author, filename, dateexecuted, orderexecuted, exectype) SELECT"
      " $1::pg_catalog.text, $2::pg_catalog.text, $3::pg_catalog.text, pg_catalog.now(),"
      " coalesce(pg_catalog.max(orderexecuted), 0) + 1, 'EXECUTED' FROM {table} HAVING NOT EXISTS (SELECT FROM"
      " {table} WHERE id = $1::pg_catalog.text AND author = $2::pg_catalog.text AND filename ="
      " $3::pg_catalog.text)",
      {id, author, path}};
}

/// A changeset is known by its file's name and its id, which is the name that its migration has.
Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>& records) {
  return files_with_text(history, [&](const Migration& migration, std::string_view bytes) {
    ForeignFile file{.key = fmt::format("{}::{}", basename_of(migration), migration.name),
                     .version = migration.version.text(),
                     .name = basename_of(migration)};
    const std::size_t begin = migration.parts.empty() ? 0 : migration.parts.front().begin;
    const std::string author = author_of(bytes, migration.name, begin);
    if (!author.empty() && !records.empty())
      file.rows = {row_of(migration.name, author, path_of(migration, records))};
    return file;
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
                            .mark = mark_by_rows,
                            .lock = &run_lock};

}  // namespace candor::history::ledgers
