/// Tables of versions and nothing else: dbmate, Rails, pop, and Ecto, which adds a time.
#include <algorithm>

#include "base/file.h"
#include "history/formats/structure_sql.h"
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule text_column[] = {{"version", Type::text}};
constexpr ForeignColumnRule ecto_columns[] = {{"version", Type::number}, {"inserted_at", Type::time}};
constexpr ForeignColumnRule popx_columns[] = {{"version", Type::text}, {"version_self", Type::number}};
constexpr std::string_view rails_companions[] = {"ar_internal_metadata"};

ForeignFields fields(const ForeignTable& table) {
  return {.key = column("version"),
          .version = column("version"),
          .applied_at = time_of(table, "inserted_at"),
          .order = column("version")};
}

/// The digits exactly as in the file's name.
Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>&) {
  return files_by(history, [](const Migration& migration) {
    const std::string digits = leading_digits(basename_of(migration));
    return ForeignFile{.key = digits.empty() ? migration.version.text() : digits,
                       .version = migration.version.text(),
                       .name = migration.name};
  });
}

std::vector<ForeignStatement> mark_text(const ForeignMarking& marking) {
  return {insert_once(marking.table,
                      {text_value("version", marking.file().key), sql_value("version_self", "0")})};
}

std::vector<ForeignStatement> mark_number(const ForeignMarking& marking) {
  return {
      insert_once(marking.table, {number_value("version", marking.file().key),
                                  sql_value("inserted_at", "pg_catalog.timezone('UTC', pg_catalog.now())")})};
}

/// The versions that structure.sql lists are in it; Rails runs the file of one that has no row.
void judge_rails(ForeignJudging& judging) {
  judge_by_rules(rails, judging);
  if (judging.history.format != "rails") return;
  const std::vector<Version> versions = versions_in_structure(judging.history);
  if (versions.empty()) return;
  std::erase_if(judging.verdicts.unmatched, [&](const ForeignRecord* record) {
    return std::ranges::binary_search(versions, Version(record->version));
  });
  const auto lacking = std::ranges::find_if(versions, [&](const Version& version) {
    return std::ranges::none_of(
        judging.records, [&](const ForeignRecord& record) { return Version(record.version) == version; });
  });
  ForeignJudgement& judgement = judging.verdicts.migrations.front();
  if (lacking == versions.end() || judgement.verdict != ForeignJudgement::Verdict::recorded) return;
  judgement.verdict = ForeignJudgement::Verdict::would_rerun;
  judgement.reason =
      fmt::format("version {}, which is in it, is not recorded: Rails runs its file again", lacking->text());
}

/// dbmate compares texts: "1" is not "0001". A runner of one's own may do otherwise.
void judge_dbmate(ForeignJudging& judging) {
  if (judging.history.format == "dbmate")
    for (std::size_t i = 0; i < judging.files.size(); ++i) {
      ForeignJudgement& judgement = judging.verdicts.migrations[i];
      if (judgement.record == nullptr || judgement.record->key == judging.files[i].key) continue;
      judgement.verdict = ForeignJudgement::Verdict::would_rerun;
      judgement.reason = fmt::format("it is recorded as {}, and dbmate looks for {}",
                                     printable(judgement.record->key), judging.files[i].key);
    }
  judge_by_rules(dbmate, judging);
}

bool is_rails(const ForeignTable& table) {
  return std::ranges::find(table.beside, "ar_internal_metadata") != table.beside.end();
}

bool is_pop(const ForeignTable& table) {
  return table.name == "schema_migration";
}

/// dbmate's own name, or one that speaks of migrations.
bool is_dbmate(const ForeignTable& table) {
  return table.name.find("migration") != std::string::npos;
}

}  // namespace

const ForeignTool rails{.name = "rails",
                        .title = "Rails",
                        .table = "schema_migrations",
                        .columns = text_column,
                        .exact = true,
                        .companions = rails_companions,
                        .rules = {.numeric = true, .loose = true},
                        .fields = fields,
                        .files = files,
                        .fits = is_rails,
                        .judge = judge_rails,
                        .mark = mark_text};

const ForeignTool pop{.name = "pop",
                      .title = "pop",
                      .table = "schema_migration",
                      .columns = text_column,
                      .exact = true,
                      .fields = fields,
                      .files = files,
                      .fits = is_pop,
                      .mark = mark_text};

const ForeignTool popx{.name = "popx",
                       .title = "popx",
                       .table = "schema_migration",
                       .columns = popx_columns,
                       .exact = true,
                       .fields = fields,
                       .files = files,
                       .mark = mark_text};

/// A table of one column is dbmate's, or one that was made by hand in its likeness: then keys may be written
/// otherwise.
const ForeignTool dbmate{.name = "dbmate",
                         .title = "dbmate",
                         .table = "schema_migrations",
                         .columns = text_column,
                         .exact = true,
                         .rules = {.loose = true},
                         .fields = fields,
                         .files = files,
                         .fits = is_dbmate,
                         .judge = judge_dbmate,
                         .mark = mark_text};

const ForeignTool ecto{.name = "ecto",
                       .title = "Ecto",
                       .table = "schema_migrations",
                       .columns = ecto_columns,
                       .exact = true,
                       .rules = {.numeric = true, .loose = true},
                       .fields = fields,
                       .files = files,
                       .mark = mark_number};

}  // namespace candor::history::ledgers
