#include <fmt/format.h>

#include "base/interrupt.h"
#include "engine/apply_attempt.h"
#include "engine/retry.h"

namespace candor::engine {

namespace {

/// An aborted transaction answers COMMIT with ROLLBACK.
Result<> require_committed(const pg::Rows& rows) {
  if (rows.command_tag() == "COMMIT") return {};
  return fail(codes::internal, fmt::format("the server answered COMMIT with {}", rows.command_tag()),
              "run the command again");
}

/// After an ending that failed on a living connection: what the ledger says once nothing is open any more. A
/// COMMIT may have been done before Ctrl-C, or before a failure behind it.
bool was_committed(ApplyRun& run, const Task& task) {
  roll_back(run.connection);
  auto state =
      run.connection.query_ignoring_interrupt(run.ledger.state_of().sql, {task.migration.version.text()});
  return state && !state->empty() && state->at(0, 0) == "completed" && state->at(0, 1) == run.run_id;
}

}  // namespace

Result<Outcome> apply_in_transaction(ApplyRun& run, const Task& task, std::string_view text,
                                     const ScriptMode& mode) {
  const auto start = Clock::now();
  for (int number = 1;; ++number) {
    Attempt attempt(run, task, text, mode);
    auto proof = attempt.run("BEGIN");
    if (!proof) {
      roll_back(run.connection);
      Error& error = proof.error();
      if (worth_retrying(error) && number <= run.project.settings.lock_retries && !interrupted()) {
        run.observer.retrying(task.migration, number, error);
        pause_before(number);
        continue;
      }
      record_failure(run, task, error, attempt.failed_statement());
      return pass(proof);
    }
    Outcome outcome{attempt.describe(*proof), std::move(proof->witnessed)};
    pg::Pipeline ending(run.connection);
    add_record(ending, run, task, completed_row(run, task, outcome, milliseconds_since(start)));
    ending.add("COMMIT", {}, require_committed);
    reset_session(ending);
    std::size_t failed_at = 0;
    if (auto ended = ending.run(&failed_at); !ended) {
      if (ended.error().connection_lost) {
        if (auto resolved = resolve_doubt(run, task); !resolved) return pass(resolved);
      } else if (!was_committed(run, task)) {
        Error error = explain_record_failure(std::move(ended.error()), task, failed_at);
        record_failure(run, task, error, 0);
        return std::unexpected(std::move(error));
      }  // else: Ctrl-C came, or a reset failed, after the COMMIT
    }
    attempt.accept();
    run.prover.accept(outcome.witnessed);
    outcome.applied.attempts = number;
    outcome.applied.total_ms = milliseconds_since(start);
    return outcome;
  }
}

}  // namespace candor::engine
