/// Atlas: revisions with the hash of atlas.sum; a row whose statements are not all done is gone on with. What
/// is below the first row never runs.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.h"
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
  return {.key = column("version"),
          .version = column("version"),
          .name = column("description"),
          .checksum = column("hash"),
          .state = fmt::format("CASE WHEN {0} <> {1} AND {3} <> '' THEN 'failed' WHEN {0} <> {1} THEN"
                               " 'in_progress' WHEN {2} = 1 OR {2} = 4 THEN 'baseline'"
                               " WHEN {0} = {1} THEN 'applied' ELSE 'unknown' END",
                               column("applied"), column("total"), column("type"), column("error")),
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
    const std::size_t end = std::min(stem.find('_'), stem.size());
    const std::string version = stem.substr(0, end);
    ForeignFile file{.key = version, .version = version, .name = stem.substr(std::min(end + 1, stem.size()))};
    if (const auto sum = sums.find(migration.file); sum != sums.end())
      file.rows = {row_of(file, sum->second)};
    return file;
  });
}

/// Atlas looks at what is above its first row. A baseline, which can only be the first, says that all below
/// it is there.
bool passes_over(const ForeignJudging& judging, std::size_t index, ForeignJudgement& judgement) {
  const auto first = std::ranges::min_element(judging.records, {}, &ForeignRecord::version);
  if (first == judging.records.end() || judging.files[index].version >= first->version) return false;
  if (first->state == ForeignState::unexecuted) judgement.record = &*first;
  judgement.reason =
      fmt::format("it comes before {}, the first version that Atlas has recorded", printable(first->version));
  return true;
}

/// "2 broke off after 2 of its 3 statements, …": where Atlas would go on.
std::string about_the_rest(const ForeignRecord& record) {
  const auto row = nlohmann::json::parse(record.raw, nullptr, false);
  if (!row.is_object()) return {};
  const std::int64_t applied = row.value("applied", std::int64_t{0});
  std::string text = fmt::format(
      "the run of {} broke off after {} of its {} statements, and Atlas goes on with statement {}",
      printable(record.key), applied, row.value("total", std::int64_t{0}), applied + 1);
  if (!record.error.empty()) text += ": " + printable(record.error);
  return text;
}

/// Atlas compares the folder with atlas.sum before it looks at the database.
void block_by_sums(ForeignJudging& judging) {
  std::vector<Finding> findings;
  check_atlas_sum(judging.history, findings);
  if (!findings.empty())
    judging.verdicts.blocked =
        fmt::format("{}; {}", findings.front().what.message, findings.front().what.hint);
}

void judge(ForeignJudging& judging) {
  block_by_sums(judging);
  for (const ForeignRecord& record : judging.records)
    if (is_stuck(record) && judging.verdicts.blocked.empty())
      judging.verdicts.blocked = about_the_rest(record);
  judge_by_rules(atlas, judging);
}

/// The row of a run that broke off.
std::vector<ForeignStatement> mend(const ForeignMending& mending) {
  const std::string table = mending.table.sql();
  const std::string& version = mending.file().version;
  if (!mending.present)
    return {
        {fmt::format("DELETE FROM {} WHERE version = $1::pg_catalog.text AND applied <> total RETURNING true",
                     table),
         {version}}};
  const std::string_view hashes =
      mending.table.find("partial_hashes") == nullptr ? "" : ", partial_hashes = NULL";
  return {{fmt::format("UPDATE {} SET applied = total, error = '', error_stmt = ''{} WHERE version ="
                       " $1::pg_catalog.text AND applied <> total RETURNING true",
                       table, hashes),
           {version}}};
}

}  // namespace

const ForeignTool atlas{.name = "atlas",
                        .title = "Atlas",
                        .table = "atlas_schema_revisions",
                        .table_tells = true,
                        .columns = columns,
                        .own_schema = "atlas_schema_revisions",
                        .rules = {.late = LateFile::refused, .failed_blocks = true},
                        .fields = fields,
                        .files = files,
                        .judge = judge,
                        .passes_over = passes_over,
                        .mark = mark_by_rows,
                        .listing_hint = "run `atlas migrate hash`, then the same command again",
                        .mend = mend};

}  // namespace candor::history::ledgers
