/// What became of a COMMIT whose answer never came.
#include <fmt/format.h>

#include <thread>

#include "engine/apply_run.h"

namespace candor::engine {

namespace {

/// A server that restarts after a crash takes its time; nobody is helped by giving up early.
constexpr std::chrono::seconds reconnect_patience{60};

Error unknown_outcome(const Task& task, const Error& why) {
  return {
      .code = codes::commit_unknown,
      .message =
          fmt::format("the connection broke while {} was being committed, and the ledger cannot be read: {}",
                      task.migration.file, why.message),
      .detail = why.detail,
      .hint =
          "run `candor status` as soon as the server is reachable: the ledger and the catalog tell what happened",
      .commit_in_doubt = true};
}

Result<pg::Connection> connect_again(const pg::ConnectOptions& options) {
  const auto start = Clock::now();
  pg::ConnectOptions patient = options;
  patient.ignore_interrupt = true;
  for (;;) {
    auto connection = pg::Connection::open(patient);
    if (connection || Clock::now() - start > reconnect_patience) return connection;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

}  // namespace

Result<> resolve_doubt(ApplyRun& run, const Task& task) {
  auto connection = connect_again(run.connection.options());
  if (!connection) return std::unexpected(unknown_outcome(task, connection.error()));
  run.connection = std::move(*connection);
  // The old session's transaction is decided once its locks are gone: the step lock is released with it.
  auto waited = run.connection.query_ignoring_interrupt(
      "SELECT pg_catalog.pg_advisory_xact_lock($1::pg_catalog.int8)", {std::to_string(run.keys.step)});
  if (!waited) return std::unexpected(unknown_outcome(task, waited.error()));
  auto state = run.connection.query(run.ledger.state_of(), {task.migration.version.text()});
  if (!state) return std::unexpected(unknown_outcome(task, state.error()));
  if (!state->empty() && state->at(0, 0) == "completed" && state->at(0, 1) == run.run_id) {
    run.observer.warned(
        {Severity::warning,
         {.code = codes::connection_lost,
          .message = fmt::format("the connection broke during the COMMIT of {}; the ledger says that it "
                                 "was committed",
                                 task.migration.file),
          .hint = "find out why the server dropped the connection"}});
    return {};
  }
  return std::unexpected(Error{
      .code = codes::commit_lost,
      .message = fmt::format("the connection broke before {} was committed; nothing of it is in the database",
                             task.migration.file),
      .hint = "run `candor up` again"});
}

}  // namespace candor::engine
