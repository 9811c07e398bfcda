#include <gtest/gtest.h>

#include <chrono>

#include "integration/server.h"
#include "pg/connection.h"

namespace candor::pg {
namespace {

using test::connect;
using test::value_of;

const std::string& shared_url() {
  static const std::string url = test::test_url();
  return url;
}

/// A handler that appends the first value to `into`.
Pipeline::Handler collect(std::vector<std::string>& into) {
  return [&into](Rows rows) -> Result<> {
    into.emplace_back(rows.empty() ? "" : rows.at(0, 0));
    return {};
  };
}

TEST(Pipeline, ResultsComeInOrder) {
  Connection db = connect(shared_url());
  std::vector<std::string> seen;
  Pipeline pipeline(db);
  pipeline.add("select $1::text", {"a"}, collect(seen));
  pipeline.add("create temporary table t (a int)");
  pipeline.add("", {}, collect(seen));
  pipeline.add("select count(*) from t", {}, collect(seen));
  auto ran = pipeline.run();
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(seen, (std::vector<std::string>{"a", "", "0"}));
  pipeline.add("select 'again'", {}, collect(seen));
  ASSERT_TRUE(pipeline.run());
  EXPECT_EQ(seen.back(), "again");
  EXPECT_TRUE(Pipeline(db).run()) << "an empty pipeline";
  EXPECT_EQ(value_of(db, "select 1"), "1");
}

TEST(Pipeline, AFailingStatementIsNamedAndTheRestSkipped) {
  Connection db = connect(test::test_url());
  std::vector<std::string> seen;
  Pipeline pipeline(db);
  pipeline.add("create table t (a int)");
  pipeline.add("select 'before'", {}, collect(seen));
  pipeline.add("select nothing", {}, collect(seen));
  pipeline.add("select 'after'", {}, collect(seen));
  std::size_t failed_at = 99;
  auto ran = pipeline.run(&failed_at);
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().sqlstate, "42703");
  EXPECT_EQ(ran.error().position, 8);
  EXPECT_EQ(failed_at, 2u);
  EXPECT_EQ(seen, std::vector<std::string>{"before"});
  EXPECT_EQ(value_of(db, "select to_regclass('t') is null"), "t") << "one implicit transaction";
}

TEST(Pipeline, AnOpenTransactionStaysOpenAndAborted) {
  Connection db = connect(shared_url());
  auto transaction = Transaction::begin(db);
  Pipeline pipeline(db);
  pipeline.add("select 1/0");
  EXPECT_EQ(pipeline.run().error().sqlstate, "22012");
  EXPECT_EQ(db.query("select 1").error().sqlstate, "25P02");
  EXPECT_TRUE(transaction->rollback());
  EXPECT_EQ(value_of(db, "select 1"), "1");
}

TEST(Pipeline, AHandlersErrorIsReturnedAndTheServerDoesTheRest) {
  Connection db = connect(test::test_url());
  Pipeline pipeline(db);
  std::size_t failed_at = 99;
  pipeline.add("create table t (a int)");
  pipeline.add("select 1", {}, [](Rows) -> Result<> { return fail(codes::drift, "not what I want"); });
  pipeline.add("insert into t values (1)");
  auto ran = pipeline.run(&failed_at);
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().code.id, codes::drift.id);
  EXPECT_EQ(failed_at, 1u);
  EXPECT_EQ(value_of(db, "select count(*) from t"), "1");
}

TEST(Pipeline, TenThousandStatements) {
  Connection db = connect(shared_url());
  std::int64_t sum = 0;
  const Prepared echo{"candor_echo", "select $1::int"};
  Pipeline pipeline(db);
  for (int i = 0; i < 10000; ++i) {
    pipeline.add(echo, {std::to_string(i)}, [&](Rows rows) -> Result<> {
      sum += rows.number(0, 0);
      return {};
    });
  }
  auto ran = pipeline.run();
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(sum, 49995000);
}

TEST(Pipeline, MuchInBothDirectionsDoesNotBlock) {
  Connection db = connect(shared_url());
  std::size_t bytes = 0;
  const std::string large(100000, 'x');
  Pipeline pipeline(db);
  for (int i = 0; i < 500; ++i) {
    pipeline.add("select $1::text || $1::text", {large}, [&](Rows rows) -> Result<> {
      bytes += rows.at(0, 0).size();
      return {};
    });
  }
  auto ran = pipeline.run();
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(bytes, 2u * 500 * 100000);
}

TEST(Pipeline, AStatementOfManyMegabytes) {
  Connection db = connect(shared_url());
  const std::string sql = "select length('" + std::string(20 << 20, 'x') + "')";
  std::vector<std::string> seen;
  Pipeline pipeline(db);
  pipeline.add(sql, {}, collect(seen));
  ASSERT_TRUE(pipeline.run());
  EXPECT_EQ(seen.at(0), std::to_string(20 << 20));
}

TEST(Pipeline, PreparedOnceAndForgottenWhenItFailed) {
  Connection db = connect(shared_url());
  const Prepared one{"candor_one", "select 1"};
  const Prepared two{"candor_two", "select 2"};
  std::vector<std::string> seen;
  Pipeline pipeline(db);
  pipeline.add(one, {}, collect(seen));
  pipeline.add(one, {}, collect(seen));
  pipeline.add("select 1/0");
  pipeline.add(two, {}, collect(seen));
  std::size_t failed_at = 99;
  EXPECT_EQ(pipeline.run(&failed_at).error().sqlstate, "22012");
  EXPECT_EQ(failed_at, 2u) << "preparations are not counted";
  EXPECT_EQ(value_of(db, "select string_agg(name, ',') from pg_prepared_statements"), "candor_one");
  pipeline.add(two, {}, collect(seen));
  pipeline.add(one, {}, collect(seen));
  auto ran = pipeline.run();
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(seen, (std::vector<std::string>{"1", "1", "2", "1"}));
  EXPECT_EQ(db.query(two)->at(0, 0), "2");

  const Prepared broken{"candor_broken", "select frm"};
  for (int i = 0; i < 2; ++i) {
    pipeline.add("select 1");
    pipeline.add(broken);
    EXPECT_EQ(pipeline.run(&failed_at).error().sqlstate, "42703");
    EXPECT_EQ(failed_at, 1u);
  }
}

TEST(Pipeline, CopyEndsWithAnErrorNotWithAHang) {
  for (const char* sql : {"copy (select 1) to stdout", "copy t from stdin"}) {
    Connection db = connect(shared_url());
    value_of(db, "create temporary table t (a int)");
    Pipeline pipeline(db);
    pipeline.add("select 1");
    pipeline.add(sql);
    pipeline.add("select 2");
    std::size_t failed_at = 99;
    auto ran = pipeline.run(&failed_at);
    ASSERT_FALSE(ran) << sql;
    EXPECT_NE(ran.error().message.find("COPY"), std::string::npos) << ran.error().message;
    EXPECT_EQ(failed_at, 1u);
    EXPECT_TRUE(ran.error().connection_lost);
    EXPECT_TRUE(db.lost());
    EXPECT_EQ(db.query("select 1").error().code.id, "C0105");
  }
}

TEST(Pipeline, ABackendThatEndsIsALostConnection) {
  Connection db = connect(shared_url());
  Pipeline pipeline(db);
  pipeline.add("select 1");
  pipeline.add("select pg_terminate_backend(pg_backend_pid()), pg_sleep(5)");
  pipeline.add("select 2");
  std::size_t failed_at = 99;
  auto ran = pipeline.run(&failed_at);
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().code.id, "C0105");
  EXPECT_TRUE(ran.error().connection_lost);
  EXPECT_EQ(failed_at, 1u);
  pipeline.add("select 1");
  EXPECT_EQ(pipeline.run().error().code.id, "C0105");
}

TEST(Pipeline, WhatIsNotRunTakesNoEffect) {
  Connection db = connect(test::test_url());
  { Pipeline(db).add("create table abandoned (a int)"); }
  Pipeline pipeline(db);
  pipeline.add("create table incomplete (a int)");
  pipeline.add(std::string_view("select 1\0", 9));
  std::size_t failed_at = 99;
  EXPECT_EQ(pipeline.run(&failed_at).error().code.id, "C0109");
  EXPECT_EQ(failed_at, 1u);
  EXPECT_EQ(value_of(db, "select count(*) from pg_tables where schemaname = 'public'"), "0");
}

TEST(Pipeline, AQueryInBetweenIsRefused) {
  Connection db = connect(shared_url());
  Pipeline pipeline(db);
  pipeline.add("select 1");
  EXPECT_EQ(db.query("select 2").error().code.id, "C0009");
  EXPECT_TRUE(pipeline.run());
}

TEST(Pipeline, IsCheap) {
  Connection db = connect(shared_url());
  const Prepared one{"candor_one", "select 1"};
  constexpr int rounds = 200;
  std::chrono::steady_clock::duration best = std::chrono::seconds(1);
  for (int round = 0; round < rounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    Pipeline pipeline(db);
    for (int i = 0; i < 15; ++i) pipeline.add(one);
    ASSERT_TRUE(pipeline.run());
    best = std::min(best, std::chrono::steady_clock::now() - start);
  }
  RecordProperty("best_us",
                 static_cast<int>(std::chrono::duration_cast<std::chrono::microseconds>(best).count()));
  EXPECT_LT(best, std::chrono::milliseconds(1)) << "15 prepared statements over a Unix socket";
}

}  // namespace
}  // namespace candor::pg
