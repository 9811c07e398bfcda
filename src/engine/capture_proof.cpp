#include "engine/capture_proof.h"

#include <fmt/format.h>

#include "catalog/read.h"
#include "engine/prover.h"
#include "engine/run_script.h"
#include "pg/identifier.h"

namespace candor::engine {
namespace {

struct Table {
  std::string schema, name;
  std::vector<std::string> columns;
  [[nodiscard]] std::string sql() const {
    return fmt::format("{}.{}", pg::Identifier(schema), pg::Identifier(name));
  }
};

/// Ordinary tables; a partitioned table's rows are its partitions'.
Result<std::vector<Table>> tables_of(pg::Connection& connection) {
  auto rows = connection.query(
      "SELECT n.nspname, c.relname, "
      "(SELECT pg_catalog.array_agg(a.attname::text ORDER BY a.attnum) FROM pg_catalog.pg_attribute a "
      "WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) "
      "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
      "WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' "
      "AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass "
      "AND d.objid = c.oid AND d.deptype = 'e') ORDER BY 1, 2");
  if (!rows) return pass(rows);
  std::vector<Table> tables;
  for (int i = 0; i < rows->size(); ++i)
    tables.push_back(
        {std::string(rows->at(i, 0)), std::string(rows->at(i, 1)), pg::parse_array(rows->at(i, 2))});
  return tables;
}

/// How many rows, and per column a sum of hashes that does not depend on their order.
Result<std::vector<std::string>> sums_of(pg::Connection& connection, const Table& table) {
  std::string sql = "SELECT pg_catalog.count(*)";
  for (const std::string& column : table.columns)
    sql +=
        fmt::format(", pg_catalog.sum(pg_catalog.hashtextextended(COALESCE(t.{}::text, '\\N'), 0)::numeric)",
                    pg::Identifier(column));
  sql += fmt::format(" FROM {} t", table.sql());
  auto rows = connection.query(sql);
  if (!rows) return failed("counting the rows of " + table.sql(), rows);
  std::vector<std::string> sums;
  for (int i = 0; i < rows->columns(); ++i) sums.emplace_back(rows->at(0, i));
  return sums;
}

std::string differing_columns(const Table& table, const std::vector<std::string>& expected,
                              const std::vector<std::string>& found) {
  std::string columns;
  for (std::size_t i = 0; i < table.columns.size() && i + 1 < found.size(); ++i) {
    if (expected[i + 1] == found[i + 1]) continue;
    if (!columns.empty()) columns += ", ";
    columns += table.columns[i];
  }
  return columns;
}

constexpr std::string_view new_enum_value = "55P04";  // must be committed before it can be used

Result<> run_text(pg::Connection& connection, const CapturedFile& file) {
  std::vector<Finding> none;  // the directives are Candor's own
  history::Migration script{.name = file.name, .file = file.file};
  script.directives = history::read_directives(file.text, file.file, none);
  return run_script(connection, script, file.text);
}

}  // namespace

Result<> run_captured(pg::Connection& connection, CapturedFile& file) {
  auto ran = run_text(connection, file);
  if (!ran && ran.error().sqlstate == new_enum_value) {
    file.text.insert(file.text.find('\n') + 1, "-- candor:no-transaction\n");  // behind "captured from"
    ran = run_text(connection, file);
  }
  if (ran) return {};
  Error error = std::move(ran.error());
  if (error.code.id == codes::statement_failed.id) {
    error.code = codes::capture_differs;
    error.hint =
        "look at that place in the program's migration; what it does there cannot be repeated from its SQL";
  }
  return failed("replaying what was captured", std::move(error));
}

Result<std::vector<std::string>> compare_catalogs(pg::Connection& program, pg::Connection& replayed,
                                                  std::size_t& objects) {
  auto expected = catalog::read(program);
  if (!expected) return pass(expected);
  auto found = catalog::read(replayed);
  if (!found) return pass(found);
  const catalog::Comparison comparison =
      catalog::compare(*expected, *found, {}, {.owners = true, .grants = true, .comments = true});
  objects = comparison.objects;
  std::vector<std::string> lines;
  for (const catalog::Difference& difference : comparison.differences) lines.push_back(line_of(difference));
  for (const catalog::Difference& difference : comparison.unproven)
    lines.push_back("unproven: " + line_of(difference));
  return lines;
}

Result<std::vector<RowDifference>> compare_rows(pg::Connection& program, pg::Connection& replayed,
                                                std::size_t& tables) {
  auto all = tables_of(program);
  if (!all) return pass(all);
  std::vector<RowDifference> differences;
  for (const Table& table : *all) {
    auto expected = sums_of(program, table);
    if (!expected) return pass(expected);
    auto found = sums_of(replayed, table);
    if (!found) return pass(found);
    if (expected->front() != "0" || found->front() != "0") ++tables;
    if (*expected == *found) continue;
    const bool same_number = expected->front() == found->front();
    differences.push_back({.table = table.sql(),
                           .columns = same_number ? differing_columns(table, *expected, *found) : "",
                           .expected = expected->front(),
                           .found = found->front()});
  }
  return differences;
}

}  // namespace candor::engine
