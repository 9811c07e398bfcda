#include "plan/connect.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace candor::plan {

using catalog::is_set;
using catalog::Kind;
using catalog::Object;
using catalog::value;

namespace {

class Connector {
 public:
  Connector(const Changes& changes, const Nodes& nodes, Order& order)
      : changes_(changes), nodes_(nodes), order_(order) {}

  void run() {
    connect_drops();
    connect_makes();
    connect_names();
    connect_identities();
    connect_watchers();
  }

 private:
  using What = Node::What;

  void connect_drops();
  void connect_makes();
  [[nodiscard]] std::vector<Place> with_parents(std::vector<Place> columns) const;
  void drop_keys_to_parent_before(Place partition, std::size_t node);
  void connect_types(Place place, std::size_t node);
  void connect_names();
  void connect_identities();
  void connect_watchers();

  const Changes& changes_;
  const Nodes& nodes_;
  Order& order_;
};

void Connector::connect_drops() {
  const Dependencies& from = changes_.from;
  for (const auto& [place, node] : nodes_.drop) {
    const auto twin = changes_.twin_in_to(place);
    const bool again = twin && changes_.made[*twin];
    for (const Place dependent : from.dependents(place)) {
      if (const auto other = nodes_.drop.find(dependent); other != nodes_.drop.end())
        order_.before(other->second, node);
      if (const auto other = nodes_.detach.find(dependent); other != nodes_.detach.end())
        order_.before(other->second, node);
      const auto survivor = changes_.twin_in_to(dependent);
      if (again || !survivor || changes_.gone[dependent]) continue;
      if (const auto other = nodes_.make.find(*survivor); other != nodes_.make.end())
        order_.before(other->second, node);
      if (const auto other = nodes_.late.find(*survivor); other != nodes_.late.end())
        order_.before(other->second, node);
    }
    if (is_set(from.object(place), "partition_of")) drop_keys_to_parent_before(place, node);
    for (const Place needed : from.needs(place).hard) {
      if (changes_.gone[needed]) continue;
      const auto survivor = changes_.twin_in_to(needed);
      if (!survivor || changes_.made[*survivor]) continue;
      if (const auto other = nodes_.make.find(*survivor); other != nodes_.make.end())
        order_.before(node, other->second);
    }
    if (!again) continue;
    if (const auto other = nodes_.make.find(*twin); other != nodes_.make.end())
      order_.before(node, other->second);
    if (const auto other = nodes_.late.find(*twin); other != nodes_.late.end())
      order_.before(node, other->second);
  }
  for (std::size_t node = 0; node < nodes_.all.size(); ++node) {
    if (nodes_.all[node].what != What::cleanup) continue;
    for (const Place dependent : from.dependents(*from.place_of(nodes_.all[node].id)))
      if (const auto survivor = changes_.twin_in_to(dependent))
        if (const auto other = nodes_.make.find(*survivor); other != nodes_.make.end())
          order_.before(other->second, node);
  }
}

/// A foreign key to a partitioned table holds each of its partitions.
void Connector::drop_keys_to_parent_before(Place partition, std::size_t node) {
  const Dependencies& from = changes_.from;
  const auto parent =
      from.place_of(catalog::named(Kind::table, value(from.object(partition), "partition_of")));
  if (!parent) return;
  for (const Place dependent : from.dependents(*parent))
    if (value(from.object(dependent), "type") == "foreign_key")
      if (const auto other = nodes_.drop.find(dependent); other != nodes_.drop.end() && other->second != node)
        order_.before(other->second, node);
}

/// A partition's column has to be set where its parent's has.
std::vector<Place> Connector::with_parents(std::vector<Place> columns) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const catalog::ObjectId& column = changes_.to.object(columns[i]).id;
    if (column.kind != Kind::column) continue;
    std::ranges::copy(parent_columns(changes_.to, changes_.to_world(), column), std::back_inserter(columns));
  }
  return columns;
}

void Connector::connect_makes() {
  const Dependencies& to = changes_.to;
  const auto connect = [&](const std::vector<Place>& places, std::size_t node, const auto& nodes, bool hard) {
    for (const Place needed : places)
      if (const auto other = nodes.find(needed); other != nodes.end()) {
        if (hard)
          order_.before(other->second, node);
        else
          order_.rather_before(other->second, node);
      }
  };
  for (const auto& [place, node] : nodes_.make) {
    if (nodes_.all[node].id != to.object(place).id) continue;  // absorbed: its host is connected
    const Needs& needs = to.needs(place);
    connect(needs.hard, node, nodes_.make, true);
    connect_types(place, node);
    connect(needs.whole, node, nodes_.make, true);
    connect(needs.whole, node, nodes_.late, true);
    connect(needs.loose, node, nodes_.make, false);
    // A primary key takes the columns' NOT NULL as it finds it.
    if (value(to.object(place), "type") == "primary_key")
      connect(with_parents(needs.hard), node, nodes_.validate, true);
  }
  for (const auto& [place, node] : nodes_.validate)
    if (const auto main = nodes_.make.find(place); main != nodes_.make.end())
      order_.before(main->second, node);
  for (const auto& [place, node] : nodes_.late) {
    const Needs& needs = to.needs(place);
    if (const auto main = nodes_.make.find(place); main != nodes_.make.end())
      order_.before(main->second, node);
    connect(needs.hard, node, nodes_.make, true);
    connect(needs.late, node, nodes_.make, true);
    connect(needs.late, node, nodes_.validate, true);
    connect(needs.finished, node, nodes_.late, true);
    connect(needs.finished, node, nodes_.make, true);
  }
}

/// What changes the statements behind it: privileges by default, and triggers that watch DDL.
bool changes_what_follows(Kind kind) {
  return kind == Kind::default_privileges || kind == Kind::event_trigger;
}

/// They come last, and go first.
void Connector::connect_watchers() {
  for (std::size_t watcher = 0; watcher < nodes_.all.size(); ++watcher) {
    if (!changes_what_follows(nodes_.all[watcher].id.kind)) continue;
    for (std::size_t node = 0; node < nodes_.all.size(); ++node) {
      if (changes_what_follows(nodes_.all[node].id.kind)) continue;
      if (nodes_.all[watcher].what == What::drop)
        order_.before(watcher, node);
      else
        order_.before(node, watcher);
    }
  }
}

/// A type that begins as a shell is of use when it is whole; but for the functions that make it so.
void Connector::connect_types(Place place, std::size_t node) {
  const Dependencies& to = changes_.to;
  for (const Place needed : to.needs(place).hard) {
    const auto whole = nodes_.late.find(needed);
    if (whole == nodes_.late.end()) continue;
    const Kind kind = to.object(needed).id.kind;
    const bool type = is_type(kind) || kind == Kind::base_type;
    if (type && std::ranges::find(to.needs(needed).late, place) == to.needs(needed).late.end())
      order_.before(whole->second, node);
    else
      order_.rather_before(whole->second, node);
  }
}

/// A name is free only when what bore it is gone.
void Connector::connect_names() {
  std::map<std::pair<Text, Text>, std::vector<std::size_t>> names;
  const auto bears = [](const Object& object) {
    return !object.id.schema.empty() && object.id.arguments.empty() &&
           (object.id.relation.empty() || object.id.kind == Kind::index ||
            (object.id.kind == Kind::constraint && has_backing_index(object)));
  };
  std::map<std::pair<Text, Text>, std::size_t> primary;
  for (const auto& [place, node] : nodes_.drop) {
    const Object& object = changes_.from.object(place);
    if (bears(object)) names[{object.id.schema, object.id.name}].push_back(node);
    if (value(object, "type") == "primary_key") primary[{object.id.schema, object.id.relation}] = node;
  }
  for (const auto& [place, node] : nodes_.make) {
    const Object& object = changes_.to.object(place);
    if (!changes_.made[place]) continue;
    if (bears(object))
      if (const auto at = names.find({object.id.schema, object.id.name}); at != names.end())
        for (const std::size_t drop : at->second) order_.before(drop, node);
    if (object.id.kind == Kind::constraint && value(object, "type") == "primary_key")
      if (const auto at = primary.find({object.id.schema, object.id.relation}); at != primary.end())
        order_.before(at->second, node);
  }
}

/// An identity that goes takes its sequence along: the one that takes the name comes after.
void Connector::connect_identities() {
  for (const auto& [place, node] : nodes_.make) {
    const auto twin = changes_.twin_in_from(place);
    if (!twin || changes_.from.object(*twin).id.kind != Kind::sequence) continue;
    if (!is_set(changes_.from.object(*twin), "identity") || is_set(changes_.to.object(place), "identity"))
      continue;
    const auto owner = owner_of(changes_.from, *twin);
    if (!owner) continue;
    for (const auto* const nodes : {&nodes_.drop, &nodes_.detach})
      if (const auto other = nodes->find(*owner); other != nodes->end()) order_.before(other->second, node);
  }
}

}  // namespace

void connect(const Changes& changes, const Nodes& nodes, Order& order) {
  Connector(changes, nodes, order).run();
}

}  // namespace candor::plan
