#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <thread>

#include "base/interrupt.h"
#include "base/version.h"
#include "catalog/draft.h"
#include "engine/apply_run.h"
#include "engine/script_runner.h"
#include "engine/tuple_counts.h"

namespace candor::engine {

history::LedgerRow ledger_row(const ApplyRun& run, const Task& task, history::Status status) {
  history::LedgerRow row{.version = task.migration.version,
                         .name = task.migration.name,
                         .checksum = task.migration.checksum,
                         .status = status,
                         .tool_version = std::string(tool_version()),
                         .run_id = run.run_id};
  if (task.entry != nullptr) row.fingerprint = task.entry->fingerprint;
  return row;
}

void describe_failure(history::LedgerRow& row, const Error& error, int failed_statement) {
  row.error_code = error.sqlstate;
  row.error_message = error.message;
  row.failed_statement = failed_statement;
}

Error differs(const Task& task, const ProofResult& proof) {
  std::string lines;
  for (const std::string& line : proof.differences) lines += (lines.empty() ? "" : "\n") + line;
  return {.code = codes::effects_differ,
          .message =
              fmt::format("migration {} did not produce what it is known to produce: {} of {} objects differ",
                          task.migration.file, proof.differences.size(), proof.compared),
          .detail = std::move(lines),
          .hint =
              "find what made the difference (`candor verify`); if the effects depend on the day or on data, "
              "declare them with `-- candor:varies PATTERN`"};
}

namespace {

/// What the server told during one attempt.
struct Witness {
  TupleCounters before, after;
  std::string first_xid;      ///< only where the lock's major is another
  bool role_changed = false;  ///< by the file
};

/// One attempt at one migration, inside a transaction that others begin and end.
class Attempt {
 public:
  Attempt(ApplyRun& run, const Task& task, std::string_view text, const ScriptMode& mode)
      : run_(run), task_(task), mode_(mode), runner_(run.connection, task.migration, text) {}

  /// Runs the statements, reads back and compares. `begin`: sent first. Everything up to the names is one
  /// round trip.
  Result<ProofResult> run(std::string_view begin) {
    if (!begin.empty()) runner_.own(begin);
    add_prologue();
    if (auto sent = runner_.run_all(mode_.wrapped); !sent) return pass(sent);
    if (mode_.touches_prepared)
      if (auto forgotten = runner_.forget_prepared(); !forgotten) return pass(forgotten);
    add_epilogue();
    std::optional<catalog::Reader> reader;
    if (task_.entry != nullptr) {
      reader.emplace(run_.connection, run_.prover.scope_of(*task_.entry), run_.prover.read_options());
      reader->ask_pinned(runner_.pipeline());
    }
    if (auto done = runner_.finish(); !done) return pass(done);
    if (witness_.role_changed)
      if (auto asked = ask_as_ourselves(reader); !asked) return pass(asked);
    return prove(reader);
  }

  [[nodiscard]] int failed_statement() const { return runner_.failed_statement(); }
  [[nodiscard]] double proof_ms() const { return proof_ms_; }
  /// What is in the database now, once the transaction is committed.
  void accept() {
    if (touched_)
      run_.prover.accept(*task_.entry, *touched_);
    else
      run_.prover.accept(after_);
  }
  [[nodiscard]] std::vector<catalog::Effect> effects() const {
    return task_.entry != nullptr ? task_.entry->effects : run_.prover.effects_since(after_);
  }

 private:
  [[nodiscard]] bool other_major() const {
    return task_.entry != nullptr && run_.project.lock->server != run_.connection.major();
  }

  /// Own timeouts, the step lock, the ledger read again, the counters.
  void add_prologue() {
    const auto& directives = task_.migration.directives;
    runner_.own(prologue(),
                {directives.lock_timeout.value_or(run_.project.settings.lock_timeout),
                 directives.statement_timeout.value_or(run_.project.settings.statement_timeout),
                 std::to_string(run_.keys.step)},
                [this](const pg::Rows& rows) -> Result<> {
                  witness_.before = read_tuple_counters(rows);
                  return {};
                });
    runner_.own(run_.ledger.state_of(), {task_.migration.version.text()},
                [this](const pg::Rows& rows) -> Result<> {
                  if (rows.empty() || rows.at(0, 0) == "failed" || rows.at(0, 0) == "running") return {};
                  return fail(codes::ledger_race,
                              fmt::format("another runner has recorded {} as {} meanwhile",
                                          task_.migration.file, rows.at(0, 0)),
                              "run the command again");
                });
    if (other_major())
      runner_.own("SELECT pg_catalog.txid_current() % 4294967296", {},
                  [this](const pg::Rows& rows) -> Result<> {
                    witness_.first_xid = rows.at(0, 0);
                    return {};
                  });
  }

  /// Deferred constraints speak now rather than at COMMIT; assertions are asked in the file's own context.
  void add_epilogue() {
    runner_.ask("SET CONSTRAINTS ALL IMMEDIATE", codes::statement_failed, "deferred constraints");
    for (const std::string& expectation : task_.migration.directives.expect)
      runner_.ask("SELECT (" + expectation + ")", codes::expectation_false,
                  "the assertion `" + expectation + "`",
                  [this, &expectation](const pg::Rows& rows) -> Result<> {
                    if (rows.size() == 1 && rows.flag(0, 0)) return {};
                    const bool null = rows.empty() || rows.is_null(0, 0);
                    return fail(codes::expectation_false,
                                fmt::format("{}: the assertion `{}` is {}", task_.migration.file, expectation,
                                            null ? "null" : "false"),
                                "look at the data, then correct the migration or the assertion");
                  });
    runner_.own(epilogue(), catalog::pin_parameters(false), [this](const pg::Rows& rows) -> Result<> {
      witness_.after = read_tuple_counters(rows);
      witness_.role_changed =
          rows.at(0, 2) != run_.connection.user() || rows.at(0, 3) != run_.connection.user();
      return {};
    });
  }

  /// The file left another role behind, and what belongs to whom was asked in its name.
  Result<> ask_as_ourselves(std::optional<catalog::Reader>& reader) {
    reset_role(runner_.pipeline());
    if (reader) {
      reader.emplace(run_.connection, run_.prover.scope_of(*task_.entry), run_.prover.read_options());
      reader->ask(runner_.pipeline());
    }
    return runner_.finish();
  }

  Result<ProofResult> prove(std::optional<catalog::Reader>& reader) {
    const auto start = Clock::now();
    ProofResult result;
    if (reader) {
      auto touched = reader->finish(run_.connection);
      if (!touched) return failed("reading back", touched);
      if (counted_as_replayed() && run_.prover.holds(*task_.entry, touched->catalog, result)) {
        touched_ = std::move(touched->catalog);
        proof_ms_ = milliseconds_since(start);
        return result;
      }
    }
    catalog::ReadOptions options = run_.prover.read_options();
    if (other_major()) {
      auto last = newest_xid();
      if (!last) return pass(last);
      options.written_between.emplace(witness_.first_xid, *last);
    }
    auto whole = catalog::read_in_transaction(run_.connection, {}, options);
    if (!whole) return failed("reading back", whole);
    after_ = std::move(whole->catalog);
    result = run_.prover.prove(task_.entry, after_, whole->written);
    proof_ms_ = milliseconds_since(start);
    if (!result.differences.empty()) return std::unexpected(differs(task_, result));
    return result;
  }

  /// The catalogs were written exactly as often as when the effects were recorded, on this major.
  [[nodiscard]] bool counted_as_replayed() const {
    const auto expected = task_.entry->tuples.find(run_.connection.major());
    const auto found = written_between(witness_.before, witness_.after);
    return expected != task_.entry->tuples.end() && found && *found == expected->second;
  }

  /// An xid newer than all that the migration wrote with: a write in a savepoint takes a fresh one.
  Result<std::string> newest_xid() {
    if (auto saved = run_.connection.query("SAVEPOINT candor_newest"); !saved) return pass(saved);
    auto xid = run_.connection.query(run_.ledger.touch());
    if (!xid) return pass(xid);
    if (auto back = run_.connection.query("ROLLBACK TO SAVEPOINT candor_newest"); !back) return pass(back);
    return std::string(xid->at(0, 0));
  }

  /// One statement each around the file's: what they ask is a third of a small migration's cost.
  static const pg::Prepared& prologue() {
    static const pg::Prepared statement{
        "candor_prologue",
        "SELECT " + tuple_counts_columns() +
            ", pg_catalog.set_config('lock_timeout', $1, true), pg_catalog.set_config('statement_timeout', $2, true),"
            " pg_catalog.pg_advisory_xact_lock($3::pg_catalog.int8)"};
    return statement;
  }
  static const pg::Prepared& epilogue() {
    static const pg::Prepared statement{
        "candor_epilogue",
        "SELECT " + tuple_counts_columns() +
            ", session_user, current_user, (SELECT pg_catalog.count(pg_catalog.set_config(s.name,"
            " s.value, true)) FROM " +
            catalog::pinned_settings() + ")"};
    return statement;
  }

  ApplyRun& run_;
  const Task& task_;
  const ScriptMode& mode_;
  ScriptRunner runner_;
  Witness witness_;
  std::optional<catalog::Catalog> touched_;  ///< the counted proof's reading
  catalog::Catalog after_;                   ///< the whole proof's
  double proof_ms_ = 0;
};

Applied describe(const ApplyRun& run, const Task& task, const Attempt& attempt, const ProofResult& proof) {
  return {.version = task.migration.version,
          .name = task.migration.name,
          .file = task.migration.file,
          .effects = attempt.effects(),
          .proof = proof.proof,
          .compared = proof.compared,
          .varying = proof.varying,
          .unproven = proof.unproven,
          .present_before = task.entry != nullptr ? run.prover.present_before(*task.entry) : 0,
          .proof_ms = attempt.proof_ms()};
}

history::LedgerRow completed_row(const ApplyRun& run, const Task& task, const Outcome& outcome,
                                 double milliseconds) {
  history::LedgerRow row = ledger_row(run, task, history::Status::completed);
  row.execution_time_ms = static_cast<std::int64_t>(milliseconds);
  if (!outcome.witnessed.empty()) row.witnessed = witnessed_json(outcome.witnessed, run.connection.major());
  return row;
}

/// The ledger cannot be written although it could before the migration ran.
Error explain_record_failure(Error error, const Task& task) {
  constexpr std::string_view broken[] = {"42P01", "3F000", "42703", "42P10", "42804", "23514", "23502"};
  if (std::ranges::find(broken, error.sqlstate) == std::end(broken)) return error;
  error.code = codes::ledger_destroyed;
  error.message = fmt::format("{} removed or changed the ledger: {}", task.migration.file, error.message);
  error.hint = "take out of the migration what drops or alters the ledger's schema";
  return error;
}

/// An aborted transaction answers COMMIT with ROLLBACK.
Result<> require_committed(const pg::Rows& rows) {
  if (rows.command_tag() == "COMMIT") return {};
  return fail(codes::internal, fmt::format("the server answered COMMIT with {}", rows.command_tag()),
              "run the command again");
}

void roll_back(pg::Connection& connection) {
  if (!connection.lost()) (void)connection.query_ignoring_interrupt("ROLLBACK");
}

/// After an ending that failed on a living connection: what the ledger says once nothing is open any more. A
/// COMMIT may have been done before Ctrl-C, or before a failure behind it.
bool was_committed(ApplyRun& run, const Task& task) {
  roll_back(run.connection);
  auto state =
      run.connection.query_ignoring_interrupt(run.ledger.state_of().sql, {task.migration.version.text()});
  return state && !state->empty() && state->at(0, 0) == "completed" && state->at(0, 1) == run.run_id;
}

/// A row that says what failed; what is wrong with writing it is less than what it tells of.
void record_failure(ApplyRun& run, const Task& task, const Error& error, int failed_statement) {
  if (run.connection.lost() || error.code.id == codes::ledger_race.id ||
      error.code.id == codes::interrupted.id)
    return;
  history::LedgerRow row = ledger_row(run, task, history::Status::failed);
  row.fingerprint.clear();
  describe_failure(row, error, failed_statement);
  (void)reset_session(run.connection, false);
  if (auto recorded =
          run.connection.query(run.ledger.record(), history::Ledger::record_parameters(row, "failed"));
      !recorded)
    run.observer.warned({Severity::warning, failed("recording the failure in the ledger", recorded).error()});
}

void pause_before(int attempt) {
  static std::minstd_rand random{std::random_device{}()};
  const int base = std::min(100 << std::min(attempt, 6), 5000);
  const int pause = base + static_cast<int>(random() % static_cast<unsigned>(base / 2 + 1));
  for (int waited = 0; waited < pause && !interrupted(); waited += 20)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

bool worth_retrying(const Error& error) {
  return error.sqlstate == "55P03" || error.sqlstate == "40P01";
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
    Outcome outcome{describe(run, task, attempt, *proof), std::move(proof->witnessed)};
    pg::Pipeline ending(run.connection);
    ending.add(run.ledger.record(),
               history::Ledger::record_parameters(
                   completed_row(run, task, outcome, milliseconds_since(start)), "applied"));
    ending.add("COMMIT", {}, require_committed);
    reset_session(ending);
    if (auto ended = ending.run(); !ended) {
      if (ended.error().connection_lost) {
        if (auto resolved = resolve_doubt(run, task); !resolved) return pass(resolved);
      } else if (!was_committed(run, task)) {
        Error error = explain_record_failure(std::move(ended.error()), task);
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

Result<std::vector<Outcome>> apply_in_single_transaction(ApplyRun& run, const std::vector<Task>& tasks) {
  std::vector<Outcome> outcomes;
  const auto give_up = [&](const Task& task, Error error, int failed_statement) -> std::unexpected<Error> {
    roll_back(run.connection);
    record_failure(run, task, error, failed_statement);
    return std::unexpected(std::move(error));
  };
  if (auto begun = run.connection.query("BEGIN"); !begun) return pass(begun);
  for (const Task& task : tasks) {
    const auto start = Clock::now();
    auto text = history::MigrationText::open(task.migration.path, task.migration.file);
    if (!text) return give_up(task, std::move(text.error()), 0);
    auto mode = mode_of(task.migration, text->view());
    if (!mode) return give_up(task, std::move(mode.error()), 0);
    if (task.entry != nullptr && !run.prover.expect(*task.entry))
      return give_up(task,
                     {.code = codes::lock_malformed,
                      .message = "the lock's effects do not fit together",
                      .hint = "run `candor lock`"},
                     0);
    Attempt attempt(run, task, text->view(), *mode);
    auto proof = attempt.run({});
    if (!proof) return give_up(task, std::move(proof.error()), attempt.failed_statement());
    Outcome outcome{describe(run, task, attempt, *proof), std::move(proof->witnessed)};
    outcome.applied.total_ms = milliseconds_since(start);
    pg::Pipeline recording(run.connection);
    recording.add(run.ledger.record(),
                  history::Ledger::record_parameters(
                      completed_row(run, task, outcome, outcome.applied.total_ms), "applied"));
    reset_session(recording);
    if (auto recorded = recording.run(); !recorded)
      return give_up(task, explain_record_failure(std::move(recorded.error()), task), 0);
    attempt.accept();
    run.prover.accept(outcome.witnessed);
    outcomes.push_back(std::move(outcome));
  }
  if (auto committed = run.connection.query("COMMIT"); !committed) {
    if (!committed.error().connection_lost) return give_up(tasks.back(), std::move(committed.error()), 0);
    if (auto resolved = resolve_doubt(run, tasks.back()); !resolved) return pass(resolved);
  }
  return outcomes;
}

}  // namespace candor::engine
