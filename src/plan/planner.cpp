/// In which order, and in which transactions.
#include "plan/planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <tuple>
#include <unordered_map>

#include "catalog/kind.h"
#include "pg/identifier.h"
#include "plan/array_casts.h"
#include "plan/renames.h"
#include "plan/view_stub.h"

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

enum Rank {
  before_all = -1,
  dropping = 0,
  making = 10,
  late_marks = 45,
  linking = 50,
  firing = 60,
  rights = 70,
};

/// Roughly pg_dump's order; what really needs what is told by the dependencies.
int rank_of(const Object& object) {
  switch (object.id.kind) {
    case Kind::schema:
      return making;
    case Kind::extension:
      return making + 1;
    case Kind::enum_type:
    case Kind::domain:
    case Kind::composite_type:
    case Kind::range_type:
    case Kind::base_type:
      return making + 3;
    case Kind::sequence:
      return making + 5;
    case Kind::table:
    case Kind::foreign_table:
      return making + 6;
    case Kind::column:
      return making + 7;
    case Kind::function:
    case Kind::procedure:
    case Kind::aggregate:
      return making + 10;
    case Kind::view:
    case Kind::materialized_view:
      return making + 20;
    case Kind::index:
      return making + 30;
    case Kind::constraint:
      return value(object, "type") == "foreign_key" ? linking : making + 31;
    case Kind::statistics:
      return making + 32;
    case Kind::trigger:
    case Kind::policy:
    case Kind::rule:
    case Kind::publication:
    case Kind::subscription:
      return firing;
    case Kind::security_label:
    case Kind::default_privileges:
      return rights;
    case Kind::event_trigger:
      return rights + 1;
    default:
      return making + 12;
  }
}

const catalog::KindSql* sql_of(const ObjectId& id) {
  return catalog::spec_of(id.kind).ddl;
}

/// A column's place among its table's; 0 of anything else.
int position_of(const Object& object) {
  if (object.id.kind != Kind::column) return 0;
  const std::string_view text = value(object, "position");
  int position = 0;
  std::from_chars(text.data(), text.data() + text.size(), position);
  return position;
}

bool in_one_relation(const ObjectId& a, const ObjectId& b) {
  return a.schema == b.schema && a.relation == b.relation;
}

class Planner {
 public:
  Planner(Changes changes, int major) : changes_(std::move(changes)), major_(major) {}
  Plan run();

 private:
  using What = Node::What;
  static constexpr std::size_t none = SIZE_MAX;

  std::size_t add(Node node);
  void add_drops();
  void add_drop(Place place);
  void add_detachment(Place place);
  void add_makes();
  void add_make(Place place);
  void add_alters();
  Object altered_from(Place to_place) const;
  void add_statements(Place to_place, Node::What what, Ddls ddls);
  void add_cleanups();
  void connect_drops(Order& order);
  void connect_makes(Order& order);
  void connect_types(Place place, std::size_t node, Order& order);
  void connect_names(Order& order);
  void connect_watchers(Order& order);
  [[nodiscard]] bool absorbed_drop(Place place) const;
  [[nodiscard]] std::optional<Place> type_made_of(Place function) const;
  [[nodiscard]] bool absorbed_make(Place place) const;
  [[nodiscard]] std::optional<Place> partitioned_parent(const Object& table) const;
  [[nodiscard]] bool in_circle_of_tables(Place foreign_key) const;
  [[nodiscard]] std::optional<Place> parent_column(const Dependencies& side, const catalog::World& world,
                                                   const Object& column) const;
  bool break_circle(Order& order, const std::vector<std::size_t>& left);
  bool in_circle(const Order& order, std::size_t node, const std::set<std::size_t>& left) const;
  bool split(std::size_t node);
  bool loosen(std::size_t node);
  void insert_rests(std::vector<std::size_t>& sorted);
  std::vector<Transaction> transactions(const std::vector<std::size_t>& sorted) const;

  const Changes changes_;
  int major_;
  std::vector<Node> nodes_;
  std::unordered_map<Place, std::size_t> drop_, detach_;           // by place in from
  std::unordered_map<Place, std::size_t> make_, late_, validate_;  // by place in to
  std::map<std::size_t, Node> rests_;                              // of nodes that were split
  std::map<std::size_t, std::set<std::size_t>> rest_needs_;
};

std::size_t Planner::add(Node node) {
  nodes_.push_back(std::move(node));
  return nodes_.size() - 1;
}

/// Goes with something else that goes.
bool Planner::absorbed_drop(Place place) const {
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
std::optional<Place> Planner::type_made_of(Place function) const {
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
std::optional<Place> Planner::partitioned_parent(const Object& table) const {
  if (table.id.kind != Kind::table || !is_set(table, "partition_of")) return std::nullopt;
  return changes_.from.place_of(catalog::named(Kind::table, value(table, "partition_of")));
}

bool Planner::absorbed_make(Place place) const {
  const Dependencies& to = changes_.to;
  const Object& object = to.object(place);
  if (object.id.kind != Kind::column) return false;
  if (const auto relation = to.relation_of(object.id); relation && changes_.made[*relation]) return true;
  if (!is_set(object, "inherited")) return false;
  const auto parent = parent_column(to, changes_.to_world(), object);
  return parent && changes_.made[*parent];
}

std::optional<Place> Planner::parent_column(const Dependencies& side, const catalog::World& world,
                                            const Object& column) const {
  const Object* const table =
      world.find({.kind = Kind::table, .schema = column.id.schema, .name = column.id.relation});
  if (table == nullptr) return std::nullopt;
  for (const Object* const parent : world.parents_of(*table)) {
    ObjectId id = column.id;
    id.schema = parent->id.schema;
    id.relation = parent->id.name;
    if (const auto found = side.place_of(id)) return found;
  }
  return std::nullopt;
}

/// Tables that go and refer to each other in a circle: one key has to go before.
bool Planner::in_circle_of_tables(Place foreign_key) const {
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

void Planner::add_drop(Place place) {
  const Object& object = changes_.from.object(place);
  const auto* const sql = sql_of(object.id);
  if (sql == nullptr) return;
  Ddls ddls;
  if (changes_.replaced_types.contains(place))
    ddls.push_back(
        {.sql = fmt::format("ALTER {} {} RENAME TO {}", object.id.kind == Kind::domain ? "DOMAIN" : "TYPE",
                            catalog::sql_name(object.id),
                            pg::Identifier(object.id.name.str() + std::string(old_suffix))),
         .reason = "columns of the type keep their values until they are cast to the new one"});
  else
    ddls = sql->drop(object, changes_.from_world());
  if (ddls.empty()) return;
  Node node{.what = What::drop, .id = object.id, .ddls = std::move(ddls), .rank = dropping};
  apply_drop_recipes(changes_, place, node);
  drop_[place] = add(std::move(node));
}

void Planner::add_drops() {
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
      if (drop_.contains(place)) continue;
      if (const auto parent = partitioned_parent(changes_.from.object(place));
          parent && drop_.contains(*parent))
        drop_[place] = drop_[*parent];
      if (const auto relation = changes_.from.relation_of(changes_.from.object(place).id);
          relation && drop_.contains(*relation))
        drop_[place] = drop_[*relation];
      else if (const auto type = type_made_of(place); type && drop_.contains(*type))
        drop_[place] = drop_[*type];
      else
        for (const Place owner : changes_.from.needs(place).late)
          if (drop_.contains(owner)) drop_[place] = drop_[owner];
      found = found || drop_.contains(place);
    }
  }
  for (const Place column : changes_.detached) add_detachment(column);
}

void Planner::add_detachment(Place place) {
  const Object& column = changes_.from.object(place);
  detach_[place] = add(
      {.what = What::detach,
       .id = column.id,
       .ddls = {{.sql = fmt::format("ALTER TABLE ONLY {} ALTER COLUMN {} DROP DEFAULT",
                                    catalog::sql_relation(column.id), pg::Identifier(column.id.name.view())),
                 .lock = catalog::Lock::access_exclusive,
                 .on = {.kind = Kind::table, .schema = column.id.schema, .name = column.id.relation},
                 .reason = "what it calls is made anew"}},
       .rank = dropping});
}

void Planner::add_statements(Place to_place, What what, Ddls ddls) {
  Ddls late;
  std::erase_if(ddls, [&](Ddl& ddl) {
    if (ddl.late) late.push_back(std::move(ddl));
    return ddl.late;
  });
  const Object& object = changes_.to.object(to_place);
  if (!ddls.empty()) {
    Node node{.what = what, .id = object.id, .ddls = std::move(ddls), .rank = rank_of(object)};
    if (what == What::make) node.position = position_of(object);
    if (std::ranges::any_of(node.ddls, &Ddl::commits)) node.rank = before_all;
    std::optional<Node> validation;
    apply_recipes(changes_, to_place, node, validation, major_);
    if (!node.ddls.empty()) make_[to_place] = add(std::move(node));
    if (validation) validate_[to_place] = add(std::move(*validation));
  }
  if (!late.empty())
    late_[to_place] =
        add({.what = What::late,
             .id = object.id,
             .ddls = std::move(late),
             .rank = is_type(object.id.kind) || object.id.kind == Kind::base_type ? rank_of(object)
                                                                                  : late_marks});
}

void Planner::add_make(Place place) {
  const Object& full = changes_.to.object(place);
  const auto* const sql = sql_of(full.id);
  if (sql == nullptr) return;
  add_statements(
      place, What::make,
      sql->create(changes_.made_again(place) ? full : changes_.target(place), changes_.to_world()));
}

void Planner::add_makes() {
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
    if (relation && make_.contains(*relation)) {
      make_[place] = make_[*relation];
    } else if (const auto parent = parent_column(changes_.to, changes_.to_world(), changes_.to.object(place));
               parent && make_.contains(*parent)) {
      make_[place] = make_[*parent];
    }
  }
}

/// What the object is when its turn to be altered comes: some of it was done by others.
Object Planner::altered_from(Place to_place) const {
  const Place from_place = *changes_.twin_in_from(to_place);
  Object before = changes_.from.object(from_place);
  const Object& after = changes_.altered.at(to_place);
  if (before.id.kind != Kind::column) return before;
  if (changes_.detached.contains(from_place)) catalog::set_value(before, "default", "");
  if (!is_set(after, "inherited")) return before;
  const auto parent = parent_column(changes_.to, changes_.to_world(), after);
  if (!parent || !changes_.altered.contains(*parent)) return before;
  const Object& above = changes_.to.object(*parent);
  for (const std::string_view attribute : {"type", "collation", "not_null"})
    if (value(above, attribute) == value(after, attribute))
      catalog::set_value(before, attribute, value(after, attribute));
  return before;
}

/// A column whose type was replaced by another of the same name: by way of text.
Ddls cast_to_replacement(const Object& column) {
  const std::string_view type = value(column, "type");
  const std::string name = pg::Identifier(column.id.name.view()).sql();
  const bool array = type.ends_with("[]");
  std::string actions;
  if (is_set(column, "default")) actions += fmt::format("ALTER COLUMN {} DROP DEFAULT, ", name);
  actions +=
      fmt::format("ALTER COLUMN {} TYPE {} USING {}::text{}::{}", name, type, name, array ? "[]" : "", type);
  if (is_set(column, "default"))
    actions += fmt::format(", ALTER COLUMN {} SET DEFAULT {}", name, value(column, "default"));
  return {{.sql = fmt::format("ALTER TABLE {} {}", catalog::sql_relation(column.id), actions),
           .lock = catalog::Lock::access_exclusive,
           .on = {.kind = Kind::table, .schema = column.id.schema, .name = column.id.relation},
           .rewrites = true,
           .scans = true,
           .hazard = fmt::format("casts the values of {} to the new {}", to_string(column.id), type)}};
}

void Planner::add_alters() {
  for (const auto& [place, after] : changes_.altered) {
    const auto* const sql = sql_of(after.id);
    const Object before = altered_from(place);
    const Place from_place = *changes_.twin_in_from(place);
    Ddls ddls;
    if (changes_.retyped.contains(from_place) && !changed(changes_.from.object(from_place), after, "type") &&
        !changed(changes_.from.object(from_place), after, "collation"))
      ddls = cast_to_replacement(after);
    if (const auto more = sql->alter(before, after, changes_.to_world()))
      ddls.insert(ddls.end(), more->begin(), more->end());
    add_statements(place, What::alter, std::move(ddls));
  }
}

/// Types that were replaced go when nothing is of them any more.
void Planner::add_cleanups() {
  for (const Place type : changes_.replaced_types) {
    ObjectId id = changes_.from.object(type).id;
    const std::string old = id.name.str() + std::string(old_suffix);
    const Object renamed{{.kind = id.kind, .schema = id.schema, .name = Text(old)},
                         changes_.from.object(type).values};
    add({.what = What::cleanup,
         .id = id,
         .ddls = sql_of(id)->drop(renamed, changes_.from_world()),
         .rank = late_marks});
  }
}

void Planner::connect_drops(Order& order) {
  const Dependencies& from = changes_.from;
  for (const auto& [place, node] : drop_) {
    const auto twin = changes_.twin_in_to(place);
    const bool again = twin && changes_.made[*twin];
    for (const Place dependent : from.dependents(place)) {
      if (const auto other = drop_.find(dependent); other != drop_.end()) order.before(other->second, node);
      if (const auto other = detach_.find(dependent); other != detach_.end())
        order.before(other->second, node);
      const auto survivor = changes_.twin_in_to(dependent);
      if (again || !survivor || changes_.gone[dependent]) continue;
      if (const auto other = make_.find(*survivor); other != make_.end()) order.before(other->second, node);
      if (const auto other = late_.find(*survivor); other != late_.end()) order.before(other->second, node);
    }
    for (const Place needed : from.needs(place).hard) {
      if (changes_.gone[needed]) continue;
      const auto survivor = changes_.twin_in_to(needed);
      if (!survivor || changes_.made[*survivor]) continue;
      if (const auto other = make_.find(*survivor); other != make_.end()) order.before(node, other->second);
    }
    if (!again) continue;
    if (const auto other = make_.find(*twin); other != make_.end()) order.before(node, other->second);
    if (const auto other = late_.find(*twin); other != late_.end()) order.before(node, other->second);
  }
  for (std::size_t node = 0; node < nodes_.size(); ++node) {
    if (nodes_[node].what != What::cleanup) continue;
    for (const Place dependent : from.dependents(*from.place_of(nodes_[node].id)))
      if (const auto survivor = changes_.twin_in_to(dependent))
        if (const auto other = make_.find(*survivor); other != make_.end()) order.before(other->second, node);
  }
}

void Planner::connect_makes(Order& order) {
  const Dependencies& to = changes_.to;
  const auto connect = [&](const std::vector<Place>& places, std::size_t node, const auto& nodes, bool hard) {
    for (const Place needed : places)
      if (const auto other = nodes.find(needed); other != nodes.end()) {
        if (hard)
          order.before(other->second, node);
        else
          order.rather_before(other->second, node);
      }
  };
  for (const auto& [place, node] : make_) {
    if (nodes_[node].id != to.object(place).id) continue;  // absorbed: its host is connected
    const Needs& needs = to.needs(place);
    connect(needs.hard, node, make_, true);
    connect_types(place, node, order);
    connect(needs.whole, node, make_, true);
    connect(needs.whole, node, late_, true);
    connect(needs.loose, node, make_, false);
    // A primary key takes the columns' NOT NULL as it finds it.
    if (value(to.object(place), "type") == "primary_key") connect(needs.hard, node, validate_, true);
  }
  for (const auto& [place, node] : validate_)
    if (const auto main = make_.find(place); main != make_.end()) order.before(main->second, node);
  for (const auto& [place, node] : late_) {
    const Needs& needs = to.needs(place);
    if (const auto main = make_.find(place); main != make_.end()) order.before(main->second, node);
    connect(needs.hard, node, make_, true);
    connect(needs.late, node, make_, true);
    connect(needs.finished, node, late_, true);
    connect(needs.finished, node, make_, true);
  }
}

/// What changes the statements behind it: privileges by default, and triggers that watch DDL.
bool changes_what_follows(Kind kind) {
  return kind == Kind::default_privileges || kind == Kind::event_trigger;
}

/// They come last, and go first.
void Planner::connect_watchers(Order& order) {
  for (std::size_t watcher = 0; watcher < nodes_.size(); ++watcher) {
    if (!changes_what_follows(nodes_[watcher].id.kind)) continue;
    for (std::size_t node = 0; node < nodes_.size(); ++node) {
      if (changes_what_follows(nodes_[node].id.kind)) continue;
      if (nodes_[watcher].what == What::drop)
        order.before(watcher, node);
      else
        order.before(node, watcher);
    }
  }
}

/// A type that begins as a shell is of use when it is whole; but for the functions that make it so.
void Planner::connect_types(Place place, std::size_t node, Order& order) {
  const Dependencies& to = changes_.to;
  for (const Place needed : to.needs(place).hard) {
    const auto whole = late_.find(needed);
    if (whole == late_.end()) continue;
    const Kind kind = to.object(needed).id.kind;
    const bool type = is_type(kind) || kind == Kind::base_type;
    if (type && std::ranges::find(to.needs(needed).late, place) == to.needs(needed).late.end())
      order.before(whole->second, node);
    else
      order.rather_before(whole->second, node);
  }
}

/// A name is free only when what bore it is gone.
void Planner::connect_names(Order& order) {
  std::map<std::pair<Text, Text>, std::vector<std::size_t>> names;
  const auto bears = [](const Object& object) {
    return !object.id.schema.empty() && object.id.arguments.empty() &&
           (object.id.relation.empty() || object.id.kind == Kind::index ||
            (object.id.kind == Kind::constraint && has_backing_index(object)));
  };
  std::map<std::pair<Text, Text>, std::size_t> primary;
  for (const auto& [place, node] : drop_) {
    const Object& object = changes_.from.object(place);
    if (bears(object)) names[{object.id.schema, object.id.name}].push_back(node);
    if (value(object, "type") == "primary_key") primary[{object.id.schema, object.id.relation}] = node;
  }
  for (const auto& [place, node] : make_) {
    const Object& object = changes_.to.object(place);
    if (!changes_.made[place]) continue;
    if (bears(object))
      if (const auto at = names.find({object.id.schema, object.id.name}); at != names.end())
        for (const std::size_t drop : at->second) order.before(drop, node);
    if (object.id.kind == Kind::constraint && value(object, "type") == "primary_key")
      if (const auto at = primary.find({object.id.schema, object.id.relation}); at != primary.end())
        order.before(at->second, node);
  }
}

bool Planner::in_circle(const Order& order, std::size_t node, const std::set<std::size_t>& left) const {
  std::set<std::size_t> seen;
  std::vector<std::size_t> stack = order.waits_for(node);
  while (!stack.empty()) {
    const std::size_t other = stack.back();
    stack.pop_back();
    if (other == node) return true;
    if (!left.contains(other) || !seen.insert(other).second) continue;
    for (const std::size_t next : order.waits_for(other)) stack.push_back(next);
  }
  return false;
}

/// Makes the node without what may be put into it later. False: there is nothing of the kind.
bool Planner::split(std::size_t node) {
  Node& whole = nodes_[node];
  if (whole.what != What::make) return false;
  const auto place = changes_.to.place_of(whole.id);
  if (!place) return false;
  auto parts = whole.id.kind == Kind::view ? split_view(changes_.to.object(*place), whole.ddls)
               : whole.id.kind == Kind::table
                   ? split_defaults(changes_.to.object(*place), changes_.to_world())
                   : std::nullopt;
  if (!parts) return false;
  rests_[node] = {.what = What::late, .id = whole.id, .ddls = std::move(parts->rest), .rank = whole.rank};
  whole.ddls = std::move(parts->first);
  std::erase_if(whole.ddls, &Ddl::late);
  return true;
}

/// What holds a routine fast is loosened before it goes: a check or default of a table, a view's query.
bool Planner::loosen(std::size_t node) {
  Node& drop = nodes_[node];
  if (drop.what != What::drop || rank_of({drop.id, {}}) != making + 10) return false;
  const auto place = changes_.from.place_of(drop.id);
  if (!place) return false;
  Ddls first;
  for (const Place dependent : changes_.from.dependents(*place)) {
    const Object& object = changes_.from.object(dependent);
    const auto goes = drop_.find(dependent);
    if (goes == drop_.end() || goes->second == node) continue;
    Ddls ddls;
    if (object.id.kind == Kind::constraint && nodes_[goes->second].id != object.id) {
      ddls = sql_of(object.id)->drop(object, changes_.from_world());
    } else if (object.id.kind == Kind::column && is_set(object, "default")) {
      ddls.push_back(
          {.sql = fmt::format("ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT", catalog::sql_relation(object.id),
                              pg::Identifier(object.id.name.view()))});
    } else if (object.id.kind == Kind::view) {
      const auto* const sql = sql_of(object.id);
      if (auto parts = split_view(object, sql->create(object, changes_.from_world()))) {
        ddls.push_back(std::move(parts->first.front()));
        ddls.back().sql.insert(ddls.back().sql.find("VIEW"), "OR REPLACE ");
      }
    }
    first.insert(first.end(), ddls.begin(), ddls.end());
  }
  if (first.empty()) return false;
  drop.ddls.insert(drop.ddls.begin(), first.begin(), first.end());
  return true;
}

bool Planner::break_circle(Order& order, const std::vector<std::size_t>& left) {
  const std::set<std::size_t> among(left.begin(), left.end());
  for (const Kind kind : {Kind::view, Kind::table})
    for (const std::size_t node : left) {
      if (nodes_[node].id.kind != kind || rests_.contains(node) || !in_circle(order, node, among)) continue;
      const auto waited = order.waits_for(node);
      if (!split(node)) continue;
      rest_needs_[node].insert(waited.begin(), waited.end());
      order.release(node);
      return true;
    }
  for (const std::size_t node : left)
    if (in_circle(order, node, among) && loosen(node)) {
      order.release(node);
      return true;
    }
  return false;
}

/// The rest of a node that was split comes when all is there that it waited for.
void Planner::insert_rests(std::vector<std::size_t>& sorted) {
  for (auto& [node, rest] : rests_) {
    auto after = std::ranges::find(sorted, node);
    for (auto at = sorted.begin(); at != sorted.end(); ++at)
      if (rest_needs_[node].contains(*at) && at > after) after = at;
    const auto place = after - sorted.begin();
    const std::size_t added = add(std::move(rest));
    sorted.insert(sorted.begin() + place + 1, added);
  }
}

Step step_of(const Ddl& ddl, const Node& node, const Changes& changes) {
  Step step{.sql = keep_array_casts(ddl.sql),
            .lock = ddl.lock,
            .on = ddl.on,
            .also = ddl.also,
            .rewrites = ddl.rewrites,
            .scans = ddl.scans,
            .hazard = ddl.hazard,
            .reason = ddl.reason,
            .drops_data = node.what == Node::What::drop && !ddl.hazard.empty(),
            .needs_fill = ddl.needs_fill,
            .object = node.id};
  const auto is_new = [&](const ObjectId& id) {
    const auto place = changes.to.place_of(id);
    return place && changes.made[*place];
  };
  std::erase_if(step.also, [&](const auto& other) { return is_new(other.first); });
  if (step.lock == catalog::Lock::none || !is_new(step.on)) return step;
  step.lock = catalog::Lock::none;
  step.rewrites = step.scans = false;
  if (step.also.empty()) return step;
  std::tie(step.on, step.lock) = step.also.front();
  step.also.erase(step.also.begin());
  return step;
}

std::vector<Transaction> Planner::transactions(const std::vector<std::size_t>& sorted) const {
  std::vector<Transaction> result;
  Transaction open;
  const auto close = [&] {
    if (!open.steps.empty()) result.push_back(std::move(open));
    open = {};
  };
  bool commits = false;  // what is open has to be committed before anything else follows
  for (const std::size_t number : sorted) {
    const Node& node = nodes_[number];
    for (const Ddl& ddl : node.ddls) {
      const bool alone = !ddl.transactional || ddl.alone;
      if (alone || commits != ddl.commits) close();
      commits = ddl.commits;
      open.steps.push_back(step_of(ddl, node, changes_));
      open.transactional = ddl.transactional;
      if (alone) close();
    }
  }
  close();
  return result;
}

Plan Planner::run() {
  add_drops();
  add_makes();
  add_alters();
  add_cleanups();
  Order order(nodes_.size());
  connect_drops(order);
  connect_makes(order);
  connect_names(order);
  connect_watchers(order);
  const auto less = [this](std::size_t a, std::size_t b) {
    if (nodes_[a].rank != nodes_[b].rank) return nodes_[a].rank < nodes_[b].rank;
    const bool columns = nodes_[a].id.kind == Kind::column && nodes_[b].id.kind == Kind::column;
    if (columns && in_one_relation(nodes_[a].id, nodes_[b].id) && nodes_[a].position != nodes_[b].position)
      return nodes_[a].position < nodes_[b].position;
    if (nodes_[a].id != nodes_[b].id) return nodes_[a].id < nodes_[b].id;
    return a < b;
  };
  auto sorted =
      order.sorted(less, [&](const std::vector<std::size_t>& left) { return break_circle(order, left); });
  insert_rests(sorted);
  Plan plan;
  plan.effects = changes_.effects;
  plan.transactions = transactions(sorted);
  plan.extra = changes_.extra;
  plan.impossible = changes_.impossible;
  return plan;
}

}  // namespace

std::size_t Plan::steps() const {
  std::size_t count = 0;
  for (const Transaction& transaction : transactions) count += transaction.steps.size();
  return count;
}

bool Plan::drops_data() const {
  return std::ranges::any_of(transactions, [](const Transaction& transaction) {
    return std::ranges::any_of(transaction.steps, &Step::drops_data);
  });
}

bool Plan::needs_fill() const {
  return std::ranges::any_of(transactions, [](const Transaction& transaction) {
    return std::ranges::any_of(transaction.steps, &Step::needs_fill);
  });
}

Plan make_plan(const catalog::Catalog& from, const catalog::Catalog& to, int major, const Options& options) {
  if (from.objects() == to.objects()) return {};
  const catalog::World to_world(to, major);
  if (options.renames.empty()) {
    const catalog::World from_world(from, major);
    return Planner(Changes(from_world, to_world, options), major).run();
  }
  const std::vector<Rename> renames = with_implied(from, to, options.renames);
  const catalog::Catalog after = renamed(from, renames);
  const catalog::World from_world(after, major);
  Plan plan = Planner(Changes(from_world, to_world, options), major).run();
  plan.effects = catalog::diff(from, to);
  Transaction first = rename_steps(renames, from);
  // What follows may join, where it can be in one transaction with it.
  if (!plan.transactions.empty() && plan.transactions.front().transactional && options.simple) {
    auto& steps = plan.transactions.front().steps;
    steps.insert(steps.begin(), first.steps.begin(), first.steps.end());
  } else {
    plan.transactions.insert(plan.transactions.begin(), std::move(first));
  }
  return plan;
}

}  // namespace candor::plan
