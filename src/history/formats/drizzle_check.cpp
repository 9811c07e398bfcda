#include "history/formats/drizzle_check.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <map>

#include "history/formats/breakpoints.h"
#include "history/formats/drizzle_journal.h"
#include "history/formats/drizzle_snapshots.h"
#include "history/formats/reader.h"
#include "history/formats/transactions.h"

namespace candor::history {
namespace {

/// The journal as it is judged, and where what is wrong with its entries is told.
struct Judging {
  const std::filesystem::path& folder;
  const std::vector<JournalEntry>& entries;
  std::vector<Finding>& findings;

  void add(const JournalEntry& entry, Severity severity, const Code& code, std::string message,
           std::string detail, std::string hint) {
    findings.push_back({severity, Error{.code = code,
                                        .message = std::move(message),
                                        .detail = std::move(detail),
                                        .where = place_in_journal(folder, entry.tag),
                                        .hint = std::move(hint)}});
  }
};

std::string moment(std::int64_t milliseconds) {
  constexpr std::int64_t year_9999 = 253'402'300'799;
  const std::int64_t seconds = milliseconds / 1000;
  if (seconds < 0 || seconds > year_9999) return fmt::format("{}", milliseconds);
  return fmt::format("{} ({:%Y-%m-%d %H:%M:%S} UTC)", milliseconds,
                     fmt::gmtime(static_cast<std::time_t>(seconds)));
}

/// Drizzle remembers one number, the largest `when` that it has run, and runs what is above it. A fresh
/// database has no number yet, so everything runs there.
void check_times(Judging& judging) {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  const JournalEntry* latest = nullptr;
  for (const JournalEntry& entry : judging.entries) {
    if (latest != nullptr && entry.when <= latest->when)
      judging.add(
          entry, Severity::error, codes::would_be_skipped,
          fmt::format(
              "Drizzle will skip {} in every database that has {} already, and report success; a fresh "
              "database runs it",
              entry.tag, latest->tag),
          fmt::format("its \"when\" is {}, not later than {}", moment(entry.when), moment(latest->when)),
          fmt::format("set its \"when\" in {} to a number above {}, and below those that follow",
                      journal_name, latest->when));
    else if (entry.when > now)
      judging.add(
          entry, Severity::error, codes::would_be_skipped,
          fmt::format("{} is dated in the future: once it is applied, Drizzle skips every migration that is "
                      "generated before that moment, and reports success; a fresh database runs them",
                      entry.tag),
          fmt::format("its \"when\" is {}", moment(entry.when)),
          fmt::format("set its \"when\" in {} to the present: {}", journal_name, now));
    if (latest == nullptr || entry.when > latest->when) latest = &entry;
  }
}

void check_numbers(Judging& judging) {
  const auto& entries = judging.entries;
  std::map<std::string_view, std::string_view> by_prefix;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const JournalEntry& entry = entries[i];
    const std::int64_t expected = i == 0 ? 0 : entries[i - 1].idx + 1;
    if (entry.idx != expected)
      judging.add(
          entry, Severity::warning, codes::list_disorder,
          fmt::format("the journal's idx jumps {} to {}, at {}",
                      i == 0 ? std::string("at its beginning") : fmt::format("from {}", entries[i - 1].idx),
                      entry.idx, entry.tag),
          fmt::format("{} should follow; an entry was removed, or two branches were merged by hand",
                      expected),
          "find out whether a migration was lost");
    const std::string_view prefix = prefix_of(entry.tag);
    if (!all_digits(prefix)) continue;
    const auto [other, is_first] = by_prefix.emplace(prefix, entry.tag);
    if (!is_first)
      judging.add(entry, Severity::warning, codes::list_disorder,
                  fmt::format("{} and {} have the same number", other->second, entry.tag),
                  "they share one snapshot file, so the snapshot of one of them is lost",
                  "generate the later one again, if nobody applied it yet");
  }
}

}  // namespace

void check_drizzle_script(const Migration& migration, std::vector<Finding>& findings) {
  const auto text = FormatReader::text_of(migration);
  if (!text) return;
  check_breakpoints(text->view(), migration.file, findings);
  check_commits(
      text->view(), migration.file,
      "Drizzle runs all pending migrations in one transaction, which this ends: if a later one fails, "
      "these stay recorded, and what follows is half applied",
      findings);
}

void check_drizzle(const History& history, std::vector<Finding>& findings) {
  const auto entries = read_journal(history.folder);
  if (!entries) return;  // reading the history has told it
  Judging judging{history.folder, *entries, findings};
  check_numbers(judging);
  check_times(judging);
  check_snapshots(history.folder, *entries, findings);
  for (const Migration& migration : history.migrations) check_drizzle_script(migration, findings);
}

}  // namespace candor::history
