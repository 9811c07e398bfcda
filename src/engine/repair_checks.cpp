#include "engine/repair_checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "pg/identifier.h"

namespace candor::engine {

namespace {

using catalog::Effect;
using catalog::Kind;
using catalog::ObjectId;

std::string table_of(const ObjectId& column) {
  return fmt::format("{}.{}", pg::Identifier(column.schema.view()), pg::Identifier(column.relation.view()));
}

struct Retyped {
  ObjectId column;
  std::string from, to;
};

std::vector<Retyped> retyped_columns(const plan::Plan& plan) {
  std::vector<Retyped> columns;
  for (const Effect& effect : plan.effects) {
    if (effect.change != catalog::Change::altered || effect.id.kind != Kind::column) continue;
    for (const catalog::AttributeChange& change : effect.attributes)
      if (catalog::attributes_of(Kind::column)[change.attribute].name == "type")
        columns.push_back({effect.id, change.from.str(), change.to.str()});
  }
  return columns;
}

/// Whether a value is another one after the cast: its text is, and casting back does not restore it.
std::string changes(const Retyped& column, bool back) {
  const pg::Identifier name(column.column.name.view());
  const std::string cast = fmt::format("{}::{}", name, column.to);
  std::string text = fmt::format("({})::pg_catalog.text IS DISTINCT FROM {}::pg_catalog.text", cast, name);
  if (!back) return text;
  return fmt::format("{} AND ({})::{} IS DISTINCT FROM {}", text, cast, column.from, name);
}

/// In a transaction that is rolled back: a function that says of one value whether it survives, errors
/// included.
Result<> make_judge(pg::Connection& connection, const Retyped& column, bool back) {
  const auto judge = [&](bool with_back) {
    const std::string cast = fmt::format("v::{}", column.to);
    std::string lost = fmt::format("({})::pg_catalog.text IS DISTINCT FROM v::pg_catalog.text", cast);
    if (with_back) lost += fmt::format(" AND ({})::{} IS DISTINCT FROM v", cast, column.from);
    return fmt::format(
        "CREATE FUNCTION pg_temp.candor_lost(v {}) RETURNS pg_catalog.bool LANGUAGE plpgsql AS"
        " $candor$ BEGIN RETURN {}; EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN RETURN true; END $candor$",
        column.from, lost);
  };
  auto made = connection.query(judge(back));
  if (!made) return pass(made);
  return {};
}

struct Lost {
  std::int64_t rows = 0;
  std::string examples;
};

/// The quick question first: most casts fit all values.
Result<Lost> count_lost(pg::Connection& connection, const Retyped& column) {
  // json has no equality; what jsonb leaves out of it are spaces, and keys that stand there twice.
  if (column.from == "json" && column.to == "jsonb") return Lost{};
  const std::string table = table_of(column.column);
  const pg::Identifier name(column.column.name.view());
  bool back = true;
  for (;; back = false) {
    auto savepoint = connection.query("SAVEPOINT candor_cast");
    if (!savepoint) return pass(savepoint);
    auto quick = connection.query(
        fmt::format("SELECT pg_catalog.count(*) FROM {} WHERE {}", table, changes(column, back)));
    auto undone = connection.query("ROLLBACK TO SAVEPOINT candor_cast");
    if (!undone) return pass(undone);
    if (quick && quick->number(0, 0) == 0) return Lost{};
    if (quick) break;
    const std::string_view state = quick.error().sqlstate;
    if ((state == "42846" || state == "42883") && back)
      continue;  // no cast back, no equality: the text decides
    if (state == "42846")
      return fail(codes::cast_fails,
                  fmt::format("{} has type {}, and nothing casts that to {}", describe(column.column),
                              column.from, column.to),
                  "correct the column by hand, with a USING expression of your own");
    if (!state.starts_with("22") && !state.starts_with("23")) return pass(quick);
    break;  // some value cannot be cast at all
  }
  if (auto made = make_judge(connection, column, back); !made) return pass(made);
  auto counted = connection.query(
      fmt::format("SELECT pg_catalog.count(*) FROM {} WHERE pg_temp.candor_lost({})", table, name));
  if (!counted) return pass(counted);
  auto examples = connection.query(fmt::format(
      "SELECT DISTINCT pg_catalog.left({0}::pg_catalog.text, 60) FROM {1} WHERE pg_temp.candor_lost({0}) ORDER BY 1 LIMIT 3",
      name, table));
  if (!examples) return pass(examples);
  Lost lost{.rows = counted->number(0, 0)};
  for (int r = 0; r < examples->size(); ++r)
    lost.examples += fmt::format("{}{}", r > 0 ? ", " : "", catalog::quoted(examples->at(r, 0)));
  return lost;
}

}  // namespace

Result<> require_values(pg::Connection& connection, const plan::Plan& plan) {
  std::string columns, fills;
  for (const plan::Transaction& transaction : plan.transactions)
    for (const plan::Step& step : transaction.steps) {
      if (!step.needs_fill) continue;
      auto rows = connection.query(fmt::format("SELECT EXISTS (SELECT FROM {})", table_of(step.object)));
      if (!rows) return pass(rows);
      if (!rows->flag(0, 0)) continue;
      columns += fmt::format("{}{}", columns.empty() ? "" : "\n", describe(step.object));
      fills += fmt::format(" --fill {}=\"'…'\"", to_string(step.object));
    }
  if (columns.empty()) return {};
  return std::unexpected(
      Error{.code = codes::needs_value,
            .message = "columns that must not be null are missing from tables with rows, and nothing says "
                       "which value those rows should have",
            .detail = std::move(columns),
            .hint = "give each an SQL expression:" + fills});
}

Result<> require_columns(const std::map<std::string, std::string>& fills, const catalog::Catalog& goal) {
  for (const auto& [name, value] : fills) {
    catalog::ObjectId column;
    if (!catalog::parse_id(catalog::Kind::column, name, column) || goal.find(column) == nullptr)
      return fail(codes::needs_value,
                  fmt::format("a value is given for {}, and there is to be no such column", printable(name)),
                  "correct the name behind --fill, or leave it out");
  }
  return {};
}

Result<> require_casts(pg::Connection& connection, const plan::Plan& plan) {
  const std::vector<Retyped> columns = retyped_columns(plan);
  if (columns.empty()) return {};
  auto transaction = pg::Transaction::begin(connection);  // rolled back at the end of the scope
  if (!transaction) return pass(transaction);
  for (const Retyped& column : columns) {
    auto lost = count_lost(connection, column);
    if (!lost) return failed("trying the cast of " + describe(column.column), lost);
    if (lost->rows == 0) continue;
    return std::unexpected(
        Error{.code = codes::cast_fails,
              .message = fmt::format("{} has type {} and should have {}: {} of its values would not survive",
                                     describe(column.column), column.from, column.to, lost->rows),
              .detail = "for example " + lost->examples,
              .hint = "correct those rows, then run the command again"});
  }
  return {};
}

}  // namespace candor::engine
