/// What is wrong between the files, another tool's ledger, and the catalog: the catalog decides.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/counted.h"
#include "base/file.h"
#include "engine/diagnose_findings.h"
#include "engine/foreign.h"

namespace candor::engine {

namespace {

using history::ForeignJudgement;
using history::ForeignRecord;
using Verdict = ForeignJudgement::Verdict;

constexpr std::size_t most_listed = 12;

std::string joined(const std::vector<std::string>& names, std::string_view separator) {
  std::string list;
  for (std::size_t i = 0; i < names.size() && i < most_listed; ++i)
    list += fmt::format("{}{}", i > 0 ? separator : "", names[i]);
  if (names.size() > most_listed) list += fmt::format("{}and {} more", separator, names.size() - most_listed);
  return list;
}

/// A migration as the lock, the tool and the catalog know it.
struct Told {
  const MigrationStanding* standing;
  const ForeignJudgement* judgement;
  std::string name;
  bool is_locked;  ///< the lock has the file as it is

  [[nodiscard]] bool is_claimed() const { return judgement->is_claimed(); }
  [[nodiscard]] bool is_there() const { return engine::is_there(standing->presence); }
  [[nodiscard]] bool is_missing() const {
    return standing->presence == Presence::absent || standing->presence == Presence::partly ||
           standing->presence == Presence::contradicted;
  }
};

/// Why none belongs to the files, or that there are others beside the one that does.
std::optional<Finding> about_the_choice(const Project& project, const ForeignHistories& histories) {
  if (histories.named && histories.mine() == nullptr)
    return Finding{Severity::error,
                   {.code = codes::foreign_none,
                    .message = fmt::format("there is no {}, which [adopt] in candor.toml names",
                                           project.settings.adopt.table),
                    .hint = "look whether this is the right database, or correct the setting"}};
  if (histories.named || histories.all.size() < 2) return std::nullopt;
  std::vector<std::string> lines;
  for (const ForeignHistory& history : histories.all)
    lines.push_back(fmt::format(
        "{} ({}): {}", history.ledger.table.identity(), history::title_of(history.ledger),
        history.unreadable ? "it cannot be read"
                           : fmt::format("{}, {} fit these files", counted(history.records.size(), "row"),
                                         history.fitting)));
  return Finding{histories.mine() == nullptr ? Severity::error : Severity::warning,
                 {.code = codes::foreign_several,
                  .message = fmt::format("{} could be the ledger of this history",
                                         counted(histories.all.size(), "table")),
                  .detail = joined(lines, "\n"),
                  .hint = "name it in candor.toml: [adopt] table = \"SCHEMA.TABLE\""}};
}

class ForeignFindings {
 public:
  ForeignFindings(const Project& project, const ForeignHistories& histories, const Diagnosis& diagnosis)
      : project_(project), histories_(histories), diagnosis_(diagnosis) {}

  std::vector<Finding> run() && {
    for (const ForeignHistory& history : histories_.all)
      if (history.unreadable) list_.push_back({Severity::error, *history.unreadable});
    if (auto choice = about_the_choice(project_, histories_)) list_.push_back(std::move(*choice));
    if (histories_.mine() == nullptr && !histories_.doubtful.empty())
      add(Severity::notice, codes::foreign_none,
          fmt::format("{} {} the columns of a tool's ledger, and no row that fits these files",
                      joined(histories_.doubtful, ", "), histories_.doubtful.size() == 1 ? "has" : "have"),
          "if one of them is that, name it in candor.toml: [adopt] table = \"SCHEMA.TABLE\"");
    if (histories_.mine() == nullptr || histories_.mine()->unreadable) return std::move(list_);
    put_together();
    about_claims();
    about_edits();
    about_the_next_run();
    about_rows();
    return std::move(list_);
  }

 private:
  void put_together() {
    for (const MigrationStanding& standing : diagnosis_.migrations) {
      const history::Migration* const migration = project_.history.find(standing.entry->version);
      if (migration == nullptr) continue;  // compare_lock() has said so
      const auto index = static_cast<std::size_t>(migration - project_.history.migrations.data());
      told_.push_back({&standing, &mine().verdicts.migrations[index], label(*standing.entry),
                       standing.entry->checksum == migration->checksum});
    }
  }

  template <class Predicate>
  std::vector<std::string> names_of(const Predicate& holds) const {
    std::vector<std::string> names;
    for (const Told& told : told_)
      if (holds(told)) names.push_back(told.name);
    return names;
  }

  void about_claims() {
    if (const auto names = names_of([](const Told& t) { return t.is_claimed() && t.is_missing(); });
        !names.empty())
      add(Severity::error, codes::foreign_absent,
          fmt::format("{} records {} that the database lacks, or has in part: {}", table(),
                      counted(names.size(), "migration"), joined(names, ", ")),
          hint_unless_elsewhere(diagnosis_, "run `candor repair`, which shows what would put it in"));
    if (const auto names = names_of([](const Told& t) {
          const bool is_stuck = t.judgement->verdict == Verdict::blocked && t.judgement->record != nullptr;
          return !t.is_claimed() && t.is_there() && !is_stuck;
        });
        !names.empty())
      add(Severity::error, codes::foreign_not_recorded,
          fmt::format("{} {} in the database and not in {}: {}", counted(names.size(), "migration"),
                      names.size() == 1 ? "is" : "are", table(), joined(names, ", ")),
          "run `candor adopt`, which records what the catalog proves");
    about_what_only_rows_tell();
  }

  /// Where a row claims what is not there, the claims behind it are no better, and likewise for what no row
  /// tells of: for a migration that leaves no trace there is nothing else.
  void about_what_only_rows_tell() {
    if (std::ranges::none_of(told_, &Told::is_there)) return;  // then no row is believed
    std::vector<Told> in_order = told_;                        // a place in the database may put others first
    std::ranges::sort(in_order, {}, &Told::judgement);
    bool claims_too_much = false, claims_too_little = false;
    std::vector<std::string> names;
    for (const Told& told : in_order) {
      claims_too_much |= told.is_claimed() && told.is_missing();
      claims_too_little |= !told.is_claimed() && told.is_there();
      if (told.standing->presence != Presence::no_trace) continue;
      if (told.is_claimed() ? claims_too_much : claims_too_little)
        names.push_back(fmt::format("{} ({})", told.name, told.is_claimed() ? "recorded" : "not recorded"));
    }
    if (names.empty()) return;
    add(Severity::warning, codes::ambiguous_version,
        fmt::format(
            "{} {} no trace in the catalog, and {}, which is wrong about others, is all that tells whether"
            " {} ran: {}",
            counted(names.size(), "migration"), names.size() == 1 ? "leaves" : "leave", table(),
            names.size() == 1 ? "it" : "they", joined(names, ", ")),
        "look at the rows that it changes, and correct the table where it is wrong: `candor adopt` goes by it");
  }

  void about_edits() {
    for (const Told& told : told_) {
      if (told.judgement->checksum != ForeignJudgement::Checksum::differs || !told.is_claimed()) continue;
      const bool same = told.is_there() && told.is_locked;
      add(same ? Severity::warning : Severity::error, codes::foreign_edited,
          fmt::format("{} was edited after {} applied it{}", told.name, title(),
                      same ? "; what it does now is all in the database"
                      : !told.is_locked
                          ? "; the lock file has an earlier text, too, so that what it does now is not known"
                          : ""),
          hint_of_edit(same));
    }
  }

  [[nodiscard]] std::string hint_of_edit(bool same) const {
    if (!same) return "restore the text that was applied, and put the difference into a new migration";
    if (mine().verdicts.blocked.empty()) return "nothing has to be done; `candor adopt` goes by the catalog";
    return fmt::format("restore the text that was applied, or give {} the new checksum as its manual says",
                       title());
  }

  void about_the_next_run() {
    std::map<std::string, std::vector<std::string>> reruns;
    for (const Told& told : told_) {
      const ForeignJudgement& judgement = *told.judgement;
      if (judgement.verdict == Verdict::never_runs && !told.is_there())
        add(Severity::error, codes::foreign_never_runs,
            fmt::format("{} will never run {}: {}", title(), told.name, judgement.reason),
            history::name_of(mine().ledger) == "drizzle"
                ? "run `candor repair --history`, which lists and dates it, then either tool"
                : "run `candor adopt`, then `candor up`");
      if (judgement.verdict == Verdict::would_rerun) reruns[judgement.reason].push_back(told.name);
    }
    std::vector<std::string> names, reasons;
    for (const auto& [reason, own] : reruns) {
      names.insert(names.end(), own.begin(), own.end());
      reasons.push_back(reason);
    }
    if (!names.empty())
      add(Severity::error, codes::foreign_would_rerun,
          fmt::format("{} would run {} again: {}", title(), counted(names.size(), "migration"),
                      joined(names, ", ")),
          "run the tool no more, and `candor adopt`", joined(reasons, "\n"));
    about_what_blocks();
  }

  void about_what_blocks() {
    const bool stuck = !stuck_rows(mine().ledger, mine().verdicts, mine().records).empty();
    if (!mine().verdicts.blocked.empty())
      add(Severity::error, codes::foreign_blocked,
          fmt::format("{} refuses to run: {}", title(), mine().verdicts.blocked),
          stuck ? "run `candor repair --history`, which makes the row what the catalog proves"
                : "run `candor adopt` and go on with Candor, or correct the row as the tool's manual says");
    if (const auto& held = mine().held)
      add(Severity::error, codes::foreign_blocked,
          fmt::format("{} waits or refuses to run: its lock in {} is set{}", title(), held->table.identity(),
                      held->holder.empty() ? "" : fmt::format(" by {}", printable(held->holder))),
          "see that no run of it is under way, then run `candor repair --history`, which releases it");
  }

  void about_rows() {
    std::vector<std::string> unmatched;
    for (const ForeignRecord* const record : mine().verdicts.unmatched)
      if (!record->key.empty()) unmatched.push_back(printable(record->key));
    if (!unmatched.empty())
      add(Severity::warning, codes::foreign_unmatched,
          fmt::format("{} of {} fit no file of this folder, or several: {}", counted(unmatched.size(), "row"),
                      table(), joined(unmatched, ", ")),
          "bring the files back, or check out the revision that has them");
    for (const ForeignRecord& record : mine().records) {
      const bool keyless = record.key.empty();
      const bool unknown = record.state == history::ForeignState::unknown;
      const bool in_two_minds = record.state == history::ForeignState::applied && !record.error.empty();
      if (!keyless && !unknown && !in_two_minds) continue;
      add(in_two_minds && !keyless ? Severity::warning : Severity::error, codes::foreign_row_unknown,
          keyless   ? fmt::format("a row of {} has no key", table())
          : unknown ? fmt::format("the row of {} in {} has a status that nobody knows", printable(record.key),
                                  table())
                    : fmt::format("the row of {} in {} is successful and has an error", printable(record.key),
                                  table()),
          "look at the row, and correct it as the tool's manual says", printable(record.raw));
    }
  }

  [[nodiscard]] const ForeignHistory& mine() const { return *histories_.mine(); }
  [[nodiscard]] std::string table() const { return mine().ledger.table.identity(); }
  [[nodiscard]] std::string_view title() const { return history::title_of(mine().ledger); }

  void add(Severity severity, const Code& code, std::string message, std::string hint,
           std::string detail = {}) {
    list_.push_back({severity,
                     {.code = code,
                      .message = std::move(message),
                      .detail = std::move(detail),
                      .hint = std::move(hint)}});
  }

  const Project& project_;
  const ForeignHistories& histories_;
  const Diagnosis& diagnosis_;
  std::vector<Told> told_;
  std::vector<Finding> list_;
};

}  // namespace

Result<const ForeignHistory*> require_ledger(const Project& project, const ForeignHistories& histories) {
  if (const ForeignHistory* const mine = histories.mine()) {
    if (mine->unreadable) return std::unexpected(*mine->unreadable);
    return mine;
  }
  if (auto choice = about_the_choice(project, histories)) return std::unexpected(std::move(choice->what));
  return fail(
      codes::foreign_none, "no other tool's ledger is in this database",
      "look whether this is the right database; without a tool's ledger, run `candor baseline --auto`");
}

std::vector<Finding> findings_of(const Project& project, const ForeignHistories& histories,
                                 const Diagnosis& diagnosis) {
  return ForeignFindings(project, histories, diagnosis).run();
}

}  // namespace candor::engine
