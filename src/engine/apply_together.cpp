/// All pending migrations in one transaction: to be kept, or only to be rehearsed.
#include <fmt/format.h>

#include "engine/apply_attempt.h"

namespace candor::engine {

namespace {

/// Where a run of many stopped.
struct Stop {
  Error error;
  int failed_statement = 0;
};

std::unexpected<Stop> stop(Error error, int failed_statement = 0) {
  return std::unexpected(Stop{std::move(error), failed_statement});
}

/// Runs one of many in the open transaction, without recording it.
std::expected<Outcome, Stop> run_one(ApplyRun& run, const Task& task) {
  const auto start = Clock::now();
  auto text = history::MigrationText::open(task.migration);
  if (!text) return stop(std::move(text.error()));
  auto mode = mode_of(task.migration, text->view());
  if (!mode) return stop(std::move(mode.error()));
  if (task.entry != nullptr && !run.prover.expect(*task.entry))
    return stop({.code = codes::lock_malformed,
                 .message = "the lock's effects do not fit together",
                 .hint = "run `candor lock`"});
  Attempt attempt(run, task, text->view(), *mode);
  auto proof = attempt.run({});
  if (!proof) return stop(std::move(proof.error()), attempt.failed_statement());
  Outcome outcome{attempt.describe(*proof), std::move(proof->witnessed)};
  attempt.accept();
  run.prover.accept(outcome.witnessed);
  outcome.applied.total_ms = milliseconds_since(start);
  return outcome;
}

Result<> record(ApplyRun& run, const Task& task, const Outcome& outcome) {
  pg::Pipeline recording(run.connection);
  add_record(recording, run, task, completed_row(run, task, outcome, outcome.applied.total_ms));
  reset_session(recording);
  std::size_t failed_at = 0;
  if (auto recorded = recording.run(&failed_at); !recorded)
    return std::unexpected(explain_record_failure(std::move(recorded.error()), task, failed_at));
  return {};
}

}  // namespace

Result<std::vector<Outcome>> apply_in_single_transaction(ApplyRun& run, const std::vector<Task>& tasks) {
  std::vector<Outcome> outcomes;
  const auto give_up = [&](const Task& task, Error error, int failed_statement) -> std::unexpected<Error> {
    roll_back(run.connection);
    record_failure(run, task, error, failed_statement);
    return std::unexpected(std::move(error));
  };
  if (auto begun = run.connection.query("BEGIN"); !begun) return pass(begun);
  for (const Task& task : tasks) {
    auto outcome = run_one(run, task);
    if (!outcome) return give_up(task, std::move(outcome.error().error), outcome.error().failed_statement);
    if (auto recorded = record(run, task, *outcome); !recorded)
      return give_up(task, std::move(recorded.error()), 0);
    outcomes.push_back(std::move(*outcome));
  }
  if (auto committed = run.connection.query("COMMIT"); !committed) {
    if (!committed.error().connection_lost) return give_up(tasks.back(), std::move(committed.error()), 0);
    if (auto resolved = resolve_doubt(run, tasks.back()); !resolved) return pass(resolved);
  }
  return outcomes;
}

Result<std::size_t> rehearse(ApplyRun& run, const std::vector<Task>& tasks,
                             const history::LedgerShape& ledger) {
  const auto give_up = [&](Error error) -> std::unexpected<Error> {
    roll_back(run.connection);
    return std::unexpected(std::move(error));
  };
  if (auto begun = run.connection.query("BEGIN"); !begun) return pass(begun);
  if (ledger.shape != history::Shape::current)
    if (auto made = run.ledger.create_or_upgrade_here(run.connection, ledger); !made)
      return give_up(failed("making the ledger", made).error());
  std::size_t rehearsed = 0;
  for (const Task& task : tasks) {
    auto text = history::MigrationText::open(task.migration);
    if (!text) return give_up(std::move(text.error()));
    const auto mode = mode_of(task.migration, text->view());
    if (!mode) return give_up(mode.error());
    const bool half_done = task.row && task.row->status == history::Status::running;
    if (!mode->transactional || half_done) break;  // what comes behind it builds on it
    auto outcome = run_one(run, task);
    if (!outcome) return give_up(std::move(outcome.error().error));
    if (auto recorded = record(run, task, *outcome); !recorded) return give_up(std::move(recorded.error()));
    run.observer.rehearsed(outcome->applied);
    ++rehearsed;
  }
  roll_back(run.connection);
  return rehearsed;
}

}  // namespace candor::engine
