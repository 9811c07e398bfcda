/// Atlas: revisions with the hash of atlas.sum; a row whose statements are not all done is gone on with.
#include "history/formats/atlas_sum.h"
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {
    {"version", Type::text},          {"description", Type::text}, {"type", Type::number},
    {"applied", Type::number},        {"total", Type::number},     {"executed_at", Type::time},
    {"execution_time", Type::number}, {"error", Type::text},       {"hash", Type::text}};

ForeignFields fields(const ForeignTable& table) {
  return {
      .key = column("version"),
      .version = column("version"),
      .name = column("description"),
      .checksum = column("hash"),
      .state = fmt::format("CASE WHEN {0} <> {1} THEN 'in_progress' WHEN {2} = 1 OR {2} = 4 THEN 'baseline'"
                           " WHEN {0} = {1} THEN 'applied' ELSE 'unknown' END",
                           column("applied"), column("total"), column("type")),
      .applied_at = time_of(table, "executed_at"),
      .error = column("error"),
      .order = column("executed_at"),
      .where = fmt::format("{} <> '.atlas_cloud_identifier'", column("version"))};
}

/// As `atlas migrate set` does it: resolved, of no statements. `sum`: of all files up to it, in atlas.sum,
/// without which Atlas stops.
ForeignStatement row_of(const ForeignFile& file, const std::string& sum) {
  return {
      "INSERT INTO {table} (version, description, type, applied, total, executed_at, execution_time, error,"
      " error_stmt, hash, operator_version) SELECT $1::pg_catalog.text, $2, 4, 0, 0, pg_catalog.now(), 0, '', '',"
      " $3, 'Candor' WHERE NOT EXISTS (SELECT FROM {table} WHERE version = $1::pg_catalog.text)",
      {file.version, file.name, sum}};
}

Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>&) {
  const auto sums = read_atlas_sums(history.folder);
  return files_by(history, [&](const Migration& migration) {
    const std::string stem = stem_of(basename_of(migration));
    const std::string version = stem.substr(0, stem.find('_'));
    ForeignFile file{.key = version, .version = version, .name = behind_digits(stem)};
    if (const auto sum = sums.find(migration.file); sum != sums.end())
      file.rows = {row_of(file, sum->second)};
    return file;
  });
}

}  // namespace

const ForeignTool atlas{.name = "atlas",
                        .title = "Atlas",
                        .table = "atlas_schema_revisions",
                        .table_tells = true,
                        .columns = columns,
                        .own_schema = "atlas_schema_revisions",
                        .rules = {.late = LateFile::refused},
                        .fields = fields,
                        .files = files,
                        .mark = mark_by_rows};

}  // namespace candor::history::ledgers
