/// The care that tables with rows need: no statement that blocks writers for as long as it reads the table.
#include <fmt/format.h>

#include <algorithm>

#include "catalog/kind.h"
#include "catalog/kinds/column_sql.h"
#include "pg/identifier.h"
#include "plan/planner.h"

namespace candor::plan {

using catalog::changed;
using catalog::Ddl;
using catalog::Ddls;
using catalog::is_set;
using catalog::Kind;
using catalog::Lock;
using catalog::Object;
using catalog::ObjectId;
using catalog::value;

namespace {

constexpr int online_rank = 80;      ///< index builds outside transactions
constexpr int validation_rank = 90;  ///< behind everything

ObjectId table_of(const ObjectId& part) {
  return {.kind = Kind::table, .schema = part.schema, .name = part.relation};
}

bool is_partitioned(const catalog::World& world, const ObjectId& part) {
  const Object* const table = world.find(table_of(part));
  return table != nullptr && is_set(*table, "partition_by");
}

Node validation_of(const Object& constraint) {
  return {.what = Node::What::validate,
          .id = constraint.id,
          .ddls = {{.sql = fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {}",
                                       catalog::sql_relation(constraint.id),
                                       pg::Identifier(constraint.id.name.view())),
                    .lock = Lock::share_update_exclusive,
                    .on = table_of(constraint.id),
                    .scans = true,
                    .reason = "in a transaction of its own, so that writers go on",
                    .alone = true}},
          .rank = validation_rank};
}

void build_concurrently(Ddl& ddl) {
  const std::size_t at = ddl.sql.find("INDEX ");
  ddl.sql.insert(at + 6, "CONCURRENTLY ");
  ddl.lock = Lock::share_update_exclusive;
  ddl.transactional = false;
  ddl.reason = "built while others write";
}

/// CREATE INDEX: concurrently, unless it is a partitioned table's own, which holds nothing.
void make_index(const Changes& changes, const Object& index, Node& node) {
  if (is_partitioned(changes.to_world(), index.id)) return;
  build_concurrently(node.ddls.front());
  node.rank = online_rank;
}

/// A check or foreign key: not valid at first, then validated.
void make_validated(const Object& constraint, Node& node, std::optional<Node>& validation) {
  Ddl& ddl = node.ddls.front();
  ddl.sql += " NOT VALID";
  ddl.scans = false;
  ddl.reason = "rows that are there are checked afterwards";
  validation = validation_of(constraint);
  for (const auto& [target, lock] : ddl.also)
    if (lock != Lock::none) validation->ddls.front().also.emplace_back(target, Lock::row_share);
}

/// A key by way of an index that was built concurrently.
void make_key(const Object& constraint, Node& node) {
  const bool primary = value(constraint, "type") == "primary_key";
  const std::string name = pg::Identifier(constraint.id.name.view()).sql();
  std::string build =
      fmt::format("CREATE UNIQUE INDEX CONCURRENTLY {} ON {} ({})", name,
                  catalog::sql_relation(constraint.id), catalog::sql_names(value(constraint, "columns")));
  if (is_set(constraint, "include"))
    build += fmt::format(" INCLUDE ({})", catalog::sql_names(value(constraint, "include")));
  if (is_set(constraint, "nulls_not_distinct")) build += " NULLS NOT DISTINCT";
  if (is_set(constraint, "options"))
    build += fmt::format(" WITH ({})", catalog::sql_options(value(constraint, "options")));
  if (is_set(constraint, "tablespace"))
    build += fmt::format(" TABLESPACE {}", pg::Identifier(value(constraint, "tablespace")));
  Ddl& add = node.ddls.front();
  add.sql = fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {} USING INDEX {}",
                        catalog::sql_relation(constraint.id), name, primary ? "PRIMARY KEY" : "UNIQUE", name);
  if (is_set(constraint, "deferrable"))
    add.sql += value(constraint, "deferrable") == "deferred" ? " DEFERRABLE INITIALLY DEFERRED"
                                                             : " DEFERRABLE INITIALLY IMMEDIATE";
  add.scans = false;
  node.ddls.insert(node.ddls.begin(), {.sql = std::move(build),
                                       .lock = Lock::share_update_exclusive,
                                       .on = table_of(constraint.id),
                                       .transactional = false,
                                       .scans = true,
                                       .reason = "built while others write"});
  node.rank = online_rank;
}

void make_constraint(const Changes& changes, const Object& constraint, Node& node,
                     std::optional<Node>& validation, int major) {
  constexpr int not_valid_on_partitioned_since = 18;
  const std::string_view type = value(constraint, "type");
  const bool partitioned = is_partitioned(changes.to_world(), constraint.id);
  if (is_set(constraint, "not_valid") || is_set(constraint, "not_enforced") ||
      is_set(constraint, "inherited"))
    return;
  if (type == "check" || type == "foreign_key") {
    if (type == "foreign_key" && partitioned && major < not_valid_on_partitioned_since) return;
    make_validated(constraint, node, validation);
  } else if ((type == "primary_key" || type == "unique") && !partitioned && !is_set(constraint, "period")) {
    make_key(constraint, node);
  }
}

/// SET NOT NULL reads the table under its heaviest lock, unless a validated check proves it. What else is
/// done to the column, and what goes and comes back with that, is not torn apart by it: it comes behind.
void set_not_null(const Object& column, Node& node, std::optional<Node>& validation) {
  const std::string name = pg::Identifier(column.id.name.view()).sql();
  const std::string set = fmt::format("ALTER COLUMN {} SET NOT NULL", name);
  const auto at = std::ranges::find_if(node.ddls, [&](const Ddl& ddl) { return ddl.sql.ends_with(set); });
  if (at == node.ddls.end()) return;
  const std::string table = catalog::sql_relation(column.id);
  const std::string check = pg::Identifier(column.id.name.str().substr(0, 48) + "_is_not_null").sql();
  const ObjectId on = table_of(column.id);
  Ddl set_it = *at;
  node.ddls.erase(at);
  set_it.scans = false;
  validation = {.what = Node::What::validate, .id = column.id, .ddls = {}, .rank = online_rank - 1};
  validation->ddls.push_back(
      {.sql = fmt::format("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID", table, check,
                          name),
       .lock = Lock::access_exclusive,
       .on = on,
       .reason = "proves that SET NOT NULL need not read the table"});
  validation->ddls.push_back({.sql = fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {}", table, check),
                              .lock = Lock::share_update_exclusive,
                              .on = on,
                              .scans = true,
                              .reason = "in a transaction of its own, so that writers go on",
                              .alone = true});
  validation->ddls.push_back(std::move(set_it));
  validation->ddls.push_back({.sql = fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", table, check),
                              .lock = Lock::access_exclusive,
                              .on = on});
  // An identity wants the column set.
  const auto identity = std::ranges::find_if(
      node.ddls, [](const Ddl& ddl) { return ddl.sql.find(" ADD GENERATED ") != std::string::npos; });
  if (identity == node.ddls.end()) return;
  validation->ddls.push_back(std::move(*identity));
  node.ddls.erase(identity);
}

bool mentions_subquery(std::string_view expression) {
  constexpr std::string_view word = "select";
  const auto equal = [](char a, char b) { return (a | 0x20) == b; };
  return std::ranges::search(expression, word, equal).begin() != expression.end();
}

/// A rewrite fires no trigger, which an UPDATE does: one that is damaged, too. It takes no subquery.
Ddl put_value(const Object& column, const std::string& value) {
  const std::string table = catalog::sql_relation(column.id);
  const std::string name = pg::Identifier(column.id.name.view()).sql();
  Ddl ddl{.lock = Lock::access_exclusive,
          .on = table_of(column.id),
          .rewrites = true,
          .scans = true,
          .reason = "the value that was given for rows that are there"};
  if (mentions_subquery(value)) {
    ddl.sql = fmt::format("UPDATE {} SET {} = {}", table, name, value);
    ddl.lock = Lock::row_exclusive;
    ddl.rewrites = false;
  } else {
    ddl.sql = fmt::format("ALTER TABLE {} ALTER COLUMN {} TYPE {} USING ({})", table, name,
                          catalog::kinds::type_clause(column), value);
  }
  return ddl;
}

/// Puts `value` into the rows that are there, before the column has to be set.
void fill_column(const Object& column, const std::string& value, bool has_value, Node& node) {
  Ddl& add = node.ddls.front();
  const std::string table = catalog::sql_relation(column.id);
  const std::string name = pg::Identifier(column.id.name.view()).sql();
  Ddls more{put_value(column, value)};
  constexpr std::string_view not_null = " NOT NULL";
  if (!has_value && add.sql.ends_with(not_null)) {
    add.sql.resize(add.sql.size() - not_null.size());
    more.push_back({.sql = fmt::format("ALTER TABLE {} ALTER COLUMN {} SET NOT NULL", table, name),
                    .lock = Lock::access_exclusive,
                    .on = table_of(column.id),
                    .scans = true});
  }
  node.ddls.insert(node.ddls.begin() + 1, more.begin(), more.end());
}

/// A new column that must not be null needs a value for the rows that are there; another one may be given
/// one, if its default would not do.
void make_column(const Changes& changes, const Object& column, Node& node) {
  const bool computed = is_set(column, "identity") || is_set(column, "generated");
  const bool has_value = is_set(column, "default") || computed;
  const auto fill = changes.options().fills.find(to_string(column.id));
  if (fill != changes.options().fills.end() && !computed)
    return fill_column(column, fill->second, has_value, node);
  if (!is_set(column, "not_null") || has_value) return;
  Ddl& add = node.ddls.front();
  add.needs_fill = true;
  add.hazard = fmt::format("fails if {} has rows: {} has no value for them", to_string(table_of(column.id)),
                           to_string(column.id));
}

/// A column that must not be null from now on, and for whose nulls there is a value.
void fill_nulls(const Changes& changes, const Object& column, Node& node) {
  const auto fill = changes.options().fills.find(to_string(column.id));
  if (fill == changes.options().fills.end()) return;
  const std::string name = pg::Identifier(column.id.name.view()).sql();
  const auto at =
      std::ranges::find_if(node.ddls, [](const Ddl& ddl) { return ddl.sql.ends_with(" SET NOT NULL"); });
  if (at == node.ddls.end()) return;
  node.ddls.insert(at, {.sql = fmt::format("UPDATE {} SET {} = {} WHERE {} IS NULL",
                                           catalog::sql_relation(column.id), name, fill->second, name),
                        .lock = Lock::row_exclusive,
                        .on = table_of(column.id),
                        .scans = true,
                        .reason = "the value that was given for rows that have none"});
}

/// A domain over text takes text by assignment, which refuses what is too long and would be cut by a cast.
bool takes_text(std::string_view type, const catalog::World& world) {
  const Object* const domain = world.find(catalog::named(Kind::domain, type));
  return domain != nullptr &&
         (value(*domain, "type") == "text" || value(*domain, "type").starts_with("character"));
}

}  // namespace

Ddls cast_to_replacement(const Object& before, const Object& column, const catalog::World& world) {
  const std::string_view type = value(column, "type");
  const std::string name = pg::Identifier(column.id.name.view()).sql();
  const bool array = type.ends_with("[]");
  std::string actions;
  if (is_set(before, "default")) actions += fmt::format("ALTER COLUMN {} DROP DEFAULT, ", name);
  const std::string cast = takes_text(type, world) ? std::string() : fmt::format("::{}", type);
  actions += fmt::format("ALTER COLUMN {} TYPE {} USING {}::text{}{}", name,
                         catalog::kinds::type_clause(column), name, array ? "[]" : "", cast);
  if (is_set(column, "default"))
    actions += fmt::format(", ALTER COLUMN {} SET DEFAULT {}", name, value(column, "default"));
  return {{.sql = fmt::format("ALTER TABLE {} {}", catalog::sql_relation(column.id), actions),
           .lock = catalog::Lock::access_exclusive,
           .on = {.kind = Kind::table, .schema = column.id.schema, .name = column.id.relation},
           .rewrites = true,
           .scans = true,
           .hazard = fmt::format("casts the values of {} to the new {}", to_string(column.id), type)}};
}

Ddls continue_sequence(const Changes& changes, Place place) {
  const Object& sequence = changes.to.object(place);
  if (sequence.id.kind != Kind::sequence) return {};
  const auto column = owner_of(changes.to, place);
  if (!column || changes.made[*column]) return {};
  const ObjectId& owner = changes.to.object(*column).id;
  if (!changes.relation_has_rows(owner)) return {};
  const bool down = value(sequence, "increment").starts_with('-');
  const std::string_view bound = value(sequence, down ? "max" : "min");
  const std::string name = pg::Identifier(owner.name.view()).sql();
  const std::string last = fmt::format("pg_catalog.{}({})", down ? "min" : "max", name);
  return {{.sql = fmt::format("SELECT pg_catalog.setval({}, {}) FROM {} HAVING {} {} {}",
                              catalog::sql_literal(catalog::sql_name(sequence.id)), last,
                              catalog::sql_relation(owner), last, down ? "<=" : ">=",
                              !bound.empty() ? bound
                              : down         ? "-1"
                                             : "1"),
           .scans = true,
           .reason = "goes on behind the values that are there",
           .late = true}};
}

void apply_recipes(const Changes& changes, Place place, Node& node, std::optional<Node>& validation,
                   int major) {
  const Object& object = changes.to.object(place);
  if (!changes.relation_has_rows(object.id) || node.ddls.empty()) return;
  if (object.id.kind == Kind::column && node.what == Node::What::make && !changes.made_again(place))
    make_column(changes, object, node);
  if (object.id.kind == Kind::column && node.what == Node::What::alter) fill_nulls(changes, object, node);
  // What only goes and comes back stays in the transaction in which it goes.
  if (changes.options().simple || changes.made_again(place)) return;
  if (node.what == Node::What::alter) {
    if (object.id.kind == Kind::column) set_not_null(object, node, validation);
    return;
  }
  if (object.id.kind == Kind::index) make_index(changes, object, node);
  if (object.id.kind == Kind::constraint) make_constraint(changes, object, node, validation, major);
}

void apply_drop_recipes(const Changes& changes, Place place, Node& node) {
  const Object& object = changes.from.object(place);
  const auto twin = changes.twin_in_to(place);
  if (changes.options().simple || object.id.kind != Kind::index || twin) return;
  if (!changes.relation_has_rows(object.id) || is_partitioned(changes.from_world(), object.id)) return;
  for (const Place needed : changes.from.needs(place).hard)
    if (changes.gone[needed] || changes.retyped.contains(needed)) return;
  build_concurrently(node.ddls.front());
  node.ddls.front().reason = "waits for nobody who reads or writes";
  node.rank = online_rank;
}

}  // namespace candor::plan
