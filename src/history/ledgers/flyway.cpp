/// Flyway: versions as displayed, checksums over the lines of the text. Later rows override earlier ones;
/// what is not above a baseline never runs.
#include <algorithm>
#include <array>
#include <map>

#include "base/file.h"
#include "history/formats/flyway_name.h"
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {{"installed_rank", Type::number}, {"version", Type::text},
                                         {"description", Type::text},      {"type", Type::text},
                                         {"script", Type::text},           {"checksum", Type::number},
                                         {"installed_by", Type::text},     {"installed_on", Type::time},
                                         {"execution_time", Type::number}, {"success", Type::flag}};

/// The key of a repeatable migration is its description.
ForeignFields fields(const ForeignTable& table) {
  return {
      .key = fmt::format("coalesce({}, {})", column("version"), column("description")),
      .version = column("version"),
      .name = column("description"),
      .checksum = column("checksum"),
      .state = fmt::format("CASE WHEN {0} LIKE '%BASELINE' THEN 'baseline' WHEN {0} = 'DELETE' OR {0} LIKE"
                           " 'UNDO%' THEN 'rolled_back' ELSE {1} END",
                           column("type"), state_of_flag(column("success"))),
      .applied_at = time_of(table, "installed_on"),
      .order = column("installed_rank"),
      .where = fmt::format("{} IS DISTINCT FROM 'SCHEMA'", column("type"))};
}

std::uint32_t crc32(std::uint32_t crc, std::string_view bytes) {
  static const auto table = [] {
    std::array<std::uint32_t, 256> made{};
    for (std::uint32_t i = 0; i < made.size(); ++i) {
      made[i] = i;
      for (int bit = 0; bit < 8; ++bit) made[i] = (made[i] >> 1) ^ ((made[i] & 1) != 0 ? 0xEDB88320U : 0U);
    }
    return made;
  }();
  crc = ~crc;
  for (const char c : bytes) crc = table[(crc ^ static_cast<unsigned char>(c)) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

/// Over the lines without their ends, as a signed number.
std::string checksum_of_lines(std::string_view text) {
  std::uint32_t crc = 0;
  text = without_byte_order_mark(text);
  for (const char c : text)
    if (c != '\n' && c != '\r') crc = crc32(crc, {&c, 1});
  return std::to_string(static_cast<std::int32_t>(crc));
}

/// What fits into the column.
std::string abbreviated(std::string description) {
  constexpr std::size_t longest = 200;
  if (description.size() > longest) description = description.substr(0, longest - 3) + "...";
  return description;
}

/// A repeatable one's is that of the text with its placeholders replaced; the raw text's is as good.
std::vector<ChecksumForm> forms_of(const Migration& migration, std::string_view bytes, bool repeatable) {
  std::vector<ChecksumForm> forms = {{"in its lines", checksum_of_lines(bytes)}};
  if (!repeatable) return forms;
  if (const auto replaced = MigrationText::open(migration))
    forms.insert(forms.begin(),
                 {"in its lines, with its placeholders replaced", checksum_of_lines(replaced->view())});
  return forms;
}

/// 11 is 11.0: a file is recorded under whatever its version was called then.
using RecordedVersions = std::map<Version, std::string>;

RecordedVersions versions_in(const std::vector<ForeignRecord>& records) {
  RecordedVersions versions;
  for (const ForeignRecord& record : records)
    if (!record.version.empty()) versions.emplace(Version(record.version), record.version);
  return versions;
}

std::string key_of(const ForeignFile& file, const RecordedVersions& recorded) {
  if (file.repeatable) return file.name;
  if (file.version.empty()) return {};
  const auto at = recorded.find(Version(file.version));
  return at == recorded.end() ? file.version : at->second;
}

Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>& records) {
  const RecordedVersions recorded = versions_in(records);
  return files_with_text(history, [&](const Migration& migration, std::string_view bytes) {
    const auto name = read_flyway_name(basename_of(migration));
    ForeignFile file{.stamp = migration.file, .repeatable = name && name->kind == 'R'};
    file.forms = forms_of(migration, bytes, file.repeatable);
    if (!name) return file;
    file.name = name->description;
    std::ranges::replace(file.name, '_', ' ');
    file.name = abbreviated(std::move(file.name));
    if (name->kind == 'V') file.version = name->version;
    file.key = key_of(file, recorded);
    return file;
  });
}

/// The last one.
const ForeignRecord* baseline_of(const ForeignJudging& judging) {
  const ForeignRecord* baseline = nullptr;
  for (const ForeignRecord& record : judging.records)
    if (record.state == ForeignState::unexecuted) baseline = &record;
  return baseline;
}

/// What is not above a baseline never runs: the baseline stands for it.
bool passes_over(const ForeignJudging& judging, std::size_t index, ForeignJudgement& judgement) {
  const ForeignRecord* const baseline = baseline_of(judging);
  const std::string& version = judging.files[index].version;
  if (baseline == nullptr || version.empty() || Version(version) > Version(baseline->version)) return false;
  judgement.record = baseline;
  judgement.reason = fmt::format("its version is not above the baseline {}", baseline->version);
  return true;
}

/// Flyway compares descriptions as it compares checksums.
void block_by_descriptions(ForeignJudging& judging) {
  for (std::size_t i = 0; i < judging.files.size() && judging.verdicts.blocked.empty(); ++i) {
    const ForeignRecord* const record = judging.verdicts.migrations[i].record;
    const ForeignFile& file = judging.files[i];
    if (record == nullptr || record->state != ForeignState::applied || record->name == file.name) continue;
    judging.verdicts.blocked = fmt::format(
        "the description of {} is \"{}\" in its row, and \"{}\" in the name of {}", printable(record->key),
        printable(record->name), printable(file.name), printable(judging.history.migrations[i].file));
  }
}

void judge(ForeignJudging& judging) {
  // A baseline needs no file.
  std::erase_if(judging.verdicts.unmatched,
                [](const ForeignRecord* record) { return record->state == ForeignState::unexecuted; });
  judge_by_rules(flyway, judging);
  block_by_descriptions(judging);
}

/// Flyway adds a row for each text that it ran; the last one counts.
ForeignStatement mark_repeatable(const ForeignTable& table, const ForeignFile& file) {
  return {fmt::format("WITH last AS (SELECT checksum FROM {0} WHERE version IS NULL AND description ="
                      " $1::pg_catalog.text AND success ORDER BY installed_rank DESC LIMIT 1)"
                      " INSERT INTO {0} (installed_rank, description, type, script, checksum, installed_by,"
                      " installed_on, execution_time, success)"
                      " SELECT (SELECT coalesce(pg_catalog.max(installed_rank), 0) + 1 FROM {0}),"
                      " $1::pg_catalog.text, 'SQL', $2::pg_catalog.text, $3::pg_catalog.int4, current_user,"
                      " pg_catalog.now(), 0, true"
                      " WHERE NOT EXISTS (SELECT FROM last WHERE checksum = $3::pg_catalog.int4)",
                      table.sql()),
          {file.name, file.stamp, file.forms.front().value}};
}

std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  const ForeignFile& file = marking.file();
  if (file.repeatable) return {mark_repeatable(marking.table, file)};
  return {
      insert_once(marking.table,
                  {text_value("version", file.key),
                   text_value("description", file.name),
                   sql_value("type", "'SQL'"),
                   text_value("script", file.stamp),
                   {"checksum", "{}::pg_catalog.int4", file.forms.front().value},
                   sql_value("installed_by", "current_user"),
                   sql_value("installed_on", "pg_catalog.now()"),
                   sql_value("execution_time", "0"),
                   sql_value("success", "true"),
                   sql_value("installed_rank",
                             fmt::format("(SELECT coalesce(pg_catalog.max(installed_rank), 0) + 1 FROM {})",
                                         marking.table.sql()))})};
}

/// A baseline stands for what is below it, too: it stays.
std::vector<ForeignStatement> unmark(const ForeignUnmarking& unmarking) {
  if (unmarking.record.state == ForeignState::unexecuted) return {};
  return {
      {fmt::format("DELETE FROM {0} WHERE installed_rank = (SELECT pg_catalog.max(installed_rank) FROM {0}"
                   " WHERE coalesce(version, description) = $1::pg_catalog.text AND success) RETURNING true",
                   unmarking.table.sql()),
       {unmarking.record.key}}};
}

/// As `flyway repair` does it; what is there is not run again.
std::vector<ForeignStatement> mend(const ForeignMending& mending) {
  const ForeignFile& file = mending.file();
  const std::string table = mending.table.sql();
  if (mending.present)
    return {
        {fmt::format("UPDATE {} SET success = true, checksum = $2::pg_catalog.int4 WHERE"
                     " coalesce(version, description) = $1::pg_catalog.text AND NOT success RETURNING true",
                     table),
         {file.key, file.forms.front().value}}};
  return {{fmt::format("DELETE FROM {} WHERE coalesce(version, description) = $1::pg_catalog.text AND NOT"
                       " success RETURNING true",
                       table),
           {file.key}}};
}

}  // namespace

const ForeignTool flyway{.name = "flyway",
                         .title = "Flyway",
                         .table = "flyway_schema_history",
                         .table_tells = true,
                         .columns = columns,
                         .exact = true,
                         .rules = {.late = LateFile::refused,
                                   .missing_blocks = true,
                                   .failed_blocks = true,
                                   .edited_blocks = true},
                         .fields = fields,
                         .files = files,
                         .judge = judge,
                         .passes_over = passes_over,
                         .mark = mark,
                         .unmark = unmark,
                         .mend = mend};

}  // namespace candor::history::ledgers
