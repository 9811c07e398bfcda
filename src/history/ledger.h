/// history/ledger.h: the tracking tables in the target database.
///
/// `schema_migrations` holds one row per version: its current state. `migration_events` is append-only: every
/// attempt, application, failure and resumption. `ledger_layout` holds the number of the layout. All SQL
/// about them is in ledger.cpp, ledger_layout.cpp and ledger_shape.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "history/migration.h"
#include "pg/connection.h"
#include "pg/identifier.h"

namespace candor::history {

enum class Status : std::uint8_t { running, completed, failed, baselined };
std::string_view to_string(Status status);

/// A row of schema_migrations. Absent texts are empty.
struct LedgerRow {
  Version version;
  std::string name;
  std::string checksum;
  Status status{};
  std::string started_at, finished_at;  ///< ISO 8601, UTC
  std::int64_t execution_time_ms = 0;
  std::string error_code;  ///< SQLSTATE
  std::string error_message;
  int failed_statement = 0;                   ///< from 1; 0: none
  int statements_done = 0;                    ///< of a migration that runs statement by statement
  std::vector<std::string> statement_hashes;  ///< SHA-256 of each finished statement, in order
  std::string fingerprint;
  std::string witnessed;  ///< JSON: printed forms of this server's major
  std::string applied_by, tool_version, run_id;

  friend bool operator==(const LedgerRow&, const LedgerRow&) = default;

  /// True if the row claims that the migration's effects are in the database.
  [[nodiscard]] bool claims_applied() const {
    return status == Status::completed || status == Status::baselined;
  }
  /// True of a repeatable migration that has another checksum by now, or failed: it runs again, and an
  /// earlier text of it may be in the database.
  [[nodiscard]] bool is_outdated(std::string_view checksum_now) const {
    return version.repeatable() && (!claims_applied() || checksum != checksum_now);
  }
};

/// What stands in the ledger's schema.
enum class Shape : std::uint8_t { absent, older, current, newer, damaged };
struct LedgerShape {
  Shape shape{};
  int layout = 0;
  std::vector<std::string> damage;  ///< "table candor.schema_migrations lacks column \"status\" (text)" …
  std::string remedy;               ///< of the first damage: an order, as far as possible the exact SQL
};

/// The SQL of one ledger; prepared statements are named after their use.
class Ledger {
 public:
  explicit Ledger(std::string schema);
  [[nodiscard]] const std::string& schema() const { return schema_; }
  static std::vector<std::string> tables();  ///< their names

  /// Looks only. Errors: as Connection::query. A missing schema is Shape::absent, never an error.
  Result<LedgerShape> inspect(pg::Connection& connection) const;
  /// inspect() as a verdict: nothing to say for absent, older and current. Errors: C0201 damaged, naming each
  /// fault · C0202 newer.
  Result<LedgerShape> require_usable(pg::Connection& connection) const;
  /// Creates the schema and tables, or upgrades an older layout, in one transaction.
  /// REQUIRES: require_usable() passed. Errors: C0110 no right to create · as query.
  Result<> create_or_upgrade(pg::Connection& connection, const LedgerShape& found) const;
  /// The same in the transaction that is open, which the caller ends. REQUIRES: `found` is not current.
  Result<> create_or_upgrade_here(pg::Connection& connection, const LedgerShape& found) const;
  /// What create_or_upgrade() would run, for people.
  [[nodiscard]] std::vector<std::string> creation_sql(const LedgerShape& found) const;
  /// All rows, ascending versions; what an older layout lacks is absent. REQUIRES: `found` is current or
  /// older. Errors: C0209 a row that makes no sense (unknown status, version that is none …) · as query.
  Result<std::vector<LedgerRow>> rows(pg::Connection& connection, const LedgerShape& found) const;

  /// `select status, run_id` of one version ($1).
  [[nodiscard]] const pg::Prepared& state_of() const { return state_of_; }
  /// Inserts or replaces a row and adds the event that tells of it, with the row as its detail: parameters by
  /// record_parameters(). A row that is running keeps its started_at; applied_by is the session's user.
  [[nodiscard]] const pg::Prepared& record() const { return record_; }
  [[nodiscard]] static pg::Params record_parameters(const LedgerRow& row, std::string_view event);
  /// Adds an event that belongs to no change of a row; parameters: run id, version, event, detail as JSON,
  /// the program's version.
  [[nodiscard]] std::string add_event() const;
  /// `select version, event`: the last that is told of each version.
  [[nodiscard]] std::string last_events() const;
  /// Deletes the row of version $1: the migration is pending again.
  [[nodiscard]] std::string forget() const;
  /// Says on a running row what stopped it; parameters: version, SQLSTATE, message, statement's number.
  [[nodiscard]] std::string record_stop() const;
  /// A write that changes nothing; returns the xid that it was made with. For finding the newest xid of a
  /// transaction.
  [[nodiscard]] std::string touch() const;
  /// Counts a finished statement of a running migration: version, its hash. Returns the new count; no row:
  /// there is no running migration of that version.
  [[nodiscard]] const pg::Prepared& count_statement() const { return count_statement_; }

 private:
  std::string schema_;
  pg::Identifier name_;
  pg::Prepared state_of_, record_, count_statement_, rows_;
};

}  // namespace candor::history
