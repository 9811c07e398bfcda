#include "engine/losses.h"

#include <fmt/format.h>

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

}  // namespace

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
