#include "engine/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/counted.h"
#include "base/file.h"
#include "base/version.h"
#include "catalog/read.h"
#include "engine/diagnose_findings.h"
#include "engine/prover.h"
#include "engine/run_id.h"
#include "engine/verify.h"
#include "pg/literal.h"

namespace candor::engine {

namespace {

using history::LedgerRow;
using history::LockEntry;

struct Call {
  std::string sql;
  pg::Params params;
};

/// A baseline in the making: first what is to be recorded and why it may be, then the recording.
class Baseline {
 public:
  Baseline(const Project& project, const BaselineOptions& options)
      : project_(project), options_(options), ledger_(project.settings.ledger_schema) {}

  Result<BaselineResult> run(pg::Connection& connection,
                             const std::function<void(const pg::Holder&)>& waiting) {
    std::optional<pg::RunLock> lock;
    if (!options_.dry_run) {
      auto taken = pg::RunLock::acquire(connection, pg::lock_keys(ledger_.schema()),
                                        project_.settings.wait_for_runner, waiting);
      if (!taken) return pass(taken);
      lock.emplace(std::move(*taken));
    }
    auto diagnosis = diagnose(project_, connection, options_.claims);
    if (!diagnosis) return pass(diagnosis);
    diagnosis_ = std::move(*diagnosis);
    if (auto decided = decide(); !decided) return pass(decided);
    collect();
    if (auto more = collect_more(); !more) return pass(more);
    if (options_.dry_run) {
      result_.statements = ledger_.creation_sql(diagnosis_.ledger);
      for (const Call& call : calls_)
        result_.statements.push_back(pg::with_parameters(call.sql, call.params));
    } else if (!calls_.empty()) {
      if (auto written = write(connection); !written) return pass(written);
    }
    return std::move(result_);
  }

 private:
  Result<> decide() {
    if (diagnosis_.ledger_error) return std::unexpected(*diagnosis_.ledger_error);
    if (auto sound = require_sound_rows(); !sound) return sound;
    auto position = options_.at ? named_position() : proven_position();
    if (!position) return pass(position);
    position_ = *position;
    if (auto proven = require_proven(); !proven) return proven;
    return require_nothing_beyond();
  }

  Result<> require_sound_rows() const {
    for (const LedgerRow& row : diagnosis_.rows) {
      const std::string version = printable(row.version.text());
      if (row.status == history::Status::running)
        return fail(codes::ledger_half_done, fmt::format("migration {} is half done", version),
                    "run `candor up`, which goes on where it stopped");
      if (row.claims_applied() && project_.lock->find(row.version) == nullptr)
        return fail(codes::ledger_unknown_version,
                    fmt::format("the ledger records migration {}, which no lock entry has", version),
                    "check out the revision that has it, or bring its file back");
    }
    return {};
  }

  Result<std::size_t> named_position() const {
    const auto& entries = diagnosis_.entries;
    const auto at =
        std::ranges::find_if(entries, [&](const LockEntry* entry) { return entry->version == *options_.at; });
    if (at == entries.end())
      return fail(codes::migration_unknown,
                  fmt::format("there is no migration {}", printable(options_.at->text())),
                  "run `candor status` to see the versions that there are");
    return static_cast<std::size_t>(at - entries.begin()) + 1;
  }

  Result<std::size_t> proven_position() const {
    if (diagnosis_.stands) return diagnosis_.position;
    const LockEntry* const at = diagnosis_.at();
    return std::unexpected(Error{
        .code = codes::no_version_fits,
        .message = fmt::format("the database is no version of its history; {} is nearest, with {} in {}",
                               at == nullptr ? "the state before the first migration" : label(*at),
                               counted(diagnosis_.comparison.differences.size(), "difference"),
                               counted(diagnosis_.comparison.objects, "object")),
        .detail = lines_of(diagnosis_.comparison.differences),
        .hint = at == nullptr
                    ? "run `candor diagnose` to see what there is"
                    : fmt::format(
                          "run `candor repair --to {0}`, or `candor baseline --at {0} --accept-differences`",
                          printable(at->version.text()))});
  }

  /// Equal and compared as a whole, or accepted as it is.
  Result<> require_proven() {
    auto comparison = compare_at(position_);
    if (!comparison) return pass(comparison);
    result_.objects = comparison->objects;
    if (comparison->verdict() == catalog::Verdict::is_true) return {};
    const auto& lines = comparison->differences.empty() ? comparison->unproven : comparison->differences;
    if (options_.accept_differences) {
      result_.accepted = lines;
      return {};
    }
    const std::string version = position_ == 0 ? "the beginning" : label(*diagnosis_.entries[position_ - 1]);
    const bool only_strangers = diagnosis_.standing.is_equal(position_) && !comparison->differences.empty();
    return std::unexpected(Error{
        .code = codes::baseline_refused,
        .message =
            comparison->differences.empty()
                ? fmt::format("that the database stands at {} is not proven: {} could not be compared",
                              version, counted(lines.size(), "text"))
                : fmt::format("the database is not {}: {} in {}", version,
                              counted(lines.size(), "difference"), counted(comparison->objects, "object")),
        .detail = lines_of(lines),
        .hint = comparison->differences.empty() && diagnosis_.live.major != project_.lock->server
                    ? fmt::format("run `candor lock --server {}`, so that the lock holds that major's texts",
                                  diagnosis_.live.major)
                : only_strangers
                    ? "leave what belongs to others to them with `ignore` in candor.toml, or add "
                      "--accept-differences"
                    : "run `candor diagnose`, or add --accept-differences, which records them"});
  }

  Result<catalog::Comparison> compare_at(std::size_t position) const {
    if (position == diagnosis_.position) return diagnosis_.comparison;
    const std::vector<const LockEntry*> applied(
        diagnosis_.entries.begin(), diagnosis_.entries.begin() + static_cast<std::ptrdiff_t>(position));
    return compare_with(project_, applied, diagnosis_.rows, diagnosis_.live);
  }

  /// A ledger that claims more than the catalog shows is repaired, not added to.
  Result<> require_nothing_beyond() const {
    std::string beyond;
    for (std::size_t i = position_; i < diagnosis_.entries.size(); ++i)
      if (diagnosis_.records(*diagnosis_.entries[i]))
        beyond += (beyond.empty() ? "" : ", ") + label(*diagnosis_.entries[i]);
    if (beyond.empty()) return {};
    return fail(
        codes::baseline_refused,
        fmt::format("the ledger claims what lies beyond {}: {}",
                    position_ == 0 ? "the beginning" : label(*diagnosis_.entries[position_ - 1]), beyond),
        "run `candor repair`, which makes the ledger agree with the catalog");
  }

  void collect() {
    const auto& entries = diagnosis_.entries;
    const std::string run_id = random_uuid();
    result_.at = position_ == 0 ? nullptr : entries[position_ - 1];
    for (std::size_t i = 0; i < position_; ++i) {
      if (diagnosis_.records(*entries[i])) continue;
      result_.recorded.push_back(entries[i]);
      calls_.push_back({ledger_.record().sql,
                        history::Ledger::record_parameters(row_of(*entries[i], run_id), "baselined")});
    }
    for (std::size_t i = position_;
         i < entries.size() && diagnosis_.standing.is_equal(i + 1) && diagnosis_.standing.is_equal(position_);
         ++i)
      result_.same_catalog.push_back(entries[i]);
    result_.pending = entries.size() - position_;
    if (!result_.recorded.empty())
      calls_.push_back(
          {ledger_.add_event(),
           {run_id, result_.at->version.text(), "baseline", evidence(), std::string(tool_version())}});
  }

  Result<> collect_more() {
    if (!options_.also) return {};
    auto more = options_.also(
        {diagnosis_.entries.begin(), diagnosis_.entries.begin() + static_cast<std::ptrdiff_t>(position_)});
    if (!more) return pass(more);
    for (history::ForeignStatement& statement : *more)
      calls_.push_back({std::move(statement.sql), std::move(statement.params)});
    return {};
  }

  /// Only the last row has a fingerprint: the states before it were not seen.
  LedgerRow row_of(const LockEntry& entry, const std::string& run_id) const {
    LedgerRow row{.version = entry.version,
                  .name = entry.name,
                  .checksum = entry.checksum,
                  .status = history::Status::baselined,
                  .tool_version = std::string(tool_version()),
                  .run_id = run_id};
    if (&entry == result_.at && result_.accepted.empty()) row.fingerprint = entry.fingerprint;
    return row;
  }

  std::string evidence() const {
    nlohmann::json differences = nlohmann::json::array(), same = nlohmann::json::array();
    for (const catalog::Difference& difference : result_.accepted) differences.push_back(line_of(difference));
    for (const LockEntry* const entry : result_.same_catalog) same.push_back(entry->version.text());
    const nlohmann::json json = {{"asked", options_.at ? "at" : "auto"},
                                 {"recorded", result_.recorded.size()},
                                 {"objects_compared", result_.objects},
                                 {"equal", result_.accepted.empty()},
                                 {"accepted_differences", std::move(differences)},
                                 {"same_catalog_left_pending", std::move(same)},
                                 {"lock_fingerprint", result_.at->fingerprint}};
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }

  Result<> write(pg::Connection& connection) {
    auto transaction = pg::Transaction::begin(connection, "ISOLATION LEVEL REPEATABLE READ");
    if (!transaction) return pass(transaction);
    auto locked = connection.query("SELECT pg_catalog.pg_advisory_xact_lock($1::pg_catalog.int8)",
                                   {std::to_string(pg::lock_keys(ledger_.schema()).step)});
    if (!locked) return pass(locked);
    if (diagnosis_.ledger.shape != history::Shape::current)
      if (auto made = ledger_.create_or_upgrade_here(connection, diagnosis_.ledger); !made) return made;
    if (auto same = require_unchanged(connection); !same) return same;
    pg::Pipeline pipeline(connection);
    for (const Call& call : calls_) pipeline.add(call.sql, call.params);
    if (auto ran = pipeline.run(); !ran) return failed("recording the baseline", ran);
    return transaction->commit();
  }

  /// What was decided on is still so, in the transaction that records it.
  Result<> require_unchanged(pg::Connection& connection) const {
    auto shape = ledger_.require_usable(connection);
    if (!shape) return pass(shape);
    auto rows = ledger_.rows(connection, *shape);
    if (!rows) return pass(rows);
    catalog::ReadOptions options{.excluded_schemas = {ledger_.schema()}};
    for (const catalog::Unreadable& kind : diagnosis_.live.unreadable) options.skip.insert(kind.kind);
    auto reading = catalog::read_in_transaction(connection, {}, options);
    if (!reading) return pass(reading);
    if (*rows == diagnosis_.rows && reading->catalog.objects() == diagnosis_.live.objects()) return {};
    return fail(codes::ledger_race, "the database was changed while the baseline was being made",
                "run the command again");
  }

  const Project& project_;
  const BaselineOptions& options_;
  history::Ledger ledger_;
  Diagnosis diagnosis_;
  std::size_t position_ = 0;
  std::vector<Call> calls_;
  BaselineResult result_;
};

}  // namespace

Result<BaselineResult> baseline(const Project& project, pg::Connection& connection,
                                const BaselineOptions& options,
                                const std::function<void(const pg::Holder&)>& waiting) {
  if (auto sound = require_sound_files(project); !sound) return pass(sound);
  if (auto locked = require_lock(project); !locked) return pass(locked);
  return Baseline(project, options).run(connection, waiting);
}

}  // namespace candor::engine
