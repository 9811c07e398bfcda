/// Flyway: versions as displayed, checksums over the lines of the text. Later rows override earlier ones;
/// what is not above a baseline never runs.
#include <algorithm>
#include <array>

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

/// "1_2" is displayed as "1.2".
std::string displayed(std::string version) {
  std::ranges::replace(version, '_', '.');
  return version;
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

Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>&) {
  return files_with_text(history, [](const Migration& migration, std::string_view bytes) {
    const std::string base = basename_of(migration);
    const std::size_t separator = base.find("__");
    ForeignFile file{.stamp = migration.file, .repeatable = base.starts_with("R__")};
    file.forms = forms_of(migration, bytes, file.repeatable);
    if (separator == std::string::npos || base.empty()) return file;
    file.name = stem_of(base.substr(separator + 2));
    std::ranges::replace(file.name, '_', ' ');
    if (base.front() == 'V') file.version = displayed(base.substr(1, separator - 1));
    file.key = file.repeatable ? file.name : file.version;
    return file;
  });
}

void judge(ForeignJudging& judging) {
  judge_by_rules(flyway, judging);
  const ForeignRecord* baseline = nullptr;
  for (const ForeignRecord& record : judging.records)
    if (record.state == ForeignState::unexecuted) baseline = &record;
  if (baseline == nullptr) return;
  for (std::size_t i = 0; i < judging.files.size(); ++i) {
    ForeignJudgement& judgement = judging.verdicts.migrations[i];
    const std::string& version = judging.files[i].version;
    if (judgement.record != nullptr || version.empty() || Version(version) > Version(baseline->version))
      continue;
    judgement.verdict = ForeignJudgement::Verdict::never_runs;
    judgement.reason = fmt::format("its version is not above the baseline {}", baseline->version);
  }
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
                  {text_value("version", file.version),
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
                         .mark = mark,
                         .unmark = unmark,
                         .mend = mend};

}  // namespace candor::history::ledgers
