#include "engine/rows_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/counted.h"
#include "catalog/ddl.h"
#include "pg/identifier.h"

namespace candor::engine {

namespace {

using catalog::is_set;
using catalog::Kind;
using catalog::Object;
using catalog::ObjectId;
using catalog::value;

/// Rows that share what has to be unique. `columns`: names, or an index's expressions.
std::string count_of_doubles(const Object& object, const std::string& table,
                             const std::vector<std::string>& columns) {
  std::string list, nulls;
  for (const std::string& column : columns) {
    list += (list.empty() ? "" : ", ") + column;
    nulls += fmt::format(" AND ({}) IS NOT NULL", column);
  }
  std::string where =
      is_set(object, "nulls_not_distinct") ? std::string(" WHERE true") : " WHERE true" + nulls;
  if (const std::string_view part = value(object, "where"); !part.empty())
    where += fmt::format(" AND ({})", part);
  return fmt::format(
      "SELECT coalesce(pg_catalog.sum(n), 0)::pg_catalog.int8 FROM (SELECT pg_catalog.count(*) n FROM {}{} GROUP BY"
      " {} HAVING pg_catalog.count(*) > 1) doubles",
      table, where, list);
}

/// Rows whose key is not in the other table.
std::string count_of_orphans(const Object& key, const std::string& table) {
  const std::string_view target = value(key, "references");
  const std::size_t open = target.rfind(" (");
  const auto columns = catalog::split_list(value(key, "columns"));
  const auto others = catalog::split_list(target.substr(open + 2, target.size() - open - 3));
  std::string match, nulls;
  for (std::size_t i = 0; i < columns.size() && i < others.size(); ++i) {
    const std::string own = catalog::sql_names(columns[i]);
    match += fmt::format("{}o.{} = t.{}", i > 0 ? " AND " : "", catalog::sql_names(others[i]), own);
    nulls += fmt::format(" AND t.{} IS NOT NULL", own);
  }
  return fmt::format("SELECT pg_catalog.count(*) FROM {} t WHERE NOT EXISTS (SELECT FROM {} o WHERE {}){}",
                     table, catalog::sql_names(target.substr(0, open)), match, nulls);
}

/// An index's column without its order.
std::vector<std::string> plain_elements(std::string_view list) {
  std::vector<std::string> elements = catalog::split_list(list);
  for (std::string& element : elements)
    for (const std::string_view order : {" nulls first", " nulls last", " desc"})
      if (element.ends_with(order)) element.resize(element.size() - order.size());
  return elements;
}

/// The question, of what rows can break; empty: nothing that is asked here.
std::string question_of(const Object& object) {
  const std::string table = catalog::sql_relation(object.id);
  if (object.id.kind == Kind::index)
    return is_set(object, "unique")
               ? count_of_doubles(object, table, plain_elements(value(object, "columns")))
               : std::string();
  if (is_set(object, "not_valid") || is_set(object, "not_enforced") || is_set(object, "inherited")) return {};
  const std::string_view type = value(object, "type");
  if (type == "check")
    return fmt::format("SELECT pg_catalog.count(*) FROM {} WHERE NOT ({})", table, value(object, "check"));
  if (type == "foreign_key") return count_of_orphans(object, table);
  if ((type != "primary_key" && type != "unique") || is_set(object, "period")) return {};
  std::vector<std::string> columns;
  for (const std::string& column : catalog::split_list(value(object, "columns")))
    columns.push_back(catalog::sql_names(column));
  return count_of_doubles(object, table, columns);
}

/// Whether rows were looked at under another question, or none.
bool asks_anew(const catalog::Effect& effect) {
  constexpr std::string_view telling[] = {"type",   "columns", "references",         "check",    "where",
                                          "unique", "invalid", "nulls_not_distinct", "not_valid"};
  return effect.change == catalog::Change::added ||
         std::ranges::any_of(effect.attributes, [&](const catalog::AttributeChange& change) {
           const auto name = catalog::attributes_of(effect.id.kind)[change.attribute].name;
           return std::ranges::find(telling, name) != std::end(telling);
         });
}

}  // namespace

Result<> require_rows_fit(pg::Connection& connection, const plan::Plan& plan, const catalog::Catalog& goal,
                          const catalog::Catalog& live) {
  std::string lines;
  for (const catalog::Effect& effect : plan.effects) {
    const bool bears_rows = effect.id.kind == Kind::constraint || effect.id.kind == Kind::index;
    const Object* const object = bears_rows ? goal.find(effect.id) : nullptr;
    if (object == nullptr || effect.id.relation.empty() || !asks_anew(effect)) continue;
    if (live.find({.kind = Kind::table, .schema = effect.id.schema, .name = effect.id.relation}) == nullptr)
      continue;
    const std::string question = question_of(*object);
    if (question.empty()) continue;
    auto answer = connection.query(question);
    if (!answer && (answer.error().connection_lost || answer.error().code.id == codes::interrupted.id))
      return pass(answer);
    if (!answer || answer->number(0, 0) == 0) continue;
    lines += fmt::format("{}{}: {}", lines.empty() ? "" : "\n", describe(effect.id),
                         counted(static_cast<std::size_t>(answer->number(0, 0)), "row"));
  }
  if (lines.empty()) return {};
  return std::unexpected(Error{.code = codes::cast_fails,
                               .message = "rows break what would be put back",
                               .detail = std::move(lines),
                               .hint = "correct those rows, then run the command again"});
}

}  // namespace candor::engine
