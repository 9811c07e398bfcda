#include "engine/guarded_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/guarded_block.h"
#include "engine/guarded_steps.h"
#include "engine/guarded_trial.h"
#include "engine/object_state.h"
#include "engine/prove_plan.h"
#include "engine/shadow.h"

namespace candor::engine {

namespace {

using catalog::Catalog;
using catalog::ObjectId;

/// Steps of one object that stand together, with the object's state before them and at the end.
struct Group {
  ObjectId object;
  std::vector<std::string> statements;
  std::string state;  ///< an SQL expression
  std::string before, after;
};

Result<std::vector<Group>> groups_of(const plan::Plan& plan) {
  std::vector<Group> groups;
  for (const plan::Step& step : plan.transactions.front().steps) {
    if (groups.empty() || groups.back().object != step.object) {
      auto state = state_expression(step.object);
      if (!state) return not_writable(fmt::format("the state of {} is not looked at", describe(step.object)));
      groups.push_back({.object = step.object, .state = std::move(*state)});
    }
    groups.back().statements.push_back(step.sql);
  }
  return groups;
}

Result<std::string> state_of(pg::Connection& connection, const Group& group) {
  auto rows = connection.query(fmt::format("SELECT coalesce({}, '{}')", group.state, missing));
  if (!rows) return failed("reading the state of " + describe(group.object), rows);
  return std::string(rows->at(0, 0));
}

/// The states, by running the plan step by step. REQUIRES: the shadow holds `from`.
Result<> learn_states(pg::Connection& connection, std::vector<Group>& groups) {
  for (const char* const setting : {"SET search_path = pg_catalog", "SET check_function_bodies = off"})
    if (auto set = connection.query(setting); !set) return pass(set);
  for (Group& group : groups) {
    auto before = state_of(connection, group);
    if (!before) return pass(before);
    group.before = std::move(*before);
    for (const std::string& statement : group.statements)
      if (auto ran = connection.query(statement); !ran) return failed("trying the repair", ran);
  }
  for (Group& group : groups) {
    auto after = state_of(connection, group);
    if (!after) return pass(after);
    group.after = std::move(*after);
  }
  auto reset = connection.query("RESET ALL");
  if (!reset) return pass(reset);
  return {};
}

std::string block(const std::string& state, const std::string& before, const std::string& after,
                  const std::vector<std::string>& statements, const std::string& what, int major) {
  return to_sql(
      Block{.state = state,
            .branches = {{{before}, statement_lines(statements)}, {{after}, do_nothing("as it should be")}},
            .what = what,
            .forbidden = {},
            .major = major});
}

std::string block_by_block(const std::vector<Group>& groups, int major) {
  std::string text;
  for (const Group& group : groups)
    text += fmt::format(
        "\n-- {}\n{}", describe(group.object),
        block(group.state, group.before, group.after, group.statements, describe(group.object), major));
  return text;
}

/// One question for all objects whose state tells whether the plan was run.
Result<std::string> as_one_block(const std::vector<Group>& groups, int major) {
  std::string states, before, after, names;
  std::vector<std::string> statements;
  std::vector<ObjectId> asked;
  for (const Group& group : groups) {
    statements.insert(statements.end(), group.statements.begin(), group.statements.end());
    if (group.before == group.after || std::ranges::find(asked, group.object) != asked.end()) continue;
    asked.push_back(group.object);
    const std::string_view separator = states.empty() ? "" : "\n";
    states += fmt::format("{}\n    coalesce({}, '{}')", states.empty() ? "" : ",", group.state, missing);
    before += fmt::format("{}{}", separator, group.before);
    after += fmt::format("{}{}", separator, group.after);
    names += fmt::format("{}{}", names.empty() ? "" : ", ", describe(group.object));
  }
  if (asked.empty()) return not_writable("what it changes does not show in the state of any object");
  return fmt::format("\n-- {}\n{}", names,
                     block(fmt::format("pg_catalog.concat_ws(E'\\n',{})", states), before, after, statements,
                           asked.size() == 1 ? names : "one of these: " + names, major));
}

Result<std::string> in_one_transaction(pg::Connection& connection, const Catalog& from,
                                       const plan::Plan& plan) {
  auto groups = groups_of(plan);
  if (!groups) return pass(groups);
  if (auto made = rebuild(connection, from); !made) return pass(made);
  if (auto learnt = learn_states(connection, *groups); !learnt) return pass(learnt);
  const int major = connection.major();
  const bool all_show =
      std::ranges::all_of(*groups, [](const Group& group) { return group.before != group.after; });
  auto blocks = all_show ? Result<std::string>(block_by_block(*groups, major)) : as_one_block(*groups, major);
  if (!blocks) return blocks;
  return "SET search_path = pg_catalog;\nSET check_function_bodies = off;\n" + *blocks;
}

}  // namespace

Result<std::string> guarded_sql(const Settings& settings, const Catalog& from, const Catalog& to,
                                const plan::Plan& plan, const plan::Options& options) {
  auto shadow = Shadow::open(settings, from.major == 0 ? std::nullopt : std::optional(from.major));
  if (!shadow) return failed("trying the repair", shadow);
  pg::Connection& connection = shadow->connection();
  // The proof makes the roles that are named, and leaves what is made into `from` again.
  auto proof = prove_plan(connection, from, to, plan, options);
  if (!proof) return pass(proof);
  if (!proof->proven) return not_writable(proof->why_not, proof->detail);
  const bool whole = plan.transactions.size() == 1 && plan.transactions.front().transactional;
  auto text = whole ? in_one_transaction(connection, from, plan) : guarded_steps(connection, from, plan);
  if (!text) return text;
  if (auto tried = try_guarded(connection, from, to, plan, *text, whole); !tried) return pass(tried);
  return text;
}

}  // namespace candor::engine
