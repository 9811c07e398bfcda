#include "engine/repair_checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/counted.h"
#include "base/file.h"
#include "catalog/ddl.h"
#include "catalog/kinds/sql_text.h"
#include "pg/identifier.h"

namespace candor::engine {

namespace {

using catalog::Effect;
using catalog::Kind;
using catalog::ObjectId;

struct Retyped {
  ObjectId column;
  std::string from, to;  ///< types
};

/// What a plan changes of an attribute; nothing: it does not.
const catalog::AttributeChange* change_of(const Effect& effect, std::string_view attribute) {
  if (effect.change != catalog::Change::altered) return nullptr;
  const auto at = std::ranges::find_if(effect.attributes, [&](const catalog::AttributeChange& change) {
    return catalog::attributes_of(effect.id.kind)[change.attribute].name == attribute;
  });
  return at == effect.attributes.end() ? nullptr : &*at;
}

/// Columns whose values are of that type. A child's column is among its parent's.
std::vector<ObjectId> columns_of(const catalog::Catalog& live, const ObjectId& type) {
  std::vector<ObjectId> columns;
  for (const catalog::Object& object : live.objects())
    if (object.id.kind == Kind::column && !catalog::is_set(object, "inherited") &&
        catalog::named(type.kind, catalog::value(object, "type")) == type)
      columns.push_back(object.id);
  return columns;
}

std::vector<Retyped> retyped_columns(const plan::Plan& plan, const catalog::Catalog& live) {
  std::vector<Retyped> columns;
  for (const Effect& effect : plan.effects) {
    const catalog::AttributeChange* const change = change_of(effect, "type");
    if (change == nullptr) continue;
    if (effect.id.kind == Kind::column)
      columns.push_back({effect.id, change->from.str(), change->to.str()});
    else if (effect.id.kind == Kind::domain)
      for (const ObjectId& column : columns_of(live, effect.id))
        columns.push_back({column, catalog::sql_name(effect.id), change->to.str()});
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

/// json keeps what stands there twice, jsonb the last of it.
constexpr std::string_view loses_a_key =
    "(WITH RECURSIVE t(v) AS (SELECT $1 UNION ALL SELECT c.v FROM t, LATERAL ("
    "SELECT e.value FROM pg_catalog.json_each(CASE pg_catalog.json_typeof(t.v) WHEN 'object' THEN t.v END) e"
    " UNION ALL SELECT e.value FROM pg_catalog.json_array_elements("
    "CASE pg_catalog.json_typeof(t.v) WHEN 'array' THEN t.v END) e) c(v)) SELECT pg_catalog.count(*) FROM t)"
    " <> (WITH RECURSIVE t(v) AS (SELECT $1::pg_catalog.jsonb UNION ALL SELECT c.v FROM t, LATERAL ("
    "SELECT e.value FROM pg_catalog.jsonb_each(CASE pg_catalog.jsonb_typeof(t.v) WHEN 'object' THEN t.v END) e"
    " UNION ALL SELECT e.value FROM pg_catalog.jsonb_array_elements("
    "CASE pg_catalog.jsonb_typeof(t.v) WHEN 'array' THEN t.v END) e) c(v)) SELECT pg_catalog.count(*) FROM t)";

bool is_json_to_jsonb(const Retyped& column) {
  return column.from == "json" && column.to == "jsonb";
}

/// In a transaction that is rolled back: a function that says of one value whether it survives, errors
/// included.
Result<> make_judge(pg::Connection& connection, const Retyped& column, bool back) {
  const auto judge = [&](bool with_back) {
    const std::string cast = fmt::format("v::{}", column.to);
    std::string lost = is_json_to_jsonb(column)
                           ? std::string(loses_a_key)
                           : fmt::format("({})::pg_catalog.text IS DISTINCT FROM v::pg_catalog.text", cast);
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
  const std::string table = catalog::sql_relation(column.column);
  const pg::Identifier name(column.column.name.view());
  bool back = !is_json_to_jsonb(column);  // which has no equality, and leaves spaces out
  for (; !is_json_to_jsonb(column); back = false) {
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

Result<> see_every_row(pg::Connection& connection, bool every) {
  auto set = connection.query(every ? "SET row_security = off" : "RESET row_security");
  if (!set) return pass(set);
  return {};
}

Result<> require_values(pg::Connection& connection, const plan::Plan& plan, const catalog::Catalog& live,
                        const std::map<std::string, std::string>& given) {
  std::string columns, fills;
  const auto lacks = [&](const ObjectId& column, const std::string& line) {
    columns += fmt::format("{}{}", columns.empty() ? "" : "\n", line);
    fills += fmt::format(" --fill {}=\"'…'\"", to_string(column));
  };
  for (const plan::Transaction& transaction : plan.transactions)
    for (const plan::Step& step : transaction.steps) {
      if (!step.needs_fill) continue;
      auto rows =
          connection.query(fmt::format("SELECT EXISTS (SELECT FROM {})", catalog::sql_relation(step.object)));
      if (!rows) return pass(rows);
      if (!rows->flag(0, 0)) continue;
      lacks(step.object, describe(step.object));
    }
  for (const Effect& effect : plan.effects) {
    const catalog::AttributeChange* const change = change_of(effect, "not_null");
    if (effect.id.kind != Kind::column || change == nullptr || change->to.view().empty()) continue;
    const catalog::Object* const column = live.find(effect.id);
    const bool of_parent = column != nullptr && catalog::is_set(*column, "inherited");
    if (of_parent || given.contains(to_string(effect.id))) continue;
    auto nulls = connection.query(fmt::format("SELECT pg_catalog.count(*) FROM {} WHERE {} IS NULL",
                                              catalog::sql_relation(effect.id),
                                              pg::Identifier(effect.id.name.view())));
    if (!nulls) return pass(nulls);
    if (const auto count = nulls->number(0, 0); count > 0)
      lacks(effect.id, fmt::format("{}: {}", describe(effect.id),
                                   counted(static_cast<std::size_t>(count), "row") + " without a value"));
  }
  if (columns.empty()) return {};
  return std::unexpected(
      Error{.code = codes::needs_value,
            .message = "columns that must not be null are missing from tables with rows, or hold nulls, and "
                       "nothing says which value those rows should have",
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

/// Enums whose columns hold labels that go.
Result<> require_labels(pg::Connection& connection, const plan::Plan& plan, const catalog::Catalog& live) {
  for (const Effect& effect : plan.effects) {
    const catalog::AttributeChange* const change = change_of(effect, "labels");
    if (effect.id.kind != Kind::enum_type || change == nullptr) continue;
    const auto kept = catalog::kinds::quoted_texts(change->to.view());
    const auto had = catalog::kinds::quoted_texts(change->from.view());
    auto gone = had;
    std::erase_if(gone,
                  [&](const std::string& label) { return std::ranges::find(kept, label) != kept.end(); });
    for (const ObjectId& column : columns_of(live, effect.id)) {
      std::string labels;
      for (const std::string& label : gone)
        labels += (labels.empty() ? "" : ", ") + catalog::sql_literal(label);
      if (labels.empty()) break;
      auto held = connection.query(fmt::format(
          "SELECT {0}::pg_catalog.text, pg_catalog.count(*) FROM {1} WHERE {0}::pg_catalog.text IN ({2})"
          " GROUP BY 1 ORDER BY 1",
          pg::Identifier(column.name.view()), catalog::sql_relation(column), labels));
      if (!held) return pass(held);
      if (held->empty()) continue;
      std::string lines;
      for (int r = 0; r < held->size(); ++r)
        lines += fmt::format("{}{}: {}", r > 0 ? "\n" : "", catalog::quoted(held->at(r, 0)),
                             counted(static_cast<std::size_t>(held->number(r, 1)), "row"));
      auto added = kept;
      std::erase_if(added,
                    [&](const std::string& label) { return std::ranges::find(had, label) != had.end(); });
      std::string hint = "correct those rows, then run the command again";
      if (gone.size() == 1 && added.size() == 1)
        hint = fmt::format(
            "if the label was renamed: ALTER TYPE {} RENAME VALUE {} TO {}; else correct those rows",
            catalog::sql_name(effect.id), catalog::sql_literal(gone.front()),
            catalog::sql_literal(added.front()));
      return std::unexpected(Error{.code = codes::cast_fails,
                                   .message = fmt::format("{} holds labels that {} should not have",
                                                          describe(column), describe(effect.id)),
                                   .detail = std::move(lines),
                                   .hint = std::move(hint)});
    }
  }
  return {};
}

Result<> require_casts(pg::Connection& connection, const plan::Plan& plan, const catalog::Catalog& live) {
  if (auto labels = require_labels(connection, plan, live); !labels) return labels;
  const std::vector<Retyped> columns = retyped_columns(plan, live);
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
