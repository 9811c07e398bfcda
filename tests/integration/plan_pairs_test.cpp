/// Pairs of schemas between which the order of the statements matters: there and back, with care for rows and
/// without, each plan proven.
#include <gtest/gtest.h>

#include "catalog/read.h"
#include "engine/prove_plan.h"
#include "integration/server.h"
#include "plan/plan.h"
#include "plan/print.h"
#include "sql/script.h"

namespace candor::plan {
namespace {

using test::must;

struct Pair {
  std::string_view name, one, other;
};

constexpr Pair pairs[] = {
    {"serial_and_identity", "create table t (id serial primary key)",
     "create table t (id int generated always as identity primary key)"},
    {"identity_of_a_partitioned_table",
     "create table t (id bigint, d date) partition by range (d); create table t1 partition of t default",
     "create table t (id int generated always as identity, d date) partition by range (d);"
     "create table t1 partition of t default"},
    {"key_of_sub_partitions",
     "create table t (id int, d date not null) partition by range (d);"
     "create table t1 partition of t default partition by list (id);"
     "create table t11 partition of t1 for values in (1)",
     "create table t (id int, d date not null, primary key (d, id)) partition by range (d);"
     "create table t1 partition of t default partition by list (id);"
     "create table t11 partition of t1 for values in (1)"},
    {"partition_and_key_to_its_parent",
     "create table p (id int primary key) partition by list (id); create table p1 partition of p default;"
     "create table r (id int)",
     "create table p (id int primary key) partition by list (id); create table p1 partition of p default;"
     "create table p2 partition of p for values in (2); create table r (id int references p)"},
    {"field_of_a_type_that_is_stored", "create type c as (a int, b text); create table t (c c, cs c[])",
     "create type c as (a bigint, b text); create table t (c c, cs c[])"},
    {"domain_and_its_arrays", "", "create domain d as int check (value > 0); create table t (a d, b d[])"},
    {"enum_of_a_partitioned_table",
     "create type e as enum ('a', 'b'); create table t (id int, e e) partition by list (id);"
     "create table t1 partition of t default",
     "create type e as enum ('b'); create table t (id int, e e) partition by list (id);"
     "create table t1 partition of t default"},
    {"extension_and_what_needs_it", "create table a (id int)",
     "create extension hstore; create extension btree_gist; create table a (id int, h hstore);"
     "create table t (i int, exclude using gist (i with =))"},
    {"child_or_not",
     "create table p (a int constraint positive check (a > 0)); create table c (b int) inherits (p)",
     "create table p (a int constraint positive check (a > 0));"
     "create table c (a int constraint positive check (a > 0), b int)"},
};

class PlanPairs : public testing::TestWithParam<std::tuple<int, Pair>> {};

catalog::Catalog catalog_of(int major, std::string_view script) {
  auto connection = test::connect(test::test_url(major));
  must(connection.query("set client_min_messages = error"), "quiet");
  for (const sql::Statement& statement : must(sql::split(script, "pair"), script))
    must(connection.query(statement.text), statement.text);
  return must(catalog::read(connection), "reading");
}

TEST_P(PlanPairs, AreProven) {
  const auto& [major, pair] = GetParam();
  const catalog::Catalog one = catalog_of(major, pair.one), other = catalog_of(major, pair.other);
  auto shadow = test::connect(test::test_url(major));
  for (const auto& [from, to] : {std::pair{&one, &other}, std::pair{&other, &one}})
    for (const bool simple : {true, false}) {
      const Options options{.simple = simple};
      const Plan plan = make_plan(*from, *to, major, options);
      const auto proof = must(engine::prove_plan(shadow, *from, *to, plan, options), "proving");
      EXPECT_TRUE(proof.proven) << proof.why_not << "\n" << proof.detail << "\n" << to_sql(plan);
    }
}

INSTANTIATE_TEST_SUITE_P(Plan, PlanPairs, testing::Combine(testing::Values(15, 18), testing::ValuesIn(pairs)),
                         [](const auto& tested) {
                           return fmt::format("{}_on_{}", std::get<1>(tested.param).name,
                                              std::get<0>(tested.param));
                         });

}  // namespace
}  // namespace candor::plan
