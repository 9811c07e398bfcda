#include "engine/repair.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/version.h"
#include "catalog/read.h"
#include "engine/diagnose_findings.h"
#include "engine/diff_schemas.h"
#include "engine/guarded_plan.h"
#include "engine/losses.h"
#include "engine/mend_ledger.h"
#include "engine/mirror.h"
#include "engine/prover.h"
#include "engine/put_right.h"
#include "engine/repair_checks.h"
#include "engine/retry.h"
#include "engine/rows_fit.h"
#include "engine/run_id.h"
#include "engine/shadow.h"

namespace candor::engine {

namespace {

using catalog::Difference;
using history::LockEntry;
using Entries = std::vector<const LockEntry*>;

using Nature = Difference::Nature;

class Repair {
 public:
  Repair(const Project& project, pg::Connection& connection, const RepairOptions& options)
      : project_(project),
        connection_(connection),
        options_(options),
        ledger_(project.settings.ledger_schema) {}

  Result<RepairResult> run(const std::function<void(const pg::Holder&)>& waiting) {
    std::optional<pg::RunLock> lock;
    if (options_.apply) {
      auto taken = pg::RunLock::acquire(connection_, pg::lock_keys(ledger_.schema()),
                                        project_.settings.wait_for_runner, waiting);
      if (!taken) return pass(taken);
      lock.emplace(std::move(*taken));
    }
    if (auto seeing = see_every_row(connection_, true); !seeing) return pass(seeing);
    if (auto mended = mend(); !mended) return pass(mended);
    auto diagnosis = diagnose(project_, connection_);
    if (!diagnosis) return pass(diagnosis);
    diagnosis_ = std::move(*diagnosis);
    // Rows that nobody can read are not written over.
    if (diagnosis_.ledger_error && result_.mending.empty()) return std::unexpected(*diagnosis_.ledger_error);
    if (auto aimed = aim(); !aimed) return pass(aimed);
    if (auto planned = plan(); !planned) return pass(planned);
    if (auto tried = prove(); !tried) return pass(tried);
    if (options_.as_migration)
      if (auto written = write_down(); !written) return pass(written);
    if (auto proven = require_proof(); !proven) return pass(proven);
    if (options_.apply && !result_.nothing_to_do())
      if (auto applied = apply(); !applied) return pass(applied);
    return std::move(result_);
  }

 private:
  /// The ledger comes first: what it says decides on the rest. A dry run is rolled back.
  Result<> mend() {
    auto shape = ledger_.inspect(connection_);
    if (!shape) return pass(shape);
    if (shape->shape != history::Shape::damaged) return {};
    auto transaction = pg::Transaction::begin(connection_);
    if (!transaction) return pass(transaction);
    auto statements = mend_ledger(connection_, ledger_);
    if (!statements) return pass(statements);
    result_.mending = std::move(*statements);
    if (!options_.apply) return transaction->rollback();
    const nlohmann::json detail = {{"damage", shape->damage}, {"statements", result_.mending}};
    if (auto noted = add_event("mended", detail); !noted) return noted;
    return transaction->commit();
  }

  /// Which migrations the database is to have.
  Result<> aim() {
    const Entries& entries = diagnosis_.entries;
    std::size_t position = diagnosis_.position;
    if (options_.to) {
      const auto at = std::ranges::find_if(
          entries, [&](const LockEntry* entry) { return entry->version == *options_.to; });
      if (at == entries.end())
        return fail(codes::migration_unknown,
                    fmt::format("there is no migration {}", printable(options_.to->text())),
                    "run `candor status` to see the versions that there are");
      position = static_cast<std::size_t>(at - entries.begin()) + 1;
    } else if (!diagnosis_.stands && diagnosis_.recorded > 0) {
      for (const LockEntry* const entry : entries)
        if (diagnosis_.records(*entry)) target_.push_back(entry);
      result_.target = target_.back();
      return {};
    } else if (!diagnosis_.stands) {
      position = diagnosis_.repair_position();
    } else if (diagnosis_.recorded == 0) {
      auto told = told_by_events(position);
      if (!told) return pass(told);
      position = *told;
      while (diagnosis_.standing.is_equal(position + result_.same_catalog.size() + 1))
        result_.same_catalog.push_back(entries[position + result_.same_catalog.size()]);
    }
    target_.assign(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(position));
    result_.target = target_.empty() ? nullptr : target_.back();
    return {};
  }

  /// Of versions with one catalog, a ledger that has lost its rows may still tell by its events which was
  /// reached.
  Result<std::size_t> told_by_events(std::size_t position) {
    if (!diagnosis_.standing.is_equal(position + 1)) return position;
    auto shape = ledger_.inspect(connection_);
    if (!shape) return pass(shape);
    if (shape->shape != history::Shape::current) return position;
    auto events = connection_.query(ledger_.last_events());
    if (!events) return failed("reading the ledger's events", events);
    std::set<std::string> applied;
    for (int r = 0; r < events->size(); ++r)
      if (const auto event = events->at(r, 1); event == "applied" || event == "baselined")
        applied.emplace(events->at(r, 0));
    while (diagnosis_.standing.is_equal(position + 1) &&
           applied.contains(diagnosis_.entries[position]->version.text()))
      ++position;
    return position;
  }

  /// The same under another name is kept, if somebody says so; a table is not made beside it unasked.
  Result<> choose_names() {
    for (const auto& names : options_.renames) {
      auto rename = find_rename(diagnosis_.live, goal_, names);
      if (!rename) return pass(rename);
      plan_options_.renames.push_back(*rename);
    }
    if (options_.as_new || !options_.renames.empty()) return {};
    result_.likely_renames = plan::likely_renames(diagnosis_.live, goal_);
    const auto table = std::ranges::find(result_.likely_renames, catalog::Kind::table,
                                         [](const plan::Rename& rename) { return rename.from.kind; });
    if (table == result_.likely_renames.end() || !(options_.apply || options_.as_migration)) return {};
    return std::unexpected(Error{
        .code = codes::likely_renamed,
        .message = fmt::format("{} is missing, and {} may be it", describe(table->to), describe(table->from)),
        .hint =
            fmt::format("run the command with --rename {}={}, or with --as-new if they have nothing to do "
                        "with each other",
                        to_string(table->from), to_string(table->to))});
  }

  Result<> plan() {
    auto goal = put_right_at(project_, target_, diagnosis_.rows, diagnosis_.live);
    if (!goal) return pass(goal);
    goal_ = std::move(*goal);
    plan_options_ = {.simple = !options_.online, .additive = !options_.allow_drop, .fills = options_.fills};
    if (auto named = choose_names(); !named) return named;
    result_.plan = plan::make_plan(diagnosis_.live, goal_, diagnosis_.live.major, plan_options_);
    const auto now = compare_with(project_, target_, diagnosis_.rows, diagnosis_.live);
    if (!now) return std::unexpected(now.error());
    result_.objects = now->objects;
    if (!result_.plan.impossible.empty())
      return std::unexpected(Error{.code = codes::plan_unproven,
                                   .message = "some differences cannot be put right by any statement",
                                   .detail = joined(result_.plan.impossible),
                                   .hint = "put these right by hand first"});
    if (auto fit = require_columns(options_.fills, goal_); !fit) return fit;
    if (auto values = require_values(connection_, result_.plan, diagnosis_.live, options_.fills); !values)
      return values;
    if (auto casts = require_casts(connection_, result_.plan, diagnosis_.live); !casts) return casts;
    if (!options_.as_migration)  // which is for other databases, too
      if (auto fit = require_rows_fit(connection_, result_.plan, goal_, diagnosis_.live); !fit) return fit;
    if (auto kept = require_nothing_lost(); !kept) return kept;
    choose_rows();
    // The tool that is mirrored is to see what Candor's ledger will say.
    auto mirrored = mirrored_rows(project_, connection_, result_.baselined, result_.made_pending);
    if (!mirrored) return pass(mirrored);
    mirrored_ = std::move(*mirrored);
    return {};
  }

  Result<> require_nothing_lost() {
    auto losses = losses_of(connection_, result_.plan, diagnosis_.live);
    if (!losses) return pass(losses);
    result_.losses = std::move(*losses);
    if (options_.allow_drop || result_.losses.empty()) return {};
    std::vector<std::string> lines;
    for (const Loss& loss : result_.losses) lines.push_back(line_of(loss));
    return std::unexpected(Error{.code = codes::needs_allow_drop,
                                 .message = "the repair would lose data",
                                 .detail = joined(lines),
                                 .hint = "save it; then run the command with --allow-drop"});
  }

  /// Rows are added for what is in the target; they go only where the catalog stands before what they claim.
  /// Those that no migration has go where the catalog is proven without them.
  void choose_rows() {
    if (!result_.mending.empty() && !options_.apply) return;  // they can be read when the table is mended
    const std::set<const LockEntry*> in_target(target_.begin(), target_.end());
    for (const LockEntry* const entry : target_) {
      if (diagnosis_.records(*entry)) continue;
      result_.baselined.push_back(entry);
      if (entry->effects.empty()) result_.without_trace.push_back(entry);
    }
    if (!diagnosis_.stands) return;
    for (const LockEntry* const entry : diagnosis_.entries)
      if (diagnosis_.records(*entry) && !in_target.contains(entry)) result_.made_pending.push_back(entry);
    if (diagnosis_.comparison.verdict() != catalog::Verdict::is_true) return;
    for (const history::LedgerRow& row : diagnosis_.rows)
      if (row.claims_applied() && project_.lock->find(row.version) == nullptr)
        result_.forgotten.push_back(row.version);
  }

  [[nodiscard]] bool in_one_transaction() const {
    return result_.plan.transactions.size() == 1 && result_.plan.transactions.front().transactional;
  }

  /// Every plan is proven before it is shown. That there is no shadow is said, not an error.
  Result<> prove() {
    if (result_.plan.empty()) return {};
    const int major = diagnosis_.live.major;
    auto shadow = Shadow::open(project_.settings, major == 0 ? std::nullopt : std::optional(major));
    if (!shadow && shadow.error().code.id == codes::interrupted.id) return pass(shadow);
    if (!shadow) {
      no_shadow_ = true;
      result_.proof.why_not = fmt::format("there is no shadow to try it in: {}", shadow.error().message);
      return {};
    }
    auto proof = prove_plan(shadow->connection(), diagnosis_.live, goal_, result_.plan, plan_options_);
    if (!proof) return failed("proving the plan", proof);
    result_.proof = std::move(*proof);
    return {};
  }

  /// A file runs behind all others, and so must lead to where they lead.
  Result<> write_down() {
    if (result_.plan.empty()) return {};
    const LockEntry* const last = diagnosis_.entries.empty() ? nullptr : diagnosis_.entries.back();
    if (result_.target != last)
      return fail(
          codes::usage,
          fmt::format("a migration runs behind all others, and this repair leads to {}, not to {}",
                      result_.target == nullptr ? "the beginning" : label(*result_.target), label(*last)),
          "run `candor repair --apply`, then `candor up`");
    auto sql = guarded_sql(project_.settings, diagnosis_.live, goal_, result_.plan, plan_options_);
    if (!sql) return pass(sql);
    result_.migration = std::move(*sql);
    return {};
  }

  /// A plan of one transaction is proven once more by the comparison before its COMMIT.
  Result<> require_proof() const {
    if (result_.plan.empty() || !options_.apply || options_.unproven) return {};
    if (!result_.proof.proven && !no_shadow_)
      return std::unexpected(Error{
          .code = codes::plan_unproven,
          .message = fmt::format("the plan is unproven: {}", result_.proof.why_not),
          .detail = result_.proof.detail,
          .hint = "read the plan (without --apply); --unproven runs it, and compares before the COMMIT"});
    if (in_one_transaction()) return {};
    return fail(codes::plan_unproven,
                fmt::format("the plan takes {} transactions, so that it cannot be undone as a whole",
                            result_.plan.transactions.size()),
                "read the plan (without --apply); --unproven runs it, and compares in the last transaction");
  }

  /// A plan of one transaction waits for its locks like a migration does.
  Result<> apply() {
    for (int number = 1;; ++number) {
      auto applied = run_transactions();
      if (!applied && !connection_.lost()) (void)connection_.query_ignoring_interrupt("ROLLBACK");
      result_.applied = applied.has_value();
      const bool again = !applied && in_one_transaction() && worth_retrying(applied.error()) &&
                         number <= project_.settings.lock_retries && !interrupted();
      if (!again) return applied;
      result_.left.clear();
      pause_before(number);
    }
  }

  Result<> run_transactions() {
    const auto& transactions = result_.plan.transactions;
    const bool last_is_open = !transactions.empty() && transactions.back().transactional;
    for (std::size_t i = 0; i < transactions.size(); ++i) {
      const plan::Transaction& transaction = transactions[i];
      if (transaction.transactional)
        if (auto begun = begin(); !begun) return begun;
      for (const plan::Step& step : transaction.steps) {
        auto done = connection_.query(step.sql);
        if (done) continue;
        Error error = std::move(done.error());
        error.message = fmt::format("a statement of the repair failed: {}", error.message);
        error.detail = step.sql + (error.detail.empty() ? "" : "\n" + error.detail);
        if (error.hint.empty()) error.hint = "run `candor diagnose`; what was committed before it stays";
        return std::unexpected(std::move(error));
      }
      if (transaction.transactional && i + 1 < transactions.size())
        if (auto committed = connection_.query("COMMIT"); !committed) return pass(committed);
    }
    if (!last_is_open)
      if (auto begun = begin(); !begun) return begun;
    if (auto compared = compare(); !compared) return compared;
    if (auto recorded = record(); !recorded) return recorded;
    auto committed = connection_.query("COMMIT");
    if (!committed) return pass(committed);
    if (committed->command_tag() != "COMMIT")
      return fail(codes::internal,
                  fmt::format("the server answered COMMIT with {}", committed->command_tag()),
                  "run the command again");
    return {};
  }

  Result<> begin() {
    if (auto begun = connection_.query("BEGIN"); !begun) return pass(begun);
    const auto& settings = project_.settings;
    auto set = connection_.query(
        "SELECT pg_catalog.set_config('lock_timeout', $1, true), pg_catalog.set_config('statement_timeout', $2, true),"
        " pg_catalog.set_config('search_path', 'pg_catalog', true),"
        " pg_catalog.pg_advisory_xact_lock($3::pg_catalog.int8)",
        {settings.lock_timeout, settings.statement_timeout,
         std::to_string(pg::lock_keys(ledger_.schema()).step)});
    if (!set) return pass(set);
    return {};
  }

  /// Only what is extra may differ now, and that only if nothing was to be dropped.
  Result<> compare() {
    catalog::ReadOptions read{.excluded_schemas = {ledger_.schema()}};
    for (const catalog::Unreadable& kind : diagnosis_.live.unreadable) read.skip.insert(kind.kind);
    auto reading = catalog::read_in_transaction(connection_, {}, read);
    if (!reading) return failed("reading back", reading);
    reading->catalog.unreadable = diagnosis_.live.unreadable;
    auto comparison = compare_with(project_, target_, diagnosis_.rows, reading->catalog);
    if (!comparison) return pass(comparison);
    result_.objects = comparison->objects;
    std::vector<Difference> wrong;
    for (Difference& difference : comparison->differences)
      (difference.nature == Nature::extra && !options_.allow_drop ? result_.left : wrong)
          .push_back(difference);
    if (wrong.empty()) return {};
    return std::unexpected(Error{.code = codes::repair_failed,
                                 .message = fmt::format("after the repair {} of {} objects differ still",
                                                        wrong.size(), comparison->objects),
                                 .detail = lines_of(wrong),
                                 .hint = "nothing of the last transaction was kept; run `candor diagnose`"});
  }

  Result<> record() {
    auto shape = ledger_.require_usable(connection_);
    if (!shape) return pass(shape);
    if (shape->shape != history::Shape::current)
      if (auto made = ledger_.create_or_upgrade_here(connection_, *shape); !made) return made;
    for (const LockEntry* const entry : result_.baselined) {
      history::LedgerRow row{.version = entry->version,
                             .name = entry->name,
                             .checksum = entry->checksum,
                             .status = history::Status::baselined,
                             .tool_version = std::string(tool_version()),
                             .run_id = run_id_};
      if (entry == result_.target && result_.left.empty()) row.fingerprint = entry->fingerprint;
      auto done =
          connection_.query(ledger_.record().sql, history::Ledger::record_parameters(row, "baselined"));
      if (!done) return failed("recording the repair", done);
    }
    for (const LockEntry* const entry : result_.made_pending) {
      const auto row = std::ranges::find(diagnosis_.rows, entry->version, &history::LedgerRow::version);
      auto done = connection_.query(ledger_.forget(), {row->version.text()});
      if (!done) return failed("recording the repair", done);
    }
    for (const history::Version& version : result_.forgotten)
      if (auto done = connection_.query(ledger_.forget(), {version.text()}); !done)
        return failed("recording the repair", done);
    for (const history::ForeignStatement& statement : mirrored_)
      if (auto done = connection_.query(statement.sql, statement.params); !done)
        return failed("recording the repair in the ledger that is mirrored", done);
    std::vector<std::string> statements, left, forgotten;
    for (const history::Version& version : result_.forgotten) forgotten.push_back(version.text());
    for (const plan::Transaction& transaction : result_.plan.transactions)
      for (const plan::Step& step : transaction.steps) statements.push_back(step.sql);
    for (const Difference& difference : result_.left) left.push_back(describe(difference.id));
    return add_event("repair", {{"statements", std::move(statements)},
                                {"objects_compared", result_.objects},
                                {"left", std::move(left)},
                                {"baselined", versions(result_.baselined)},
                                {"made_pending", versions(result_.made_pending)},
                                {"forgotten", std::move(forgotten)}});
  }

  Result<> add_event(std::string_view event, const nlohmann::json& detail) {
    const std::string version = result_.target != nullptr ? result_.target->version.text() : std::string();
    auto added = connection_.query(
        ledger_.add_event(),
        {run_id_, version, std::string(event),
         detail.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), std::string(tool_version())});
    if (!added) return failed("recording the repair", added);
    return {};
  }

  static std::vector<std::string> versions(const Entries& entries) {
    std::vector<std::string> list;
    for (const LockEntry* const entry : entries) list.push_back(entry->version.text());
    return list;
  }

  static std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
    return text;
  }

  const Project& project_;
  pg::Connection& connection_;
  const RepairOptions& options_;
  history::Ledger ledger_;
  std::string run_id_ = random_uuid();
  Diagnosis diagnosis_;
  Entries target_;
  catalog::Catalog goal_;
  std::vector<history::ForeignStatement> mirrored_;
  plan::Options plan_options_;
  bool no_shadow_ = false;
  RepairResult result_;
};

}  // namespace

Result<RepairResult> repair(const Project& project, pg::Connection& connection, const RepairOptions& options,
                            const std::function<void(const pg::Holder&)>& waiting) {
  if (auto sound = require_sound_files(project); !sound) return pass(sound);
  if (auto locked = require_lock(project); !locked) return pass(locked);
  return Repair(project, connection, options).run(waiting);
}

}  // namespace candor::engine
