#include "engine/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "catalog/state.h"
#include "engine/expectation.h"
#include "engine/snapshot.h"

namespace candor::engine {

namespace {

using Clock = std::chrono::steady_clock;
using catalog::Difference;
using catalog::Verdict;
using history::LedgerRow;
using history::LockEntry;
using history::Status;

std::string label(const MigrationState& state) {
  const std::string version = catalog::quoted(state.version.text());
  return state.name.empty() ? version : fmt::format("{} ({})", version, catalog::quoted(state.name));
}

/// Files and rows, which both ascend, side by side.
std::vector<MigrationState> states_of(const history::History& history, std::vector<LedgerRow>& rows) {
  std::vector<MigrationState> states;
  auto row = rows.begin();
  auto migration = history.migrations.begin();
  while (row != rows.end() || migration != history.migrations.end()) {
    const bool from_row =
        migration == history.migrations.end() || (row != rows.end() && row->version <= migration->version);
    const bool from_file =
        row == rows.end() || (migration != history.migrations.end() && migration->version <= row->version);
    MigrationState state;
    if (from_row) {
      state.version = row->version;
      state.name = row->name;
      state.row = std::move(*row++);
    }
    if (from_file) {
      state.version = migration->version;
      state.name = migration->name;
      state.migration = &*migration++;
    }
    states.push_back(std::move(state));
  }
  return states;
}

/// The relation that an object belongs to, or itself; the kind does not matter.
catalog::ObjectId root_of(const catalog::ObjectId& id) {
  return {.schema = id.schema, .name = id.relation.empty() ? id.name : id.relation};
}

/// One verification in the making.
class Verifying {
 public:
  Verifying(const Project& project, Snapshot& snapshot) : project_(project), live_(snapshot.catalog) {
    result_.ledger = std::move(snapshot.shape);
    result_.server_major = live_.major;
    if (project.lock) result_.lock_major = project.lock->server;
    result_.findings = project.lock_findings;
    take_states(snapshot.rows);
  }

  Result<Verification> run() && {
    if (auto compared = compare_with_lock(); !compared) return pass(compared);
    judge();
    if (result_.ledger.shape == history::Shape::absent)
      add(Severity::notice, codes::ledger_missing,
          "the database has no ledger: nothing was ever applied by Candor",
          "run `candor up`, which makes it");
    for (const MigrationState& state : result_.migrations) look_at(state);
    return std::move(result_);
  }

 private:
  void take_states(std::vector<LedgerRow>& rows) {
    for (const LedgerRow& row : rows) {
      if (!row.witnessed.empty()) witnesses_.push_back(row);
      if (row.version.repeatable()) repeatables_.push_back(row);
    }
    result_.migrations = states_of(project_.history, rows);
    for (MigrationState& state : result_.migrations) {
      state.outdated = is_outdated(state);
      if (!state.pending()) {
        ++result_.applied;
        if (!result_.version || !state.version.repeatable()) result_.version = state.version;
      } else if (state.migration != nullptr) {
        ++result_.pending;
      }
      if (state.row && state.row->status == Status::running) half_done_ = true;
    }
  }

  /// By the lock, which tells what the file did when it was applied; the file may be ahead of it.
  bool is_outdated(const MigrationState& state) const {
    if (!state.row || !state.version.repeatable()) return false;
    if (const LockEntry* const entry = project_.lock ? project_.lock->find(state.version) : nullptr)
      return state.row->is_outdated(entry->checksum);
    return state.migration != nullptr && state.row->is_outdated(state.migration->checksum);
  }

  Result<> compare_with_lock() {
    if (!project_.lock) return {};
    const history::LockFile& lock = *project_.lock;
    std::vector<const LockEntry*> applied;
    for (const MigrationState& state : result_.migrations) {
      if (state.outdated) sound_ = false;
      if (state.pending()) continue;
      const LockEntry* const entry = lock.find(state.version);
      if (entry == nullptr) return {};  // what it did cannot be known; look_at() or compare_lock() says so
      applied.push_back(entry);
      if (!is_sound(state, *entry)) sound_ = false;
    }
    if (!in_order(lock, applied)) sound_ = false;

    auto expected = expectation_of(lock, applied, witnesses_, live_.major);
    if (!expected && expected.error().code.id == codes::lock_malformed.id) {
      result_.findings.push_back({Severity::error, std::move(expected.error())});
      return {};
    }
    if (!expected) return pass(expected);
    const catalog::CompareOptions options = options_for_applied(applied);
    result_.comparison = catalog::compare(expected->catalog, live_, expected->forms, options);
    result_.compared = true;
    find_ahead(applied, options);
    return {};
  }

  /// The lock's facts about an applied migration are those of its file.
  static bool is_sound(const MigrationState& state, const LockEntry& entry) {
    return state.migration != nullptr && state.migration->checksum == entry.checksum &&
           state.migration->file == entry.file;
  }

  /// Entries that a merge interleaved were replayed in another order than they are applied in.
  static bool in_order(const history::LockFile& lock, const std::vector<const LockEntry*>& applied) {
    const std::unordered_set<const LockEntry*> is_applied(applied.begin(), applied.end());
    for (std::size_t i = 1; i < lock.entries.size(); ++i) {
      const LockEntry& before = lock.entries[i - 1];
      const LockEntry& after = lock.entries[i];
      if (before.version >= after.version && (is_applied.contains(&before) || is_applied.contains(&after)))
        return false;
    }
    return true;
  }

  catalog::CompareOptions options_for_applied(const std::vector<const LockEntry*>& applied) const {
    catalog::CompareOptions options = project_.compare_options();
    options.varies.clear();
    options.left_out.merge(touched_by_outdated(*project_.lock, repeatables_, applied));
    for (const MigrationState& state : result_.migrations) {
      if (state.pending() || state.migration == nullptr) continue;
      const auto& patterns = state.migration->directives.varies;
      options.varies.insert(options.varies.end(), patterns.begin(), patterns.end());
    }
    return options;
  }

  /// What is there already, exactly as it will be after one of the pending migrations, is news and no
  /// difference. A relation counts as a whole, with all that belongs to it: a table that lacks a column is
  /// not ahead.
  void find_ahead(const std::vector<const LockEntry*>& applied, const catalog::CompareOptions& options) {
    const auto is_extra = [](const Difference& difference) {
      return difference.nature == Difference::Nature::extra;
    };
    std::unordered_map<catalog::ObjectId, std::vector<catalog::ObjectId>> extras;  // by what they belong to
    for (const Difference& difference : result_.comparison.differences)
      if (is_extra(difference)) extras[root_of(difference.id)].push_back(difference.id);
    if (result_.pending == 0 || extras.empty()) return;
    catalog::Forms forms;
    const auto expected = expected_catalog(*project_.lock, applied, live_.major, forms);
    if (!expected) return;

    std::unordered_map<catalog::ObjectId, std::vector<catalog::Object>> found;
    for (const catalog::Object& object : live_.objects())
      if (const auto root = root_of(object.id); extras.contains(root)) found[root].push_back(object);
    catalog::State state(*expected);
    std::unordered_map<catalog::ObjectId, std::set<catalog::ObjectId>> wanted;
    for (const catalog::Object& object : expected->objects())
      if (const auto root = root_of(object.id); extras.contains(root)) wanted[root].insert(object.id);

    std::unordered_set<catalog::ObjectId> ahead;
    for (const LockEntry* const entry : pending_entries()) {
      std::set<catalog::ObjectId> touched;
      for (const catalog::Effect& effect : entry->effects) {
        if (!state.apply(effect)) return move_to_notices(ahead);  // out of order: nothing more can be said
        const auto root = root_of(effect.id);
        if (!extras.contains(root)) continue;
        touched.insert(root);
        if (effect.change == catalog::Change::dropped)
          wanted[root].erase(effect.id);
        else
          wanted[root].insert(effect.id);
      }
      for (const catalog::ObjectId& root : touched) {
        const auto& ids = wanted[root];
        const auto comparison = catalog::compare(state.only({ids.begin(), ids.end()}, expected->major),
                                                 catalog::Catalog(found[root], live_.major), forms, options);
        if (comparison.verdict() == Verdict::is_true) ahead.insert(extras[root].begin(), extras[root].end());
      }
    }
    move_to_notices(ahead);
  }

  std::vector<const LockEntry*> pending_entries() const {
    std::vector<const LockEntry*> entries;
    for (const MigrationState& state : result_.migrations)
      if (const LockEntry* const entry = state.pending() ? project_.lock->find(state.version) : nullptr)
        entries.push_back(entry);
    std::ranges::sort(entries, {}, [](const LockEntry* entry) { return entry->version; });
    return entries;
  }

  void move_to_notices(const std::unordered_set<catalog::ObjectId>& ahead) {
    if (ahead.empty()) return;
    auto& notices = result_.comparison.notices;
    const auto is_ahead = [&](const Difference& difference) { return ahead.contains(difference.id); };
    for (Difference& difference : result_.comparison.differences) {
      if (!is_ahead(difference)) continue;
      notices.push_back(difference);
      notices.back().nature = Difference::Nature::notice;
    }
    std::erase_if(result_.comparison.differences, is_ahead);
    std::ranges::stable_sort(notices, {}, &Difference::id);
    add(Severity::notice, codes::ahead,
        fmt::format("{} present already, as the pending migrations will make {}",
                    ahead.size() == 1 ? "1 object is" : fmt::format("{} objects are", ahead.size()),
                    ahead.size() == 1 ? "it" : "them"),
        "look whether the pending migrations can meet them (IF NOT EXISTS)");
  }

  void judge() {
    if (!result_.compared) return;  // unproven
    result_.verdict = result_.comparison.verdict();
    if (result_.verdict == Verdict::is_true && (half_done_ || !sound_)) result_.verdict = Verdict::unproven;
  }

  void look_at(const MigrationState& state) {
    if (!state.row) return;
    const LockEntry* const entry = project_.lock ? project_.lock->find(state.version) : nullptr;
    if (state.migration == nullptr && entry == nullptr && !state.pending())
      add(Severity::error, codes::ledger_unknown_version,
          fmt::format("the ledger records migration {}, which no file and no lock entry has", label(state)),
          "check out the revision that has it, or bring its file back");
    if (state.row->status == Status::failed) report_failed(state);
    if (state.row->status == Status::running)
      add(Severity::error, codes::ledger_half_done,
          fmt::format("migration {} is half done: {} of its statements finished", label(state),
                      state.row->statements_done),
          "run `candor up`, which goes on where it stopped");
    if (state.outdated && state.row->claims_applied())
      add(Severity::warning, codes::repeatable_changed,
          fmt::format("{} has changed since this database applied it: what it makes was not compared",
                      label(state)),
          "run `candor up`, which runs it again");
    if (!state.pending()) compare_checksums(state, entry);
  }

  void report_failed(const MigrationState& state) {
    const LedgerRow& row = *state.row;
    std::string message = fmt::format("migration {} failed at its last attempt", label(state));
    if (row.failed_statement > 0) message += fmt::format(", at statement {}", row.failed_statement);
    Error error{.code = codes::ledger_failed_row,
                .message = std::move(message),
                .sqlstate = row.error_code,
                .detail = row.error_message,
                .hint = "correct its cause and run `candor up`"};
    const bool harmless = result_.verdict == Verdict::is_true;
    result_.findings.push_back({harmless ? Severity::warning : Severity::error, std::move(error)});
  }

  /// The catalog decides whether an edited file matters; where the lock has the file as it is now, its
  /// effects were just compared.
  void compare_checksums(const MigrationState& state, const LockEntry* entry) {
    if (state.migration == nullptr || state.row->checksum.empty()) return;
    if (state.row->checksum == state.migration->checksum) return;
    const bool locked_so = entry != nullptr && entry->checksum == state.migration->checksum;
    add(locked_so ? Severity::warning : Severity::error, codes::ledger_checksum,
        fmt::format("{} was edited after this database applied it: its checksum is {}, the ledger has {}",
                    printable(state.migration->file), state.migration->checksum, state.row->checksum),
        locked_so ? "restore the file if the edit was a mistake"
                  : "restore the file, or run `candor lock` to see whether it still does the same");
  }

  void add(Severity severity, const Code& code, std::string message, std::string hint) {
    result_.findings.push_back(
        {severity, {.code = code, .message = std::move(message), .hint = std::move(hint)}});
  }

  const Project& project_;
  const catalog::Catalog& live_;
  std::vector<LedgerRow> witnesses_;  ///< rows that witnessed texts
  std::vector<LedgerRow> repeatables_;
  bool half_done_ = false;
  bool sound_ = true;
  Verification result_;
};

}  // namespace

namespace {

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

Result<Verification> verify(const Project& project, Snapshot& snapshot, Clock::time_point start) {
  auto verification = Verifying(project, snapshot).run();
  if (!verification) return verification;
  verification->live = std::move(snapshot.catalog);
  verification->milliseconds = milliseconds_since(start);
  return verification;
}

}  // namespace

Result<Verification> verify(const Project& project, pg::Connection& connection) {
  const auto start = Clock::now();
  auto snapshot = take_snapshot(connection, history::Ledger(project.settings.ledger_schema));
  if (!snapshot) return pass(snapshot);
  return verify(project, *snapshot, start);
}

Result<Verified> open_and_verify(const Settings& settings, pg::Connection& connection) {
  const auto start = Clock::now();
  auto opening = std::async(std::launch::async, open_project, settings);
  auto snapshot = take_snapshot(connection, history::Ledger(settings.ledger_schema));
  auto project = opening.get();
  if (!project) return pass(project);
  if (!snapshot) return pass(snapshot);
  auto verification = verify(*project, *snapshot, start);
  if (!verification) return pass(verification);
  return Verified{std::move(*project), std::move(*verification)};
}

}  // namespace candor::engine
