/// Drizzle: the journal's `when` is the key of 0.x, the folder's name that of 1.0. 0.x reads one row, the one
/// with the newest stamp, and runs what is newer: everything older is passed over without a word.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>

#include "base/file.h"
#include "history/formats/drizzle_journal.h"
#include "history/formats/sums.h"
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns_0[] = {
    {"id", Type::number}, {"hash", Type::text}, {"created_at", Type::number}};
constexpr ForeignColumnRule columns_1[] = {{"id", Type::number},
                                           {"hash", Type::text},
                                           {"created_at", Type::number},
                                           {"name", Type::text},
                                           {"applied_at", Type::time}};

ForeignFields fields(const ForeignTable& table) {
  return {.key = column("created_at"),
          .version = column("created_at"),
          .name = column_or_null(table, "name"),
          .checksum = column("hash"),
          .applied_at = time_of(table, "applied_at"),
          .order = column("id")};
}

ForeignFields fields_by_name(const ForeignTable& table) {
  ForeignFields fields = ledgers::fields(table);
  fields.key = column("name");
  return fields;
}

std::string sha256_of(std::string_view text) {
  return digest_hex("sha256", text);
}

/// `when` by tag; empty if there is no journal that can be read: `check` says what is wrong with it.
std::map<std::string, std::string> stamps_in(const std::filesystem::path& folder) {
  std::map<std::string, std::string> stamps;
  const auto entries = read_journal(folder);
  if (!entries) return stamps;
  for (const JournalEntry& entry : *entries) stamps.emplace(entry.tag, std::to_string(entry.when));
  return stamps;
}

std::int64_t number(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// The folder's stamp (YYYYMMDDHHMMSS) as UTC milliseconds.
std::string milliseconds_of(std::string_view digits) {
  using namespace std::chrono;
  if (digits.size() < 14) return {};
  const auto part = [&](std::size_t at, std::size_t size) {
    return static_cast<int>(number(digits.substr(at, size)));
  };
  const sys_days day = year(part(0, 4)) / month(static_cast<unsigned>(part(4, 2))) /
                       std::chrono::day(static_cast<unsigned>(part(6, 2)));
  const auto time = day + hours(part(8, 2)) + minutes(part(10, 2)) + seconds(part(12, 2));
  return std::to_string(duration_cast<milliseconds>(time.time_since_epoch()).count());
}

/// The folders of 1.0 beside a table of 0.x, which 1.0 upgrades when it next runs.
bool is_upgraded(const History& history) {
  return history.format == "drizzle-folders";
}

Result<std::vector<ForeignFile>> files_0(const History& history, const std::vector<ForeignRecord>&) {
  const auto stamps = stamps_in(history.folder);
  return files_with_text(history, [&](const Migration& migration, std::string_view bytes) {
    if (is_upgraded(history))
      return ForeignFile{.key = milliseconds_of(leading_digits(folder_of(migration))),
                         .version = migration.version.text(),
                         .name = folder_of(migration),
                         .forms = forms_of(bytes, sha256_of)};
    const std::string tag = stem_of(basename_of(migration));
    const auto stamp = stamps.find(tag);
    return ForeignFile{.key = stamp == stamps.end() ? "" : stamp->second,
                       .version = migration.version.text(),
                       .name = tag,
                       .forms = forms_of(bytes, sha256_of)};
  });
}

bool has_hash(const ForeignFile& file, const ForeignRecord& record) {
  return std::ranges::find(file.forms, record.checksum, &ChecksumForm::value) != file.forms.end();
}

/// Each row is one file's: by hash and stamp, by hash, then by stamp: then the file was edited. By file.
std::vector<const ForeignRecord*> rows_of(const ForeignJudging& judging) {
  std::vector<const ForeignRecord*> rows(judging.files.size());
  const auto give = [&](const auto& fits) {
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (const ForeignRecord& record : judging.records)
        if (rows[i] == nullptr && fits(judging.files[i], record) &&
            std::ranges::find(rows, &record) == rows.end())
          rows[i] = &record;
  };
  const auto has_stamp = [](const ForeignFile& file, const ForeignRecord& record) {
    return !record.key.empty() && record.key == file.key;
  };
  give([&](const ForeignFile& file, const ForeignRecord& record) {
    return has_hash(file, record) && has_stamp(file, record);
  });
  give(has_hash);
  give(has_stamp);
  return rows;
}

/// What the row says of the file.
ForeignJudgement told_by(const ForeignRecord* record, const ForeignFile& file) {
  ForeignJudgement judgement{.record = record};
  if (record == nullptr) return judgement;
  const auto form = std::ranges::find(file.forms, record->checksum, &ChecksumForm::value);
  judgement.checksum =
      form == file.forms.end() ? ForeignJudgement::Checksum::differs : ForeignJudgement::Checksum::same;
  if (form != file.forms.end()) judgement.form = form->form;
  return judgement;
}

/// As 1.0 takes the rows of 0.x over (up-migrations/pg.ts): by the second of their stamp, else by hash. A row
/// that fits no folder stops it.
void judge_before_upgrade(ForeignJudging& judging) {
  const auto second = [](std::string_view stamp) { return number(stamp) / 1000; };
  for (ForeignJudgement& judgement : judging.verdicts.migrations) judgement = {};
  judging.verdicts.unmatched.clear();
  for (const ForeignRecord& record : judging.records) {
    const auto same_hash = [&](const ForeignFile& file) { return has_hash(file, record); };
    auto file = std::ranges::find_if(judging.files, [&](const ForeignFile& one) {
      return !one.key.empty() && second(one.key) == second(record.key);
    });
    if (file == judging.files.end()) file = std::ranges::find_if(judging.files, same_hash);
    if (file == judging.files.end()) {
      judging.verdicts.unmatched.push_back(&record);
      judging.verdicts.blocked = fmt::format("the row of {} fits no folder", printable(record.key));
      continue;
    }
    ForeignJudgement& judgement =
        judging.verdicts.migrations[static_cast<std::size_t>(file - judging.files.begin())];
    judgement.verdict = ForeignJudgement::Verdict::recorded;
    judgement.record = &record;
    judgement.checksum =
        same_hash(*file) ? ForeignJudgement::Checksum::same : ForeignJudgement::Checksum::differs;
    if (same_hash(*file))
      judgement.form = std::ranges::find(file->forms, record.checksum, &ChecksumForm::value)->form;
  }
}

void judge_0(ForeignJudging& judging) {
  using Verdict = ForeignJudgement::Verdict;
  if (is_upgraded(judging.history)) return judge_before_upgrade(judging);
  const ForeignRecord* newest = nullptr;
  const ForeignRecord* unstamped = nullptr;
  for (const ForeignRecord& record : judging.records) {
    if (record.key.empty()) unstamped = &record;
    if (!record.key.empty() && (newest == nullptr || number(record.key) > number(newest->key)))
      newest = &record;
  }
  const std::vector<const ForeignRecord*> used = rows_of(judging);
  for (std::size_t i = 0; i < judging.files.size(); ++i) {
    const ForeignFile& file = judging.files[i];
    ForeignJudgement& judgement = judging.verdicts.migrations[i] = told_by(used[i], file);
    if (unstamped != nullptr && !file.key.empty()) {
      judgement.verdict = judgement.record != nullptr ? Verdict::would_rerun : Verdict::would_run;
      judgement.reason = "a row has no created_at: Drizzle takes nothing for applied";
    } else if (judgement.record != nullptr) {
      judgement.verdict = Verdict::recorded;
      if (!file.key.empty() && number(file.key) > number(newest->key)) {
        judgement.verdict = Verdict::would_rerun;
        judgement.reason = fmt::format("its `when` ({}) is above every created_at, the newest being {}",
                                       file.key, newest->key);
      }
    } else if (file.key.empty()) {
      judgement.verdict = Verdict::never_runs;
      judgement.reason = "meta/_journal.json does not list it";
    } else if (newest != nullptr && number(file.key) <= number(newest->key)) {
      judgement.verdict = Verdict::never_runs;
      judgement.reason =
          fmt::format("its `when` ({}) is not above the newest created_at ({})", file.key, newest->key);
    }
  }
  judging.verdicts.unmatched.clear();
  for (const ForeignRecord& record : judging.records)
    if (std::ranges::find(used, &record) == used.end()) judging.verdicts.unmatched.push_back(&record);
}

std::vector<ForeignStatement> mark_0(const ForeignMarking& marking) {
  const ForeignFile& file = marking.file();
  if (file.key.empty()) return {};
  return {insert_once(marking.table,
                      {number_value("created_at", file.key), text_value("hash", file.forms.front().value)})};
}

Result<std::vector<ForeignFile>> files_1(const History& history, const std::vector<ForeignRecord>&) {
  return files_with_text(history, [](const Migration& migration, std::string_view bytes) {
    const std::string folder = folder_of(migration);
    return ForeignFile{.key = folder,
                       .version = leading_digits(folder),
                       .name = folder,
                       .stamp = milliseconds_of(leading_digits(folder)),
                       .forms = forms_of(bytes, sha256_of)};
  });
}

std::vector<ForeignStatement> mark_1(const ForeignMarking& marking) {
  const ForeignFile& file = marking.file();
  return {
      insert_once(marking.table, {text_value("name", file.key), text_value("hash", file.forms.front().value),
                                  number_value("created_at", file.stamp)})};
}

}  // namespace

const ForeignTool drizzle{.name = "drizzle",
                          .title = "Drizzle",
                          .table = "__drizzle_migrations",
                          .table_tells = true,
                          .columns = columns_0,
                          .exact = true,
                          .own_schema = "drizzle",
                          .rules = {.late = LateFile::never_runs},
                          .fields = fields,
                          .files = files_0,
                          .judge = judge_0,
                          .mark = mark_0};

const ForeignTool drizzle_1{.name = "drizzle-folders",
                            .title = "Drizzle 1",
                            .table = "__drizzle_migrations",
                            .columns = columns_1,
                            .exact = true,
                            .own_schema = "drizzle",
                            .fields = fields_by_name,
                            .files = files_1,
                            .mark = mark_1};

}  // namespace candor::history::ledgers
