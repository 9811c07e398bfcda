/// Repeatable migrations (Flyway's R files): behind all others, and again whenever they change.
#include <gtest/gtest.h>

#include "engine/diagnose.h"
#include "engine/revert.h"
#include "history/foreign_tool.h"
#include "integration/project.h"

namespace candor::test {
namespace {

class Repeatable : public testing::Test {
 protected:
  void SetUp() override {
    project_.write("V1__users.sql", "CREATE TABLE users (id int PRIMARY KEY, name text);\n");
    project_.write("R__names.sql", "CREATE OR REPLACE VIEW names AS SELECT name FROM users;\n");
    project_.lock();
    url_ = test_url(home_major);
  }
  void lock_with(const std::string& name, const std::string& text) {
    project_.write(name, text);
    project_.lock();
  }
  /// "1 counted, R__names counted: true", or the failure's code.
  std::string up(const engine::ApplyOptions& options = {}) {
    const Up up = project_.up(url_, options);
    if (!up.code.empty()) error_ = told(up.error);
    return up.code.empty() ? fmt::format("{}: {}", up.applied, up.verdict) : up.code;
  }
  /// "unproven, 1 pending: C0211 "
  std::string verify() {
    pg::Connection connection = connect(url_);
    const engine::Project project = project_.open();
    const auto verification = must(engine::verify(project, connection), "verifying");
    std::string text =
        fmt::format("{}, {} pending:", TestProject::verdict_name(verification.verdict), verification.pending);
    for (const Finding& finding : verification.findings) text += fmt::format(" {}", finding.what.code.id);
    return text;
  }
  std::string ask(const std::string& sql) {
    pg::Connection connection = connect(url_);
    return value_of(connection, sql);
  }
  void run(const std::string& sql) {
    pg::Connection connection = connect(url_);
    must(connection.query(sql), sql);
  }
  std::string row() {
    return ask(
        "SELECT string_agg(version || ' ' || status, ', ' ORDER BY version COLLATE \"C\") FROM "
        "candor.schema_migrations");
  }
  std::string replay_error() {
    const auto replayed = project_.replay();
    return replayed ? "none" : told(replayed.error());
  }

  TestProject project_;
  std::string url_, error_;
};

const std::string longer = "CREATE OR REPLACE VIEW names AS SELECT name, id FROM users;\n";

TEST_F(Repeatable, RunsBehindAllOthersAndOnce) {
  EXPECT_EQ(up(), "1 counted, R__names counted: true");
  EXPECT_EQ(up(), ": true");
  EXPECT_EQ(row(), "1 completed, R__names completed");
}

TEST_F(Repeatable, RunsAgainWhenItHasChanged) {
  EXPECT_EQ(up(), "1 counted, R__names counted: true");
  lock_with("R__names.sql", longer);
  EXPECT_EQ(verify(), "unproven, 1 pending: C0211");
  EXPECT_EQ(up(), "R__names read: true");
  EXPECT_EQ(verify(), "true, 0 pending:");
  EXPECT_EQ(
      ask("SELECT count(*) FROM candor.migration_events WHERE version = 'R__names' AND event = 'applied'"),
      "2");
}

TEST_F(Repeatable, AVersionIsAddedBeforeIt) {
  EXPECT_EQ(up(), "1 counted, R__names counted: true");
  lock_with("V2__posts.sql", "CREATE TABLE posts (id int);\n");
  EXPECT_EQ(verify(), "true, 1 pending:");
  EXPECT_EQ(up(), "2 counted: true");
}

TEST_F(Repeatable, AVersionMayDropWhatItThenMakesAgain) {
  EXPECT_EQ(up(), "1 counted, R__names counted: true");
  project_.write("V2__type.sql",
                 "DROP VIEW IF EXISTS names;\nALTER TABLE users ALTER name TYPE varchar(9);\n");
  lock_with("R__names.sql", longer);
  EXPECT_EQ(up(), "2 read, R__names counted: true");
}

/// Flyway would call this a success, and leave the database without the view.
TEST_F(Repeatable, AVersionMayNotDropWhatDoesNotRunAgain) {
  EXPECT_EQ(up(), "1 counted, R__names counted: true");
  lock_with("V2__type.sql", "DROP VIEW IF EXISTS names;\nALTER TABLE users ALTER name TYPE varchar(9);\n");
  EXPECT_EQ(up(), "C0502");
  EXPECT_NE(error_.find("view public.names"), std::string::npos) << error_;
  EXPECT_EQ(ask("SELECT count(*) FROM names"), "0");
}

TEST_F(Repeatable, WhatItDoesNotMakeAnyMoreIsSeen) {
  lock_with("R__names.sql", longer + "CREATE OR REPLACE VIEW ids AS SELECT id FROM users;\n");
  EXPECT_EQ(up(), "1 counted, R__names counted: true");
  lock_with("R__names.sql", longer);
  EXPECT_EQ(up(), "R__names read: differs");
  lock_with("R__names.sql", longer + "DROP VIEW IF EXISTS ids;\n");
  EXPECT_EQ(up(), "R__names read: true");
}

TEST_F(Repeatable, AFailureLeavesTheEarlierText) {
  EXPECT_EQ(up(), "1 counted, R__names counted: true");
  run("CREATE VIEW more AS SELECT name FROM names");
  lock_with("R__names.sql", "DROP VIEW IF EXISTS names;\n" + longer);
  EXPECT_EQ(up(), "C0501");
  EXPECT_EQ(row(), "1 completed, R__names failed");
  EXPECT_EQ(verify(), "differs, 1 pending: C0207");  // the view that nobody knows
  run("DROP VIEW more");
  EXPECT_EQ(verify(), "unproven, 1 pending: C0207");
  EXPECT_EQ(up(), "R__names read: true");
}

TEST_F(Repeatable, MustRunTwice) {
  project_.write("R__names.sql", "CREATE VIEW names AS SELECT name FROM users;\n");
  const std::string fails = replay_error();
  EXPECT_TRUE(fails.starts_with("C0416 R__names.sql is repeatable, and cannot run twice")) << fails;
  project_.write(
      "R__names.sql",
      "DO $$BEGIN EXECUTE format('CREATE TABLE t%s ()', (SELECT count(*) FROM pg_class WHERE relname LIKE 't_'));"
      "END$$;\n");
  const std::string changes = replay_error();
  EXPECT_TRUE(
      changes.starts_with("C0416 R__names.sql is repeatable, and cannot run twice: it changes the "
                          "catalog\n+ table public.t1"))
      << changes;
}

TEST_F(Repeatable, StaysWhenVersionsAreTakenBack) {
  lock_with("V2__posts.sql", "CREATE TABLE posts (id int);\n");
  EXPECT_EQ(up(), "1 counted, 2 counted, R__names counted: true");
  struct Yes : engine::RevertObserver {
    bool confirm(const std::vector<engine::Reversal>&) override { return true; }
  } yes;
  pg::Connection connection = connect(url_);
  const engine::Project project = project_.open();
  const auto reverted = engine::revert(project, connection, {}, yes);
  ASSERT_TRUE(reverted.has_value()) << told(reverted.error().error);
  EXPECT_EQ(reverted->reverted.size(), 1U);
  EXPECT_EQ(row(), "1 completed, R__names completed");
  EXPECT_EQ(verify(), "true, 1 pending:");
  EXPECT_EQ(up(), "2 counted: true");
}

TEST_F(Repeatable, DiagnoseKnowsThatAnEarlierTextRan) {
  EXPECT_EQ(up(), "1 counted, R__names counted: true");
  lock_with("R__names.sql", longer);
  pg::Connection connection = connect(url_);
  const engine::Project project = project_.open();
  const auto diagnosis = must(engine::diagnose(project, connection), "diagnosing");
  EXPECT_TRUE(diagnosis.stands);
  ASSERT_NE(diagnosis.at(), nullptr);
  EXPECT_EQ(diagnosis.at()->version.text(), "1");
}

TEST_F(Repeatable, FlywaysRowsTellWhatRunsAgain) {
  const auto history = project_.open().history;
  const history::ForeignLedger ledger{history::find_foreign_tool("flyway"), {}, {}};
  const auto files = must(ledger.tool->files(history, {}), "files");
  const auto verdict_with = [&](const std::string& checksum) {
    const std::vector<history::ForeignRecord> records{
        {.key = "1",
         .version = "1",
         .name = "users",
         .checksum = files[0].forms[0].value,
         .state = history::ForeignState::applied},
        {.key = "names", .name = "names", .checksum = checksum, .state = history::ForeignState::applied}};
    const auto verdicts = must(judge(ledger, history, records), "judging");
    EXPECT_EQ(verdicts.blocked, "");
    return fmt::format("{}: {}", to_string(verdicts.migrations[1].verdict),
                       verdicts.migrations[1].is_claimed());
  };
  EXPECT_EQ(verdict_with(files[1].forms[0].value), "recorded: true");
  EXPECT_EQ(verdict_with("12345"), "would run: false");
}

}  // namespace
}  // namespace candor::test
