/// What stands in the ledger's schema, compared with what should: the first thing that is asked of a
/// database.
#include <fmt/format.h>

#include <map>
#include <optional>

#include "catalog/object.h"
#include "history/ledger.h"
#include "history/ledger_layout.h"

namespace candor::history {

namespace {

struct FoundColumn {
  std::string type;     ///< for people
  std::string typname;  ///< with its schema unless that is pg_catalog
  bool not_null = false;
  bool fills_itself = false;  ///< default, identity or generated
  bool in_key = false;
};

struct FoundTable {
  bool is_table = false;
  int key_columns = 0;
  std::vector<std::pair<std::string, FoundColumn>> columns;

  [[nodiscard]] const FoundColumn* find(std::string_view name) const {
    for (const auto& [own, column] : columns)
      if (own == name) return &column;
    return nullptr;
  }
};

using FoundTables = std::map<std::string, FoundTable, std::less<>>;

constexpr std::string_view shape_query =
    "SELECT c.relname, c.relkind, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),"
    " CASE WHEN tn.nspname = 'pg_catalog' THEN '' ELSE tn.nspname || '.' END || t.typname,"
    " a.attnotnull, a.atthasdef OR a.attidentity <> '', a.attnum = ANY (i.indkey::pg_catalog.int2[]), "
    "i.indnkeyatts"
    " FROM pg_catalog.pg_namespace n"
    " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = ANY ($2::pg_catalog.name[])"
    " LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " LEFT JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
    " LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace"
    " LEFT JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary AND i.indisvalid"
    " WHERE n.nspname = $1::pg_catalog.name ORDER BY c.relname, a.attnum";

Result<FoundTables> read_tables(pg::Connection& connection, const std::string& schema) {
  std::vector<std::string> names;
  for (const LedgerTable& table : ledger_tables()) names.emplace_back(table.name);
  auto rows = connection.query(shape_query, {schema, pg::array_literal(names)});
  if (!rows) return failed("looking at the ledger's tables", rows);
  FoundTables tables;
  for (int r = 0; r < rows->size(); ++r) {
    FoundTable& table = tables[std::string(rows->at(r, 0))];
    table.is_table = rows->at(r, 1) == "r";
    table.key_columns = static_cast<int>(rows->number(r, 8));
    if (rows->is_null(r, 2)) continue;
    table.columns.emplace_back(rows->at(r, 2), FoundColumn{.type = std::string(rows->at(r, 3)),
                                                           .typname = std::string(rows->at(r, 4)),
                                                           .not_null = rows->flag(r, 5),
                                                           .fills_itself = rows->flag(r, 6),
                                                           .in_key = rows->flag(r, 7)});
  }
  return tables;
}

/// Collects what is wrong, and how the first of it is mended.
class Examination {
 public:
  Examination(const std::string& schema, const pg::Identifier& name, const FoundTables& found)
      : schema_(schema), quoted_(name.sql()), found_(found) {}

  void compare(const LedgerTable& table, int layout) {
    const FoundTable* const own = find(table.name);
    if (own == nullptr) return missing(table, layout);
    if (!own->is_table)
      return fault(
          fmt::format("{} is not a table", label(table)),
          fmt::format("find out what replaced {}, and restore the table from a backup", label(table)));
    for (const LedgerColumn& column : table.columns)
      if (column.since <= layout) compare(table, *own, column);
    compare_key(table, *own);
    for (const auto& [name, column] : own->columns) refuse_unknown(table, name, column);
  }

  void missing(const LedgerTable& table, int layout) {
    std::string order = fmt::format("restore {} from a backup: its rows say what was applied", label(table));
    if (table.name == "migration_events") order = "run: " + create_table_sql(quoted_, table, layout);
    if (table.name == "ledger_layout")
      order = fmt::format("run: {}; INSERT INTO {}.ledger_layout VALUES ({})",
                          create_table_sql(quoted_, table, layout), quoted_, layout_of_columns());
    fault(fmt::format("{} is missing", label(table)), std::move(order));
  }

  void bad_layout(std::string what) {
    fault(fmt::format("{} {}", label("ledger_layout"), what),
          fmt::format("run: DELETE FROM {0}.ledger_layout; INSERT INTO {0}.ledger_layout VALUES ({1})",
                      quoted_, layout_of_columns()));
  }

  std::vector<std::string> damage;
  std::string remedy;

 private:
  void compare(const LedgerTable& table, const FoundTable& own, const LedgerColumn& column) {
    const FoundColumn* const found = own.find(column.name);
    if (found == nullptr) {
      fault(fmt::format("{} lacks column \"{}\" ({})", label(table), column.name, column.type),
            restore_column(table, column));
    } else if (found->typname != column.typname) {
      fault(fmt::format("column \"{}\" of {} has type {} instead of {}", column.name, label(table),
                        found->type, column.type),
            alter(table, fmt::format("ALTER COLUMN \"{0}\" TYPE pg_catalog.{1} USING \"{0}\"::pg_catalog.{1}",
                                     column.name, column.type)));
    } else if (column.not_null && !found->not_null) {
      fault(fmt::format("column \"{}\" of {} allows null", column.name, label(table)),
            alter(table, fmt::format("ALTER COLUMN \"{}\" SET NOT NULL", column.name)));
    } else if (!column.not_null && found->not_null) {
      fault(fmt::format("column \"{}\" of {} does not allow null", column.name, label(table)),
            alter(table, fmt::format("ALTER COLUMN \"{}\" DROP NOT NULL", column.name)));
    } else if (!column.more.empty() && !found->fills_itself) {
      fault(fmt::format("column \"{}\" of {} is not filled by itself ({})", column.name, label(table),
                        column.more),
            alter(table, column.more.starts_with("DEFAULT")
                             ? fmt::format("ALTER COLUMN \"{}\" SET {}", column.name, column.more)
                             : fmt::format("ALTER COLUMN \"{}\" ADD {}", column.name, column.more)));
    }
  }

  void compare_key(const LedgerTable& table, const FoundTable& own) {
    const FoundColumn* const key = own.find(table.primary_key);
    if (key == nullptr || (key->in_key && own.key_columns == 1)) return;  // a missing column is named already
    const bool other = own.key_columns > 0;
    fault(other ? fmt::format("{} has another primary key than ({})", label(table), table.primary_key)
                : fmt::format("{} lacks its primary key ({})", label(table), table.primary_key),
          other ? fmt::format("drop the primary key of {} and make one of ({})", label(table),
                              table.primary_key)
                : alter(table, fmt::format("ADD PRIMARY KEY ({})", table.primary_key)));
  }

  /// A column of somebody else's is in the way when every row must have it and nothing gives it a value.
  void refuse_unknown(const LedgerTable& table, const std::string& name, const FoundColumn& column) {
    for (const LedgerColumn& known : table.columns)
      if (known.name == name) return;
    if (!column.not_null || column.fills_itself) return;
    fault(fmt::format("{} has an unknown column {} that is NOT NULL without a default", label(table),
                      catalog::quoted(name)),
          alter(table, fmt::format("ALTER COLUMN {} DROP NOT NULL", pg::Identifier(name))));
  }

  /// The events keep every row as it was recorded, so that a lost column can be filled again.
  std::string restore_column(const LedgerTable& table, const LedgerColumn& column) const {
    const std::string add = fmt::format("ADD COLUMN \"{}\" pg_catalog.{}", column.name, column.type);
    if (table.name != "schema_migrations")
      return alter(table, fmt::format("{}{} {}", add, column.not_null ? " NOT NULL" : "",
                                      column.more.empty() && column.not_null ? filler(column)
                                                                             : std::string(column.more)));
    if (column.name == table.primary_key) return fmt::format("restore {} from a backup", label(table));
    std::string sql = alter(table, add);
    const bool kept = column.typname != "_text" && column.name != "witnessed";
    if (!kept) return sql;
    sql += fmt::format(
        "; UPDATE {0}.schema_migrations m SET \"{1}\" = (SELECT (e.detail ->> '{1}')::pg_catalog.{2}"
        " FROM {0}.migration_events e WHERE e.version = m.version AND e.detail ? '{1}' ORDER BY e.id DESC LIMIT 1)",
        quoted_, column.name, column.type);
    if (column.not_null)
      sql += fmt::format("; ALTER TABLE {}.{} ALTER COLUMN \"{}\" SET NOT NULL", quoted_, table.name,
                         column.name);
    return sql;
  }

  /// A default for rows that were written before the column was lost.
  std::string filler(const LedgerColumn& column) const {
    if (column.typname == "int4") return fmt::format("DEFAULT {}", layout_of_columns());
    return column.typname == "uuid" ? "DEFAULT '00000000-0000-0000-0000-000000000000'" : "DEFAULT 'unknown'";
  }

  std::string alter(const LedgerTable& table, std::string_view action) const {
    return fmt::format("run: ALTER TABLE {}.{} {}", quoted_, table.name, action);
  }

  /// The newest layout whose columns are there: what a lost layout number must have been.
  int layout_of_columns() const {
    const LedgerTable& table = ledger_tables().front();
    const FoundTable* const own = find(table.name);
    int layout = current_layout;
    for (const LedgerColumn& column : table.columns)
      if (own != nullptr && own->find(column.name) == nullptr) layout = std::min(layout, column.since - 1);
    return std::max(layout, 1);
  }

  const FoundTable* find(std::string_view table) const {
    const auto at = found_.find(table);
    return at == found_.end() ? nullptr : &at->second;
  }

  std::string label(std::string_view table) const {
    return "table " + catalog::to_string({catalog::Kind::table, Text(schema_), Text(), Text(table), Text()});
  }
  std::string label(const LedgerTable& table) const { return label(table.name); }

  void fault(std::string what, std::string how) {
    if (damage.empty()) remedy = std::move(how);
    damage.push_back(std::move(what));
  }

  const std::string& schema_;
  std::string quoted_;
  const FoundTables& found_;
};

/// The layouts that ledger_layout holds: one, if all is well. nullopt: the table is not fit to be asked.
Result<std::optional<std::vector<std::int64_t>>> read_layouts(pg::Connection& connection,
                                                              const pg::Identifier& schema,
                                                              const FoundTables& tables) {
  const auto at = tables.find("ledger_layout");
  if (at == tables.end() || !at->second.is_table) return std::nullopt;
  const FoundColumn* const column = at->second.find("layout");
  if (column == nullptr || column->typname != "int4") return std::nullopt;
  auto rows = connection.query(fmt::format("SELECT layout FROM {}.ledger_layout LIMIT 2", schema));
  if (!rows) return failed("reading the ledger's layout", rows);
  std::vector<std::int64_t> layouts;
  for (int r = 0; r < rows->size(); ++r) layouts.push_back(rows->number(r, 0));
  return layouts;
}

}  // namespace

Result<LedgerShape> Ledger::inspect(pg::Connection& connection) const {
  auto tables = read_tables(connection, schema_);
  if (!tables) return pass(tables);
  if (tables->empty()) return LedgerShape{.shape = Shape::absent};
  auto layouts = read_layouts(connection, name_, *tables);
  if (!layouts) return pass(layouts);

  const bool one_layout = *layouts && (*layouts)->size() == 1 && (*layouts)->front() > 0;
  LedgerShape shape;
  if (one_layout) shape.layout = static_cast<int>((*layouts)->front());
  if (shape.layout > current_layout) {
    shape.shape = Shape::newer;
    return shape;
  }
  Examination examination(schema_, name_, *tables);
  for (const LedgerTable& table : ledger_tables()) examination.compare(table, one_layout ? shape.layout : 1);
  if (*layouts && !one_layout)
    examination.bad_layout((*layouts)->empty()       ? "holds no row"
                           : (*layouts)->size() == 1 ? fmt::format("holds layout {}", (*layouts)->front())
                                                     : std::string("holds more than one row"));
  shape.damage = std::move(examination.damage);
  shape.remedy = std::move(examination.remedy);
  shape.shape = !shape.damage.empty()           ? Shape::damaged
                : shape.layout < current_layout ? Shape::older
                                                : Shape::current;
  return shape;
}

Result<LedgerShape> Ledger::require_usable(pg::Connection& connection) const {
  auto shape = inspect(connection);
  if (!shape) return shape;
  if (shape->shape == Shape::newer)
    return fail(codes::ledger_newer,
                fmt::format("the ledger in schema {} has layout {}; this Candor knows {}",
                            catalog::quoted(schema_), shape->layout, current_layout),
                "use the Candor that wrote it");
  if (shape->shape != Shape::damaged) return shape;
  Error error{
      .code = codes::ledger_damaged, .message = "ledger " + shape->damage.front(), .hint = shape->remedy};
  if (shape->damage.size() > 1) error.message += fmt::format(" (and {} more)", shape->damage.size() - 1);
  for (const std::string& fault : shape->damage) error.detail += (error.detail.empty() ? "" : "\n") + fault;
  return std::unexpected(std::move(error));
}

}  // namespace candor::history
