#include "engine/guarded_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/compare.h"
#include "catalog/read.h"
#include "engine/object_state.h"
#include "engine/prove_plan.h"
#include "engine/prover.h"
#include "engine/shadow.h"
#include "sql/script.h"

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

/// What a missing object's state is called in the file.
constexpr std::string_view missing = "missing";

std::unexpected<Error> not_writable(std::string why, std::string detail = {}) {
  return std::unexpected(Error{.code = codes::plan_unproven,
                               .message = fmt::format("the repair cannot be written as a migration: {}", why),
                               .detail = std::move(detail),
                               .hint = "run `candor repair --apply` on each database that needs it"});
}

Result<std::vector<Group>> groups_of(const plan::Plan& plan) {
  if (plan.transactions.size() != 1 || !plan.transactions.front().transactional)
    return not_writable(fmt::format("it takes {} transactions", plan.transactions.size()));
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

/// A dollar quote that the text does not hold.
std::string quote_around(const std::string& text) {
  std::string tag = "$repair$";
  for (int n = 2; text.find(tag) != std::string::npos; ++n) tag = fmt::format("$repair{}$", n);
  return tag;
}

std::string block(const std::string& state, const std::string& before, const std::string& after,
                  const std::string& statements, const std::string& what, int major) {
  std::string body = fmt::format(
      "BEGIN\n"
      "  CASE coalesce({},\n    '{}')\n"
      "  WHEN {} THEN\n{}"
      "  WHEN {} THEN\n    NULL;  -- as it should be\n"
      "  ELSE\n"
      "    IF pg_catalog.current_setting('server_version_num')::int / 10000 = {} THEN\n"
      "      RAISE EXCEPTION USING MESSAGE = {}, HINT = 'run candor diagnose';\n"
      "    END IF;\n"
      "  END CASE;\n"
      "END",
      state, missing, catalog::sql_literal(before), statements, catalog::sql_literal(after), major,
      catalog::sql_literal(what +
                           " is neither as it was where this repair was written, nor as it should be"));
  const std::string quote = quote_around(body);
  return fmt::format("DO {0}\n{1}\n{0};\n", quote, body);
}

std::string statements_of(const Group& group) {
  std::string text;
  for (const std::string& statement : group.statements) text += fmt::format("    {};\n", statement);
  return text;
}

std::string block_by_block(const std::vector<Group>& groups, int major) {
  std::string text;
  for (const Group& group : groups)
    text += fmt::format(
        "\n-- {}\n{}", describe(group.object),
        block(group.state, group.before, group.after, statements_of(group), describe(group.object), major));
  return text;
}

/// One question for all objects whose state tells whether the plan was run.
Result<std::string> as_one_block(const std::vector<Group>& groups, int major) {
  std::string states, before, after, statements, names;
  std::vector<ObjectId> asked;
  for (const Group& group : groups) {
    statements += statements_of(group);
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

Result<> run_text(pg::Connection& connection, const std::string& text) {
  auto begun = pg::Transaction::begin(connection);
  if (!begun) return pass(begun);
  auto walked = sql::for_each_statement(text, "the repair", [&](const sql::Statement& statement) -> Result<> {
    auto ran = connection.query(statement.text);
    if (!ran) return pass(ran);
    return {};
  });
  if (!walked) return walked;
  if (auto committed = begun->commit(); !committed) return committed;
  auto reset = connection.query("RESET ALL");
  if (!reset) return pass(reset);
  return {};
}

/// On a database that is broken as this one: mends it. Once more: does nothing.
Result<> try_out(pg::Connection& connection, const Catalog& from, const Catalog& to, const plan::Plan& plan,
                 const std::string& text) {
  if (auto made = rebuild(connection, from); !made) return made;
  for (int run = 0; run < 2; ++run) {
    if (auto ran = run_text(connection, text); !ran)
      return not_writable(ran.error().message, ran.error().detail);
    auto now = catalog::read(connection);
    if (!now) return pass(now);
    const catalog::Comparison comparison = catalog::compare(to, *now, {}, {});
    for (const catalog::Difference& difference : comparison.differences) {
      const bool left = difference.nature == catalog::Difference::Nature::extra &&
                        std::ranges::find(plan.extra, difference.id) != plan.extra.end();
      if (!left)
        return not_writable(run == 0 ? "it does not lead to the goal" : "run twice, it does not end the same",
                            line_of(difference));
    }
  }
  return {};
}

}  // namespace

Result<std::string> guarded_sql(const Settings& settings, const Catalog& from, const Catalog& to,
                                const plan::Plan& plan) {
  auto groups = groups_of(plan);
  if (!groups) return pass(groups);
  auto shadow = Shadow::open(settings, from.major == 0 ? std::nullopt : std::optional(from.major));
  if (!shadow) return failed("trying the repair", shadow);
  pg::Connection& connection = shadow->connection();
  // The proof makes the roles that are named, and leaves what is made into `from` again.
  auto proof = prove_plan(connection, from, to, plan, {.simple = true, .additive = true});
  if (!proof) return pass(proof);
  if (!proof->proven) return not_writable(proof->why_not, proof->detail);
  if (auto made = rebuild(connection, from); !made) return pass(made);
  if (auto learnt = learn_states(connection, *groups); !learnt) return pass(learnt);
  const int major = connection.major();
  const bool all_show =
      std::ranges::all_of(*groups, [](const Group& group) { return group.before != group.after; });
  auto blocks = all_show ? Result<std::string>(block_by_block(*groups, major)) : as_one_block(*groups, major);
  if (!blocks) return pass(blocks);
  const std::string text = "SET search_path = pg_catalog;\nSET check_function_bodies = off;\n" + *blocks;
  if (auto tried = try_out(connection, from, to, plan, text); !tried) return pass(tried);
  return text;
}

}  // namespace candor::engine
