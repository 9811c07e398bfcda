#include "engine/revert.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/version.h"
#include "catalog/read.h"
#include "engine/diagnose.h"
#include "engine/diagnose_findings.h"
#include "engine/expectation.h"
#include "engine/losses.h"
#include "engine/prover.h"
#include "engine/run_id.h"
#include "engine/script_mode.h"
#include "engine/script_runner.h"
#include "history/ledger.h"

namespace candor::engine {

namespace {

using Clock = std::chrono::steady_clock;
using history::LockEntry;

std::string name_of(const history::Migration& migration) {
  const std::string version = printable(migration.version.text());
  return migration.name.empty() ? version : fmt::format("{}_{}", version, printable(migration.name));
}

std::unexpected<Error> no_way_back(const history::Migration& migration) {
  return fail(
      codes::irreversible, fmt::format("migration {} has no down file", name_of(migration)),
      fmt::format("write its way back: {}.down.sql beside it", printable(migration.path.stem().string())));
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
      applied_.push_back({state.migration, entry});
    }
    if (result.final.comparison.differences.empty()) return {};
    return std::unexpected(Error{.code = codes::drift_in_the_way,
                                 .message = fmt::format("the database differs from its history in {} places",
                                                        result.final.comparison.differences.size()),
                                 .detail = lines_of(result.final.comparison.differences),
                                 .hint = "put them right first: `candor repair` shows how"});
  }

  Result<> plan() {
    std::size_t count = std::min(options_.steps, applied_.size());
    if (options_.to) {
      const auto stays = std::ranges::find_if(
          applied_, [&](const Applied& one) { return one.entry->version == *options_.to; });
      if (stays == applied_.end())
        return fail(codes::migration_unknown,
                    fmt::format("migration {} is not applied", printable(options_.to->text())),
                    "run `candor status` to see what is");
      count = static_cast<std::size_t>(applied_.end() - stays) - 1;
    }
    catalog::Catalog before = result.final.live;
    for (std::size_t i = 0; i < count; ++i) {
      const Applied& one = applied_[applied_.size() - 1 - i];
      auto reversal = way_back(one);
      if (!reversal) return pass(reversal);
      auto after = expected_without(i + 1);
      if (!after) return pass(after);
      auto losses = losses_between(connection_, those_that_are_there(before), after->catalog);
      if (!losses) return pass(losses);
      reversal->losses = std::move(*losses);
      result.planned.push_back(std::move(*reversal));
      before = std::move(after->catalog);
    }
    return {};
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

  static Result<Reversal> way_back(const Applied& one) {
    if (!one.migration->down) return no_way_back(*one.migration);
    Reversal reversal{.migration = one.migration, .entry = one.entry};
    reversal.source = one.migration->down->filename().string();
    const history::Migration down = history::inverse_of(*one.migration);
    auto text = history::MigrationText::open(down);
    if (!text) return pass(text);
    auto mode = mode_of(down, text->view());
    if (!mode) return pass(mode);
    reversal.transactional = mode->transactional;
    auto walked =
        sql::for_each_statement(text->view(), down.file, [&](const sql::Statement& statement) -> Result<> {
          reversal.statements.emplace_back(statement.text);
          return {};
        });
    if (!walked) return pass(walked);
    if (reversal.statements.empty())
      return fail(codes::irreversible, fmt::format("{} holds no statement", printable(reversal.source)),
                  "write into it what takes the migration back");
    return reversal;
  }

  /// What is expected once the last `count` are gone.
  Result<Expectation> expected_without(std::size_t count) const {
    return expectation_of(*project_.lock, entries_without(count), rows_without(count), connection_.major());
  }
  std::vector<const LockEntry*> entries_without(std::size_t count) const {
    std::vector<const LockEntry*> entries;
    for (std::size_t i = 0; i + count < applied_.size(); ++i) entries.push_back(applied_[i].entry);
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
    const history::Migration down = history::inverse_of(*reversal.migration);
    auto text = history::MigrationText::open(down);
    if (!text) return pass(text);
    auto mode = mode_of(down, text->view());
    if (!mode) return pass(mode);
    ScriptRunner runner(connection_, down, text->view());
    runner.own("BEGIN");
    add_guards(runner, reversal);
    if (auto sent = runner.run_all(mode->wrapped); !sent) return sent;
    if (mode->touches_prepared)
      if (auto forgotten = runner.forget_prepared(); !forgotten) return forgotten;
    runner.ask("SET CONSTRAINTS ALL IMMEDIATE", codes::statement_failed, "deferred constraints");
    reset_role(runner.pipeline());
    if (auto finished = runner.finish(); !finished) return finished;
    if (auto compared = compare(done); !compared) return compared;
    return record_and_commit(reversal);
  }

  /// What cannot run in a transaction is compared when it is done, and recorded only if it holds.
  Result<> by_statement(const Reversal& reversal, Reverted& done) {
    const history::Migration down = history::inverse_of(*reversal.migration);
    auto text = history::MigrationText::open(down);
    if (!text) return pass(text);
    ScriptRunner runner(connection_, down, text->view());
    auto walked =
        sql::for_each_statement(text->view(), down.file, [&](const sql::Statement& statement) -> Result<> {
          if (auto sent = runner.run(statement); !sent) return sent;
          return runner.finish();
        });
    if (!walked) return walked;
    if (auto reset = reset_session(connection_, true); !reset) return reset;
    if (auto begun = connection_.query("BEGIN"); !begun) return pass(begun);
    if (auto compared = compare(done); !compared) return compared;
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

  Result<> compare(Reverted& done) {
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
        .hint = "correct the down file; the migration is still applied"});
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
    if (auto recorded = pipeline.run(); !recorded) return failed("recording it in the ledger", recorded);
    auto committed = connection_.query("COMMIT");
    if (!committed) return pass(committed);
    if (committed->command_tag() != "COMMIT")
      return fail(codes::internal,
                  fmt::format("the server answered COMMIT with {}", committed->command_tag()),
                  "run the command again");
    return {};
  }

  const Project& project_;
  pg::Connection& connection_;
  const RevertOptions& options_;
  RevertObserver& observer_;
  history::Ledger ledger_;
  std::string run_id_ = random_uuid();
  std::vector<history::LedgerRow> rows_;
  std::vector<Applied> applied_;
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
