#include "engine/foreign.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "base/pattern.h"

namespace candor::engine {

namespace {

using history::ForeignLedger;

Error damaged(const ForeignLedger& ledger) {
  Error error{
      .code = codes::foreign_unreadable,
      .message = fmt::format("{} is not as {} makes it", ledger.table.identity(), history::title_of(ledger)),
      .hint = "compare the table with one that the tool made in an empty database"};
  for (const std::string& fault : ledger.faults)
    error.detail += fmt::format("{}{}", error.detail.empty() ? "" : "\n", fault);
  return error;
}

Result<ForeignHistory> read_one(const Project& project, pg::Connection& connection, ForeignLedger ledger) {
  ForeignHistory history;
  history.ledger = std::move(ledger);
  settle(history.ledger, project.history.format);
  if (!history.ledger.faults.empty()) {
    history.unreadable = damaged(history.ledger);
    return history;
  }
  auto records = read_foreign_ledger(connection, history.ledger, project.settings.lock_timeout);
  if (!records) {
    if (records.error().code.id != codes::foreign_unreadable.id) return pass(records);
    history.unreadable = std::move(records.error());
    return history;
  }
  auto held = find_held_lock(connection, history.ledger, project.settings.lock_timeout);
  if (!held) {
    if (held.error().code.id != codes::foreign_unreadable.id) return pass(held);
    history.unreadable = std::move(held.error());
    return history;
  }
  history.held = std::move(*held);
  history.records = std::move(*records);
  auto verdicts = judge(history.ledger, project.history, history.records);
  if (!verdicts) return pass(verdicts);
  history.verdicts = std::move(*verdicts);
  history.fitting = static_cast<std::size_t>(std::ranges::count_if(
      history.verdicts.migrations, [](const auto& judgement) { return judgement.record != nullptr; }));
  return history;
}

/// A row fits a file by more than a small number: tables of revisions have rows 1, 2 and 3 as well.
bool tells_of_a_file(const ForeignHistory& history) {
  constexpr std::size_t a_date = 8;
  return std::ranges::any_of(history.verdicts.migrations, [](const history::ForeignJudgement& judgement) {
    if (judgement.record == nullptr) return false;
    const std::string& key = judgement.record->key;
    return judgement.checksum == history::ForeignJudgement::Checksum::same || key.size() >= a_date ||
           key.find_first_not_of("0123456789") != std::string::npos;
  });
}

/// Whatever it is called: a table that migrations make, and whose rows tell of none of them, is theirs.
bool is_of_the_history(const Project& project, const ForeignHistory& history) {
  return !history.records.empty() && history.fitting == 0 && makes(project, history.ledger.table.identity());
}

void choose(const Project& project, ForeignHistories& histories) {
  const std::string& named = project.settings.adopt.table;
  histories.named = !named.empty();
  std::vector<std::size_t> fitting;
  for (std::size_t i = 0; i < histories.all.size(); ++i) {
    if (histories.named && histories.all[i].ledger.table.identity() == named) histories.chosen = i;
    if (histories.all[i].fitting > 0) fitting.push_back(i);
  }
  if (histories.named) return;
  if (histories.all.size() == 1) histories.chosen = 0;
  if (fitting.size() == 1) histories.chosen = fitting.front();
}

bool is_ignored(const Project& project, const std::string& table) {
  return std::ranges::any_of(project.settings.ignore,
                             [&](const std::string& pattern) { return matches(pattern, table); });
}

}  // namespace

Result<ForeignHistories> read_foreign_histories(const Project& project, pg::Connection& connection) {
  auto ledgers = history::find_foreign_ledgers(connection, project.settings.ledger_schema);
  if (!ledgers) return pass(ledgers);
  ForeignHistories histories;
  for (ForeignLedger& ledger : *ledgers) {
    const bool named = ledger.table.identity() == project.settings.adopt.table;
    auto history = read_one(project, connection, std::move(ledger));
    if (!history) return pass(history);
    if (!named && is_of_the_history(project, *history)) continue;
    if (!named && history->ledger.doubtful && !tells_of_a_file(*history)) {
      if (history::name_of(history->ledger) != "hand-rolled" &&
          !makes(project, history->ledger.table.identity()))
        histories.doubtful.push_back(
            fmt::format("{} ({})", history->ledger.table.identity(), history::title_of(history->ledger)));
      continue;
    }
    histories.all.push_back(std::move(*history));
  }
  choose(project, histories);
  return histories;
}

Result<bool> has_own_ledger(const Project& project, pg::Connection& connection) {
  const history::Ledger ledger(project.settings.ledger_schema);
  auto shape = ledger.inspect(connection);
  if (!shape) {
    if (shape.error().code.id == codes::insufficient_rights.id) return true;
    return pass(shape);
  }
  if (shape->shape == history::Shape::absent) return false;
  if (shape->shape != history::Shape::current && shape->shape != history::Shape::older) return true;
  auto rows = ledger.rows(connection, *shape);
  return !rows || std::ranges::any_of(*rows, &history::LedgerRow::claims_applied);
}

void leave_alone(Project& project, const ForeignHistory& history) {
  leave_out(project, belongings_of(history.ledger));
}

Result<std::vector<std::string>> leave_tools_alone(Project& project, pg::Connection& connection) {
  const auto histories = read_foreign_histories(project, connection);
  if (!histories) return std::unexpected(histories.error());
  std::vector<std::string> left;
  for (const ForeignHistory& history : histories->all) {
    const std::string table = history.ledger.table.identity();
    if (makes(project, table) || is_ignored(project, table)) continue;
    leave_alone(project, history);
    left.push_back(fmt::format("{} ({})", table, history::title_of(history.ledger)));
  }
  return left;
}

Claims claims_of(const Project& project, const ForeignHistory& history) {
  Claims claims{.claimant = history.ledger.table.identity(), .versions = {}};
  for (std::size_t i = 0; i < history.verdicts.migrations.size(); ++i)
    if (history.verdicts.migrations[i].is_claimed())
      claims.versions.push_back(project.history.migrations[i].version);
  std::ranges::sort(claims.versions, std::less{});
  return claims;
}

}  // namespace candor::engine
