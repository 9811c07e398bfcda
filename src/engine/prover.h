/// engine/prover.h: did this migration produce what it is known to produce, and nothing else?
///
/// Holds the two states that every proof is about: what the history expects so far, and what the database is
/// known to hold. Both move forward with each proven migration, so that a proof costs in proportion to the
/// change.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/compare.h"
#include "catalog/read.h"
#include "catalog/state.h"
#include "engine/apply.h"
#include "history/lock_file.h"
#include "pg/connection.h"

namespace candor::engine {

struct ProofResult {
  Proof proof = Proof::read;
  std::size_t compared = 0;
  std::size_t varying = 0;
  std::size_t unproven = 0;
  std::vector<std::string> differences;  ///< lines; empty: it holds
  bool line_ends = false;                ///< one of them is of CR LF and LF alone
  std::vector<history::Form> witnessed;  ///< texts of this server's major, written by this transaction
};

class Prover {
 public:
  Prover() = default;
  /// `lock` null: there is no expectation (--unlocked). `expected` is the catalog at the ledger's version,
  /// `live` what was read of the database.
  Prover(const history::LockFile* lock, catalog::CompareOptions options,
         std::vector<std::string> excluded_schemas, const catalog::Catalog& expected,
         const catalog::Catalog& live, catalog::Forms forms);

  /// Moves the expectation past `entry`. False: its effects do not fit what is expected so far.
  [[nodiscard]] bool expect(const history::LockEntry& entry);
  /// Starts the expectation anew: after migrations out of order.
  void expect(const catalog::Catalog& expected) { expected_ = catalog::State(expected); }

  /// How many of the entry's added objects the database holds already.
  [[nodiscard]] std::size_t present_before(const history::LockEntry& entry) const;

  /// What to read to see all that the entry touches.
  [[nodiscard]] catalog::Scope scope_of(const history::LockEntry& entry) const;
  [[nodiscard]] const catalog::ReadOptions& read_options() const { return read_options_; }

  /// The cheap proof: `touched` is what scope_of() read after the migration, and the counters are the
  /// replay's. True: proven. False: nothing is known yet, everything has to be read.
  [[nodiscard]] bool holds(const history::LockEntry& entry, const catalog::Catalog& touched,
                           ProofResult& result) const;
  /// The whole proof: `after` is the whole catalog after the migration. Without an entry (unlocked) nothing
  /// is expected. `written` are the texts that the migration's transaction wrote.
  [[nodiscard]] ProofResult prove(const history::LockEntry* entry, const catalog::Catalog& after,
                                  const catalog::Forms& written) const;

  /// The migration is committed: the database now holds what was read.
  void accept(const history::LockEntry& entry, const catalog::Catalog& touched);
  void accept(const catalog::Catalog& after);
  void accept(const std::vector<history::Form>& witnessed);

  /// What changed since the last accepted state: the effects of an unlocked migration.
  [[nodiscard]] std::vector<catalog::Effect> effects_since(const catalog::Catalog& after) const;

 private:
  /// Forgets the forms of texts that the entry changes, and learns the lock's for this server's major.
  void renew_forms(const history::LockEntry& entry);
  [[nodiscard]] std::vector<catalog::ObjectId> touched_ids(const history::LockEntry& entry) const;
  [[nodiscard]] catalog::Comparison compare_touched(const history::LockEntry& entry,
                                                    const catalog::Catalog& found) const;
  void add_other_changes(const history::LockEntry& entry, const catalog::Catalog& after,
                         ProofResult& result) const;

  /// Whether the object, which the history lets alone, is now what the history expects: a migration that
  /// repairs leads there, whatever was there before.
  [[nodiscard]] bool puts_right(const catalog::ObjectId& id, const catalog::Catalog& after) const;

  const history::LockFile* lock_ = nullptr;
  catalog::CompareOptions options_;
  catalog::ReadOptions read_options_;
  catalog::State expected_;
  catalog::State live_;
  catalog::Forms forms_;
  int live_major_ = 0;
};

/// A difference in one line: "column public.users.email: not_null expected true, found not set".
std::string line_of(const catalog::Difference& difference);

/// Witnessed forms as the ledger keeps them, and verify reads them (add_witnessed in verify.h).
std::string witnessed_json(const std::vector<history::Form>& forms, int major);

}  // namespace candor::engine
