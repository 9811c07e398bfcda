/// engine/expectation.h: what a history expects of a database, at one version or version by version.
#pragma once

#include <cstddef>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "catalog/compare.h"
#include "catalog/state.h"
#include "engine/project.h"
#include "history/ledger.h"

namespace candor::engine {

/// Ready for catalog::compare() with what a server of the given major holds.
struct Expectation {
  catalog::Catalog catalog;
  catalog::Forms forms;
};

/// What the lock expects after `applied`, with the texts as that major prints them where the lock or the
/// ledger's rows know them. Errors: as expected_catalog and add_witnessed.
Result<Expectation> expectation_of(const history::LockFile& lock,
                                   const std::vector<const history::LockEntry*>& applied,
                                   const std::vector<history::LedgerRow>& rows, int major);

/// A text that the ledger's row of `version` witnessed.
struct Witnessed {
  history::Version version;
  history::Form form;
};
/// What the rows that claim to be applied witnessed on servers of `major`. Errors: C0209.
Result<std::vector<Witnessed>> witnessed_in(const std::vector<history::LedgerRow>& rows, int major);

/// What repeatable migrations touch that are not among `applied`, and of which an earlier text may be in the
/// database, as `rows` tell: what it did is not known any more.
std::unordered_set<catalog::ObjectId> touched_by_outdated(
    const history::LockFile& lock, const std::vector<history::LedgerRow>& rows,
    const std::vector<const history::LockEntry*>& applied);

/// Forgets the forms of texts that `entry` changes, and learns its own for `major`.
void renew_forms(catalog::Forms& forms, const history::LockEntry& entry, int major);

/// Takes the expectation through a history step by step, and keeps count of the objects in which a live
/// catalog disagrees. A step costs in proportion to its effects, not to the catalog.
class HistoryWalk {
 public:
  /// Stands before the first of `entries`. All are borrowed and outlive the walk. Errors: C0209.
  static Result<HistoryWalk> begin(const Project& project, const history::LockFile& lock,
                                   std::vector<const history::LockEntry*> entries,
                                   const catalog::Catalog& live, const std::vector<history::LedgerRow>& rows);

  /// Past the next entry. Errors: C0402 its effects do not fit those before it. REQUIRES: !at_end().
  Result<> step();
  [[nodiscard]] std::size_t position() const { return position_; }  ///< entries that are done
  [[nodiscard]] bool at_end() const { return position_ == entries_.size(); }
  [[nodiscard]] const std::vector<const history::LockEntry*>& entries() const { return entries_; }

  [[nodiscard]] std::size_t differing() const { return disagreeing_.size() - unproven_; }
  [[nodiscard]] std::size_t unproven() const { return unproven_; }
  /// Differences in those that differ: an object that is altered has one for each attribute.
  [[nodiscard]] std::size_t differences() const { return differences_; }
  /// The objects that differ or are unproven, in no order.
  [[nodiscard]] std::vector<catalog::ObjectId> disagreeing() const;

  [[nodiscard]] const catalog::State& expected() const { return state_; }
  [[nodiscard]] const catalog::Object* live(const catalog::ObjectId& id) const;
  /// What catalog::compare() says of this one object, at this position.
  [[nodiscard]] catalog::Comparison compare(const catalog::ObjectId& id) const;
  [[nodiscard]] bool disagrees(const catalog::ObjectId& id) const { return disagreeing_.contains(id); }

 private:
  HistoryWalk(const Project& project, const history::LockFile& lock,
              std::vector<const history::LockEntry*> entries, const catalog::Catalog& live);
  void look_at_everything();
  void look_at(const catalog::ObjectId& id);
  [[nodiscard]] bool is_unreadable(catalog::Kind kind) const;

  const Project& project_;
  const history::LockFile& lock_;
  std::vector<const history::LockEntry*> entries_;
  const catalog::Catalog& live_;
  std::unordered_map<catalog::ObjectId, const catalog::Object*> live_by_id_;
  std::multimap<history::Version, history::Form> witnessed_;
  catalog::CompareOptions options_;
  bool printed_here_ = false;  ///< the lock was replayed on the live server's major as well
  std::size_t position_ = 0;
  catalog::State state_;
  catalog::Forms forms_;
  std::unordered_map<catalog::ObjectId, std::size_t> disagreeing_;  ///< its differences; 0: unproven
  std::size_t unproven_ = 0, differences_ = 0;
};

}  // namespace candor::engine
