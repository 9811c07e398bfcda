/// plan/plan.h: what turns one catalog into another: ordered statements, in transactions.
///
/// A plan is data. It is made of catalogs alone, without a server; whether it does what it says is proven by
/// running it (engine/prove_plan.h).
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/ddl.h"
#include "catalog/diff.h"

namespace candor::plan {

/// One statement. Locks on what the plan itself creates are left out: nobody waits for them.
struct Step {
  std::string sql;  ///< without its semicolon
  catalog::Lock lock = catalog::Lock::none;
  catalog::ObjectId on;  ///< what is locked; meaningless without a lock
  std::vector<std::pair<catalog::ObjectId, catalog::Lock>> also = {};  ///< other relations that are locked
  bool rewrites = false;
  bool scans = false;
  std::string hazard;        ///< what may be lost; empty: nothing
  std::string reason;        ///< why, where it is not evident
  bool drops_data = false;   ///< rows or values go: needs --allow-drop
  bool needs_fill = false;   ///< fails if the table has rows: a value is needed (Options::fills)
  catalog::ObjectId object;  ///< what the statement is about
};

/// Steps that are committed together.
struct Transaction {
  bool transactional = true;  ///< false: one statement, which the server refuses inside a transaction block
  std::vector<Step> steps;
};

/// `from` becomes `to`, both in the same kind.
struct Rename {
  catalog::ObjectId from;
  catalog::ObjectId to;
};

struct Options {
  bool simple = false;    ///< for empty or small databases: all in one transaction where that is possible
  bool additive = false;  ///< adds and corrects; what would be dropped is listed (Plan::extra), not touched
  bool owners = false;    ///< changes owners
  bool grants = true;     ///< changes privileges
  bool comments = true;   ///< changes comments
  std::vector<Rename> renames;
  /// The value of a new column in rows that exist, instead of its default: by "public.users.password". One
  /// that must not be null and has no default needs it.
  std::map<std::string, std::string> fills;
};

struct Plan {
  std::vector<catalog::Effect> effects;  ///< of the catalogs, whatever the options leave out
  std::vector<Transaction> transactions;
  std::vector<catalog::ObjectId> extra;  ///< additive: what is left although `to` does not have it
  std::vector<std::string> impossible;   ///< changes for which there is no statement, in words

  [[nodiscard]] bool empty() const { return transactions.empty(); }
  [[nodiscard]] std::size_t steps() const;
  [[nodiscard]] bool drops_data() const;
  [[nodiscard]] bool needs_fill() const;
};

/// `major` is that of the server that is to run it. Both catalogs have to be of one major.
Plan make_plan(const catalog::Catalog& from, const catalog::Catalog& to, int major,
               const Options& options = {});

/// Renames that would explain a drop and an addition: the same kind, nearly the same attributes. For asking;
/// never taken for granted.
std::vector<Rename> likely_renames(const catalog::Catalog& from, const catalog::Catalog& to);

/// `from` as it is after the renames, as far as that can be told without a server.
catalog::Catalog renamed(const catalog::Catalog& from, const std::vector<Rename>& renames);

}  // namespace candor::plan
