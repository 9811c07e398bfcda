/// Which tables of a database are ledgers of other tools? Asked of the catalog once, judged by their columns.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "catalog/object.h"
#include "history/foreign_tool.h"
#include "pg/identifier.h"

namespace candor::history {

namespace {

constexpr std::size_t most_columns = 20;

/// Tables whose names speak of migrations, and those that have a column that few other tables have: for these
/// the columns are read. `$1`: Candor's own schema. `$2`: the columns.
constexpr std::string_view candidates_query = R"(
WITH candidate AS (
  SELECT c.oid, c.relname, n.nspname, n.oid AS namespace, c.reltuples,
    c.relname ~* '(migrat|schema_?(version|history|migration)|changelog|revision|goose|alembic|sequelizemeta)' AS named
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND c.relnatts <= 60
    AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', $1::pg_catalog.text)
    AND (c.relname ~* '(migrat|schema_?(version|history|migration)|changelog|revision|goose|alembic|sequelizemeta)'
      OR (c.relname IN ('hdb_version') AND n.nspname = 'hdb_catalog')
      OR EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
                 AND a.attname = ANY ($2::pg_catalog.name[])))
)
SELECT c.nspname, c.relname,
  pg_catalog.has_schema_privilege(c.namespace, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT'),
  ARRAY(SELECT a.attname::pg_catalog.text FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
  ARRAY(SELECT pg_catalog.format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
  ARRAY(SELECT a.attname::pg_catalog.text FROM pg_catalog.pg_index i
        JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = c.oid AND i.indisunique AND i.indnkeyatts = 1 AND i.indpred IS NULL),
  ARRAY(SELECT sn.nspname::pg_catalog.text FROM pg_catalog.pg_depend d
        JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
        JOIN pg_catalog.pg_namespace sn ON sn.oid = s.relnamespace
        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = c.oid
          AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')
        ORDER BY s.oid),
  ARRAY(SELECT s.relname::pg_catalog.text FROM pg_catalog.pg_depend d
        JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = c.oid
          AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')
        ORDER BY s.oid),
  ARRAY(SELECT b.relname::pg_catalog.text FROM pg_catalog.pg_class b
        WHERE b.relnamespace = c.namespace AND b.relname IN ('ar_internal_metadata', 'knex_migrations_lock',
          'kysely_migration_lock', 'databasechangeloglock')),
  c.named AND c.reltuples < 20000
FROM candidate c ORDER BY c.nspname, c.relname)";

/// Columns by which a ledger is found that nobody would know by its name.
const std::vector<std::string>& telling_columns() {
  static const std::vector<std::string> columns{
      "hash",        "dirty",       "version_self",   "version_id",    "run_on",         "migration_time",
      "executed_at", "version_num", "script_hash",    "orderexecuted", "migration_name", "previous_hash",
      "statements",  "md5",         "installed_rank", "is_applied",    "batch"};
  return columns;
}

bool has_type(const ForeignColumn& column, ForeignColumnRule::Type type) {
  using Type = ForeignColumnRule::Type;
  const std::string_view name = column.type;
  const auto starts = [&](std::string_view prefix) { return name.starts_with(prefix); };
  switch (type) {
    case Type::any:
      return true;
    case Type::text:
      return starts("character") || name == "text" || name == "citext" || name == "name" || name == "uuid";
    case Type::number:
      return name == "integer" || name == "bigint" || name == "smallint" || starts("numeric");
    case Type::flag:
      return name == "boolean";
    case Type::time:
      return starts("timestamp") || name == "date";
    case Type::json:
      return name == "jsonb" || name == "json";
    case Type::list:
      return name.ends_with("[]");
    case Type::bytes:
      break;
  }
  return name == "bytea";
}

/// What keeps the table from being this tool's; empty: nothing.
std::vector<std::string> faults_of(const ForeignTool& tool, const ForeignTable& table) {
  std::vector<std::string> faults;
  for (const ForeignColumnRule& rule : tool.columns) {
    const ForeignColumn* const column = table.find(rule.name);
    if (column == nullptr) {
      if (rule.required) faults.push_back(fmt::format("it lacks the column {}", catalog::quoted(rule.name)));
    } else if (!has_type(*column, rule.type)) {
      faults.push_back(fmt::format("its column {} is of type {}", catalog::quoted(rule.name), column->type));
    }
  }
  return faults;
}

bool has_others(const ForeignTool& tool, const ForeignTable& table) {
  return std::ranges::any_of(table.columns, [&](const ForeignColumn& column) {
    return std::ranges::find(tool.columns, column.name, &ForeignColumnRule::name) == tool.columns.end();
  });
}

/// Names that people give to such a table and to no other.
bool is_called_a_ledger(const ForeignTable& table) {
  constexpr std::string_view names[] = {
      "schema_migrations", "schema_migration",   "migrations",     "_migrations",    "schema_version",
      "schema_versions",   "schemaversion",      "db_migrations",  "db_version",     "applied_migrations",
      "migration_history", "migrations_history", "schema_history", "sql_migrations", "database_migrations"};
  return std::ranges::find(names, table.name) != std::end(names);
}

/// An application, too, may have a table of files (id, hash, created_at), or of cache entries (version,
/// dirty).
bool may_be_anything(const ForeignTool& tool, const ForeignTable& table) {
  constexpr std::size_t most = 3;
  const bool is_at_home = !tool.own_schema.empty() && table.schema == tool.own_schema;
  return tool.columns.size() <= most && table.name != tool.table && !is_at_home;
}

/// A known signature beats everything; then a name that only one tool gives to its table; then the columns'
/// meanings. `is_worth_a_look`: its name speaks of migrations, and it is not so large that it cannot be a
/// ledger.
std::optional<ForeignLedger> recognise(const ForeignTable& table, bool is_worth_a_look) {
  for (const ForeignTool* const tool : all_foreign_tools()) {
    if (tool->columns.empty() || (tool->exact && has_others(*tool, table)) ||
        !faults_of(*tool, table).empty() || (tool->fits != nullptr && !tool->fits(table)))
      continue;
    return ForeignLedger{tool, table, {}, !is_worth_a_look && may_be_anything(*tool, table)};
  }
  for (const ForeignTool* const tool : all_foreign_tools())
    if (tool->table_tells && tool->table == table.name) {
      auto faults = faults_of(*tool, table);
      if (!faults.empty()) return ForeignLedger{tool, table, std::move(faults)};
      return ForeignLedger{tool, table, {}};  // it has more columns than the tool gives it
    }
  const ForeignTool* const by_hand = find_foreign_tool("hand-rolled");
  const bool is_called_so = is_called_a_ledger(table);
  if ((is_called_so || is_worth_a_look) && table.columns.size() <= most_columns && by_hand->fits(table))
    return ForeignLedger{by_hand, table, {}, !is_called_so};
  return std::nullopt;
}

ForeignTable table_of(const pg::Rows& rows, int r) {
  ForeignTable table{.schema = std::string(rows.at(r, 0)), .name = std::string(rows.at(r, 1))};
  table.readable = rows.flag(r, 2);
  const auto names = pg::parse_array(rows.at(r, 3)), types = pg::parse_array(rows.at(r, 4));
  for (std::size_t i = 0; i < names.size(); ++i) table.columns.push_back({names[i], types[i]});
  table.keys = pg::parse_array(rows.at(r, 5));
  const auto schemas = pg::parse_array(rows.at(r, 6)), sequences = pg::parse_array(rows.at(r, 7));
  for (std::size_t i = 0; i < sequences.size(); ++i)
    table.sequences.push_back(catalog::to_string(
        {.kind = catalog::Kind::sequence, .schema = Text(schemas[i]), .name = Text(sequences[i])}));
  table.beside = pg::parse_array(rows.at(r, 8));
  return table;
}

std::string identity_of(std::string_view schema, std::string_view name) {
  return catalog::to_string({.kind = catalog::Kind::table, .schema = Text(schema), .name = Text(name)});
}

/// '*' in a name would match more than the name.
void add_pattern(std::vector<std::string>& patterns, std::string pattern) {
  if (pattern.find('*') == std::string::npos) patterns.push_back(std::move(pattern));
}

/// The pattern of the sequences that serial columns of this table own.
std::string sequences_of(std::string_view identity) {
  const bool is_quoted = identity.ends_with('"');
  if (is_quoted) identity.remove_suffix(1);
  return fmt::format("{}_*_seq{}", identity, is_quoted ? "\"" : "");
}

void add_belongings(std::vector<std::string>& patterns, const ForeignTool& tool, std::string_view schema,
                    std::string_view table) {
  for (const std::string_view companion : tool.companions) {
    const std::string identity = identity_of(schema, name_of_companion(companion, table));
    if (identity.find('*') != std::string::npos) continue;
    patterns.push_back(identity);
    patterns.push_back(sequences_of(identity));
  }
  if (tool.own_schema.empty() || schema != tool.own_schema) return;
  patterns.push_back(std::string(schema));
  patterns.push_back(fmt::format("{}.*", schema));
}

}  // namespace

std::string name_of_companion(std::string_view companion, std::string_view table) {
  std::string name(companion);
  if (const std::size_t at = name.find("{}"); at != std::string::npos) name.replace(at, 2, table);
  return name;
}

const ForeignColumn* ForeignTable::find(std::string_view column) const {
  const auto at = std::ranges::find(columns, column, &ForeignColumn::name);
  return at == columns.end() ? nullptr : &*at;
}

std::string ForeignTable::sql() const {
  return fmt::format("{}.{}", pg::Identifier(schema), pg::Identifier(name));
}

std::string ForeignTable::identity() const {
  return identity_of(schema, name);
}

Result<std::vector<ForeignLedger>> find_foreign_ledgers(pg::Connection& connection,
                                                        std::string_view own_schema) {
  auto rows =
      connection.query(candidates_query, {std::string(own_schema), pg::array_literal(telling_columns())});
  if (!rows) return failed("looking for other tools' ledgers", rows);
  std::vector<ForeignLedger> ledgers;
  for (int r = 0; r < rows->size(); ++r)
    if (auto ledger = recognise(table_of(*rows, r), rows->flag(r, 9))) ledgers.push_back(std::move(*ledger));
  return ledgers;
}

void settle(ForeignLedger& ledger, std::string_view format) {
  const ForeignTool* const other = find_foreign_tool(format);
  if (!ledger.tool->own_schema.empty() && ledger.table.schema == ledger.tool->own_schema) return;
  if (other != nullptr && !ledger.tool->columns.empty() &&
      other->columns.data() == ledger.tool->columns.data())
    ledger.tool = other;
}

std::vector<std::string> belongings_of(const ForeignLedger& ledger) {
  std::vector<std::string> patterns;
  add_pattern(patterns, ledger.table.identity());
  for (const std::string& sequence : ledger.table.sequences) add_pattern(patterns, sequence);
  add_belongings(patterns, *ledger.tool, ledger.table.schema, ledger.table.name);
  return patterns;
}

std::vector<std::string> belongings_of(std::string_view tool, std::string_view table) {
  std::vector<std::string> patterns;
  add_pattern(patterns, std::string(table));
  patterns.push_back(sequences_of(table));
  catalog::ObjectId id;
  if (const ForeignTool* const known = find_foreign_tool(tool);
      known != nullptr &&
      catalog::parse_id(catalog::Kind::table, patterns.empty() ? "" : patterns.front(), id))
    add_belongings(patterns, *known, id.schema.view(), id.name.view());
  return patterns;
}

}  // namespace candor::history
