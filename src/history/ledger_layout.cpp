#include "history/ledger_layout.h"

#include <fmt/format.h>

namespace candor::history {

namespace {

constexpr LedgerColumn migrations[] = {
    {.name = "version", .type = "text", .typname = "text", .not_null = true},
    {.name = "name", .type = "text", .typname = "text", .not_null = true},
    {.name = "checksum", .type = "text", .typname = "text", .not_null = true},
    {.name = "status", .type = "text", .typname = "text", .not_null = true},
    {.name = "started_at", .type = "timestamptz", .typname = "timestamptz", .not_null = true},
    {.name = "finished_at", .type = "timestamptz", .typname = "timestamptz"},
    {.name = "execution_time_ms", .type = "int8", .typname = "int8", .not_null = true},
    {.name = "error_code", .type = "text", .typname = "text"},
    {.name = "error_message", .type = "text", .typname = "text"},
    {.name = "failed_statement", .type = "int4", .typname = "int4"},
    {.name = "statements_done", .type = "int4", .typname = "int4", .not_null = true},
    {.name = "fingerprint", .type = "text", .typname = "text"},
    {.name = "applied_by", .type = "text", .typname = "text", .not_null = true},
    {.name = "tool_version", .type = "text", .typname = "text", .not_null = true},
    {.name = "run_id", .type = "uuid", .typname = "uuid", .not_null = true},
    {.name = "statement_hashes", .type = "text[]", .typname = "_text", .since = 2},
    {.name = "witnessed", .type = "jsonb", .typname = "jsonb", .since = 2},
};

constexpr LedgerColumn events[] = {
    {.name = "id",
     .type = "int8",
     .typname = "int8",
     .not_null = true,
     .more = "GENERATED ALWAYS AS IDENTITY"},
    {.name = "at",
     .type = "timestamptz",
     .typname = "timestamptz",
     .not_null = true,
     .more = "DEFAULT pg_catalog.clock_timestamp()"},
    {.name = "run_id", .type = "uuid", .typname = "uuid", .not_null = true},
    {.name = "version", .type = "text", .typname = "text", .not_null = true},
    {.name = "event", .type = "text", .typname = "text", .not_null = true},
    {.name = "detail", .type = "jsonb", .typname = "jsonb"},
    {.name = "applied_by", .type = "text", .typname = "text", .not_null = true},
    {.name = "tool_version", .type = "text", .typname = "text", .not_null = true},
};

constexpr LedgerColumn layouts[] = {
    {.name = "layout", .type = "int4", .typname = "int4", .not_null = true},
};

constexpr LedgerTable tables[] = {
    {"schema_migrations", "version", migrations},
    {"migration_events", "id", events},
    {"ledger_layout", "layout", layouts},
};

constexpr LedgerUpgrade upgrades[] = {
    {1,
     "ALTER TABLE {}.schema_migrations ADD COLUMN IF NOT EXISTS statement_hashes pg_catalog.text[],"
     " ADD COLUMN IF NOT EXISTS witnessed pg_catalog.jsonb"},
};

}  // namespace

std::span<const LedgerTable> ledger_tables() {
  return tables;
}

std::span<const LedgerUpgrade> ledger_upgrades() {
  return upgrades;
}

std::string create_table_sql(std::string_view quoted_schema, const LedgerTable& table, int layout) {
  std::string sql = fmt::format("CREATE TABLE IF NOT EXISTS {}.{} (", quoted_schema, table.name);
  for (const LedgerColumn& column : table.columns) {
    if (column.since > layout) continue;
    sql += fmt::format("\"{}\" pg_catalog.{}{}{}{}, ", column.name, column.type,
                       column.not_null ? " NOT NULL" : "", column.more.empty() ? "" : " ", column.more);
  }
  return sql + fmt::format("PRIMARY KEY ({}))", table.primary_key);
}

}  // namespace candor::history
