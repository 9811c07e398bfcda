#include "engine/apply_attempt.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/version.h"
#include "catalog/draft.h"

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
  return {
      .code = codes::effects_differ,
      .message =
          fmt::format("migration {} did not produce what it is known to produce: {} of {} objects differ",
                      task.migration.file, proof.differences.size(), proof.compared),
      .detail = std::move(lines),
      .hint =
          proof.line_ends
              ? "the file has other line ends than when it was locked: check it out with LF (.gitattributes: "
                "`*.sql text eol=lf`), then run the same command again"
              : "find what made the difference (`candor verify`); if the effects depend on the day or on data, "
                "declare them with `-- candor:varies PATTERN`"};
}

namespace {

/// A number that changes when the transaction writes into the ledger: its counters, and the files of its
/// tables, which are others after TRUNCATE. `parameter`: ApplyRun::ledger_tables.
std::string ledger_writes(std::string_view parameter) {
  return fmt::format(
      "(SELECT coalesce(pg_catalog.sum(pg_catalog.pg_stat_get_xact_tuples_inserted(t) +"
      " pg_catalog.pg_stat_get_xact_tuples_updated(t) + pg_catalog.pg_stat_get_xact_tuples_deleted(t) +"
      " pg_catalog.pg_relation_filenode(t)::pg_catalog.int8), 0)"
      " FROM pg_catalog.unnest({}::pg_catalog.oid[]) t)",
      parameter);
}

/// One statement each around the file's: what they ask is a third of a small migration's cost.
const pg::Prepared& prologue() {
  static const pg::Prepared statement{
      "candor_prologue",
      "SELECT " + tuple_counts_columns() +
          ", pg_catalog.set_config('lock_timeout', $1, true), pg_catalog.set_config('statement_timeout', $2, true),"
          " pg_catalog.pg_advisory_xact_lock($3::pg_catalog.int8), " +
          ledger_writes("$4")};
  return statement;
}
const pg::Prepared& epilogue() {
  static const pg::Prepared statement{
      "candor_epilogue",
      "SELECT " + tuple_counts_columns() +
          ", session_user, current_user, (SELECT pg_catalog.count(pg_catalog.set_config(s.name,"
          " s.value, true)) FROM " +
          catalog::pinned_settings() + "), " + ledger_writes("$2")};
  return statement;
}

}  // namespace

Result<ProofResult> Attempt::run(std::string_view begin) {
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

void Attempt::accept() {
  if (touched_)
    run_.prover.accept(*task_.entry, *touched_);
  else
    run_.prover.accept(after_);
}

std::vector<catalog::Effect> Attempt::effects() const {
  return task_.entry != nullptr ? task_.entry->effects : run_.prover.effects_since(after_);
}

Applied Attempt::describe(const ProofResult& proof) const {
  return {.version = task_.migration.version,
          .name = task_.migration.name,
          .file = task_.migration.file,
          .effects = effects(),
          .proof = proof.proof,
          .compared = proof.compared,
          .varying = proof.varying,
          .unproven = proof.unproven,
          .present_before = task_.entry != nullptr ? run_.prover.present_before(*task_.entry) : 0,
          .proof_ms = proof_ms_};
}

bool Attempt::other_major() const {
  return task_.entry != nullptr && run_.project.lock->server != run_.connection.major();
}

/// Own timeouts, the step lock, the ledger read again, the counters.
void Attempt::add_prologue() {
  const auto& directives = task_.migration.directives;
  runner_.own(prologue(),
              {directives.lock_timeout.value_or(run_.project.settings.lock_timeout),
               directives.statement_timeout.value_or(run_.project.settings.statement_timeout),
               std::to_string(run_.keys.step), run_.ledger_tables},
              [this](const pg::Rows& rows) -> Result<> {
                witness_.before = read_tuple_counters(rows);
                witness_.ledger_writes = rows.number(0, 5);
                return {};
              });
  runner_.own(run_.ledger.state_of(), {task_.migration.version.text()},
              [this](const pg::Rows& rows) -> Result<> {
                if (rows.empty() || rows.at(0, 0) == "failed" || rows.at(0, 0) == "running") return {};
                if (task_.row && task_.row->run_id == rows.at(0, 1)) return {};  // repeatable, and changed
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
void Attempt::add_epilogue() {
  // Among several in one transaction, the next migration must find its constraints as they are declared.
  const bool among_others = run_.options.single_transaction || run_.options.dry_run;
  if (among_others) runner_.own("SAVEPOINT candor_constraints");
  runner_.ask("SET CONSTRAINTS ALL IMMEDIATE", codes::statement_failed, "deferred constraints");
  if (among_others) runner_.own("ROLLBACK TO SAVEPOINT candor_constraints");
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
  pg::Params asked = catalog::pin_parameters(false);
  asked.emplace_back(run_.ledger_tables);
  runner_.own(epilogue(), asked, [this](const pg::Rows& rows) -> Result<> {
    witness_.after = read_tuple_counters(rows);
    if (rows.number(0, 5) != witness_.ledger_writes)
      return fail(codes::ledger_destroyed,
                  fmt::format("{} removed or changed the ledger", task_.migration.file),
                  "take out of the migration what drops the ledger's tables or writes into them");
    witness_.role_changed =
        rows.at(0, 2) != run_.connection.user() || rows.at(0, 3) != run_.connection.user();
    return {};
  });
}

/// The file left another role behind, and what belongs to whom was asked in its name.
Result<> Attempt::ask_as_ourselves(std::optional<catalog::Reader>& reader) {
  reset_role(runner_.pipeline());
  if (reader) {
    reader.emplace(run_.connection, run_.prover.scope_of(*task_.entry), run_.prover.read_options());
    reader->ask(runner_.pipeline());
  }
  return runner_.finish();
}

Result<ProofResult> Attempt::prove(std::optional<catalog::Reader>& reader) {
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
bool Attempt::counted_as_replayed() const {
  const auto expected = task_.entry->tuples.find(run_.connection.major());
  const auto found = written_between(witness_.before, witness_.after);
  return expected != task_.entry->tuples.end() && found && *found == expected->second;
}

/// An xid newer than all that the migration wrote with: a write in a savepoint takes a fresh one.
Result<std::string> Attempt::newest_xid() {
  if (auto saved = run_.connection.query("SAVEPOINT candor_newest"); !saved) return pass(saved);
  auto xid = run_.connection.query(run_.ledger.touch());
  if (!xid) return pass(xid);
  if (auto back = run_.connection.query("ROLLBACK TO SAVEPOINT candor_newest"); !back) return pass(back);
  return std::string(xid->at(0, 0));
}

history::LedgerRow completed_row(const ApplyRun& run, const Task& task, const Outcome& outcome,
                                 double milliseconds) {
  history::LedgerRow row = ledger_row(run, task, history::Status::completed);
  row.execution_time_ms = static_cast<std::int64_t>(milliseconds);
  if (!outcome.witnessed.empty()) row.witnessed = witnessed_json(outcome.witnessed, run.connection.major());
  return row;
}

void add_record(pg::Pipeline& pipeline, const ApplyRun& run, const Task& task,
                const history::LedgerRow& row) {
  pipeline.add(run.ledger.record(), history::Ledger::record_parameters(row, "applied"));
  for (const history::ForeignStatement& statement : task.mirrored)
    pipeline.add(statement.sql, statement.params);
}

Error explain_record_failure(Error error, const Task& task, std::size_t failed_at) {
  if (failed_at >= 1 && failed_at <= task.mirrored.size() && !error.sqlstate.empty() && !error.retryable) {
    error.code = codes::mirror_broken;
    error.message = fmt::format("{} cannot be recorded in the ledger that is mirrored: {}",
                                task.migration.file, error.message);
    error.hint = "mend the table, or set mirror = false under [adopt] in candor.toml";
    return error;
  }
  if (error.sqlstate == "25006") {
    error.code = codes::statement_failed;
    error.message =
        fmt::format("{} made its transaction read-only, so that it cannot be recorded", task.migration.file);
    error.hint = "take SET TRANSACTION READ ONLY, or the setting that does the same, out of the file";
    return error;
  }
  constexpr std::string_view broken[] = {"42P01", "3F000", "42703", "42P10", "42804", "23514", "23502"};
  if (std::ranges::find(broken, error.sqlstate) == std::end(broken)) return error;
  error.code = codes::ledger_destroyed;
  error.message = fmt::format("{} removed or changed the ledger: {}", task.migration.file, error.message);
  error.hint = "take out of the migration what drops or alters the ledger's schema";
  return error;
}

void roll_back(pg::Connection& connection) {
  if (!connection.lost()) (void)connection.query_ignoring_interrupt("ROLLBACK");
}

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

}  // namespace candor::engine
