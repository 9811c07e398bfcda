#include "plan/circles.h"

#include <algorithm>

#include "pg/identifier.h"
#include "plan/view_stub.h"

namespace candor::plan {

using catalog::Ddl;
using catalog::Ddls;
using catalog::is_set;
using catalog::Kind;
using catalog::Object;

namespace {

bool is_routine(Kind kind) {
  return kind == Kind::function || kind == Kind::procedure || kind == Kind::aggregate;
}

bool in_circle(const Order& order, std::size_t node, const std::set<std::size_t>& left) {
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

}  // namespace

/// Makes the node without what may be put into it later. False: there is nothing of the kind.
bool Circles::split(std::size_t node) {
  Node& whole = nodes_.all[node];
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
bool Circles::loosen(std::size_t node) {
  Node& drop = nodes_.all[node];
  if (drop.what != What::drop || !is_routine(drop.id.kind)) return false;
  const auto place = changes_.from.place_of(drop.id);
  if (!place) return false;
  Ddls first;
  for (const Place dependent : changes_.from.dependents(*place)) {
    const Object& object = changes_.from.object(dependent);
    const auto goes = nodes_.drop.find(dependent);
    if (goes == nodes_.drop.end() || goes->second == node) continue;
    Ddls ddls;
    if (object.id.kind == Kind::constraint && nodes_.all[goes->second].id != object.id) {
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

bool Circles::break_one(Order& order, const std::vector<std::size_t>& left) {
  const std::set<std::size_t> among(left.begin(), left.end());
  for (const Kind kind : {Kind::view, Kind::table})
    for (const std::size_t node : left) {
      if (nodes_.all[node].id.kind != kind || rests_.contains(node) || !in_circle(order, node, among))
        continue;
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
void Circles::insert_rests(std::vector<std::size_t>& sorted) {
  for (auto& [node, rest] : rests_) {
    auto after = std::ranges::find(sorted, node);
    for (auto at = sorted.begin(); at != sorted.end(); ++at)
      if (rest_needs_[node].contains(*at) && at > after) after = at;
    const auto place = after - sorted.begin();
    const std::size_t added = nodes_.add(std::move(rest));
    sorted.insert(sorted.begin() + place + 1, added);
  }
}

}  // namespace candor::plan
