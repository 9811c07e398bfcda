#include "plan/nodes.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "catalog/kinds/column_sql.h"
#include "pg/identifier.h"
#include "plan/ranks.h"

namespace candor::plan {

using catalog::changed;
using catalog::Ddl;
using catalog::Ddls;
using catalog::is_set;
using catalog::Kind;
using catalog::Object;
using catalog::ObjectId;
using catalog::value;

namespace {

constexpr std::string_view old_suffix = "__old";

/// The first, of several.
std::optional<Place> parent_column(const Dependencies& side, const catalog::World& world,
                                   const Object& column) {
  const auto columns = parent_columns(side, world, column.id);
  return columns.empty() ? std::nullopt : std::optional(columns.front());
}

class NodeMaker {
 public:
  NodeMaker(const Changes& changes, int major) : changes_(changes), major_(major) {}

  Nodes run() && {
    add_drops();
    add_makes();
    add_alters();
    add_cleanups();
    return std::move(nodes_);
  }

 private:
  using What = Node::What;

  void add_drops();
  void add_drop(Place place);
  [[nodiscard]] bool is_cast_to_replacement(Place from_place, const Object& after) const;
  [[nodiscard]] bool is_cast_with_parent(const Object& column) const;
  void keep_of_children(const Object& column, Ddls& ddls) const;
  void add_detachment(Place place);
  void add_makes();
  void add_make(Place place);
  void add_alters();
  Object altered_from(Place to_place) const;
  [[nodiscard]] bool is_of_domain(const Object& object) const;
  void add_statements(Place to_place, Node::What what, Ddls ddls);
  void add_cleanups();
  [[nodiscard]] bool absorbed_drop(Place place) const;
  [[nodiscard]] std::optional<Place> type_made_of(Place function) const;
  [[nodiscard]] bool absorbed_make(Place place) const;
  [[nodiscard]] bool is_child_already(const Object& column, const Object& parent_column) const;
  [[nodiscard]] std::optional<Place> partitioned_parent(const Object& table) const;
  [[nodiscard]] bool in_circle_of_tables(Place foreign_key) const;

  const Changes& changes_;
  int major_;
  Nodes nodes_;
};

/// Goes with something else that goes.
bool NodeMaker::absorbed_drop(Place place) const {
  const Dependencies& from = changes_.from;
  const Object& object = from.object(place);
  if (const auto relation = from.relation_of(object.id); relation && changes_.gone[*relation])
    return object.id.kind != Kind::constraint || !in_circle_of_tables(place);
  if (object.id.kind == Kind::sequence || object.id.kind == Kind::index)
    for (const Place owner : from.needs(place).late)
      if (changes_.gone[owner]) return true;
  if (const auto parent = partitioned_parent(object)) return changes_.gone[*parent];
  if (object.id.kind == Kind::column && is_set(object, "inherited"))
    if (const auto parent = parent_column(from, changes_.from_world(), object)) return changes_.gone[*parent];
  return type_made_of(place).has_value();
}

/// The type that goes and of whose functions this is one: each needs the other, so they go together.
std::optional<Place> NodeMaker::type_made_of(Place function) const {
  const Dependencies& from = changes_.from;
  if (from.object(function).id.kind != Kind::function) return std::nullopt;
  for (const Place type : from.needs(function).hard) {
    const auto& late = from.needs(type).late;
    if (changes_.gone[type] && from.relation_of(from.object(type).id) == std::nullopt &&
        std::ranges::find(late, function) != late.end())
      return type;
  }
  return std::nullopt;
}

/// The table that a partition goes with.
std::optional<Place> NodeMaker::partitioned_parent(const Object& table) const {
  if (table.id.kind != Kind::table || !is_set(table, "partition_of")) return std::nullopt;
  return changes_.from.place_of(catalog::named(Kind::table, value(table, "partition_of")));
}

/// A table that is there and becomes a child only now gets no column through its parent.
bool NodeMaker::is_child_already(const Object& column, const Object& parent_column) const {
  const catalog::World& from = changes_.from_world();
  const Object* const table =
      from.find({.kind = Kind::table, .schema = column.id.schema, .name = column.id.relation});
  return table == nullptr || std::ranges::any_of(from.parents_of(*table), [&](const Object* parent) {
           return parent->id.schema == parent_column.id.schema &&
                  parent->id.name == parent_column.id.relation;
         });
}

bool NodeMaker::absorbed_make(Place place) const {
  const Dependencies& to = changes_.to;
  const Object& object = to.object(place);
  if (object.id.kind != Kind::column) return false;
  if (const auto relation = to.relation_of(object.id); relation && changes_.made[*relation]) return true;
  if (!is_set(object, "inherited")) return false;
  const auto parent = parent_column(to, changes_.to_world(), object);
  return parent && changes_.made[*parent] && is_child_already(object, to.object(*parent));
}

/// Tables that go and refer to each other in a circle: one key has to go before.
bool NodeMaker::in_circle_of_tables(Place foreign_key) const {
  const Dependencies& from = changes_.from;
  const Object& key = from.object(foreign_key);
  if (value(key, "type") != "foreign_key") return false;
  const auto own = from.relation_of(key.id);
  std::set<Place> seen;
  std::vector<Place> stack;
  const auto visit = [&](Place constraint) {
    for (const Place needed : from.needs(constraint).hard)
      if (from.object(needed).id.kind == Kind::table &&
          needed != from.relation_of(from.object(constraint).id) && seen.insert(needed).second)
        stack.push_back(needed);
  };
  visit(foreign_key);
  while (!stack.empty()) {
    const Place table = stack.back();
    stack.pop_back();
    if (table == own) return true;
    for (const Place part : from.dependents(table))
      if (from.relation_of(from.object(part).id) == table &&
          value(from.object(part), "type") == "foreign_key")
        visit(part);
  }
  return false;
}

/// A column goes from the children with the parent's, unless one of them keeps it: then each goes by itself.
void NodeMaker::keep_of_children(const Object& column, Ddls& ddls) const {
  const catalog::World& from = changes_.from_world();
  Ddls gone;
  bool kept = false;
  const ObjectId table{.kind = Kind::table, .schema = column.id.schema, .name = column.id.relation};
  for (const Object* const child : from.children_of(table)) {
    const ObjectId id = part_in(child->id, column.id);
    const auto place = changes_.from.place_of(id);
    if (!place || !is_set(changes_.from.object(*place), "inherited")) continue;
    if (!changes_.gone[*place]) {
      kept = true;
    } else if (const auto drop = sql_of(id)->drop(changes_.from.object(*place), from); !drop.empty()) {
      gone.push_back(drop.front());
    }
  }
  constexpr std::string_view words = "ALTER TABLE ";
  if (!kept || !ddls.front().sql.starts_with(words)) return;
  ddls.front().sql.insert(words.size(), "ONLY ");
  ddls.insert(ddls.end(), gone.begin(), gone.end());
}

std::string_view word_of(Kind type) {
  return type == Kind::collation ? "COLLATION" : type == Kind::domain ? "DOMAIN" : "TYPE";
}

void NodeMaker::add_drop(Place place) {
  const Object& object = changes_.from.object(place);
  const auto* const sql = sql_of(object.id);
  if (sql == nullptr) return;
  Ddls ddls;
  if (changes_.replaced_types.contains(place))
    ddls.push_back(
        {.sql = fmt::format("ALTER {} {} RENAME TO {}", word_of(object.id.kind), catalog::sql_name(object.id),
                            pg::Identifier(object.id.name.str() + std::string(old_suffix))),
         .reason = "columns of the type keep their values until they are cast to the new one"});
  else
    ddls = sql->drop(object, changes_.from_world());
  if (ddls.empty()) return;
  if (object.id.kind == Kind::column) keep_of_children(object, ddls);
  // What needs something of an extension is known by the extension's parts alone, and may yet be altered: it
  // goes last.
  const int rank = object.id.kind == Kind::extension ? dropping_last : dropping;
  Node node{.what = What::drop, .id = object.id, .ddls = std::move(ddls), .rank = rank};
  apply_drop_recipes(changes_, place, node);
  nodes_.drop[place] = nodes_.add(std::move(node));
}

void NodeMaker::add_drops() {
  std::vector<Place> absorbed;
  for (Place place = 0; place < changes_.gone.size(); ++place) {
    if (!changes_.gone[place]) continue;
    if (absorbed_drop(place))
      absorbed.push_back(place);
    else
      add_drop(place);
  }
  // What is absorbed goes when its host goes: hosts may themselves be absorbed, by a table for instance.
  for (bool found = true; found;) {
    found = false;
    for (const Place place : absorbed) {
      if (nodes_.drop.contains(place)) continue;
      if (const auto parent = partitioned_parent(changes_.from.object(place));
          parent && nodes_.drop.contains(*parent))
        nodes_.drop[place] = nodes_.drop[*parent];
      if (const auto relation = changes_.from.relation_of(changes_.from.object(place).id);
          relation && nodes_.drop.contains(*relation))
        nodes_.drop[place] = nodes_.drop[*relation];
      else if (const auto type = type_made_of(place); type && nodes_.drop.contains(*type))
        nodes_.drop[place] = nodes_.drop[*type];
      else
        for (const Place owner : changes_.from.needs(place).late)
          if (nodes_.drop.contains(owner)) nodes_.drop[place] = nodes_.drop[owner];
      found = found || nodes_.drop.contains(place);
    }
  }
  for (const Place column : changes_.detached) add_detachment(column);
}

void NodeMaker::add_detachment(Place place) {
  const Object& column = changes_.from.object(place);
  const bool is_identity = is_set(column, "identity");
  nodes_.detach[place] = nodes_.add(
      {.what = What::detach,
       .id = column.id,
       .ddls = {{.sql = fmt::format("ALTER TABLE {}{} ALTER COLUMN {} DROP {}", is_identity ? "" : "ONLY ",
                                    catalog::sql_relation(column.id), pg::Identifier(column.id.name.view()),
                                    is_identity ? "IDENTITY" : "DEFAULT"),
                 .lock = catalog::Lock::access_exclusive,
                 .on = {.kind = Kind::table, .schema = column.id.schema, .name = column.id.relation},
                 .reason = is_identity ? "" : "what it calls is made anew"}},
       .rank = dropping});
}

/// A domain's check: none can be added once columns hold arrays of the domain.
bool NodeMaker::is_of_domain(const Object& object) const {
  return object.id.kind == Kind::constraint &&
         changes_.to_world().find(
             {.kind = Kind::domain, .schema = object.id.schema, .name = object.id.relation}) != nullptr;
}

void NodeMaker::add_statements(Place to_place, What what, Ddls ddls) {
  Ddls late;
  std::erase_if(ddls, [&](Ddl& ddl) {
    if (ddl.late) late.push_back(std::move(ddl));
    return ddl.late;
  });
  const Object& object = changes_.to.object(to_place);
  if (!ddls.empty()) {
    Node node{.what = what, .id = object.id, .ddls = std::move(ddls), .rank = rank_of(object)};
    if (is_of_domain(object)) node.rank = making + 4;
    if (what == What::make) node.position = position_of(object);
    if (std::ranges::any_of(node.ddls, &Ddl::commits)) node.rank = before_all;
    std::optional<Node> validation;
    apply_recipes(changes_, to_place, node, validation, major_);
    if (!node.ddls.empty()) nodes_.make[to_place] = nodes_.add(std::move(node));
    if (validation) nodes_.validate[to_place] = nodes_.add(std::move(*validation));
  }
  if (!late.empty())
    nodes_.late[to_place] =
        nodes_.add({.what = What::late,
                    .id = object.id,
                    .ddls = std::move(late),
                    .rank = is_type(object.id.kind) || object.id.kind == Kind::base_type ? rank_of(object)
                                                                                         : late_marks});
}

void NodeMaker::add_make(Place place) {
  const Object& full = changes_.to.object(place);
  const auto* const sql = sql_of(full.id);
  if (sql == nullptr) return;
  Ddls ddls = sql->create(changes_.made_again(place) ? full : changes_.target(place), changes_.to_world());
  std::ranges::move(continue_sequence(changes_, place), std::back_inserter(ddls));
  add_statements(place, What::make, std::move(ddls));
}

void NodeMaker::add_makes() {
  std::vector<Place> absorbed;
  for (Place place = 0; place < changes_.made.size(); ++place) {
    if (!changes_.made[place]) continue;
    if (absorbed_make(place))
      absorbed.push_back(place);
    else
      add_make(place);
  }
  for (const Place place : absorbed) {
    const auto relation = changes_.to.relation_of(changes_.to.object(place).id);
    if (relation && nodes_.make.contains(*relation)) {
      nodes_.make[place] = nodes_.make[*relation];
    } else if (const auto parent = parent_column(changes_.to, changes_.to_world(), changes_.to.object(place));
               parent && nodes_.make.contains(*parent)) {
      nodes_.make[place] = nodes_.make[*parent];
    }
  }
}

/// What the object is when its turn to be altered comes: some of it was done by others.
Object NodeMaker::altered_from(Place to_place) const {
  const Place from_place = *changes_.twin_in_from(to_place);
  Object before = changes_.from.object(from_place);
  const Object& after = changes_.altered.at(to_place);
  if (before.id.kind != Kind::column) return before;
  if (changes_.detached.contains(from_place))
    catalog::set_value(before, is_set(before, "identity") ? "identity" : "default", "");
  if (!is_set(after, "inherited")) return before;
  const auto parent = parent_column(changes_.to, changes_.to_world(), after);
  if (!parent || !changes_.altered.contains(*parent)) return before;
  const Object& above = changes_.to.object(*parent);
  const bool retyped = changed(before, after, "type") || changed(before, after, "collation");
  for (const std::string_view attribute : {"type", "collation", "not_null"})
    if (value(above, attribute) == value(after, attribute))
      catalog::set_value(before, attribute, value(after, attribute));
  if (retyped && !changed(before, after, "type") && !changed(before, after, "collation"))
    catalog::kinds::forget_of_type(before);
  return before;
}

bool NodeMaker::is_cast_to_replacement(Place from_place, const Object& after) const {
  const Object& before = changes_.from.object(from_place);
  return changes_.retyped.contains(from_place) && !changed(before, after, "type") &&
         !changed(before, after, "collation");
}

/// The parent's statement reaches the columns of its children.
bool NodeMaker::is_cast_with_parent(const Object& column) const {
  if (!is_set(column, "inherited")) return false;
  const auto parent = parent_column(changes_.to, changes_.to_world(), column);
  if (!parent) return false;
  const auto twin = changes_.twin_in_from(*parent);
  return twin && changes_.altered.contains(*parent) &&
         is_cast_to_replacement(*twin, changes_.to.object(*parent));
}

void NodeMaker::add_alters() {
  for (const auto& [place, after] : changes_.altered) {
    const auto* const sql = sql_of(after.id);
    const Object before = altered_from(place);
    const Place from_place = *changes_.twin_in_from(place);
    Ddls ddls;
    if (is_cast_to_replacement(from_place, after) && !is_cast_with_parent(after))
      ddls = cast_to_replacement(before, after, changes_.to_world());
    if (const auto more = sql->alter(before, after, changes_.to_world()))
      ddls.insert(ddls.end(), more->begin(), more->end());
    if (after.id.kind == Kind::sequence && changed(before, after, "identity"))
      std::ranges::move(continue_sequence(changes_, place), std::back_inserter(ddls));
    add_statements(place, What::alter, std::move(ddls));
  }
}

/// Types that were replaced go when nothing is of them any more.
void NodeMaker::add_cleanups() {
  for (const Place type : changes_.replaced_types) {
    ObjectId id = changes_.from.object(type).id;
    const std::string old = id.name.str() + std::string(old_suffix);
    const Object renamed{{.kind = id.kind, .schema = id.schema, .name = Text(old)},
                         changes_.from.object(type).values};
    nodes_.add({.what = What::cleanup,
                .id = id,
                .ddls = sql_of(id)->drop(renamed, changes_.from_world()),
                .rank = late_marks});
  }
}

}  // namespace

const catalog::KindSql* sql_of(const ObjectId& id) {
  return catalog::spec_of(id.kind).ddl;
}

std::size_t Nodes::add(Node node) {
  all.push_back(std::move(node));
  return all.size() - 1;
}

Nodes nodes_of(const Changes& changes, int major) {
  return NodeMaker(changes, major).run();
}

}  // namespace candor::plan
