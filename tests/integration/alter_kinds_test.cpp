/// Each attribute of each kind, altered: there and back, with care for rows and without.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "catalog/kind.h"
#include "catalog/read.h"
#include "engine/prove_plan.h"
#include "integration/alter_programs.h"
#include "integration/alter_relations.h"
#include "integration/alter_servers.h"
#include "integration/server.h"
#include "plan/plan.h"
#include "plan/print.h"
#include "sql/script.h"

namespace candor::plan {
namespace {

using catalog::Catalog;
using catalog::Effect;
using test::AlterCase;
using test::connect;
using test::must;

constexpr int home_major = 15;

/// What no statement alters, or no test server can, and why.
constexpr std::pair<std::string_view, std::string_view> unaltered[] = {
    {"security_label.label", "no provider of labels is loaded on a test server"},
    {"extension.version", "a notice: what is installed on the machine"},
    {"subscription.disabled", "a notice: whether it runs is not the schema's"},
    {"column.position", "a notice: no statement moves a column"},
    {"procedure.returns", "told by the parameters' modes"},
    {"procedure.window", "functions alone have it"},
    {"procedure.volatility", "functions alone have it"},
    {"procedure.strict", "functions alone have it"},
    {"procedure.leakproof", "functions alone have it"},
    {"procedure.parallel", "functions alone have it"},
    {"procedure.cost", "functions alone have it"},
    {"procedure.rows", "functions alone have it"},
    {"procedure.support", "functions alone have it"},
};

std::vector<AlterCase> all_cases() {
  std::vector<AlterCase> cases;
  cases.insert(cases.end(), std::begin(test::relation_alterations), std::end(test::relation_alterations));
  cases.insert(cases.end(), std::begin(test::program_alterations), std::end(test::program_alterations));
  cases.insert(cases.end(), std::begin(test::server_alterations), std::end(test::server_alterations));
  return cases;
}

std::string attribute_name(catalog::Kind kind, std::size_t attribute) {
  return fmt::format("{}.{}", catalog::spec_of(kind).name, catalog::attributes_of(kind)[attribute].name);
}

/// "column.type, table.options": the attributes in which objects that are in both differ.
std::string altered_in(const std::vector<Effect>& effects) {
  std::vector<std::string> names;
  for (const Effect& effect : effects)
    for (const catalog::AttributeChange& change : effect.attributes)
      if (catalog::attributes_of(effect.id.kind)[change.attribute].compare != catalog::Compare::notice)
        names.push_back(attribute_name(effect.id.kind, change.attribute));
  return fmt::format("{}", fmt::join(std::set(names.begin(), names.end()), ", "));
}

std::string sorted(std::string_view list) {
  const auto names = catalog::split_list(list);
  return fmt::format("{}", fmt::join(std::set(names.begin(), names.end()), ", "));
}

/// Every difference but in what is only a notice, line by line; empty: none.
std::string differences(const Catalog& from, const Catalog& to) {
  std::string lines;
  for (const Effect& effect : catalog::diff(from, to)) {
    if (effect.change != catalog::Change::altered)
      lines += fmt::format("{} {}\n", static_cast<char>(effect.change), describe(effect.id));
    for (const catalog::AttributeChange& change : effect.attributes)
      if (catalog::attributes_of(effect.id.kind)[change.attribute].compare != catalog::Compare::notice)
        lines += fmt::format("~ {}: {} {} -> {}\n", describe(effect.id),
                             catalog::attributes_of(effect.id.kind)[change.attribute].name,
                             change.from.view(), change.to.view());
  }
  return lines;
}

/// What all databases of a server share.
void prepare_server(int major) {
  static std::set<int> prepared;
  if (!prepared.insert(major).second) return;
  constexpr int in_place_since = 15;
  auto server = connect(test::test_cluster(major).url());
  must(server.query("create role chief superuser"), "creating a role");
  if (major < in_place_since) return;
  must(server.query("set allow_in_place_tablespaces = on"), "allowing tablespaces");
  must(server.query("create tablespace spare location ''"), "creating a tablespace");
}

pg::Connection database_with(int major, std::initializer_list<std::string_view> scripts) {
  prepare_server(major);
  auto connection = connect(test::test_url(major));
  must(connection.query("set client_min_messages = error"), "quiet");
  for (const std::string_view script : scripts)
    for (const sql::Statement& statement : must(sql::split(script, "case"), script))
      if (const auto ran = connection.query(statement.text); !ran)
        ADD_FAILURE() << statement.text << ": " << ran.error().message << " " << ran.error().detail;
  return connection;
}

Catalog read(pg::Connection& connection) {
  return must(catalog::read(connection), "reading");
}

class AlterKindOn : public testing::TestWithParam<std::tuple<int, AlterCase>> {
 protected:
  /// From what `connection` holds to `to`; nothing is left to do then.
  void expect_leads(pg::Connection& connection, const Catalog& to, bool simple) {
    const int major = connection.major();
    const Options options{.simple = simple, .owners = true};
    const Catalog from = read(connection);
    const Plan plan = make_plan(from, to, major, options);
    EXPECT_TRUE(plan.impossible.empty()) << plan.impossible.front();
    const auto ran = engine::run_plan(connection, plan);
    ASSERT_TRUE(ran.has_value()) << ran.error().message << "\n" << ran.error().detail << "\n" << to_sql(plan);
    const Catalog made = read(connection);
    EXPECT_EQ(differences(to, made), "") << to_sql(plan);
    const Plan second = make_plan(made, to, major, options);
    EXPECT_TRUE(second.empty()) << to_sql(plan) << "\nand then\n" << to_sql(second);
  }
};

TEST_P(AlterKindOn, LeadsThereAndBack) {
  const auto& [major, change] = GetParam();
  if (major < change.from) return;
  auto connection = database_with(major, {change.setup, change.before});
  auto other = database_with(major, {change.setup, change.after});
  if (HasFailure()) return;
  const Catalog before = read(connection), after = read(other);
  ASSERT_EQ(altered_in(catalog::diff(before, after)), sorted(change.alters));
  const bool back = change.way == test::Way::there_and_back;
  expect_leads(connection, after, true);
  if (back && !HasFailure()) expect_leads(connection, before, false);
  // What differs between majors is what a statement may say: the rest is seen on one.
  if (major != home_major || HasFailure()) return;
  if (back) expect_leads(connection, after, false);
  if (back) expect_leads(connection, before, true);
  if (change.way == test::Way::there_unproven) return;
  for (const bool simple : {true, false}) {
    const Options options{.simple = simple};
    const Plan plan = make_plan(before, after, major, options);
    auto proof = engine::prove_plan(other, before, after, plan, options);
    ASSERT_TRUE(proof.has_value()) << proof.error().message;
    EXPECT_TRUE(proof->proven) << proof->why_not << "\n" << proof->detail << "\n" << to_sql(plan);
  }
}

INSTANTIATE_TEST_SUITE_P(Plan, AlterKindOn,
                         testing::Combine(testing::Values(13, 15, 18), testing::ValuesIn(all_cases())),
                         [](const auto& tested) {
                           return fmt::format("{}_on_{}", std::get<1>(tested.param).name,
                                              std::get<0>(tested.param));
                         });

/// A kind or attribute that is added needs a case, or a reason.
TEST(AlterKinds, NoAttributeIsLeftOut) {
  std::set<std::string> altered;
  for (const AlterCase& change : all_cases())
    for (const std::string& name : catalog::split_list(change.alters)) altered.insert(name);
  std::set<std::string> known;
  for (const catalog::KindSpec* const spec : catalog::all_kind_specs())
    for (std::size_t i = 0; i < spec->attributes.size(); ++i) {
      const std::string name = attribute_name(spec->kind, i);
      known.insert(name);
      const bool excused = std::ranges::find(unaltered, name, [](const auto& entry) {
                             return entry.first;
                           }) != std::end(unaltered);
      EXPECT_NE(altered.contains(name), excused) << name;
    }
  for (const std::string& name : altered) EXPECT_TRUE(known.contains(name)) << name;
  for (const auto& [name, reason] : unaltered) EXPECT_TRUE(known.contains(std::string(name))) << name;
}

}  // namespace
}  // namespace candor::plan
