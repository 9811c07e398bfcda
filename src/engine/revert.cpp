#include "engine/revert.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "base/counted.h"
#include "base/file.h"
#include "base/version.h"
#include "catalog/read.h"
#include "engine/diagnose.h"
#include "engine/diagnose_findings.h"
#include "engine/losses.h"
#include "engine/mirror.h"
#include "engine/prover.h"
#include "engine/put_right.h"
#include "engine/repair_checks.h"
#include "engine/run_id.h"
#include "engine/script_mode.h"
#include "engine/script_runner.h"
#include "history/ledger.h"
#include "plan/print.h"

namespace candor::engine {

namespace {

using Clock = std::chrono::steady_clock;
using history::LockEntry;

std::string name_of(const history::Migration& migration) {
  const std::string version = printable(migration.version.text());
  return migration.name.empty() ? version : fmt::format("{}_{}", version, printable(migration.name));
}

/// What is run for a planned inverse, as if it were a file.
history::Migration planned_script(const history::Migration& migration) {
  return {.version = migration.version,
          .name = migration.name,
          .file = fmt::format("the planned inverse of {}", name_of(migration))};
}

/// A way back as what runs it takes it.
struct Script {
  history::Migration migration;
  std::optional<history::MigrationText> file;
  std::string planned;
  [[nodiscard]] std::string_view text() const { return file ? file->view() : std::string_view(planned); }
};

Result<Script> script_of(const Reversal& reversal) {
  Script script;
  if (reversal.planned) {
    script.migration = planned_script(*reversal.migration);
    script.planned = plan::to_sql(reversal.planned->plan);
    return script;
  }
  script.migration = history::inverse_of(*reversal.migration);
  auto text = history::MigrationText::open(script.migration);
  if (!text) return pass(text);
  script.file.emplace(std::move(*text));
  return script;
}

/// The migrations of one run, and what is known of the database before it.
class Reverting {
 public:
  Reverting(const Project& project, pg::Connection& connection, const RevertOptions& options,
            RevertObserver& observer)
      : project_(project),
        connection_(connection),
        options_(options),
        observer_(observer),
        ledger_(project.settings.ledger_schema) {}

  Result<> run() {
    std::optional<pg::RunLock> lock;
    if (!options_.dry_run) {
      auto taken = pg::RunLock::acquire(connection_, pg::lock_keys(ledger_.schema()),
                                        project_.settings.wait_for_runner,
                                        [this](const pg::Holder& holder) { observer_.waiting_for(holder); });
      if (!taken) return pass(taken);
      lock.emplace(std::move(*taken));
    }
    if (auto begun = look(); !begun) return begun;
    if (auto planned = plan(); !planned) return planned;
    if (auto mirrored = plan_mirror(); !mirrored) return mirrored;
    if (options_.dry_run || result.planned.empty()) return {};
    if (!observer_.confirm(result.planned))
      return fail(codes::not_confirmed, "reverting would lose data",
                  "look at the list, then run it with --yes");
    for (const Reversal& reversal : result.planned)
      if (auto reverted = revert_one(reversal); !reverted) return reverted;
    auto final = verify(project_, connection_);
    if (!final) return pass(final);
    result.final = std::move(*final);
    return {};
  }

  RevertResult result;

 private:
  /// A database that is not what its ledger says has to be put right first: the way back would lead
  /// elsewhere.
  Result<> look() {
    auto start = verify(project_, connection_);
    if (!start) return pass(start);
    result.final = std::move(*start);
    for (const MigrationState& state : result.final.migrations) {
      if (state.row && state.row->status == history::Status::running)
        return fail(codes::ledger_half_done,
                    fmt::format("migration {} is half done", printable(state.version.text())),
                    "run `candor up`, which goes on where it stopped");
      if (state.row) rows_.push_back(*state.row);
      if (state.pending()) continue;
      const LockEntry* const entry = project_.lock->find(state.version);
      if (entry == nullptr || state.migration == nullptr)
        return fail(codes::ledger_unknown_version,
                    fmt::format("the ledger records migration {}, which the history lacks",
                                printable(state.version.text())),
                    "check out the revision that has it");
      if (state.version.repeatable())
        staying_.push_back(entry);
      else
        applied_.push_back({state.migration, entry});
    }
    if (auto none = require_nothing_ahead(); !none) return none;
    if (result.final.comparison.differences.empty()) return {};
    return std::unexpected(
        Error{.code = codes::drift_in_the_way,
              .message = fmt::format("the database differs from its history in {}",
                                     counted(result.final.comparison.differences.size(), "place")),
              .detail = lines_of(result.final.comparison.differences),
              .hint = "put them right first: `candor repair` shows how"});
  }

  /// What pending migrations make and is there already: another tool, or a hand, has run them. The state
  /// before does not have it, and a way back would take it along.
  Result<> require_nothing_ahead() const {
    const auto is_ahead = [](const Finding& finding) { return finding.what.code.id == codes::ahead.id; };
    if (std::ranges::none_of(result.final.findings, is_ahead)) return {};
    std::string there;
    for (const catalog::Difference& notice : result.final.comparison.notices)
      if (notice.expected.empty() && notice.attribute.empty())
        there += fmt::format("{}{}", there.empty() ? "" : "\n", describe(notice.id));
    return std::unexpected(Error{
        .code = codes::drift_in_the_way,
        .message = "the database holds what pending migrations make, which the way back would take along",
        .detail = std::move(there),
        .hint =
            "record it first (`candor adopt` where another tool ran them, else `candor baseline --auto`)"});
  }

  Result<> plan() {
    auto count = how_many();
    if (!count) return pass(count);
    if (auto seeing = see_every_row(connection_, true); !seeing) return seeing;
    InversePlanner planner(project_.settings, options_.fills);
    catalog::Catalog before = result.final.live;
    for (std::size_t i = 0; i < *count; ++i) {
      const Applied& one = applied_[applied_.size() - 1 - i];
      auto after = put_right_at(project_, entries_without(i + 1), rows_without(i + 1), before, one.entry);
      if (!after) return pass(after);
      auto reversal =
          one.migration->down ? written_way_back(one) : planned_way_back(one, planner, before, *after);
      if (!reversal) return failed(fmt::format("the way back of {}", name_of(*one.migration)), reversal);
      auto losses = reversal->planned ? losses_of(connection_, reversal->planned->plan, result.final.live)
                                      : losses_between(connection_, those_that_are_there(before), *after);
      if (!losses) return pass(losses);
      reversal->losses = std::move(*losses);
      result.planned.push_back(std::move(*reversal));
      before = std::move(*after);
    }
    if (auto as_before = see_every_row(connection_, false); !as_before) return as_before;
    return require_columns(options_.fills, before);
  }

  /// The tool that is mirrored has to see what is taken back as pending, too.
  Result<> plan_mirror() {
    auto mirror = open_mirror(project_, connection_);
    if (!mirror) return pass(mirror);
    if (!*mirror) return {};
    std::vector<const history::Migration*> migrations;
    for (const Reversal& reversal : result.planned) migrations.push_back(reversal.migration);
    auto rows = history::unmark((*mirror)->ledger, project_.history, migrations, (*mirror)->records,
                                (*mirror)->verdicts);
    if (!rows) return pass(rows);
    for (std::size_t i = 0; i < rows->size(); ++i) result.planned[i].mirrored = std::move((*rows)[i]);
    return {};
  }

  Result<std::size_t> how_many() const {
    if (!options_.to) return std::min(options_.steps, applied_.size());
    const auto stays = std::ranges::find_if(
        applied_, [&](const Applied& one) { return one.entry->version == *options_.to; });
    if (stays != applied_.end()) return static_cast<std::size_t>(applied_.end() - stays) - 1;
    return fail(codes::migration_unknown,
                fmt::format("migration {} is not applied", printable(options_.to->text())),
                "run `candor status` to see what is");
  }

  /// A later way back may make again what an earlier one then drops: it is not there yet.
  catalog::Catalog those_that_are_there(const catalog::Catalog& expected) const {
    std::vector<catalog::Object> objects;
    for (const catalog::Object& object : expected.objects())
      if (result.final.live.find(object.id) != nullptr) objects.push_back(object);
    return catalog::Catalog(std::move(objects), expected.major);
  }

  struct Applied {
    const history::Migration* migration;
    const LockEntry* entry;
  };

  static Result<Reversal> written_way_back(const Applied& one) {
    Reversal reversal{.migration = one.migration, .entry = one.entry};
    reversal.source = one.migration->down->filename().string();
    if (auto read = read_statements(reversal); !read) return pass(read);
    if (reversal.statements.empty())
      return fail(
          codes::irreversible, fmt::format("{} holds no statement", printable(reversal.source)),
          "write into it what takes the migration back, or remove the file: the way back is then planned");
    return reversal;
  }

  static Result<> read_statements(Reversal& reversal) {
    auto script = script_of(reversal);
    if (!script) return pass(script);
    auto mode = mode_of(script->migration, script->text());
    if (!mode) return pass(mode);
    reversal.transactional = mode->transactional;
    return sql::for_each_statement(script->text(), script->migration.file,
                                   [&](const sql::Statement& statement) -> Result<> {
                                     reversal.statements.emplace_back(statement.text);
                                     return {};
                                   });
  }

  /// Of tables that are there now, the rows are asked; those of others come later, and fail then if they
  /// must.
  Result<Reversal> planned_way_back(const Applied& one, InversePlanner& planner,
                                    const catalog::Catalog& before, const catalog::Catalog& after) {
    Reversal reversal{.migration = one.migration, .entry = one.entry, .source = "planned inverse"};
    auto inverse = planner.plan(before, after);
    if (!inverse) return pass(inverse);
    if (result.planned.empty()) {
      if (auto values = require_values(connection_, inverse->plan, before, options_.fills); !values)
        return pass(values);
      if (auto casts = require_casts(connection_, inverse->plan, before); !casts) return pass(casts);
    }
    if (!inverse->proof.proven && !options_.unproven)
      return std::unexpected(
          Error{.code = codes::plan_unproven,
                .message = fmt::format("it has no down file, and its planned inverse is unproven: {}",
                                       inverse->proof.why_not),
                .detail = inverse->proof.detail,
                .hint = "write a down file beside it, or run the plan all the same with --unproven: it is "
                        "compared before its COMMIT"});
    reversal.planned = std::move(*inverse);
    if (auto read = read_statements(reversal); !read) return pass(read);
    return reversal;
  }

  std::vector<const LockEntry*> entries_without(std::size_t count) const {
    std::vector<const LockEntry*> entries;
    for (std::size_t i = 0; i + count < applied_.size(); ++i) entries.push_back(applied_[i].entry);
    entries.insert(entries.end(), staying_.begin(), staying_.end());
    return entries;
  }
  std::vector<history::LedgerRow> rows_without(std::size_t count) const {
    std::vector<history::LedgerRow> rows;
    const auto entries = entries_without(count);
    for (const history::LedgerRow& row : rows_)
      if (std::ranges::any_of(entries, [&](const LockEntry* entry) { return entry->version == row.version; }))
        rows.push_back(row);
    return rows;
  }

  Result<> revert_one(const Reversal& reversal) {
    const auto start = Clock::now();
    Reverted done{.migration = reversal.migration};
    auto ran = reversal.transactional ? in_transaction(reversal, done) : by_statement(reversal, done);
    if (!ran) {
      if (!connection_.lost()) (void)connection_.query_ignoring_interrupt("ROLLBACK");
      return failed(fmt::format("reverting {}", name_of(*reversal.migration)), ran);
    }
    if (auto reset = reset_session(connection_, true); !reset) return reset;
    done.total_ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    observer_.reverted(done);
    result.reverted.push_back(done);
    return {};
  }

  Result<> in_transaction(const Reversal& reversal, Reverted& done) {
    auto script = script_of(reversal);
    if (!script) return pass(script);
    auto mode = mode_of(script->migration, script->text());
    if (!mode) return pass(mode);
    ScriptRunner runner(connection_, script->migration, script->text());
    runner.own("BEGIN");
    add_guards(runner, reversal);
    if (auto sent = runner.run_all(mode->wrapped); !sent) return sent;
    if (mode->touches_prepared)
      if (auto forgotten = runner.forget_prepared(); !forgotten) return forgotten;
    runner.ask("SET CONSTRAINTS ALL IMMEDIATE", codes::statement_failed, "deferred constraints");
    reset_role(runner.pipeline());
    if (auto finished = runner.finish(); !finished) return finished;
    if (auto compared = compare(reversal, done); !compared) return compared;
    return record_and_commit(reversal);
  }

  /// What cannot run in a transaction is compared when it is done, and recorded only if it holds.
  Result<> by_statement(const Reversal& reversal, Reverted& done) {
    auto script = script_of(reversal);
    if (!script) return pass(script);
    ScriptRunner runner(connection_, script->migration, script->text());
    auto walked = runner.run_each();
    if (!walked) return walked;
    if (auto reset = reset_session(connection_, true); !reset) return reset;
    if (auto begun = connection_.query("BEGIN"); !begun) return pass(begun);
    if (auto compared = compare(reversal, done); !compared) return compared;
    return record_and_commit(reversal);
  }

  void add_guards(ScriptRunner& runner, const Reversal& reversal) {
    const auto& settings = project_.settings;
    runner.own(
        "SELECT pg_catalog.set_config('lock_timeout', $1, true), pg_catalog.set_config('statement_timeout', $2, true),"
        " pg_catalog.pg_advisory_xact_lock($3::pg_catalog.int8)",
        {settings.lock_timeout, settings.statement_timeout,
         std::to_string(pg::lock_keys(ledger_.schema()).step)});
    runner.own(ledger_.state_of(), {reversal.entry->version.text()}, [&](const pg::Rows& rows) -> Result<> {
      if (!rows.empty() && (rows.at(0, 0) == "completed" || rows.at(0, 0) == "baselined")) return {};
      return fail(codes::ledger_race, "another runner has changed the migration's row meanwhile",
                  "run the command again");
    });
  }

  Result<> compare(const Reversal& reversal, Reverted& done) {
    auto reading = catalog::read_in_transaction(connection_, {}, {.excluded_schemas = {ledger_.schema()}});
    if (!reading) return failed("reading back", reading);
    const std::size_t gone = result.reverted.size() + 1;
    auto comparison = compare_with(project_, entries_without(gone), rows_without(gone), reading->catalog);
    if (!comparison) return pass(comparison);
    done.objects = comparison->objects;
    done.unproven = comparison->unproven.size();
    if (comparison->differences.empty()) return {};
    return std::unexpected(Error{
        .code = codes::repair_failed,
        .message =
            fmt::format("the way back leads elsewhere than to the state before: {} of {} objects differ",
                        comparison->differences.size(), comparison->objects),
        .detail = lines_of(comparison->differences),
        .hint = reversal.planned ? "write a down file; the migration is still applied"
                                 : "correct the down file; the migration is still applied"});
  }

  Result<> record_and_commit(const Reversal& reversal) {
    const nlohmann::json detail = {{"by", reversal.source}, {"statements", reversal.statements.size()}};
    const std::string version = reversal.entry->version.text();
    const auto row = std::ranges::find(rows_, reversal.entry->version, &history::LedgerRow::version);
    pg::Pipeline pipeline(connection_);
    pipeline.add(ledger_.forget(), {row->version.text()});
    pipeline.add(ledger_.add_event(), {run_id_, version, "reverted",
                                       detail.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
                                       std::string(tool_version())});
    for (const history::ForeignStatement& statement : reversal.mirrored)
      pipeline.add(
          statement.sql, statement.params,
          &statement == &reversal.mirrored.front() ? pg::Pipeline::Handler(require_its_row) : nullptr);
    if (auto recorded = pipeline.run(); !recorded) return failed("recording it in the ledger", recorded);
    auto committed = connection_.query("COMMIT");
    if (!committed) return pass(committed);
    if (committed->command_tag() != "COMMIT")
      return fail(codes::internal,
                  fmt::format("the server answered COMMIT with {}", committed->command_tag()),
                  "run the command again");
    return {};
  }

  static Result<> require_its_row(const pg::Rows& rows) {
    if (!rows.empty()) return {};
    return fail(codes::ledger_race, "the row of the tool that is mirrored is not what it was a moment ago",
                "run the command again");
  }

  const Project& project_;
  pg::Connection& connection_;
  const RevertOptions& options_;
  RevertObserver& observer_;
  history::Ledger ledger_;
  std::string run_id_ = random_uuid();
  std::vector<history::LedgerRow> rows_;
  std::vector<Applied> applied_;
  std::vector<const LockEntry*> staying_;  ///< repeatable: they are not taken back
};

}  // namespace

std::expected<RevertResult, RevertFailure> revert(const Project& project, pg::Connection& connection,
                                                  const RevertOptions& options, RevertObserver& observer) {
  const auto checked = [&]() -> Result<> {
    if (auto sound = require_sound_files(project); !sound) return sound;
    return require_lock(project);
  }();
  if (!checked) return std::unexpected(RevertFailure{checked.error(), {}});
  Reverting reverting(project, connection, options, observer);
  if (auto done = reverting.run(); !done)
    return std::unexpected(RevertFailure{std::move(done.error()), std::move(reverting.result.reverted)});
  return std::move(reverting.result);
}

}  // namespace candor::engine
