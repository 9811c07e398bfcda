#include "engine/losses.h"

#include <fmt/format.h>

#include "base/counted.h"
#include "pg/identifier.h"

namespace candor::engine {

namespace {

using catalog::Kind;
using catalog::ObjectId;

constexpr std::int64_t too_large_to_count = std::int64_t{1} << 30;

std::string sql_name(std::string_view schema, std::string_view name) {
  return fmt::format("{}.{}", pg::Identifier(schema), pg::Identifier(name));
}

struct Size {
  std::int64_t bytes = 0, rows = 0;
};

Result<Size> size_of(pg::Connection& connection, const std::string& table) {
  auto answer = connection.query(
      "SELECT pg_catalog.pg_total_relation_size(c.oid), greatest(c.reltuples, 0)::pg_catalog.int8"
      " FROM pg_catalog.pg_class c WHERE c.oid = $1::pg_catalog.regclass",
      {table});
  if (!answer) return pass(answer);
  return Size{.bytes = answer->number(0, 0), .rows = answer->number(0, 1)};
}

Result<Loss> loss_of(pg::Connection& connection, const ObjectId& id) {
  const bool is_column = id.kind == Kind::column;
  const std::string table = sql_name(id.schema.view(), is_column ? id.relation.view() : id.name.view());
  auto size = size_of(connection, table);
  if (!size) return pass(size);
  Loss loss{.id = id, .rows = size->rows, .bytes = is_column ? 0 : size->bytes};
  if (size->bytes > too_large_to_count) {
    loss.estimated = true;
    return loss;
  }
  auto counted = connection.query(fmt::format("SELECT pg_catalog.count({}) FROM {}",
                                              is_column ? pg::Identifier(id.name.view()).sql() : "*", table));
  if (!counted) return pass(counted);
  loss.rows = counted->number(0, 0);
  return loss;
}

/// Columns of tables that hold values of a type: itself, its arrays, domains over it, and what has it as a
/// field.
constexpr std::string_view columns_of_type =
    "WITH RECURSIVE of_type(oid) AS (SELECT $1::pg_catalog.regtype::pg_catalog.oid UNION"
    " SELECT t.oid FROM pg_catalog.pg_type t JOIN of_type o ON t.typbasetype = o.oid"
    " OR (t.typelem = o.oid AND t.typcategory = 'A')"
    " OR EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE t.typtype = 'c' AND a.attrelid = t.typrelid"
    " AND a.atttypid = o.oid AND NOT a.attisdropped))"
    " SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.quote_ident(a.attname)"
    " FROM of_type o JOIN pg_catalog.pg_attribute a ON a.atttypid = o.oid AND NOT a.attisdropped"
    " JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'm')"
    " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace ORDER BY 1, 2";

Result<Loss> loss_of_field(pg::Connection& connection, const plan::Step& step) {
  Loss loss{.id = step.object, .what = step.hazard};
  auto columns =
      connection.query(columns_of_type, {sql_name(step.object.schema.view(), step.object.name.view())});
  if (!columns) return pass(columns);
  for (int r = 0; r < columns->size(); ++r) {
    auto counted = connection.query(
        fmt::format("SELECT pg_catalog.count({}) FROM ONLY {}", columns->at(r, 1), columns->at(r, 0)));
    if (!counted) return pass(counted);
    loss.rows += counted->number(0, 0);
  }
  return loss;
}

std::string bytes(std::int64_t count) {
  if (count < std::int64_t{1024} * 1024) return fmt::format("{} kB", (count + 1023) / 1024);
  if (count < std::int64_t{10} << 30) return fmt::format("{} MB", count >> 20);
  return fmt::format("{} GB", count >> 30);
}

}  // namespace

std::string line_of(const Loss& loss) {
  const std::string what = loss.what.empty() ? describe(loss.id) : loss.what;
  return fmt::format("{}: {}{}{}", what, loss.estimated ? "about " : "",
                     counted(static_cast<std::size_t>(loss.rows), loss.bytes > 0 ? "row" : "value"),
                     loss.bytes > 0 ? ", " + bytes(loss.bytes) : std::string());
}

Result<std::vector<Loss>> losses_of(pg::Connection& connection, const plan::Plan& plan,
                                    const catalog::Catalog& live) {
  std::vector<Loss> losses;
  for (const plan::Transaction& transaction : plan.transactions)
    for (const plan::Step& step : transaction.steps) {
      const Kind kind = step.object.kind;
      const bool is_field = kind == Kind::composite_type;
      if (!step.drops_data || (kind != Kind::table && kind != Kind::column && !is_field)) continue;
      if (live.find(step.object) == nullptr) continue;
      auto loss = is_field ? loss_of_field(connection, step) : loss_of(connection, step.object);
      if (!loss) return failed("counting what would be lost of " + describe(step.object), loss);
      if (loss->rows > 0) losses.push_back(std::move(*loss));
    }
  return losses;
}

Result<std::vector<Loss>> losses_between(pg::Connection& connection, const catalog::Catalog& from,
                                         const catalog::Catalog& to) {
  std::vector<Loss> losses;
  const auto holds_rows = [](Kind kind) { return kind == Kind::table || kind == Kind::materialized_view; };
  for (const catalog::Object& object : from.objects()) {
    const ObjectId& id = object.id;
    if ((!holds_rows(id.kind) && id.kind != Kind::column) || to.find(id) != nullptr) continue;
    if (id.kind == Kind::column &&
        to.find({.kind = Kind::table, .schema = id.schema, .name = id.relation}) == nullptr)
      continue;
    auto loss = loss_of(connection, id);
    if (!loss) return failed("counting what would be lost of " + describe(id), loss);
    if (loss->rows > 0) losses.push_back(*loss);
  }
  return losses;
}

}  // namespace candor::engine
