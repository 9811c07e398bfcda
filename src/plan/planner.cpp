/// In which order, and in which transactions.
#include "plan/planner.h"

#include <algorithm>
#include <tuple>

#include "plan/array_casts.h"
#include "plan/circles.h"
#include "plan/connect.h"
#include "plan/nodes.h"
#include "plan/renames.h"

namespace candor::plan {

using catalog::Ddl;
using catalog::Kind;
using catalog::ObjectId;

namespace {

bool in_one_relation(const ObjectId& a, const ObjectId& b) {
  return a.schema == b.schema && a.relation == b.relation;
}

/// Whether the statement does to a table's children what it does to the table.
bool reaches_children(std::string_view sql) {
  constexpr std::string_view actions[] = {" ADD COLUMN ",     " DROP COLUMN ",     " ALTER COLUMN ",
                                          " ADD CONSTRAINT ", " DROP CONSTRAINT ", " VALIDATE CONSTRAINT "};
  if (sql.starts_with("CREATE TRIGGER ") || sql.starts_with("DROP TRIGGER ")) return true;
  return sql.starts_with("ALTER TABLE ") && !sql.starts_with("ALTER TABLE ONLY ") &&
         std::ranges::any_of(
             actions, [&](std::string_view action) { return sql.find(action) != std::string_view::npos; });
}

void lock_children(Step& step, const ObjectId& table, const catalog::World& world) {
  for (const catalog::Object* const child : world.children_of(table)) {
    const bool known = std::ranges::find(step.also, child->id, &std::pair<ObjectId, catalog::Lock>::first) !=
                       step.also.end();
    if (known) continue;
    step.also.emplace_back(child->id, step.lock);
    lock_children(step, child->id, world);
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
            .drops_data = ddl.loses || (node.what == Node::What::drop && !ddl.hazard.empty()),
            .needs_fill = ddl.needs_fill,
            .object = node.id};
  if (step.on.kind == Kind::table && reaches_children(step.sql))
    lock_children(step, step.on, changes.from_world());
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

std::vector<Transaction> transactions(const Changes& changes, const Nodes& nodes,
                                      const std::vector<std::size_t>& sorted) {
  std::vector<Transaction> result;
  Transaction open;
  const auto close = [&] {
    if (!open.steps.empty()) result.push_back(std::move(open));
    open = {};
  };
  bool commits = false;  // what is open has to be committed before anything else follows
  for (const std::size_t number : sorted) {
    const Node& node = nodes.all[number];
    for (const Ddl& ddl : node.ddls) {
      const bool alone = !ddl.transactional || ddl.alone;
      if (alone || commits != ddl.commits) close();
      commits = ddl.commits;
      open.steps.push_back(step_of(ddl, node, changes));
      open.transactional = ddl.transactional;
      if (alone) close();
    }
  }
  close();
  return result;
}

/// Where nothing else decides: by rank, columns as they stand in their table, then by name.
bool comes_before(const Nodes& nodes, std::size_t a, std::size_t b) {
  const Node &one = nodes.all[a], &other = nodes.all[b];
  if (one.rank != other.rank) return one.rank < other.rank;
  const bool columns = one.id.kind == Kind::column && other.id.kind == Kind::column;
  if (columns && in_one_relation(one.id, other.id) && one.position != other.position)
    return one.position < other.position;
  if (one.id != other.id) return one.id < other.id;
  return a < b;
}

Plan plan_of(const Changes& changes, int major) {
  Nodes nodes = nodes_of(changes, major);
  Order order(nodes.all.size());
  connect(changes, nodes, order);
  Circles circles(changes, nodes);
  auto sorted =
      order.sorted([&](std::size_t a, std::size_t b) { return comes_before(nodes, a, b); },
                   [&](const std::vector<std::size_t>& left) { return circles.break_one(order, left); });
  circles.insert_rests(sorted);
  Plan plan;
  plan.effects = changes.effects;
  plan.transactions = transactions(changes, nodes, sorted);
  plan.extra = changes.extra;
  plan.impossible = changes.impossible;
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
    return plan_of(Changes(from_world, to_world, options), major);
  }
  const std::vector<Rename> renames = with_implied(from, to, parts_first(options.renames));
  const catalog::Catalog after = renamed(from, renames);
  const catalog::World from_world(after, major);
  Plan plan = plan_of(Changes(from_world, to_world, options), major);
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
