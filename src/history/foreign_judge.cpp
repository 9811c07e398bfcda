/// What would the tool do next? Rows and files put together, then the tool's own rule.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/ascii.h"
#include "base/file.h"
#include "history/foreign_tool.h"
#include "history/ledgers/common.h"

namespace candor::history {

namespace {

using Verdict = ForeignJudgement::Verdict;

constexpr std::string_view verdict_names[] = {"recorded",    "would run", "never runs",
                                              "would rerun", "blocked",   "unknown"};

bool same_key(const ForeignRules& rules, std::string_view a, std::string_view b) {
  if (a == b) return true;
  return rules.numeric && all_digits(a) && all_digits(b) && as_number(a) == as_number(b);
}

/// "/db/0001-x.up.sql" and "0001_x.js" are "0001_x".
std::string bare(std::string_view key) {
  constexpr std::string_view endings[] = {".sql", ".js", ".ts", ".cjs", ".mjs", ".cts",
                                          ".mts", ".rb", ".py", ".php", ".up",  ".do"};
  if (const std::size_t slash = key.rfind('/'); slash != std::string_view::npos) key.remove_prefix(slash + 1);
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view ending : endings)
      if (key.size() > ending.size() && key.ends_with(ending)) {
        key.remove_suffix(ending.size());
        again = true;
      }
  }
  std::string name(key);
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

/// By a name that means the same.
bool means_the_same(const ForeignRecord& record, const ForeignFile& file, const Migration& migration) {
  const std::string key = bare(record.key);
  if (key.empty()) return false;
  const std::string names[] = {bare(file.key), bare(migration.file), bare(folder_of(migration)),
                               bare(file.name), behind_digits(bare(migration.file))};
  return std::ranges::find(names, key) != std::end(names);
}

/// By the number in front.
bool has_the_number(const ForeignRecord& record, const Migration& migration) {
  const std::string a = leading_digits(bare(record.key)), b = leading_digits(basename_of(migration));
  return !a.empty() && !b.empty() && as_number(a) == as_number(b);
}

struct Fit {
  std::vector<std::size_t> files;
  bool exact = false;
};

Fit find_files(const ForeignTool& tool, const ForeignJudging& judging, const ForeignRecord& record) {
  Fit fit;
  const auto collect = [&](const auto& fits) {
    for (std::size_t i = 0; i < judging.files.size(); ++i)
      if (fits(judging.files[i], judging.history.migrations[i])) fit.files.push_back(i);
    return !fit.files.empty();
  };
  if (record.key.empty()) return fit;
  fit.exact = collect([&](const ForeignFile& file, const Migration&) {
    return !file.key.empty() && same_key(tool.rules, record.key, file.key);
  });
  if (fit.exact) return fit;
  if (collect([&](const ForeignFile& file, const Migration& migration) {
        return means_the_same(record, file, migration);
      }))
    return fit;
  if (tool.rules.loose && collect([&](const ForeignFile&, const Migration& migration) {
        return has_the_number(record, migration);
      }) &&
      fit.files.size() > 1)
    fit.files.clear();
  return fit;
}

void compare_checksum(const ForeignFile& file, const ForeignRecord& record, ForeignJudgement& judgement) {
  if (record.checksum.empty() || file.forms.empty()) return;
  const std::string_view stored = record.checksum;
  for (const ChecksumForm& form : file.forms)
    if (form.value == stored) {
      judgement.checksum = ForeignJudgement::Checksum::same;
      judgement.form = form.form;
      return;
    }
  // A sum of another length is another algorithm's, or was cut off: nothing can be said.
  const bool is_decimal = stored.find_first_not_of("-0123456789") == std::string_view::npos;
  if (is_decimal || stored.size() == file.forms.front().value.size())
    judgement.checksum = ForeignJudgement::Checksum::differs;
}

void block(ForeignVerdicts& verdicts, std::string reason) {
  if (verdicts.blocked.empty()) verdicts.blocked = std::move(reason);
}

/// What a row says that is there.
void judge_recorded(const ForeignTool& tool, const ForeignFile& file, ForeignJudgement& judgement,
                    ForeignVerdicts& verdicts) {
  const ForeignRecord& record = *judgement.record;
  if (record.claims_applied() && file.repeatable &&
      judgement.checksum == ForeignJudgement::Checksum::differs) {
    judgement.verdict = Verdict::would_run;
    judgement.reason = fmt::format("it has changed since {} applied it", tool.title);
  } else if (record.claims_applied()) {
    if (judgement.verdict != Verdict::would_rerun) judgement.verdict = Verdict::recorded;
    if (judgement.checksum == ForeignJudgement::Checksum::differs && tool.rules.edited_blocks)
      block(verdicts, fmt::format("the file of {} was edited, and {} compares checksums",
                                  printable(record.key), tool.title));
    if (judgement.checksum == ForeignJudgement::Checksum::same && tool.rules.bytes_count &&
        judgement.form != file.forms.front().form)
      block(verdicts, fmt::format("the file of {} was recorded {}, and {} compares bytes",
                                  printable(record.key), judgement.form, tool.title));
  } else if (record.state == ForeignState::unknown) {
    judgement.verdict = Verdict::unknown;
    judgement.reason = "its row does not say whether it was applied";
  } else if (is_stuck(record) && tool.rules.failed_blocks) {
    judgement.verdict = Verdict::blocked;
    judgement.reason = fmt::format("its row is {}", to_string(record.state));
    block(verdicts, fmt::format("the row of {} is {}", printable(record.key), to_string(record.state)));
  } else {
    judgement.verdict = Verdict::would_run;
    judgement.reason = fmt::format("its row is {}", to_string(record.state));
  }
}

/// What becomes of a file that no row tells of. `newest`: the last recorded one, if there is one.
void judge_unrecorded(const ForeignTool& tool, const ForeignJudging& judging, std::size_t index,
                      std::optional<std::size_t> newest) {
  ForeignJudgement& judgement = judging.verdicts.migrations[index];
  const ForeignFile& file = judging.files[index];
  if (file.key.empty() && !tool.rules.loose) {
    judgement.verdict = Verdict::never_runs;
    judgement.reason = fmt::format("{} does not take the file for a migration", tool.title);
    return;
  }
  for (std::size_t i = 0; i < judging.files.size(); ++i)
    if (i != index && !file.key.empty() && same_key(tool.rules, judging.files[i].key, file.key) &&
        judging.verdicts.migrations[i].record != nullptr) {
      judgement.verdict = Verdict::never_runs;
      judgement.reason = fmt::format("{} has the same version and is recorded",
                                     printable(judging.history.migrations[i].file));
      return;
    }
  if (tool.passes_over != nullptr && tool.passes_over(judging, index, judgement)) {
    judgement.verdict = Verdict::never_runs;
    return;
  }
  if (!newest || index > *newest) return;
  const std::string last = printable(judging.history.migrations[*newest].file);
  judgement.reason = fmt::format("it comes before {}, which is recorded", last);
  if (tool.rules.late == LateFile::never_runs) judgement.verdict = Verdict::never_runs;
  if (tool.rules.late != LateFile::refused) return;
  judgement.verdict = Verdict::blocked;
  block(judging.verdicts, fmt::format("{} is not recorded and comes before {}, which is",
                                      printable(judging.history.migrations[index].file), last));
}

}  // namespace

std::string_view to_string(ForeignJudgement::Verdict verdict) {
  return verdict_names[static_cast<std::size_t>(verdict)];
}

void match_records(const ForeignTool& tool, ForeignJudging& judging) {
  for (const ForeignRecord& record : judging.records) {
    Fit fit = find_files(tool, judging, record);
    // Of files with one key the tool sees the first.
    if (fit.files.empty() || (fit.files.size() > 1 && !fit.exact)) {
      judging.verdicts.unmatched.push_back(&record);
      continue;
    }
    ForeignJudgement& judgement = judging.verdicts.migrations[fit.files.front()];
    judgement = {.record = &record};
    if (!fit.exact && !tool.rules.loose) {
      judgement.verdict = Verdict::would_rerun;
      judgement.reason = fmt::format("it is recorded as {}, and {} looks for {}", printable(record.key),
                                     tool.title, printable(judging.files[fit.files.front()].key));
    }
    compare_checksum(judging.files[fit.files.front()], record, judgement);
  }
}

void judge_by_rules(const ForeignTool& tool, ForeignJudging& judging) {
  std::optional<std::size_t> newest;
  for (std::size_t i = 0; i < judging.files.size(); ++i)
    if (const auto* const record = judging.verdicts.migrations[i].record;
        record != nullptr && record->claims_applied() && !judging.files[i].repeatable)
      newest = i;
  for (std::size_t i = 0; i < judging.files.size(); ++i)
    if (judging.verdicts.migrations[i].record != nullptr)
      judge_recorded(tool, judging.files[i], judging.verdicts.migrations[i], judging.verdicts);
    else
      judge_unrecorded(tool, judging, i, newest);
  for (const ForeignRecord* const record : judging.verdicts.unmatched) {
    if (record->claims_applied() && tool.rules.missing_blocks)
      block(judging.verdicts, record->key.empty() ? std::string("a row tells of no migration")
                                                  : fmt::format("the file of {}, which is recorded, is gone",
                                                                printable(record->key)));
    if (!record->claims_applied() && record->state != ForeignState::rolled_back && tool.rules.failed_blocks)
      block(judging.verdicts,
            fmt::format("the row of {} is {}", printable(record->key), to_string(record->state)));
  }
}

void judge_by_mark(ForeignJudging& judging, const Version& mark, const ForeignRecord& record) {
  bool found = false;
  for (std::size_t i = 0; i < judging.files.size(); ++i) {
    const Version& version = judging.history.migrations[i].version;
    ForeignJudgement& judgement = judging.verdicts.migrations[i];
    judgement = {};
    if (version > mark) continue;
    found |= version == mark;
    judgement.record = &record;
    judgement.verdict = Verdict::recorded;
    if (version == mark && !record.claims_applied()) {
      judgement.verdict = Verdict::blocked;
      judgement.reason = fmt::format("its row is {}", to_string(record.state));
    } else if (!(version == mark)) {
      judgement.reason = fmt::format("inferred: it is not above {}", mark.text());
    }
  }
  if (found) judging.verdicts.unmatched.clear();
}

Result<ForeignVerdicts> judge(const ForeignLedger& ledger, const History& history,
                              const std::vector<ForeignRecord>& records) {
  const ForeignTool& tool = *ledger.tool;
  auto files = tool.files(history, records);
  if (!files) return pass(files);
  ForeignVerdicts verdicts;
  verdicts.migrations.resize(history.migrations.size());
  ForeignJudging judging{history, *files, records, verdicts};
  match_records(tool, judging);
  if (tool.judge != nullptr)
    tool.judge(judging);
  else
    judge_by_rules(tool, judging);
  return verdicts;
}

Result<const Migration*> passed_over_with(const ForeignLedger& ledger, const History& history,
                                          const std::vector<const Migration*>& marked,
                                          const std::vector<ForeignRecord>& records) {
  auto files = ledger.tool->files(history, records);
  if (!files) return pass(files);
  std::vector<ForeignRecord> later = records;
  for (const Migration* const migration : marked) {
    const ForeignFile& file = (*files)[static_cast<std::size_t>(migration - history.migrations.data())];
    ForeignRecord row{.key = file.key,
                      .version = file.version,
                      .name = file.name,
                      .checksum = file.forms.empty() ? std::string() : file.forms.front().value,
                      .state = ForeignState::applied};
    if (!ledger.tool->rules.high_water)
      later.push_back(std::move(row));
    else if (later.empty() || Version(later.front().key) < Version(row.key))
      later.assign(1, std::move(row));
  }
  const auto before = judge(ledger, history, records), after = judge(ledger, history, later);
  if (!before) return std::unexpected(before.error());
  if (!after) return std::unexpected(after.error());
  for (std::size_t i = 0; i < history.migrations.size(); ++i) {
    const Migration* const migration = &history.migrations[i];
    if (before->migrations[i].verdict != Verdict::would_run ||
        std::ranges::find(marked, migration) != marked.end())
      continue;
    if (after->migrations[i].verdict == Verdict::never_runs || after->migrations[i].is_claimed())
      return migration;
  }
  return nullptr;
}

std::string_view title_of(const ForeignLedger& ledger) {
  return ledger.tool->title;
}

std::string_view name_of(const ForeignLedger& ledger) {
  return ledger.tool->name;
}

}  // namespace candor::history
