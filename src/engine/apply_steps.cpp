/// Migrations that cannot run in one transaction: statement by statement, counted, and resumed after a crash.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/sha256.h"
#include "catalog/draft.h"
#include "engine/apply_attempt.h"
#include "engine/script_runner.h"
#include "pg/identifier.h"
#include "sql/anatomy.h"

namespace candor::engine {

namespace {

/// What runs together: one statement, or a BEGIN … COMMIT block of the file.
struct Unit {
  std::vector<sql::Statement> statements;
  bool block = false;
  bool rolled_back = false;  ///< the block ends with ROLLBACK: nothing counted inside it would stay
  bool outside = false;      ///< its one statement is refused inside a transaction
};

class Steps {
 public:
  Steps(ApplyRun& run, const Task& task, std::string_view text)
      : run_(run), task_(task), text_(text), runner_(run.connection, task.migration, text) {
    if (task.row && task.row->status == history::Status::running) done_ = task.row->statement_hashes;
  }

  [[nodiscard]] bool resumes() const {
    return !done_.empty() || (task_.row && task_.row->status == history::Status::running);
  }
  [[nodiscard]] int failed_statement() const { return number_; }

  /// All statements that are not done. Errors: C0508 the done ones are not the file's · as ScriptRunner::run.
  Result<> run() {
    auto walked = sql::for_each_statement(text_, task_.migration.file,
                                          [&](const sql::Statement& statement) { return take(statement); });
    if (!walked) return walked;
    if (seen_ < done_.size())
      return refuse(fmt::format("it has {} statements, of which {} were done", seen_, done_.size()));
    return unit_.statements.empty() ? Result<>{} : finish_unit();
  }

 private:
  Result<> take(const sql::Statement& statement) {
    ++seen_;
    if (seen_ <= done_.size()) return take_done(statement);
    number_ = static_cast<int>(seen_);
    if (auto restored = restore_session(); !restored) return restored;
    const sql::Analysis analysis = analyse_if_needed(statement.text);
    unit_.statements.push_back(statement);
    if (analysis.control == sql::Control::begin) unit_.block = true;
    const bool block_ends =
        analysis.control == sql::Control::commit || analysis.control == sql::Control::rollback;
    if (unit_.block && !block_ends) return {};
    unit_.rolled_back = unit_.block && analysis.control == sql::Control::rollback;
    unit_.outside = !unit_.block && analysis.outside_transaction;
    if (unit_.outside)
      if (auto ready = clear_the_way(statement, analysis); !ready || *ready)
        return ready ? count_only() : pass(ready);
    return finish_unit();
  }

  /// The session that did it is gone, with what it had set: that is run again before what is left.
  Result<> take_done(const sql::Statement& statement) {
    if (hex(sha256(statement.text)) != done_[seen_ - 1])
      return refuse(
          fmt::format("statement {} (line {}) is not the one that was done", seen_, statement.line));
    const sql::Analysis analysis = analyse_if_needed(statement.text);
    if (analysis.control == sql::Control::begin) kept_ = session_.size();
    if (analysis.control == sql::Control::rollback) session_.resize(std::min(kept_, session_.size()));
    const sql::Anatomy anatomy = sql::anatomy_of(statement.text);
    if (anatomy.temporary)
      return std::unexpected(Error{
          .code = codes::resume_refused,
          .message = fmt::format("{} is half-done and cannot be gone on with: what statement {} (line {}) "
                                 "made was temporary, and went with its session",
                                 task_.migration.file, seen_, statement.line),
          .detail = fmt::format("{} statements are done and stay done; the rest is not", done_.size()),
          .hint = "run the rest by hand, with that statement before it; then delete the migration's row "
                  "from the ledger and run `candor baseline --at` its version"});
    const bool sets_by_function =
        anatomy.nature == sql::Anatomy::Nature::select &&
        std::ranges::find(anatomy.functions, "set_config") != anatomy.functions.end();
    if (anatomy.nature == sql::Anatomy::Nature::set || sets_by_function || analysis.changes_session)
      session_.push_back(statement);
    return {};
  }

  Result<> restore_session() {
    if (session_.empty()) return {};
    for (const sql::Statement& statement : std::exchange(session_, {}))
      if (auto ran = runner_.run(statement); !ran) return ran;
    return runner_.finish();
  }

  std::unexpected<Error> refuse(std::string why) const {
    return std::unexpected(Error{
        .code = codes::resume_refused,
        .message = fmt::format("{} is half-done and was edited since: {}", task_.migration.file, why),
        .detail = fmt::format("{} statements are done and stay done; the rest is not", done_.size()),
        .hint = "restore the statements that were done, in their order; those after them may be changed"});
  }

  /// A concurrent index build that broke off leaves an INVALID index, or was finished without being counted.
  /// True: it is done already. Only on the statement that an earlier attempt may have begun.
  Result<bool> clear_the_way(const sql::Statement&, const sql::Analysis& analysis) {
    const bool perhaps_begun = resumes() && seen_ == done_.size() + 1;
    if (!perhaps_begun || !analysis.concurrent_index) return false;
    const std::string table =
        analysis.index_schema.empty()
            ? pg::Identifier(analysis.index_table).sql()
            : pg::Identifier(analysis.index_schema).sql() + "." + pg::Identifier(analysis.index_table).sql();
    auto found = run_.connection.query(
        "SELECT n.nspname, x.relname, i.indisvalid FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid"
        " JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace"
        " WHERE i.indrelid = pg_catalog.to_regclass($1) AND ($2 = '' OR x.relname::pg_catalog.text = $2)"
        " AND (NOT i.indisvalid OR $2 <> '')",
        {table, analysis.index_name});
    if (!found) return failed("looking for a broken index", found);
    for (int r = 0; r < found->size(); ++r) {
      if (found->flag(r, 2)) return true;
      // By its name it is this statement's, also where the history knows of no effect: a repair has none.
      if (analysis.index_name.empty() && !made_by_this_migration(found->at(r, 0), found->at(r, 1))) continue;
      auto dropped = run_.connection.query(fmt::format(
          "DROP INDEX CONCURRENTLY {}.{}", pg::Identifier(found->at(r, 0)), pg::Identifier(found->at(r, 1))));
      if (!dropped) return failed(fmt::format("dropping the broken index {}", found->at(r, 1)), dropped);
    }
    return false;
  }

  [[nodiscard]] bool made_by_this_migration(std::string_view schema, std::string_view name) const {
    if (task_.entry == nullptr) return true;
    return std::ranges::any_of(task_.entry->effects, [&](const catalog::Effect& effect) {
      return effect.id.kind == catalog::Kind::index && effect.id.schema == schema && effect.id.name == name;
    });
  }

  Result<> count_only() {
    runner_.own("BEGIN");
    count(unit_.statements.front());
    runner_.own("COMMIT");
    unit_ = {};
    return runner_.finish();
  }

  /// Runs the unit and counts it, in one transaction where it can be.
  Result<> finish_unit() {
    const Unit unit = std::exchange(unit_, {});
    const auto& directives = task_.migration.directives;
    // A concurrent build waits for every older transaction: giving up after seconds would only leave broken
    // indexes.
    const std::string lock_timeout =
        directives.lock_timeout.value_or(unit.outside ? "0" : run_.project.settings.lock_timeout);
    runner_.own(
        "SELECT pg_catalog.set_config('lock_timeout', $1, false), pg_catalog.set_config('statement_timeout', $2, false)",
        {lock_timeout, directives.statement_timeout.value_or(run_.project.settings.statement_timeout)});
    if (auto set = runner_.finish(); !set) return set;
    if (!unit.outside && !unit.block) runner_.own("BEGIN");
    for (std::size_t i = 0; i < unit.statements.size(); ++i) {
      const bool last = i + 1 == unit.statements.size();
      if (last && unit.block && !unit.rolled_back) count_all(unit);  // inside the file's transaction
      if (auto ran = runner_.run(unit.statements[i]); !ran) return ran;
      if (unit.outside)
        if (auto ended = runner_.finish(); !ended)
          return already_gone(ended.error()) ? count_alone(unit) : ended;
    }
    if (unit.outside) return count_alone(unit);
    if (unit.rolled_back) runner_.own("BEGIN");
    if (!unit.block || unit.rolled_back) {
      count_all(unit);
      runner_.own("COMMIT");
    }
    return runner_.finish();
  }

  void count_all(const Unit& unit) {
    for (const sql::Statement& statement : unit.statements) count(statement);
  }

  Result<> count_alone(const Unit& unit) {
    count(unit.statements.front());
    return runner_.finish();
  }

  /// A DROP … CONCURRENTLY that was done by the attempt that broke off before it could be counted.
  [[nodiscard]] bool already_gone(const Error& error) const {
    return resumes() && seen_ == done_.size() + 1 && error.sqlstate == "42704";
  }

  void count(const sql::Statement& statement) {
    runner_.own(run_.ledger.count_statement(), {task_.migration.version.text(), hex(sha256(statement.text))});
  }

  ApplyRun& run_;
  const Task& task_;
  std::string_view text_;
  ScriptRunner runner_;
  std::vector<std::string> done_;
  std::vector<sql::Statement> session_;  ///< of the done ones, those that changed their session
  std::size_t kept_ = 0;                 ///< how many of them stand before the file's open transaction
  Unit unit_;
  std::size_t seen_ = 0;
  int number_ = 0;
};

/// Keeps the count, and says what failed.
void record_stop(ApplyRun& run, const Task& task, const Error& error, int failed_statement) {
  if (run.connection.lost()) return;
  (void)run.connection.query_ignoring_interrupt("ROLLBACK");
  (void)reset_session(run.connection, false);
  auto stopped = run.connection.query_ignoring_interrupt(
      run.ledger.record_stop(),
      {task.migration.version.text(), error.sqlstate, error.message, std::to_string(failed_statement)});
  if (!stopped)
    run.observer.warned({Severity::warning, failed("recording the failure in the ledger", stopped).error()});
}

Result<> begin_row(ApplyRun& run, const Task& task, bool resumes) {
  history::LedgerRow row = ledger_row(run, task, history::Status::running);
  if (resumes) {
    row.statement_hashes = task.row->statement_hashes;
    row.statements_done = task.row->statements_done;
  }
  auto begun = run.connection.query(run.ledger.record(),
                                    history::Ledger::record_parameters(row, resumes ? "resumed" : "started"));
  return begun ? Result<>{} : failed("recording the start in the ledger", begun);
}

Result<> check_expectations(ApplyRun& run, const Task& task) {
  for (const std::string& expectation : task.migration.directives.expect) {
    auto holds = run.connection.query("SELECT (" + expectation + ")");
    if (!holds) return failed(fmt::format("{}: asking `{}`", task.migration.file, expectation), holds);
    if (holds->size() != 1 || !holds->flag(0, 0))
      return fail(codes::expectation_false,
                  fmt::format("{}: the assertion `{}` does not hold", task.migration.file, expectation),
                  "look at the data, then run the command again: what is done stays done");
  }
  return {};
}

/// Candor's row and the mirrored tool's: all or none.
Result<> complete(ApplyRun& run, const Task& task, const history::LedgerRow& row) {
  auto transaction = pg::Transaction::begin(run.connection);
  if (!transaction) return pass(transaction);
  pg::Pipeline recording(run.connection);
  add_record(recording, run, task, row);
  std::size_t failed_at = 0;
  if (auto recorded = recording.run(&failed_at); !recorded)
    return failed("recording the migration in the ledger",
                  explain_record_failure(std::move(recorded.error()), task, failed_at));
  return transaction->commit();
}

/// The whole catalog afterwards, and the row that says so, in one snapshot.
Result<Outcome> prove_and_complete(ApplyRun& run, const Task& task, bool resumes, Clock::time_point start) {
  const auto proof_start = Clock::now();
  auto after = catalog::read(run.connection, run.prover.read_options());
  if (!after) return failed("reading back", after);
  ProofResult proof = run.prover.prove(task.entry, *after, {});
  if (!proof.differences.empty()) return std::unexpected(differs(task, proof));
  Outcome outcome{{.version = task.migration.version,
                   .name = task.migration.name,
                   .file = task.migration.file,
                   .effects = task.entry != nullptr ? task.entry->effects : run.prover.effects_since(*after),
                   .proof = proof.proof,
                   .compared = proof.compared,
                   .varying = proof.varying,
                   .unproven = proof.unproven,
                   .transactional = false,
                   .resumed = resumes,
                   .proof_ms = milliseconds_since(proof_start)},
                  std::move(proof.witnessed)};
  history::LedgerRow row = ledger_row(run, task, history::Status::completed);
  row.execution_time_ms = static_cast<std::int64_t>(milliseconds_since(start));
  if (auto completed = complete(run, task, row); !completed) return pass(completed);
  run.prover.accept(*after);
  outcome.applied.total_ms = milliseconds_since(start);
  return outcome;
}

}  // namespace

Result<Outcome> apply_by_statement(ApplyRun& run, const Task& task, std::string_view text) {
  const auto start = Clock::now();
  Steps steps(run, task, text);
  const bool resumes = steps.resumes();
  if (auto begun = begin_row(run, task, resumes); !begun) return pass(begun);
  auto done = steps.run();
  if (done) done = check_expectations(run, task);
  if (done) done = reset_session(run.connection, true);
  if (!done) {
    record_stop(run, task, done.error(), steps.failed_statement());
    return pass(done);
  }
  auto outcome = prove_and_complete(run, task, resumes, start);
  if (!outcome) record_stop(run, task, outcome.error(), 0);
  return outcome;
}

}  // namespace candor::engine
