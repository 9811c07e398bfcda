#include "engine/apply.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_set>

#include "base/counted.h"
#include "base/interrupt.h"
#include "engine/apply_foreign.h"
#include "engine/apply_run.h"
#include "engine/run_id.h"

namespace candor::engine {

namespace {

std::unexpected<ApplyFailure> give_up(Error error, std::vector<Applied> applied = {}) {
  return std::unexpected(ApplyFailure{std::move(error), std::move(applied)});
}

/// What is to be applied, in order.
Result<std::vector<Task>> pending_tasks(const Project& project, const Verification& start,
                                        const ApplyOptions& options) {
  if (options.to && project.history.find(*options.to) == nullptr)
    return fail(codes::migration_unknown, fmt::format("there is no migration {}", options.to->text()),
                "run `candor status` to see the versions that there are");
  std::vector<Task> tasks;
  for (const MigrationState& state : start.migrations) {
    if (!state.pending() || state.migration == nullptr) continue;
    if (options.to && state.version > *options.to) continue;
    const history::LockEntry* const entry =
        project.lock && !options.unlocked ? project.lock->find(state.version) : nullptr;
    if (entry == nullptr && !options.unlocked)
      return fail(codes::migration_not_locked,
                  fmt::format("migration {} is not in the lock file", state.migration->file),
                  "run `candor lock` and commit candor.lock");
    tasks.push_back({*state.migration, entry, state.row});
  }
  return tasks;
}

Result<> check_order(const std::vector<Task>& tasks, const Verification& start, const ApplyOptions& options) {
  if (options.allow_out_of_order || !start.version || tasks.empty()) return {};
  const Task& first = tasks.front();
  if (start.version->repeatable() || first.migration.version > *start.version || first.row) return {};
  return fail(codes::out_of_order,
              fmt::format("migration {} is pending, but {} is applied already", first.migration.file,
                          start.version->text()),
              "give it a version above the last applied one, or run `candor up --allow-out-of-order`");
}

/// The relation or object that an identity belongs to, so that a column's drift is in the way of an index.
catalog::ObjectId root_of(const catalog::ObjectId& id) {
  return {.schema = id.schema, .name = id.relation.empty() ? id.name : id.relation};
}

std::string list_of(const std::vector<catalog::Difference>& differences) {
  std::string lines;
  for (const catalog::Difference& difference : differences) {
    if (!lines.empty()) lines += '\n';
    lines += line_of(difference);
  }
  return lines;
}

/// What an earlier run left unfinished is what this one is for.
bool is_tried_again(const Finding& finding) {
  return finding.what.code.id == codes::ledger_failed_row.id ||
         finding.what.code.id == codes::ledger_half_done.id;
}

/// Drift stops the run where pending migrations would build on it; elsewhere it is told.
Result<> check_drift(const Project& project, const Verification& start, const std::vector<Task>& tasks,
                     ApplyObserver& observer) {
  std::unordered_set<catalog::ObjectId> touched, half_done;
  for (const Task& task : tasks)
    if (task.entry != nullptr)
      for (const catalog::Effect& effect : task.entry->effects) {
        touched.insert(root_of(effect.id));
        if (task.row && task.row->status == history::Status::running) half_done.insert(effect.id);
      }
  std::vector<catalog::Difference> in_the_way, elsewhere;
  for (const catalog::Difference& difference : start.comparison.differences) {
    if (half_done.contains(difference.id)) continue;  // what is done of a migration that will now be finished
    const bool stops =
        project.settings.drift == DriftPolicy::strict ||
        (project.settings.drift == DriftPolicy::touched && touched.contains(root_of(difference.id)));
    (stops ? in_the_way : elsewhere).push_back(difference);
  }
  if (!in_the_way.empty())
    return std::unexpected(Error{
        .code = codes::drift_in_the_way,
        .message = fmt::format(
            "the database differs from its history in {} that {}", counted(in_the_way.size(), "place"),
            project.settings.drift == DriftPolicy::strict ? "must be put right first (strict)"
                                                          : "pending migrations would build on"),
        .detail = list_of(in_the_way),
        .hint =
            "put the objects right (`candor verify` names each), or bring the difference into a migration"});
  if (!elsewhere.empty())
    observer.warned(
        {Severity::warning,
         {.code = codes::drift,
          .message = fmt::format("the database differs from its history in {} that pending migrations do not "
                                 "touch",
                                 counted(elsewhere.size(), "place")),
          .detail = list_of(elsewhere),
          .hint = "run `candor verify`, and put the objects right"}});
  return {};
}

/// What else `up` would stumble over, asked before anything is written.
Result<> check_server(const ApplyRun& run, const Verification& start) {
  auto answer = run.connection.query(
      "SELECT pg_catalog.pg_is_in_recovery() OR pg_catalog.current_setting('transaction_read_only') = 'on',"
      " pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),"
      " coalesce((SELECT pg_catalog.bool_and(pg_catalog.has_table_privilege(c.oid, 'INSERT') AND"
      "  pg_catalog.has_table_privilege(c.oid, 'UPDATE')) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
      "  ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = 'schema_migrations'), true),"
      " pg_catalog.to_regnamespace(pg_catalog.quote_ident($1)) IS NOT NULL,"
      " pg_catalog.current_setting('search_path')",
      {run.ledger.schema()});
  if (!answer) return failed("asking for rights", answer);
  if (answer->flag(0, 0))
    return fail(codes::read_only_server,
                fmt::format("{} is read-only: it is a standby, or transactions are read-only by default",
                            run.connection.target()),
                "connect to the primary server");
  // With the usual search_path ("$user", public) an unqualified CREATE TABLE would land beside the ledger.
  if (run.connection.user() == run.ledger.schema() &&
      answer->at(0, 4).find("$user") != std::string_view::npos)
    return fail(
        codes::config_invalid,
        fmt::format("user {} has the name of the ledger's schema, which its search_path ({}) puts first",
                    run.connection.user(), answer->at(0, 4)),
        "name the ledger's schema otherwise: [ledger] schema = \"candor_ledger\" in candor.toml");
  const bool absent = start.ledger.shape == history::Shape::absent;
  if (absent && !answer->flag(0, 3) && !answer->flag(0, 1))
    return fail(
        codes::insufficient_rights,
        fmt::format("user {} may not create the ledger's schema {}", run.connection.user(),
                    run.ledger.schema()),
        fmt::format("run `GRANT CREATE ON DATABASE {} TO {}` as its owner",
                    pg::Identifier(run.connection.database()), pg::Identifier(run.connection.user())));
  if (!answer->flag(0, 2))
    return fail(codes::insufficient_rights,
                fmt::format("user {} may not write the ledger {}.schema_migrations", run.connection.user(),
                            run.ledger.schema()),
                "connect as the role that applies migrations");
  return {};
}

/// Checks that a migration's file could be run, and shows it: as near to running it as can be had without
/// writing.
Result<> show(const ApplyRun& run, const Task& task) {
  auto text = history::MigrationText::open(task.migration);
  if (!text) return pass(text);
  auto mode = mode_of(task.migration, text->view());
  if (!mode) return pass(mode);
  if (run.options.single_transaction && !mode->transactional)
    return fail(codes::not_single_transaction,
                fmt::format("{} cannot run in a single transaction: {}", task.migration.file, mode->reason),
                "run `candor up` without --single-transaction");
  if (!run.options.dry_run) return {};
  return sql::for_each_statement(text->view(), task.migration.file,
                                 [&](const sql::Statement& statement) -> Result<> {
                                   run.observer.would_run(task.migration, statement.text);
                                   return {};
                                 });
}

/// Moves the expectation past the task's entry; after an entry out of order the lock's entries are folded
/// anew.
Result<> expect(ApplyRun& run, const Task& task, std::vector<const history::LockEntry*>& applied) {
  if (task.entry == nullptr) return {};
  const bool in_order = applied.empty() || applied.back()->version < task.entry->version;
  applied.push_back(task.entry);
  if (in_order && run.prover.expect(*task.entry)) return {};
  std::ranges::sort(
      applied, {}, [](const history::LockEntry* entry) -> const history::Version& { return entry->version; });
  catalog::Forms forms;
  auto expected = expected_catalog(*run.project.lock, applied, run.connection.major(), forms);
  if (!expected) return failed(fmt::format("expecting what {} does", task.migration.file), expected);
  run.prover.expect(*expected);
  return {};
}

/// The lock's entries of what the ledger claims.
std::vector<const history::LockEntry*> applied_entries_of(const Project& project, const Verification& start) {
  std::vector<const history::LockEntry*> entries;
  for (const MigrationState& state : start.migrations)
    if (project.lock && !state.pending())
      if (const auto* const entry = project.lock->find(state.version)) entries.push_back(entry);
  return entries;
}

/// What is expected of the database, and what it holds, before the first migration.
Result<Prover> prover_at(const ApplyRun& run, const Verification& start,
                         const std::vector<const history::LockEntry*>& applied) {
  const Project& project = run.project;
  catalog::Forms forms;
  catalog::Catalog expected;
  if (!run.options.unlocked) {
    auto folded = expected_catalog(*project.lock, applied, run.connection.major(), forms);
    if (!folded) return pass(folded);
    expected = std::move(*folded);
    std::vector<history::LedgerRow> rows;
    for (const MigrationState& state : start.migrations)
      if (state.row) rows.push_back(*state.row);
    if (auto known = add_witnessed(rows, applied, run.connection.major(), forms); !known) return pass(known);
  }
  return Prover(project.lock && !run.options.unlocked ? &*project.lock : nullptr, project.compare_options(),
                {project.settings.ledger_schema}, expected, start.live, std::move(forms));
}

Result<Outcome> apply_one(ApplyRun& run, const Task& task) {
  auto text = history::MigrationText::open(task.migration);
  if (!text) return pass(text);
  auto mode = mode_of(task.migration, text->view());
  if (!mode) return pass(mode);
  const bool half_done = task.row && task.row->status == history::Status::running;
  return mode->transactional && !half_done ? apply_in_transaction(run, task, text->view(), *mode)
                                           : apply_by_statement(run, task, text->view());
}

/// The lock for the whole run; taken anew when the connection had to be.
class HeldLock {
 public:
  HeldLock(ApplyRun& run) : run_(run) {}
  Result<> take() {
    auto lock = pg::RunLock::acquire(run_.connection, run_.keys, run_.project.settings.wait_for_runner,
                                     [this](const pg::Holder& holder) { run_.observer.waiting_for(holder); });
    if (!lock) return pass(lock);
    lock_.emplace(std::move(*lock));
    backend_ = run_.connection.backend_pid();
    return {};
  }
  Result<> keep() { return run_.connection.backend_pid() == backend_ ? Result<>{} : take(); }

 private:
  ApplyRun& run_;
  std::optional<pg::RunLock> lock_;
  int backend_ = 0;
};

Result<> look_for_ledger(ApplyRun& run) {
  auto tables = run.connection.query(
      "SELECT coalesce(pg_catalog.array_agg(c.oid), '{}') FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace"
      " n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r' AND c.relname = ANY($2)",
      {run.ledger.schema(), pg::array_literal(history::Ledger::tables())});
  if (!tables) return failed("looking for the ledger", tables);
  run.ledger_tables = tables->at(0, 0);
  return {};
}

/// All that was recorded before, and by this run, still is: a migration may have written into the ledger.
Result<> require_recorded(const Verification& start, const ApplyResult& result, const Verification& final) {
  std::set<history::Version> recorded;
  for (const MigrationState& state : final.migrations)
    if (!state.pending()) recorded.insert(state.version);
  const auto gone = [&](const history::Version& version) {
    return fail(
        codes::ledger_destroyed,
        fmt::format("the ledger does not record {} any more", printable(version.text())),
        "look at the migrations that were applied for what writes into the ledger's tables, take it out, "
        "and run `candor repair`");
  };
  for (const MigrationState& state : start.migrations)
    if (!state.pending() && !recorded.contains(state.version)) return gone(state.version);
  for (const Applied& applied : result.applied)
    if (!recorded.contains(applied.version)) return gone(applied.version);
  return {};
}

/// What was found before anything is done: an error ends it, a warning is told.
Result<> heed(const std::vector<Finding>& findings, ApplyObserver& observer) {
  for (const Finding& finding : findings) {
    if (is_tried_again(finding)) continue;
    if (finding.severity == Severity::error) return std::unexpected(finding.what);
    if (finding.severity == Severity::warning) observer.warned(finding);
  }
  return {};
}

/// What is pending, once all that can be known beforehand speaks for it.
Result<std::vector<Task>> checked_tasks(ApplyRun& run, const Verification& start) {
  auto tasks = pending_tasks(run.project, start, run.options);
  if (!tasks || tasks->empty()) return tasks;
  if (auto heeded = heed_other_tool(run, start, *tasks); !heeded) return pass(heeded);
  if (auto ordered = check_order(*tasks, start, run.options); !ordered) return pass(ordered);
  if (!run.options.unlocked)
    if (auto clear = check_drift(run.project, start, *tasks, run.observer); !clear) return pass(clear);
  if (auto able = check_server(run, start); !able) return pass(able);
  for (const Task& task : *tasks)
    if (run.options.dry_run || run.options.single_transaction)
      if (auto shown = show(run, task); !shown) return pass(shown);
  return tasks;
}

/// What a first run on a database that has a history already meets: what its first migrations make is there.
Error explain_existing(Error error, const Verification& start) {
  constexpr std::string_view exists[] = {"42P07", "42710", "42701", "42P06", "42723"};
  if (start.applied == 0 && std::ranges::find(exists, error.sqlstate) != std::end(exists))
    error.hint =
        "if the database was migrated before, record what is there (`candor adopt` where another tool did it, "
        "else `candor baseline --auto`); else correct the statement";
  return error;
}

Result<> apply_in_one(ApplyRun& run, const std::vector<Task>& tasks, ApplyResult& result) {
  for (std::size_t i = 0; i < tasks.size(); ++i) run.observer.starting(tasks[i].migration, i, tasks.size());
  auto outcomes = apply_in_single_transaction(run, tasks);
  if (!outcomes) return pass(outcomes);
  for (Outcome& outcome : *outcomes) {
    run.observer.applied(outcome.applied);
    result.applied.push_back(std::move(outcome.applied));
  }
  return {};
}

/// On failure `result` has what was applied before.
Result<> apply_each(ApplyRun& run, const std::vector<Task>& tasks,
                    std::vector<const history::LockEntry*>& applied_entries, HeldLock& lock,
                    ApplyResult& result) {
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const Task& task = tasks[i];
    run.observer.starting(task.migration, i, tasks.size());
    if (auto expecting = expect(run, task, applied_entries); !expecting) return expecting;
    auto outcome = apply_one(run, task);
    if (!outcome) return pass(outcome);
    run.observer.applied(outcome->applied);
    result.applied.push_back(std::move(outcome->applied));
    if (interrupted())
      return fail(codes::interrupted, fmt::format("interrupted after {} was applied", task.migration.file),
                  "run `candor up` for what is still pending");
    if (auto kept = lock.keep(); !kept) return kept;
  }
  return {};
}

}  // namespace

std::expected<ApplyResult, ApplyFailure> apply(const Project& project, pg::Connection& connection,
                                               const ApplyOptions& options, ApplyObserver& observer) {
  const auto began = Clock::now();
  if (auto sound = require_sound_files(project); !sound) return give_up(std::move(sound.error()));
  if (!options.unlocked)
    if (auto locked = require_lock(project); !locked) return give_up(std::move(locked.error()));

  ApplyRun run{project,
               connection,
               options,
               observer,
               history::Ledger(project.settings.ledger_schema),
               pg::lock_keys(project.settings.ledger_schema),
               random_uuid(),
               Prover{}};
  HeldLock lock(run);
  if (!options.dry_run)
    if (auto taken = lock.take(); !taken) return give_up(std::move(taken.error()));

  auto start = verify(project, connection);
  if (!start) return give_up(std::move(start.error()));
  if (auto heeded = heed(start->findings, observer); !heeded) return give_up(std::move(heeded.error()));
  auto tasks = checked_tasks(run, *start);
  if (!tasks) return give_up(std::move(tasks.error()));

  ApplyResult result{.run_id = run.run_id};
  const auto finish = [&](Verification&& final) {
    result.final = std::move(final);
    result.total_ms = milliseconds_since(began);
    return std::move(result);
  };
  if (tasks->empty()) return finish(std::move(*start));
  auto applied_entries = applied_entries_of(project, *start);
  auto prover = prover_at(run, *start, applied_entries);
  if (!prover) return give_up(std::move(prover.error()));
  run.prover = std::move(*prover);

  if (auto looked = look_for_ledger(run); !looked) return give_up(std::move(looked.error()));
  if (options.dry_run) {
    for (const Task& task : *tasks) result.would_apply.push_back(&task.migration);
    if (options.rehearse) {
      auto rehearsed = rehearse(run, *tasks, start->ledger);
      if (!rehearsed) return give_up(std::move(rehearsed.error()));
      result.rehearsed = *rehearsed;
    }
    return finish(std::move(*start));
  }
  if (start->ledger.shape != history::Shape::current) {
    auto made = run.ledger.create_or_upgrade(connection, start->ledger);
    if (made) made = look_for_ledger(run);
    if (!made) return give_up(std::move(made.error()));
  }
  auto ran = options.single_transaction ? apply_in_one(run, *tasks, result)
                                        : apply_each(run, *tasks, applied_entries, lock, result);
  if (!ran) return give_up(explain_existing(std::move(ran.error()), *start), std::move(result.applied));
  auto final = verify(project, connection);
  if (!final) return give_up(failed("comparing at the end", final).error(), std::move(result.applied));
  if (auto recorded = require_recorded(*start, result, *final); !recorded)
    return give_up(std::move(recorded.error()), std::move(result.applied));
  return finish(std::move(*final));
}

}  // namespace candor::engine
