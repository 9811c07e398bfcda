#include "history/ledger.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "catalog/object.h"
#include "history/ledger_layout.h"

namespace candor::history {

namespace {

constexpr std::string_view status_names[] = {"running", "completed", "failed", "baselined"};

constexpr std::string_view state_query =
    "SELECT status, run_id FROM {0}.schema_migrations WHERE version = $1::pg_catalog.text";

/// Parameters as record_parameters() lists them. The event's detail is the row as it now stands:
/// what a damaged row once held can be read there.
constexpr std::string_view record_query =
    "WITH recorded AS (INSERT INTO {0}.schema_migrations AS m (version, name, checksum, status, started_at, "
    "finished_at,"
    " execution_time_ms, error_code, error_message, failed_statement, statements_done, statement_hashes, "
    "fingerprint,"
    " witnessed, applied_by, tool_version, run_id)"
    " VALUES ($1::pg_catalog.text, $2::pg_catalog.text, $3::pg_catalog.text, $4::pg_catalog.text,"
    " coalesce($5::pg_catalog.timestamptz, pg_catalog.now()), CASE WHEN $4 = 'running' THEN NULL"
    " ELSE coalesce($6::pg_catalog.timestamptz, pg_catalog.clock_timestamp()) END,"
    " $7::pg_catalog.int8, $8::pg_catalog.text, $9::pg_catalog.text, $10::pg_catalog.int4, "
    "$11::pg_catalog.int4,"
    " $12::pg_catalog.text[], $13::pg_catalog.text, $14::pg_catalog.jsonb, session_user::pg_catalog.text,"
    " $15::pg_catalog.text, $16::pg_catalog.uuid)"
    " ON CONFLICT (version) DO UPDATE SET name = excluded.name, checksum = excluded.checksum, status = "
    "excluded.status,"
    " started_at = CASE WHEN m.status = 'running' AND $5 IS NULL THEN m.started_at ELSE excluded.started_at "
    "END,"
    " finished_at = excluded.finished_at, execution_time_ms = excluded.execution_time_ms,"
    " error_code = excluded.error_code, error_message = excluded.error_message,"
    " failed_statement = excluded.failed_statement, statements_done = excluded.statements_done,"
    " statement_hashes = excluded.statement_hashes, fingerprint = excluded.fingerprint,"
    " witnessed = excluded.witnessed, applied_by = excluded.applied_by, tool_version = excluded.tool_version,"
    " run_id = excluded.run_id RETURNING m.*)"
    " INSERT INTO {0}.migration_events (run_id, version, event, detail, applied_by, tool_version)"
    " SELECT run_id, version, $17::pg_catalog.text, pg_catalog.to_jsonb(recorded) - "
    "'witnessed'::pg_catalog.text,"
    " applied_by, tool_version FROM recorded";

constexpr std::string_view count_query =
    "UPDATE {0}.schema_migrations SET statements_done = statements_done + 1, statement_hashes ="
    " pg_catalog.array_append(coalesce(statement_hashes, ARRAY[]::pg_catalog.text[]), $2::pg_catalog.text)"
    " WHERE version = $1::pg_catalog.text AND status = 'running' RETURNING statements_done";

std::string utc(std::string_view column) {
  return fmt::format(
      "pg_catalog.to_char(pg_catalog.timezone('UTC', {}), 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')", column);
}

std::string rows_query(const pg::Identifier& schema, int layout) {
  return fmt::format(
      "SELECT version, name, checksum, status, {1}, {2}, execution_time_ms, error_code, error_message,"
      " failed_statement, statements_done, fingerprint, applied_by, tool_version, run_id, {3}"
      " FROM {0}.schema_migrations",
      schema, utc("started_at"), utc("finished_at"),
      layout >= 2 ? "statement_hashes, witnessed" : "NULL::pg_catalog.text[], NULL::pg_catalog.jsonb");
}

pg::Prepared prepared(std::string_view use, const pg::Identifier& schema, std::string_view query) {
  return {fmt::format("candor_ledger_{}", use), fmt::format(fmt::runtime(query), schema)};
}

bool parse_status(std::string_view word, Status& status) {
  const auto at = std::ranges::find(status_names, word);
  if (at == std::end(status_names)) return false;
  status = static_cast<Status>(at - std::begin(status_names));
  return true;
}

/// Numbers, with '.', '-' or '_' between them; or a repeatable migration's.
bool is_version(std::string_view text) {
  if (Version(std::string(text)).repeatable()) return true;
  bool digit_before = false;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (!digit_before || (c != '.' && c != '-' && c != '_'))) return false;
    digit_before = digit;
  }
  return digit_before;
}

/// "sha256:" and 64 digits; empty: the row never had one.
bool is_checksum(std::string_view text) {
  constexpr std::string_view prefix = "sha256:";
  if (text.empty()) return true;
  return text.starts_with(prefix) && text.size() == prefix.size() + 64 &&
         text.find_first_not_of("0123456789abcdef", prefix.size()) == std::string_view::npos;
}

/// What in row `r` makes no sense; empty if nothing.
std::string nonsense_in(const pg::Rows& rows, int r) {
  constexpr std::pair<int, std::string_view> never_null[] = {
      {0, "version"},          {1, "name"},        {2, "checksum"},
      {3, "status"},           {4, "started_at"},  {6, "execution_time_ms"},
      {10, "statements_done"}, {12, "applied_by"}, {13, "tool_version"},
      {14, "run_id"}};
  for (const auto& [column, name] : never_null)
    if (rows.is_null(r, column)) return fmt::format("{} is null", name);
  Status status{};
  if (!is_version(rows.at(r, 0))) return "the version is not a number, nor a repeatable migration's";
  if (!parse_status(rows.at(r, 3), status))
    return fmt::format("the status is {}", catalog::quoted(rows.at(r, 3)));
  if (!is_checksum(rows.at(r, 2))) return fmt::format("the checksum is {}", catalog::quoted(rows.at(r, 2)));
  if (rows.number(r, 10) < 0 || rows.number(r, 6) < 0) return "a count is negative";
  return {};
}

LedgerRow row_of(const pg::Rows& rows, int r) {
  const auto text = [&](int column) { return std::string(rows.at(r, column)); };
  LedgerRow row{.version = Version(text(0)),
                .name = text(1),
                .checksum = text(2),
                .started_at = text(4),
                .finished_at = text(5),
                .execution_time_ms = rows.number(r, 6),
                .error_code = text(7),
                .error_message = text(8),
                .failed_statement = static_cast<int>(rows.number(r, 9)),
                .statements_done = static_cast<int>(rows.number(r, 10)),
                .statement_hashes = pg::parse_array(rows.at(r, 15)),
                .fingerprint = text(11),
                .witnessed = text(16),
                .applied_by = text(12),
                .tool_version = text(13),
                .run_id = text(14)};
  parse_status(rows.at(r, 3), row.status);
  return row;
}

pg::Param or_null(const std::string& text) {
  return text.empty() ? pg::Param() : pg::Param(text);
}

/// Someone else was faster at making the same thing.
bool lost_a_race(const Error& error) {
  constexpr std::string_view states[] = {"23505", "42P06", "42P07", "42701", "42710", "40P01", "XX000"};
  return std::ranges::find(states, error.sqlstate) != std::end(states);
}

Result<> run(pg::Connection& connection, std::string_view sql, const pg::Params& params = {}) {
  auto done = connection.query(sql, params);
  if (!done) return pass(done);
  return {};
}

/// Behind CREATE SCHEMA, which is left out where the schema is there.
std::vector<std::string> create_statements(const pg::Identifier& name) {
  std::vector<std::string> statements;
  for (const LedgerTable& table : ledger_tables()) statements.push_back(create_table_sql(name.sql(), table));
  statements.push_back(
      fmt::format("INSERT INTO {0}.ledger_layout SELECT {1} WHERE NOT EXISTS (SELECT FROM {0}.ledger_layout)",
                  name, current_layout));
  return statements;
}

std::vector<std::string> upgrade_statements(const pg::Identifier& name, int from) {
  std::vector<std::string> statements;
  for (const LedgerUpgrade& step : ledger_upgrades())
    if (step.from >= from) statements.push_back(fmt::format(fmt::runtime(step.sql), name));
  statements.push_back(
      fmt::format("UPDATE {0}.ledger_layout SET layout = {1} WHERE layout < {1}", name, current_layout));
  return statements;
}

std::string create_schema(const pg::Identifier& name) {
  return fmt::format("CREATE SCHEMA {}", name);
}

Result<> run_all(pg::Connection& connection, const std::vector<std::string>& statements) {
  for (const std::string& statement : statements)
    if (auto done = run(connection, statement); !done) return done;
  return {};
}

Result<> create(pg::Connection& connection, const std::string& schema, const pg::Identifier& name) {
  auto there =
      connection.query("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1::pg_catalog.name", {schema});
  if (!there) return pass(there);
  if (there->empty())
    if (auto made = run(connection, create_schema(name)); !made) return made;
  return run_all(connection, create_statements(name));
}

Result<> upgrade(pg::Connection& connection, const pg::Identifier& name, int from) {
  return run_all(connection, upgrade_statements(name, from));
}

}  // namespace

std::string_view to_string(Status status) {
  return status_names[static_cast<std::size_t>(status)];
}

Ledger::Ledger(std::string schema)
    : schema_(std::move(schema)),
      name_(schema_),
      state_of_(prepared("state", name_, state_query)),
      record_(prepared("record", name_, record_query)),
      count_statement_(prepared("count", name_, count_query)),
      rows_{"candor_ledger_rows", rows_query(name_, current_layout)} {}

std::vector<std::string> Ledger::creation_sql(const LedgerShape& found) const {
  if (found.shape == Shape::older) return upgrade_statements(name_, found.layout);
  if (found.shape != Shape::absent) return {};
  std::vector<std::string> statements = create_statements(name_);
  statements.insert(statements.begin(), fmt::format("CREATE SCHEMA IF NOT EXISTS {}", name_));
  return statements;
}

std::string Ledger::add_event() const {
  return fmt::format(
      "INSERT INTO {}.migration_events (run_id, version, event, detail, applied_by, tool_version)"
      " VALUES ($1::pg_catalog.uuid, $2::pg_catalog.text, $3::pg_catalog.text, $4::pg_catalog.jsonb,"
      " session_user::pg_catalog.text, $5::pg_catalog.text)",
      name_);
}

std::string Ledger::last_events() const {
  return fmt::format(
      "SELECT DISTINCT ON (e.version) e.version, e.event FROM {}.migration_events e"
      " ORDER BY e.version, e.id DESC",
      name_);
}

std::vector<std::string> Ledger::tables() {
  std::vector<std::string> names;
  for (const LedgerTable& table : ledger_tables()) names.emplace_back(table.name);
  return names;
}

std::string Ledger::forget() const {
  return fmt::format("DELETE FROM {}.schema_migrations WHERE version = $1::pg_catalog.text", name_);
}

std::string Ledger::record_stop() const {
  return fmt::format(
      "WITH stopped AS (UPDATE {0}.schema_migrations SET error_code = nullif($2::pg_catalog.text, ''),"
      " error_message = $3::pg_catalog.text, failed_statement = $4::pg_catalog.int4"
      " WHERE version = $1::pg_catalog.text AND status = 'running' RETURNING run_id, version, applied_by, tool_version)"
      " INSERT INTO {0}.migration_events (run_id, version, event, detail, applied_by, tool_version)"
      " SELECT run_id, version, 'stopped', pg_catalog.jsonb_build_object('error_code', $2::pg_catalog.text,"
      " 'error_message', $3::pg_catalog.text, 'failed_statement', $4::pg_catalog.int4), applied_by, tool_version FROM stopped",
      name_);
}

std::string Ledger::touch() const {
  return fmt::format("UPDATE {}.ledger_layout SET layout = layout RETURNING xmin", name_);
}

Result<> Ledger::create_or_upgrade_here(pg::Connection& connection, const LedgerShape& found) const {
  return found.shape == Shape::older ? upgrade(connection, name_, found.layout)
                                     : create(connection, schema_, name_);
}

Result<> Ledger::create_or_upgrade(pg::Connection& connection, const LedgerShape& found) const {
  LedgerShape shape = found;
  for (int attempt = 1; shape.shape != Shape::current; ++attempt) {
    const auto make = [&]() -> Result<> {
      auto transaction = pg::Transaction::begin(connection);
      if (!transaction) return pass(transaction);
      if (auto made = create_or_upgrade_here(connection, shape); !made) return made;
      return transaction->commit();
    };
    auto made = make();
    if (!made && made.error().code.id == codes::insufficient_rights.id)
      made.error().hint = fmt::format(
          "run as the database's owner: CREATE SCHEMA IF NOT EXISTS {0}; GRANT USAGE, CREATE"
          " ON SCHEMA {0} TO {1}",
          name_, pg::Identifier(connection.user()));
    if (!made && (!lost_a_race(made.error()) || attempt == 5)) return failed("making the ledger", made);
    auto again = require_usable(connection);
    if (!again) return pass(again);
    shape = std::move(*again);
    if (made && shape.shape != Shape::current)
      return fail(codes::internal, "the ledger was made and is not there",
                  "look for event triggers that undo DDL");
  }
  return {};
}

Result<std::vector<LedgerRow>> Ledger::rows(pg::Connection& connection, const LedgerShape& found) const {
  auto result = found.layout == current_layout ? connection.query(rows_)
                                               : connection.query(rows_query(name_, found.layout));
  if (!result) return failed("reading the ledger", result);
  const std::string table = name_.sql() + ".schema_migrations";
  std::vector<LedgerRow> rows;
  rows.reserve(result->size());
  for (int r = 0; r < result->size(); ++r) {
    if (std::string what = nonsense_in(*result, r); !what.empty())
      return fail(codes::ledger_unexpected_row,
                  fmt::format("the ledger's row of version {} cannot be understood: {}",
                              catalog::quoted(result->at(r, 0)), what),
                  fmt::format("look at it in {} and {}.migration_events, and correct it", table, name_));
    rows.push_back(row_of(*result, r));
  }
  std::ranges::stable_sort(rows, std::less{}, &LedgerRow::version);
  const auto twice = std::ranges::adjacent_find(rows, std::equal_to{}, &LedgerRow::version);
  if (twice != rows.end())
    return fail(
        codes::ledger_unexpected_row,
        fmt::format("the ledger has two rows of one version: {} and {}",
                    catalog::quoted(twice->version.text()), catalog::quoted((twice + 1)->version.text())),
        fmt::format("find out in {}.migration_events which of them is true, and delete the other from {}",
                    name_, table));
  return rows;
}

pg::Params Ledger::record_parameters(const LedgerRow& row, std::string_view event) {
  return {row.version.text(),
          row.name,
          row.checksum,
          std::string(to_string(row.status)),
          or_null(row.started_at),
          or_null(row.finished_at),
          std::to_string(row.execution_time_ms),
          or_null(row.error_code),
          or_null(row.error_message),
          row.failed_statement == 0 ? pg::Param() : pg::Param(std::to_string(row.failed_statement)),
          std::to_string(row.statements_done),
          pg::array_literal(row.statement_hashes),
          or_null(row.fingerprint),
          or_null(row.witnessed),
          row.tool_version,
          row.run_id,
          std::string(event)};
}

}  // namespace candor::history
