/// history/foreign_ledger.h: the tracking tables of other tools: found by their structure, read as they are,
/// judged by the rule of the tool that wrote them, and written to as that tool would.
///
/// Each tool is one file in ledgers/ and one row in ledgers.cpp. Nothing here ever deletes what a tool wrote,
/// or decides what is in a database: rows lie, and the catalog outranks them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "history/migration.h"
#include "pg/connection.h"

namespace candor::history {

enum class ForeignState : std::uint8_t {
  applied,
  unexecuted,  ///< recorded without having been run: a baseline, fake, mark-ran
  failed,
  in_progress,
  rolled_back,
  unknown,  ///< a word that nobody knows is never taken for `applied`
};
std::string_view to_string(ForeignState state);
/// The state that a status word tells of, in any case: "success", "failed", "rolled_back" …
ForeignState state_of_word(std::string_view word);

/// One row of a tracking table. Absent texts are empty.
struct ForeignRecord {
  std::string key;  ///< exactly what the tool compares
  std::string version;
  std::string name;
  std::string checksum;  ///< as stored
  ForeignState state{};
  std::string applied_at;  ///< ISO 8601, UTC; as stored where the column has no time zone
  std::string error;
  std::string raw;  ///< the row as JSON

  [[nodiscard]] bool claims_applied() const {
    return state == ForeignState::applied || state == ForeignState::unexecuted;
  }
};

struct ForeignColumn {
  std::string name;
  std::string type;  ///< "character varying(255)"
};

/// A table that may be a ledger.
struct ForeignTable {
  std::string schema, name;
  std::vector<ForeignColumn> columns;  ///< in their order
  std::vector<std::string> keys;       ///< columns that are unique alone
  std::vector<std::string> sequences;  ///< identities of the sequences that it owns
  std::vector<std::string> beside;     ///< names of relations in its schema that belong to tools, too
  bool readable = true;                ///< the role may read it

  [[nodiscard]] const ForeignColumn* find(std::string_view column) const;
  [[nodiscard]] std::string sql() const;       ///< quoted and qualified
  [[nodiscard]] std::string identity() const;  ///< as catalog::to_string prints it: the setting's spelling
};

/// What a tool would store as a checksum if it read the file in another form.
struct ChecksumForm {
  std::string_view form;  ///< "as it is", "with LF line ends" …
  std::string value;
};

/// SQL with its parameters.
struct ForeignStatement {
  std::string sql;
  pg::Params params;
};

/// A migration as the tool sees its file.
struct ForeignFile {
  std::string key;  ///< what it would record; empty: it would pass the file over
  std::string version, name;
  std::string stamp;                ///< what the tool orders by, where that is not the key
  bool repeatable = false;          ///< the tool runs it behind all others, and again when it has changed
  std::vector<ChecksumForm> forms;  ///< the first is what it would store; empty: it stores none
  /// What records it, where that takes more than the fields above; "{table}" and "{schema}" stand for the
  /// ledger's.
  std::vector<ForeignStatement> rows;
};

/// What the tool would do with a migration.
struct ForeignJudgement {
  enum class Verdict : std::uint8_t { recorded, would_run, never_runs, would_rerun, blocked, unknown };
  enum class Checksum : std::uint8_t { none, same, differs };
  Verdict verdict = Verdict::would_run;
  std::string reason;                     ///< of all but `recorded` and a plain `would_run`
  const ForeignRecord* record = nullptr;  ///< the row that tells of it; borrowed
  Checksum checksum = Checksum::none;
  std::string_view form;  ///< which form of the file has the stored checksum

  /// A row claims that it was applied, and that as it is now. A mark that is dirty still claims what is
  /// below.
  [[nodiscard]] bool is_claimed() const {
    return record != nullptr &&
           (verdict == Verdict::recorded || (record->claims_applied() && verdict != Verdict::would_run));
  }
};
std::string_view to_string(ForeignJudgement::Verdict verdict);

struct ForeignVerdicts {
  std::vector<ForeignJudgement> migrations;     ///< as History::migrations
  std::vector<const ForeignRecord*> unmatched;  ///< rows that fit no file, or several
  std::string blocked;                          ///< why the tool runs nothing at all; empty: it would run
};

struct ForeignTool;

/// A table that was recognised.
struct ForeignLedger {
  const ForeignTool* tool = nullptr;
  ForeignTable table;
  std::vector<std::string> faults;  ///< "it lacks the column …": it cannot be read
  bool doubtful = false;            ///< it may as well be an application's table: only its rows can tell
};

/// "Drizzle", for people.
std::string_view title_of(const ForeignLedger& ledger);
/// "drizzle", for candor.toml and JSON.
std::string_view name_of(const ForeignLedger& ledger);

/// Every table of the database that is a tool's ledger or may be a hand-rolled one: one query, whatever the
/// size of the catalog. The order is that of schema and name; nothing is preferred. `own_schema` is Candor's.
/// Errors: as Connection::query.
Result<std::vector<ForeignLedger>> find_foreign_ledgers(pg::Connection& connection,
                                                        std::string_view own_schema);

/// Of tools whose tables are the same, the one that files of `format` belong to.
void settle(ForeignLedger& ledger, std::string_view format);

/// All rows, oldest first, in a read-only transaction. REQUIRES: no faults.
/// Errors: C0801 no right, a row-level policy that would hide rows, a lock that another session holds for
/// longer than `lock_timeout`, columns that the tool would not have · as Connection::query.
Result<std::vector<ForeignRecord>> read_foreign_ledger(pg::Connection& connection,
                                                       const ForeignLedger& ledger,
                                                       std::string_view lock_timeout);

/// What the tool would do with each migration. Errors: C0004.
Result<ForeignVerdicts> judge(const ForeignLedger& ledger, const History& history,
                              const std::vector<ForeignRecord>& records);

/// Whether Candor can write this tool's rows.
bool can_mark(const ForeignLedger& ledger);
/// The smallest row by which the tool takes each of `migrations` for applied (they are History's own, in the
/// order in which they were applied): for each of them statements, which do nothing where it does so already.
/// A row that a run left behind unfinished is made true. REQUIRES: can_mark(). Errors: C0004 · C0321 the tool
/// would not see the file.
Result<std::vector<std::vector<ForeignStatement>>> mark(const ForeignLedger& ledger, const History& history,
                                                        const std::vector<const Migration*>& migrations,
                                                        const std::vector<ForeignRecord>& records);
/// What takes it away again, so that the tool would run each of `migrations` anew (likewise, the last applied
/// first): statements of which the first returns a row, unless somebody else was faster; none where the tool
/// has not recorded it. `verdicts`: judge() of the same. Errors: C0004 · C0813 the tool cannot be told so.
Result<std::vector<std::vector<ForeignStatement>>> unmark(const ForeignLedger& ledger, const History& history,
                                                          const std::vector<const Migration*>& migrations,
                                                          const std::vector<ForeignRecord>& records,
                                                          const ForeignVerdicts& verdicts);

/// A row that says that a run broke off, or is under way, and so stops the tool.
struct ForeignStuck {
  const ForeignRecord* record = nullptr;
  std::optional<std::size_t> migration;  ///< its file, by History's order; none, or several: nothing
};
std::vector<ForeignStuck> stuck_rows(const ForeignLedger& ledger, const ForeignVerdicts& verdicts,
                                     const std::vector<ForeignRecord>& records);
/// Whether a row of that ledger claims all that comes before its migration, too.
bool is_high_water(const ForeignLedger& ledger);
/// The first migration that the tool would run now, and with rows for `marked` never will: it would pass it
/// over, or take it for applied. Null: there is none. Errors: C0004.
Result<const Migration*> passed_over_with(const ForeignLedger& ledger, const History& history,
                                          const std::vector<const Migration*>& marked,
                                          const std::vector<ForeignRecord>& records);
/// What makes such a row true: `present` is whether migration number `index` is in the database whole, or not
/// at all. The first statement returns the rows that it changed: none means that somebody else was faster.
/// Errors: C0004 · C0815 Candor does not know how this tool is told.
Result<std::vector<ForeignStatement>> mend(const ForeignLedger& ledger, const History& history,
                                           const std::vector<ForeignRecord>& records, std::size_t index,
                                           bool present);

/// The row by which a run of the tool keeps others out, found set.
struct ForeignHeld {
  ForeignTable table;
  std::string holder;        ///< who the row says holds it; empty: it does not say
  ForeignStatement release;  ///< returns a row, unless it was released meanwhile
};
/// Nothing if the tool keeps none, or it is not set. Errors: C0801 it cannot be read · as Connection::query.
Result<std::optional<ForeignHeld>> find_held_lock(pg::Connection& connection, const ForeignLedger& ledger,
                                                  std::string_view lock_timeout);

/// Patterns (catalog/compare.h) of what belongs to the tool and to no migration.
std::vector<std::string> belongings_of(const ForeignLedger& ledger);
/// The same from what candor.toml says, without looking at a database.
std::vector<std::string> belongings_of(std::string_view tool, std::string_view table);

}  // namespace candor::history
