/// baseline: records what the catalog proves, refuses what it does not, and keeps the evidence.
#include "engine/baseline.h"

#include <gtest/gtest.h>

#include "integration/project.h"

namespace candor::test {
namespace {

class Baseline : public testing::Test {
 protected:
  void SetUp() override {
    project_.write("0001_users.sql", "CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL);\n");
    project_.write("0002_posts.sql",
                   "CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES users);\n");
    project_.write("0003_seed.sql", "INSERT INTO users VALUES (1, 'it''s \\ me');\n");
    project_.write("0004_index.sql", "CREATE INDEX posts_author ON posts (author);\n");
    project_.lock();
  }
  std::string built_to(const std::string& version) {
    const std::string url = test_url(home_major);
    if (!version.empty()) {
      const Up up = project_.up(url, {.to = history::Version(version)});
      EXPECT_EQ(up.code, "") << told(up.error);
    }
    run(url, "DROP SCHEMA IF EXISTS candor CASCADE");
    return url;
  }
  static void run(const std::string& url, const std::string& sql) {
    pg::Connection connection = connect(url);
    must(connection.query("SET client_min_messages = warning"), "quiet");
    must(connection.query(sql), sql);
  }
  /// "C0708", or how many were recorded.
  std::string baseline(const std::string& url, engine::BaselineOptions options = {}) {
    pg::Connection connection = connect(url);
    const engine::Project project = project_.open();
    auto result = engine::baseline(project, connection, options);
    statements_ = result ? result->statements : std::vector<std::string>();
    if (result) return fmt::format("{}", result->recorded.size());
    EXPECT_FALSE(result.error().hint.empty());
    error_ = told(result.error());
    return std::string(result.error().code.id);
  }

  TestProject project_;
  std::vector<std::string> statements_;
  std::string error_;
};

TEST_F(Baseline, AutoRecordsWhatIsProvenAndUpDoesTheRest) {
  const std::string url = built_to("0002");
  EXPECT_EQ(baseline(url), "2");
  EXPECT_EQ(ledger_of(url), "0001 baselined, 0002 baselined");
  EXPECT_EQ(project_.verdict(url), "true");
  EXPECT_EQ(project_.up(url).verdict, "true");
  EXPECT_EQ(baseline(url), "0") << "nothing is left to record";
  pg::Connection connection = connect(url);
  EXPECT_EQ(
      value_of(connection,
               "SELECT string_agg(event || ' ' || version, ', ' ORDER BY id) FROM candor.migration_events"),
      "baselined 0001, baselined 0002, baseline 0002, applied 0003, applied 0004");
  EXPECT_EQ(
      value_of(connection, "SELECT detail->>'equal' FROM candor.migration_events WHERE event = 'baseline'"),
      "true");
}

TEST_F(Baseline, OfVersionsWithOneCatalogTheFirstIsProven) {
  const std::string url = built_to("0003");
  EXPECT_EQ(baseline(url), "2");
  EXPECT_EQ(ledger_of(url), "0001 baselined, 0002 baselined");
  EXPECT_EQ(baseline(url, {.at = history::Version("3")}), "1") << "who knows that it was run says so";
  EXPECT_EQ(ledger_of(url), "0001 baselined, 0002 baselined, 0003 baselined");
}

TEST_F(Baseline, ADifferenceIsRefusedAndNothingWritten) {
  const std::string url = built_to("0004");
  run(url, "ALTER TABLE users DROP COLUMN email");
  EXPECT_EQ(baseline(url), "C0703");
  EXPECT_NE(error_.find("0004_index is nearest"), std::string::npos) << error_;
  EXPECT_NE(error_.find("column public.users.email"), std::string::npos) << error_;
  EXPECT_EQ(baseline(url, {.at = history::Version("4")}), "C0708");
  EXPECT_EQ(ledger_of(url), "none");
  EXPECT_EQ(baseline(url, {.at = history::Version("4"), .accept_differences = true}), "4");
  EXPECT_EQ(project_.verdict(url), "differs") << "accepted is not true";
  pg::Connection connection = connect(url);
  EXPECT_EQ(
      value_of(
          connection,
          "SELECT detail->'accepted_differences'->>0 FROM candor.migration_events WHERE event = 'baseline'"),
      "column public.users.email: expected, and not there");
}

TEST_F(Baseline, AnotherVersionThanTheCatalogsIsRefused) {
  const std::string url = built_to("0002");
  EXPECT_EQ(baseline(url, {.at = history::Version("4")}), "C0708");
  EXPECT_EQ(baseline(url, {.at = history::Version("1")}), "C0708");
  EXPECT_EQ(baseline(url, {.at = history::Version("7")}), "C0314");
  EXPECT_EQ(ledger_of(url), "none");
}

TEST_F(Baseline, WhatBelongsToNobodyIsRefusedUnlessIgnored) {
  const std::string url = built_to("0002");
  run(url, "CREATE TABLE theirs (id int)");
  EXPECT_EQ(baseline(url), "C0708");
  project_.settings.ignore = {"public.theirs"};
  EXPECT_EQ(baseline(url), "2");
}

TEST_F(Baseline, AnEmptyDatabaseHasNothingToRecord) {
  const std::string url = built_to("");
  EXPECT_EQ(baseline(url), "0");
  EXPECT_EQ(ledger_of(url), "none");
}

TEST_F(Baseline, ALedgerThatClaimsMoreIsNotAddedTo) {
  const std::string url = test_url(home_major);
  EXPECT_EQ(project_.up(url).code, "");
  run(url, "DROP INDEX posts_author");
  run(url, "DELETE FROM candor.schema_migrations WHERE version = '0001'");
  EXPECT_EQ(baseline(url), "C0708");
  EXPECT_EQ(ledger_of(url), "0002 completed, 0003 completed, 0004 completed");
}

TEST_F(Baseline, TheDryRunIsWhatIsRun) {
  const std::string url = built_to("0002");
  EXPECT_EQ(baseline(url, {.dry_run = true}), "2");
  EXPECT_EQ(ledger_of(url), "none");
  ASSERT_FALSE(statements_.empty());
  for (const std::string& statement : statements_) run(url, statement);
  EXPECT_EQ(ledger_of(url), "0001 baselined, 0002 baselined");
  EXPECT_EQ(project_.verdict(url), "true");
  EXPECT_EQ(baseline(url), "0");
}

TEST_F(Baseline, AFailedRowBecomesBaselinedAndAHalfDoneOneIsRefused) {
  const std::string url = test_url(home_major);
  EXPECT_EQ(project_.up(url).code, "");
  run(url, "UPDATE candor.schema_migrations SET status = 'failed' WHERE version = '0004'");
  EXPECT_EQ(baseline(url), "1");
  EXPECT_EQ(ledger_of(url), "0001 completed, 0002 completed, 0003 completed, 0004 baselined");
  run(url, "UPDATE candor.schema_migrations SET status = 'running' WHERE version = '0004'");
  EXPECT_EQ(baseline(url), "C0210");
}

TEST_F(Baseline, OneRunnerAtATime) {
  const std::string url = built_to("0002");
  pg::Connection other = connect(url);
  const auto held =
      must(pg::RunLock::acquire(other, pg::lock_keys("candor"), std::chrono::seconds(1)), "locking");
  project_.settings.wait_for_runner = std::chrono::seconds(0);
  EXPECT_EQ(baseline(url), "C0205");
}

}  // namespace
}  // namespace candor::test
