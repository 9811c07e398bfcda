/// golang-migrate and its kin (morph), one row that is the high-water mark; and the table that Hasura's older
/// CLI keeps in the same columns, one row for each migration.
#include <algorithm>

#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {{"version", Type::number}, {"dirty", Type::flag}};

/// What stands there where the first migration broke off, or its way back.
constexpr std::string_view no_version = "-1";

ForeignFields fields(const ForeignTable&) {
  return {.key = column("version"),
          .version = column("version"),
          .state = state_of_flag(column("dirty"), "failed", "applied"),
          .order = column("version")};
}

Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>&) {
  return files_by(history, [](const Migration& migration) {
    const std::string digits = as_number(migration.version.text());
    return ForeignFile{.key = digits, .version = digits, .name = migration.name};
  });
}

void judge(ForeignJudging& judging) {
  if (judging.records.size() != 1) return judge_by_rules(golang_migrate, judging);
  const ForeignRecord& row = judging.records.front();
  const bool first_failed = row.key == no_version;
  judge_by_mark(judging, Version(first_failed ? "0" : row.key), row);
  if (first_failed && !judging.files.empty()) {
    judging.verdicts.migrations.front().record = &row;
    judging.verdicts.migrations.front().verdict = ForeignJudgement::Verdict::blocked;
    judging.verdicts.unmatched.clear();
  }
  if (row.key.empty())
    judging.verdicts.blocked = "its row has no version";
  else if (row.state == ForeignState::failed || row.state == ForeignState::unknown)
    judging.verdicts.blocked =
        fmt::format("the row of version {} is dirty, which says nothing about what ran", row.key);
  else if (std::ranges::find(judging.files, row.key, &ForeignFile::key) == judging.files.end())
    judging.verdicts.blocked = fmt::format("there is no file of version {}, which is recorded", row.key);
}

/// The one row must never go back.
std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  const std::string table = marking.table.sql();
  const std::string& version = marking.file().key;
  return {{fmt::format("DELETE FROM {} WHERE version <= $1::pg_catalog.int8", table), {version}},
          {fmt::format("INSERT INTO {0} (version, dirty) SELECT $1::pg_catalog.int8, false WHERE NOT EXISTS"
                       " (SELECT FROM {0})",
                       table),
           {version}}};
}

/// The mark goes back to the version before that of file `index`, if it is there and `condition` holds.
std::vector<ForeignStatement> step_back(const ForeignTable& table, const std::vector<ForeignFile>& files,
                                        std::size_t index, std::string_view condition) {
  const std::string& version = files[index].key;
  if (index == 0)
    return {{fmt::format("DELETE FROM {} WHERE version = $1::pg_catalog.int8 AND {} RETURNING true",
                         table.sql(), condition),
             {version}}};
  return {{fmt::format("UPDATE {} SET version = $2::pg_catalog.int8, dirty = false WHERE version ="
                       " $1::pg_catalog.int8 AND {} RETURNING true",
                       table.sql(), condition),
           {version, files[index - 1].key}}};
}

std::vector<ForeignStatement> unmark(const ForeignUnmarking& unmarking) {
  return step_back(unmarking.table, unmarking.files, unmarking.index, "NOT dirty");
}

/// As `migrate force`: to the version itself if it is there, else to the one before it.
std::vector<ForeignStatement> mend(const ForeignMending& mending) {
  const bool at_no_version = mending.records.front().key == no_version;
  if (at_no_version && mending.present)
    return {
        {fmt::format("UPDATE {} SET version = $1::pg_catalog.int8, dirty = false WHERE version = -1 AND dirty"
                     " RETURNING true",
                     mending.table.sql()),
         {mending.file().key}}};
  if (at_no_version)
    return {
        {fmt::format("DELETE FROM {} WHERE version = -1 AND dirty RETURNING true", mending.table.sql()), {}}};
  if (!mending.present) return step_back(mending.table, mending.files, mending.index, "dirty");
  return {{fmt::format("UPDATE {} SET dirty = false WHERE version = $1::pg_catalog.int8 AND dirty"
                       " RETURNING true",
                       mending.table.sql()),
           {mending.file().key}}};
}

bool is_hasura(const ForeignTable& table) {
  return table.schema == "hdb_catalog";
}

std::vector<ForeignStatement> mark_hasura(const ForeignMarking& marking) {
  return {
      insert_once(marking.table, {number_value("version", marking.file().key), sql_value("dirty", "false")})};
}

}  // namespace

const ForeignTool hasura{.name = "hasura",
                         .title = "Hasura",
                         .table = "schema_migrations",
                         .columns = columns,
                         .exact = true,
                         .own_schema = "hdb_catalog",
                         .rules = {.numeric = true, .failed_blocks = true},
                         .fields = fields,
                         .files = files,
                         .fits = is_hasura,
                         .mark = mark_hasura};

const ForeignTool golang_migrate{
    .name = "golang-migrate",
    .title = "golang-migrate",
    .table = "schema_migrations",
    .columns = columns,
    .exact = true,
    .rules = {.numeric = true, .missing_blocks = true, .failed_blocks = true, .high_water = true},
    .fields = fields,
    .files = files,
    .judge = judge,
    .mark = mark,
    .unmark = unmark,
    .mend = mend};

}  // namespace candor::history::ledgers
