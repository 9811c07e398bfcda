/// Migrations without a transaction that broke off, and what their session had been told; migrations that
/// write into the ledger.
#include <gtest/gtest.h>

#include "integration/project.h"

namespace candor::test {
namespace {

using engine::ApplyOptions;

constexpr const char* two_tables =
    "CREATE SCHEMA app;\nCREATE TABLE app.t (i int);\nCREATE TABLE public.t (i int);\n";

/// Breaks off behind `begun`, and is gone on with; what the second run said.
auto resumed(TestProject& project, const std::string& url, const std::string& begun) {
  const ApplyOptions unlocked{.unlocked = true};
  project.write("1_tables.sql", two_tables);
  project.write("2_rows.sql", fmt::format("-- candor:no-transaction\n{}SELECT nothing;\n", begun));
  const auto failed = project.up(url, unlocked);
  EXPECT_EQ(failed.code, "C0501") << told(failed.error);
  project.write("2_rows.sql", fmt::format("-- candor:no-transaction\n{}INSERT INTO t VALUES (1);\n", begun));
  return project.up(url, unlocked);
}

class SessionState : public testing::TestWithParam<const char*> {};

TEST_P(SessionState, IsThereAgainWhenAMigrationIsGoneOnWith) {
  TestProject project;
  const std::string url = test::home_url();
  const auto up = resumed(project, url, GetParam());
  EXPECT_EQ(up.code, "") << told(up.error);
  auto db = connect(url);
  EXPECT_EQ(value_of(db, "SELECT (SELECT count(*) FROM app.t) || ' ' || (SELECT count(*) FROM public.t)"),
            "1 0");
}

INSTANTIATE_TEST_SUITE_P(
    Resume, SessionState,
    testing::Values("SET search_path = app;\n", "SELECT set_config('search_path', 'app', false);\n",
                    "BEGIN;\nSET search_path = app;\nCOMMIT;\n",
                    "SET search_path = app;\nBEGIN;\nSET search_path = public;\nROLLBACK;\n",
                    "SET search_path = public;\nSET search_path = app;\n"));

TEST(Resume, WhatWasTemporaryIsGone) {
  for (const char* const made : {"CREATE TEMP TABLE t (i int);\n", "CREATE TEMP TABLE t AS SELECT 1 AS i;\n",
                                 "SELECT 1 AS i INTO TEMPORARY t;\n", "CREATE TEMP VIEW v AS SELECT 1;\n"}) {
    TestProject project;
    const auto up = resumed(project, test::home_url(), made);
    EXPECT_EQ(up.code, "C0508") << made << told(up.error);
    EXPECT_NE(up.error.message.find("statement 1 (line 2) made was temporary"), std::string::npos)
        << up.error.message;
  }
}

class LedgerWrites : public testing::TestWithParam<const char*> {};

TEST_P(LedgerWrites, AreCaughtAndNothingIsCommitted) {
  TestProject project;
  const std::string url = test::home_url();
  project.write("1_a.sql", "CREATE TABLE a (i int);\n");
  project.write("2_b.sql",
                fmt::format("CREATE TABLE b (i int);\nDO $$ BEGIN IF to_regclass('candor.schema_migrations') "
                            "IS NOT NULL THEN {}; END IF; END $$;\n",
                            GetParam()));
  project.lock();
  const auto up = project.up(url);
  EXPECT_EQ(up.code, "C0510") << told(up.error);
  EXPECT_EQ(ledger_of(url), "1 completed, 2 failed");
  EXPECT_EQ(project.verdict(url), "true") << "version 1 is what the database still is";
}

TEST_P(LedgerWrites, AreToldWithoutATransaction) {
  TestProject project;
  const std::string url = test::home_url();
  project.write("1_a.sql", "CREATE TABLE a (i int);\n");
  project.write(
      "2_b.sql",
      fmt::format(
          "-- candor:no-transaction\nDO $$ BEGIN IF to_regclass('candor.schema_migrations') IS NOT NULL "
          "THEN {}; END IF; END $$;\n",
          GetParam()));
  project.lock();
  const auto up = project.up(url);
  EXPECT_NE(up.code, "") << "it must not end as a success";
}

INSTANTIATE_TEST_SUITE_P(
    Ledger, LedgerWrites,
    testing::Values("DELETE FROM candor.schema_migrations",
                    "DELETE FROM candor.schema_migrations WHERE version = '1'",
                    "UPDATE candor.schema_migrations SET status = 'failed' WHERE version = '1'",
                    "TRUNCATE candor.schema_migrations"));

}  // namespace
}  // namespace candor::test
