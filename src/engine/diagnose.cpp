#include "engine/diagnose.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>
#include <utility>

#include "base/file.h"
#include "engine/diagnose_findings.h"
#include "engine/replay.h"
#include "engine/snapshot.h"
#include "engine/verify.h"

namespace candor::engine {

namespace {

using Clock = std::chrono::steady_clock;
using history::LockEntry;
using Entries = std::vector<const LockEntry*>;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

bool has_row(const std::vector<history::LedgerRow>& rows, const LockEntry& entry) {
  const auto row = std::ranges::lower_bound(rows, entry.version, {}, &history::LedgerRow::version);
  return row != rows.end() && row->version == entry.version && row->claims_applied() &&
         !row->is_outdated(entry.checksum);
}

/// The lock's entries, those for which `is_first` holds before the others.
template <class Predicate>
Entries in_order_of(const history::LockFile& lock, const Predicate& is_first, std::size_t& first) {
  Entries entries;
  for (const LockEntry& entry : lock.entries) entries.push_back(&entry);
  const auto rest = std::ranges::stable_partition(entries, is_first);
  first = static_cast<std::size_t>(rest.begin() - entries.begin());
  return entries;
}

class Diagnosing {
 public:
  Diagnosing(const Project& project, Snapshot& snapshot, const Claims& claims)
      : project_(project), lock_(*project.lock) {
    result_.ledger = std::move(snapshot.shape);
    result_.ledger_error = std::move(snapshot.ledger_error);
    result_.rows = std::move(snapshot.rows);
    result_.live = std::move(snapshot.catalog);
    if (!result_.ledger_error) result_.claims = with_own(claims);
  }

  Result<Diagnosis> run() && {
    if (auto found = find_place(); !found) return pass(found);
    if (goes_beyond_own_ && result_.says != LedgerSays::the_same) {
      result_.claims = {};  // where the two contradict the catalog, Candor's is asked alone
      if (auto found = find_place(); !found) return pass(found);
    }
    if (auto compared = compare(); !compared) return pass(compared);
    auto walk = HistoryWalk::begin(project_, lock_, result_.entries, result_.live, result_.rows);
    if (!walk) return pass(walk);
    auto migrations = stand_of_migrations(*walk, result_.position);
    if (!migrations) return pass(migrations);
    result_.migrations = std::move(*migrations);
    return std::move(result_);
  }

 private:
  /// The tool may have gone on beside Candor: what it records beyond Candor's ledger is believed together
  /// with that. Where it records no more, nothing of it is.
  Claims with_own(const Claims& claims) {
    Claims both = claims;
    for (const LockEntry& entry : lock_.entries)
      if (result_.records(entry)) both.versions.push_back(entry.version);
    const std::size_t own = both.versions.size() - claims.versions.size();
    std::ranges::sort(both.versions, std::less{});
    both.versions.erase(std::unique(both.versions.begin(), both.versions.end()), both.versions.end());
    goes_beyond_own_ = own > 0;
    return both.versions.size() > own ? both : Claims{};
  }

  /// Migrations applied out of order, or left out, make a state that the lock's own order never passes: where
  /// the ledger tells of such a one, it is tried first.
  Result<> find_place() {
    result_.entries = in_order_of(
        lock_, [this](const LockEntry* entry) { return result_.claims_applied(*entry); }, result_.recorded);
    Entries own;
    for (const LockEntry& entry : lock_.entries) own.push_back(&entry);
    if (result_.entries != own) {
      if (walk() && result_.standing.is_equal(result_.recorded)) return settle(true), Result<>{};
      result_.entries = std::move(own);
      if (auto walked = walk(); !walked) return walked;
      settle(false);
    } else {
      if (auto walked = walk(); !walked) return walked;
      settle(true);
    }
    if (result_.claims.claimant.empty() || result_.says == LedgerSays::the_same) return {};
    auto found = find_place_by_evidence();
    if (!found) return pass(found);
    if (*found) return {};
    // Of versions with one catalog the tool's rows name the one that was reached.
    while (result_.stands && result_.standing.is_equal(result_.position + 1) &&
           result_.claims_applied(*result_.entries[result_.position]))
      ++result_.position;
    return {};
  }

  /// Tools that skip files make states that no order of theirs passes, and rows that lie: here only those
  /// migrations count that are in the catalog, or leave no trace in it and are recorded.
  Result<bool> find_place_by_evidence() {
    auto walk_of_all = HistoryWalk::begin(project_, lock_, result_.entries, result_.live, result_.rows);
    if (!walk_of_all) return pass(walk_of_all);
    auto standing = stand_of_migrations(*walk_of_all, result_.position);
    if (!standing) return pass(standing);
    // Rows without anything to be in are lost as well: what leaves no trace must follow something that is
    // there.
    std::set<const LockEntry*> there;
    for (const MigrationStanding& migration : *standing)
      if (engine::is_there(migration.presence) ||
          (migration.presence == Presence::no_trace && !there.empty() &&
           result_.claims_applied(*migration.entry)))
        there.insert(migration.entry);
    // What leaves no trace, and is in no row while others are, may be missing although what is behind it is
    // there.
    std::size_t least = result_.position;
    if (!result_.claims.versions.empty())
      for (std::size_t i = 0; i < result_.position; ++i)
        if ((*standing)[i].presence == Presence::no_trace && !there.contains((*standing)[i].entry)) --least;
    std::size_t count = 0;
    Entries usual = std::exchange(
        result_.entries, in_order_of(
                             lock_, [&](const LockEntry* entry) { return there.contains(entry); }, count));
    Standing usual_standing = result_.standing;
    if (count >= least && walk() && result_.standing.is_equal(count)) {
      result_.position = count;
      result_.stands = true;
      result_.says = LedgerSays::otherwise;
      return true;
    }
    result_.entries = std::move(usual);
    result_.standing = std::move(usual_standing);
    return false;
  }

  Result<> walk() {
    auto walk = HistoryWalk::begin(project_, lock_, result_.entries, result_.live, result_.rows);
    if (!walk) return pass(walk);
    auto standing = find_standing(*walk, result_.live);
    if (!standing) return pass(standing);
    result_.standing = std::move(*standing);
    return {};
  }

  /// `in_order`: the first `recorded` entries are those that the ledger claims.
  void settle(bool in_order) {
    const Standing& standing = result_.standing;
    const auto& distances = standing.distances;
    const std::size_t claimed = result_.recorded;
    const bool ledger_fits =
        in_order && claimed > 0 && distances[claimed].differing == distances[standing.nearest].differing;
    result_.position = ledger_fits ? claimed : standing.nearest;
    // Of versions with one catalog, those that the ledger claims come before those that it does not.
    if (in_order && !ledger_fits)
      for (const std::size_t position : standing.equal)
        if (position <= claimed) result_.position = position;
    result_.stands = standing.is_equal(result_.position);
    result_.says = result_.ledger_error           ? LedgerSays::unreadable
                   : claimed == 0                 ? LedgerSays::nothing
                   : !result_.stands || !in_order ? LedgerSays::otherwise
                   : result_.position == claimed  ? LedgerSays::the_same
                   : result_.position > claimed   ? LedgerSays::less
                                                  : LedgerSays::more;
  }

  Result<> compare() {
    const Entries applied(result_.entries.begin(),
                          result_.entries.begin() + static_cast<std::ptrdiff_t>(result_.position));
    auto comparison = compare_with(project_, applied, result_.rows, result_.live);
    if (!comparison) return pass(comparison);
    result_.comparison = std::move(*comparison);
    return {};
  }

  const Project& project_;
  const history::LockFile& lock_;
  bool goes_beyond_own_ = false;  ///< Candor's ledger records some of what is claimed
  Diagnosis result_;
};

/// The lock that the project would have.
Result<> replay_for_now(Project& project) {
  if (auto sound = require_sound_files(project); !sound) return sound;
  auto replayed = replay(project, {});
  if (!replayed) return pass(replayed);
  project.lock = std::move(replayed->lock);
  project.lock_findings.clear();
  return {};
}

Finding left_out(Error error) {
  error.code = codes::not_listed;
  error.message = "it is left out here, as it does not run behind the others: " + error.message;
  error.hint = "remove it if it is a copy of a listed one, else put it where it belongs in the tool's list";
  return {Severity::warning, std::move(error)};
}

/// A lock knows nothing of files that are not listed: they are looked for with one made for this run, but for
/// those that do not run behind the others. False: none does.
bool take_in_unlisted(Project& project, std::vector<Finding>& findings) {
  while (!project.history.unlisted.empty()) {
    Project whole = project;
    whole.history = with_unlisted(std::move(whole.history));
    auto replayed = replay_for_now(whole);
    if (replayed) {
      project = std::move(whole);
      return true;
    }
    const auto culprit =
        std::ranges::find_if(project.history.unlisted, [&](const history::Migration& migration) {
          return replayed.error().where && replayed.error().where->file == migration.file;
        });
    if (culprit == project.history.unlisted.end()) return false;  // it fails without them as well
    findings.push_back(left_out(std::move(replayed.error())));
    project.history.unlisted.erase(culprit);
  }
  return false;
}

}  // namespace

Result<catalog::Comparison> compare_with(const Project& project, const Entries& applied,
                                         const std::vector<history::LedgerRow>& rows,
                                         const catalog::Catalog& live) {
  auto expected = expectation_of(*project.lock, applied, rows, live.major);
  if (!expected) return pass(expected);
  catalog::CompareOptions options = project.compare_options();
  options.varies.clear();
  options.left_out.merge(touched_by_outdated(*project.lock, rows, applied));
  for (const LockEntry* const entry : applied)
    if (const history::Migration* const migration = project.history.find(entry->version))
      options.varies.insert(options.varies.end(), migration->directives.varies.begin(),
                            migration->directives.varies.end());
  return catalog::compare(expected->catalog, live, expected->forms, options);
}

std::size_t Diagnosis::repair_position() const {
  std::size_t target = position;
  for (std::size_t i = position; i < migrations.size(); ++i)
    if (migrations[i].present + migrations[i].contradicted > 0) target = i + 1;
  return target;
}

const LockEntry* Diagnosis::worth_repairing_to() const {
  const std::size_t target = repair_position();
  return target == 0 ? nullptr : entries[target - 1];
}

bool Diagnosis::records(const LockEntry& entry) const {
  return has_row(rows, entry);
}

bool Diagnosis::claims_applied(const LockEntry& entry) const {
  return claims.claimant.empty() ? records(entry)
                                 : std::ranges::binary_search(claims.versions, entry.version);
}

Result<> provide_lock(Project& project, std::vector<Finding>& findings) {
  std::ranges::move(take_findings_about_lists(project.history), std::back_inserter(findings));
  const bool has_lock = project.lock.has_value();
  if (!take_in_unlisted(project, findings) && !has_lock)
    if (auto replayed = replay_for_now(project); !replayed)
      return failed("replaying the history, as there is no lock file", replayed);
  if (!has_lock)
    findings.push_back({Severity::warning,
                        {.code = codes::lock_missing,
                         .message = "there is no " + printable(project.lock_path.string()) +
                                    ": the history was replayed in a shadow for this run alone",
                         .hint = "run `candor lock` and commit the lock file"}});
  return {};
}

Result<Diagnosis> diagnose(const Project& project, pg::Connection& connection, const Claims& claims) {
  if (!project.lock)
    return fail(codes::lock_missing, "there is no " + printable(project.lock_path.string()),
                "run `candor lock` and commit the lock file");
  const auto start = Clock::now();
  auto snapshot = take_snapshot_as_is(connection, history::Ledger(project.settings.ledger_schema));
  if (!snapshot) return pass(snapshot);
  const double reading_ms = milliseconds_since(start);
  auto diagnosis = Diagnosing(project, *snapshot, claims).run();
  if (!diagnosis) return diagnosis;
  diagnosis->findings = findings_of(project, *diagnosis);
  diagnosis->reading_ms = reading_ms;
  diagnosis->total_ms = milliseconds_since(start);
  return diagnosis;
}

}  // namespace candor::engine
