/// down: the way back is proven to lead to the state before, or nothing happens.
#include "engine/revert.h"

#include <gtest/gtest.h>

#include "integration/project.h"

namespace candor::test {
namespace {

struct Confirming : engine::RevertObserver {
  bool confirm(const std::vector<engine::Reversal>& planned) override {
    for (const engine::Reversal& reversal : planned)
      for (const engine::Loss& loss : reversal.losses)
        losses += fmt::format("{} {}, ", describe(loss.id), loss.rows);
    return yes;
  }
  bool yes = true;
  std::string losses;
};

class Revert : public testing::Test {
 protected:
  void SetUp() override {
    project_.settings.shadow_url = test_cluster(home_major).url();
    project_.write("1_users.up.sql", "CREATE TABLE users (id int PRIMARY KEY);\n");
    project_.write("1_users.down.sql", "DROP TABLE users;\n");
    project_.write("2_names.up.sql", "ALTER TABLE users ADD COLUMN name text;\n");
    project_.write("2_names.down.sql", "ALTER TABLE users DROP COLUMN name;\n");
    project_.write("3_index.up.sql", "CREATE INDEX CONCURRENTLY users_name ON users (name);\n");
    project_.write("3_index.down.sql", "DROP INDEX CONCURRENTLY users_name;\n");
    project_.write("4_posts.up.sql",
                   "CREATE TABLE posts (id int PRIMARY KEY);\nCREATE INDEX posts_id ON posts (id);\n");
    project_.write("4_posts.down.sql", "BEGIN;\nDROP TABLE posts;\nCOMMIT;\n");
    project_.lock();
    url_ = test_url(home_major);
    const Up up = project_.up(url_);
    EXPECT_EQ(up.verdict, "true") << told(up.error);
    run("INSERT INTO users VALUES (1, 'a'), (2, NULL)");
  }
  void run(const std::string& sql) const {
    pg::Connection connection = connect(url_);
    must(connection.query(sql), sql);
  }
  /// "C0714" or how many were reverted.
  std::string revert(const engine::RevertOptions& options = {}) {
    pg::Connection connection = connect(url_);
    const engine::Project project = project_.open();
    auto result = engine::revert(project, connection, options, confirming_);
    if (result) {
      verdict_ = TestProject::verdict_name(result->final.verdict);
      return fmt::format("{} of {}", result->reverted.size(), result->planned.size());
    }
    error_ = told(result.error().error);
    EXPECT_FALSE(result.error().error.hint.empty());
    return std::string(result.error().error.code.id);
  }

  TestProject project_;
  Confirming confirming_;
  std::string url_, verdict_, error_;
};

TEST_F(Revert, StepByStepToTheBeginning) {
  EXPECT_EQ(revert(), "1 of 1");
  EXPECT_EQ(verdict_, "true");
  EXPECT_EQ(ledger_of(url_), "1 completed, 2 completed, 3 completed");
  EXPECT_EQ(revert({.to = history::Version("2")}), "1 of 1");
  EXPECT_EQ(confirming_.losses, "");
  EXPECT_EQ(revert({.steps = 9}), "2 of 2");
  EXPECT_EQ(confirming_.losses, "column public.users.name 1, table public.users 2, ");
  EXPECT_EQ(ledger_of(url_), "empty");
  EXPECT_EQ(verdict_, "true");
  EXPECT_EQ(revert(), "0 of 0");
  const Up again = project_.up(url_);
  EXPECT_EQ(again.verdict, "true") << told(again.error);
  pg::Connection connection = connect(url_);
  EXPECT_EQ(
      value_of(
          connection,
          "SELECT string_agg(version, ' ' ORDER BY id) FROM candor.migration_events WHERE event = 'reverted'"),
      "4 3 2 1");
}

TEST_F(Revert, WhatAPendingMigrationMakesIsNotTakenAlong) {
  project_.write("5_tags.up.sql", "CREATE TABLE tags (id int PRIMARY KEY);\n");
  project_.lock();
  run("CREATE TABLE tags (id int PRIMARY KEY)");
  EXPECT_EQ(revert(), "C0509");
  EXPECT_NE(error_.find("table public.tags"), std::string::npos) << error_;
  EXPECT_EQ(ledger_of(url_), "1 completed, 2 completed, 3 completed, 4 completed");
  fs::remove(project_.folder() / "4_posts.down.sql");
  EXPECT_EQ(revert(), "C0509") << "a planned inverse would drop it";
  run("DROP TABLE tags");
  EXPECT_EQ(revert(), "1 of 1");
}

TEST_F(Revert, WithoutConfirmationNothingHappens) {
  confirming_.yes = false;
  EXPECT_EQ(revert({.to = history::Version("1")}), "C0716");
  EXPECT_EQ(ledger_of(url_), "1 completed, 2 completed, 3 completed, 4 completed");
  EXPECT_EQ(project_.verdict(url_), "true");
}

TEST_F(Revert, AWayThatLeadsElsewhereIsRolledBack) {
  project_.write("4_posts.down.sql", "DROP INDEX posts_id;\n");
  EXPECT_EQ(revert(), "C0714");
  EXPECT_NE(error_.find("table public.posts: there, and not expected"), std::string::npos) << error_;
  EXPECT_EQ(project_.verdict(url_), "true");
  project_.write("4_posts.down.sql", "DROP TABLE posts;\nDROP TABLE nothing;\n");
  EXPECT_EQ(revert(), "C0501");
  EXPECT_EQ(project_.verdict(url_), "true");
  EXPECT_EQ(ledger_of(url_), "1 completed, 2 completed, 3 completed, 4 completed");
}

TEST_F(Revert, DriftIsInTheWay) {
  run("ALTER TABLE posts ADD COLUMN note text");
  EXPECT_EQ(revert(), "C0509");
}

TEST_F(Revert, WhatIsNotAppliedIsNotReverted) {
  EXPECT_EQ(revert({.to = history::Version("7")}), "C0314");
}

TEST_F(Revert, ADryRunWritesNothing) {
  EXPECT_EQ(revert({.steps = 2, .dry_run = true}), "0 of 2");
  EXPECT_EQ(project_.verdict(url_), "true");
  EXPECT_EQ(ledger_of(url_), "1 completed, 2 completed, 3 completed, 4 completed");
}

/// Without down files the way back is planned from the catalogs.
TEST_F(Revert, WithoutDownFilesTheWayBackIsPlanned) {
  for (const char* file : {"1_users", "2_names", "3_index", "4_posts"})
    fs::remove(project_.folder() / fmt::format("{}.down.sql", file));
  EXPECT_EQ(revert({.steps = 4, .dry_run = true}), "0 of 4") << error_;
  EXPECT_EQ(project_.verdict(url_), "true");
  confirming_.yes = false;
  EXPECT_EQ(revert({.steps = 4}), "C0716");
  EXPECT_NE(confirming_.losses.find("column public.users.name 1, table public.users 2, "), std::string::npos)
      << confirming_.losses;
  confirming_.yes = true;
  EXPECT_EQ(revert({.steps = 2}), "2 of 2") << error_;
  EXPECT_EQ(verdict_, "true");
  EXPECT_EQ(ledger_of(url_), "1 completed, 2 completed");
  EXPECT_EQ(revert({.steps = 2}), "2 of 2") << error_;
  EXPECT_EQ(verdict_, "true");
  const Up again = project_.up(url_);
  EXPECT_EQ(again.verdict, "true") << told(again.error);
}

/// Keeps the rows where it can: a type goes back by a cast, a column that must not be null asks for a value.
TEST_F(Revert, APlannedWayBackKeepsRows) {
  project_.write("5_retype.up.sql", "ALTER TABLE users ALTER COLUMN id TYPE bigint;\n");
  project_.write("6_drop.up.sql",
                 "ALTER TABLE users ADD COLUMN code text NOT NULL DEFAULT 'c';\n"
                 "ALTER TABLE users ALTER COLUMN code DROP DEFAULT;\n");
  project_.write("7_drop.up.sql", "ALTER TABLE users DROP COLUMN code;\n");
  project_.lock();
  ASSERT_EQ(project_.up(url_).verdict, "true");
  EXPECT_EQ(revert(), "C0710") << error_;
  EXPECT_EQ(revert({.fills = {{"public.users.code", "'c' || id"}}}), "1 of 1") << error_;
  EXPECT_EQ(verdict_, "true");
  pg::Connection connection = connect(url_);
  EXPECT_EQ(value_of(connection, "SELECT string_agg(code, ' ' ORDER BY id) FROM users"), "c1 c2");
  EXPECT_EQ(revert({.steps = 2}), "2 of 2") << error_;
  EXPECT_EQ(value_of(connection, "SELECT string_agg(id::text, ' ' ORDER BY id) FROM users"), "1 2");
  EXPECT_EQ(verdict_, "true");
}

}  // namespace
}  // namespace candor::test
