/// up under fire: killed runners, terminated backends, broken commits, many at once.
#include <gtest/gtest.h>

#include "integration/project.h"

namespace candor::engine {
namespace {

namespace fs = std::filesystem;

using test::connect;
using test::eventually;
using test::ledger_of;
using test::must;
using test::Runner;
using test::TestProject;
using test::told;
using test::value_of;

/// Statement by statement, each followed by one that gives time to be killed in.
constexpr int steps = 9;
constexpr std::string_view stepwise =
    "-- candor:no-transaction\n"
    "CREATE TABLE a (id int);\n"
    "SELECT pg_sleep(0.1);\n"
    "INSERT INTO a SELECT generate_series(1, 100);\n"
    "SELECT pg_sleep(0.1);\n"
    "CREATE INDEX CONCURRENTLY a_id ON a (id);\n"
    "SELECT pg_sleep(0.1);\n"
    "ALTER TABLE a ADD b int;\n"
    "SELECT pg_sleep(0.1);\n"
    "CREATE INDEX CONCURRENTLY a_b ON a (b);\n";

std::string statements_done(pg::Connection& connection, std::string_view version) {
  if (value_of(connection, "SELECT to_regclass('candor.schema_migrations') IS NULL") == "t") return "";
  return value_of(connection,
                  fmt::format("SELECT coalesce((SELECT statements_done FROM candor.schema_migrations"
                              " WHERE version = '{}'), -1)",
                              version));
}

TEST(Faults, KilledAfterEachStatementOfAMigrationWithoutTransaction) {
  TestProject project;
  project.write("1_steps.sql", stepwise);
  project.lock();
  for (int done = 0; done < steps; ++done) {
    SCOPED_TRACE(fmt::format("killed after {} statements", done));
    const std::string url = test::home_url();
    auto db = connect(url);
    Runner runner(project, url);
    ASSERT_TRUE(eventually([&] {
      const std::string now = statements_done(db, "1");
      return !now.empty() && std::stoi(now) >= done;
    }));
    runner.kill_it();
    const auto up = project.up(url);
    EXPECT_EQ(up.verdict, "true") << told(up.error);
    ASSERT_EQ(up.migrations.size(), 1U);
    EXPECT_TRUE(up.migrations[0].resumed);
    EXPECT_EQ(value_of(db, "SELECT count(*) FROM a"), "100") << "the rows were inserted once";
    EXPECT_EQ(value_of(db, "SELECT bool_and(indisvalid) FROM pg_index WHERE indrelid = 'a'::regclass"), "t");
    EXPECT_EQ(ledger_of(db), "1 completed");
  }
}

TEST(Faults, KilledAtAnyMomentOfOrdinaryMigrations) {
  TestProject project;
  constexpr int count = 12;
  for (int i = 1; i <= count; ++i)
    project.write(fmt::format("{}_table.sql", i),
                  fmt::format("CREATE TABLE t{0} (id int PRIMARY KEY);\nINSERT INTO t{0} VALUES (1);\n"
                              "SELECT pg_sleep(0.02);\nCREATE INDEX t{0}_i ON t{0} (id);\n",
                              i));
  project.lock();
  for (int round = 0; round < 6; ++round) {
    SCOPED_TRACE(fmt::format("round {}", round));
    const std::string url = test::home_url();
    Runner runner(project, url);
    std::this_thread::sleep_for(std::chrono::milliseconds(40 + 83 * round));
    runner.kill_it();
    auto db = connect(url);
    // The killed runner's last statement may still be running: what is committed is what counts.
    ASSERT_TRUE(eventually([&] {
      return value_of(db,
                      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                      " AND application_name = 'candor' AND pid <> pg_backend_pid()") == "0";
    }));
    EXPECT_EQ(project.verdict(url), "true") << "whatever was committed is recorded, and nothing else";
    const auto up = project.up(url);
    EXPECT_EQ(up.verdict, "true") << told(up.error);
    EXPECT_EQ(value_of(db, "SELECT count(*) FROM candor.migration_events WHERE event = 'applied'"),
              std::to_string(count));
  }
}

/// A concurrent build that is held up by a transaction of ours, and the runner's backend.
class ConcurrentBuild : public testing::Test {
 protected:
  void SetUp() override {
    project_.write("1_table.sql", "CREATE TABLE a (id int);\nINSERT INTO a SELECT generate_series(1, 10);\n");
    project_.write("2_index.sql", "CREATE INDEX CONCURRENTLY a_id ON a (id);\nSELECT 1;\n");
    project_.lock();
    url_ = test::home_url();
    ASSERT_EQ(project_.up(url_, {.to = history::Version("1")}).verdict, "true");
    holder_.emplace(connect(url_));
    must(holder_->query("BEGIN"), "holding");
    must(holder_->query("INSERT INTO a VALUES (11)"), "holding");
    runner_.emplace(project_, url_);
    watcher_.emplace(connect(url_));
    ASSERT_TRUE(eventually([&] {
      return value_of(*watcher_,
                      "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%'"
                      " AND wait_event_type = 'Lock' AND datname = current_database()") == "1";
    }));
  }
  void expect_done() {
    EXPECT_EQ(value_of(*watcher_,
                       "SELECT string_agg(indisvalid::text, ' ') FROM pg_index"
                       " WHERE indrelid = 'a'::regclass"),
              "true");
    EXPECT_EQ(ledger_of(*watcher_), "1 completed, 2 completed");
  }

  TestProject project_;
  std::string url_;
  std::optional<pg::Connection> holder_, watcher_;
  std::optional<Runner> runner_;
};

TEST_F(ConcurrentBuild, FinishedByTheServerAfterTheRunnerDied) {
  runner_->kill_it();
  must(holder_->query("COMMIT"), "releasing");
  const auto up = project_.up(url_);
  EXPECT_EQ(up.verdict, "true") << told(up.error);
  expect_done();
}

TEST_F(ConcurrentBuild, BrokenOffLeavesAnInvalidIndexWhichIsReplaced) {
  value_of(*watcher_,
           "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%'"
           " AND pid <> pg_backend_pid() AND datname = current_database()");
  EXPECT_EQ(runner_->wait(), 1);
  must(holder_->query("COMMIT"), "releasing");
  EXPECT_EQ(value_of(*watcher_, "SELECT indisvalid FROM pg_index WHERE indrelid = 'a'::regclass"), "f");
  EXPECT_EQ(ledger_of(*watcher_), "1 completed, 2 running");
  EXPECT_NE(project_.verdict(url_), "true");
  const auto up = project_.up(url_);
  EXPECT_EQ(up.verdict, "true") << told(up.error);
  expect_done();
}

TEST(Faults, AHalfDoneMigrationKnowsWhatItDid) {
  TestProject project;
  constexpr std::string_view begins =
      "-- candor:no-transaction\nCREATE TABLE a (id int);\nCREATE TABLE b (id int);\n";
  project.write("1_steps.sql", fmt::format("{}SELECT nothing;\n", begins));
  const std::string url = test::home_url();
  const ApplyOptions unlocked{.unlocked = true};
  const auto failed = project.up(url, unlocked);
  ASSERT_EQ(failed.code, "C0501") << told(failed.error);
  ASSERT_TRUE(failed.error.where);
  EXPECT_EQ(failed.error.where->line, 4);
  EXPECT_EQ(ledger_of(url), "1 running");
  auto db = connect(url);
  EXPECT_EQ(statements_done(db, "1"), "2");

  const char* const edits[] = {
      "-- candor:no-transaction\nCREATE TABLE a (id bigint);\nCREATE TABLE b (id int);\nSELECT 1;\n",
      "-- candor:no-transaction\nCREATE TABLE a (id int);\n",
      "-- candor:no-transaction\nCREATE TABLE b (id int);\nCREATE TABLE a (id int);\nSELECT 1;\n",
      "CREATE TABLE a (id bigint);\nCREATE TABLE b (id int);\n"};
  for (const char* const edit : edits) {
    project.write("1_steps.sql", edit);
    const auto refused = project.up(url, unlocked);
    EXPECT_EQ(refused.code, "C0508") << edit << told(refused.error);
    project.lock();
    const auto locked = project.up(url);
    EXPECT_EQ(locked.code, "C0508") << edit << told(locked.error);
    fs::remove(project.folder() / "candor.lock");
  }
  EXPECT_EQ(ledger_of(db), "1 running");
  EXPECT_EQ(statements_done(db, "1"), "2");

  project.write("1_steps.sql", fmt::format("{}CREATE TABLE c (id int);\n", begins));
  project.lock();
  const auto up = project.up(url);
  EXPECT_EQ(up.verdict, "true") << told(up.error);
  EXPECT_EQ(ledger_of(db), "1 completed");
}

std::string terminate_waiting(pg::Connection& db, std::string_view wait_event) {
  return value_of(db, fmt::format("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                  " WHERE wait_event = '{}' AND datname = current_database()",
                                  wait_event));
}

TEST(Faults, ABackendTerminatedBeforeItCommittedIsReportedAsNotApplied) {
  TestProject project;
  project.write("1_a.sql", "CREATE TABLE a ();\n");
  project.write("2_b.sql", "CREATE TABLE b ();\n");
  project.lock();
  const std::string url = test::home_url();
  ASSERT_EQ(project.up(url, {.to = history::Version("1")}).verdict, "true");
  auto db = connect(url);
  must(db.query(
           "CREATE FUNCTION candor.slow() RETURNS trigger LANGUAGE plpgsql AS"
           " $$ BEGIN IF NEW.version = '2' AND NEW.status = 'completed' THEN PERFORM pg_sleep(30); END IF;"
           " RETURN NEW; END $$"),
       "preparing");
  must(db.query("CREATE TRIGGER slow AFTER INSERT ON candor.schema_migrations"
                " FOR EACH ROW EXECUTE FUNCTION candor.slow()"),
       "preparing");
  std::thread terminating(
      [&] { EXPECT_TRUE(eventually([&] { return terminate_waiting(db, "PgSleep") == "1"; })); });
  const auto up = project.up(url);
  terminating.join();
  EXPECT_EQ(up.code, "C0505") << told(up.error);
  EXPECT_EQ(ledger_of(db), "1 completed");
  EXPECT_EQ(value_of(db, "SELECT to_regclass('b') IS NULL"), "t");
  must(db.query("DROP FUNCTION candor.slow CASCADE"), "putting right");
  EXPECT_EQ(project.verdict(url), "true");
  EXPECT_EQ(project.up(url).applied, "2 counted");
}

/// A server whose COMMIT is done and does not answer: it waits for a standby that does not exist, but only
/// in transactions that ask for it.
class UnansweredCommit : public testing::Test {
 protected:
  /// CREATE DATABASE always waits for the standby, so projects are locked before this.
  void break_commits() {
    must(db_.query("CREATE TABLE public.probe ()"), "preparing");
    set_standby("nobody");
    std::thread probing([&] {
      auto probe = connect(url_);
      must(probe.query("SET synchronous_commit = on"), "probing");
      while (probe.query("INSERT INTO public.probe DEFAULT VALUES")) continue;
    });
    EXPECT_TRUE(eventually([&] { return terminate_waiting(db_, "SyncRep") == "1"; }));
    probing.join();
    must(db_.query("DROP TABLE public.probe"), "preparing");
  }
  void TearDown() override { set_standby(""); }

  void set_standby(std::string_view name) {
    must(db_.query(fmt::format("ALTER SYSTEM SET synchronous_standby_names = '{}'", name)), "setting");
    must(db_.query("SELECT pg_reload_conf()"), "setting");
  }
  test::Up up_with_broken_commit(const ApplyOptions& options) {
    std::thread terminating(
        [&] { EXPECT_TRUE(eventually([&] { return terminate_waiting(db_, "SyncRep") == "1"; })); });
    auto up = project_.up(url_, options);
    terminating.join();
    return up;
  }

  TestProject project_;
  std::string url_ = test::home_url();
  pg::Connection db_ = connect(url_);
};

TEST_F(UnansweredCommit, IsFoundInTheLedgerAndTheRunGoesOn) {
  project_.write("1_a.sql", "CREATE TABLE a ();\n");
  project_.write("2_b.sql", "CREATE TABLE b ();\nSET LOCAL synchronous_commit = on;\n");
  project_.write("3_c.sql", "CREATE TABLE c ();\n");
  project_.lock();
  break_commits();
  const auto up = up_with_broken_commit({});
  EXPECT_EQ(up.applied, "1 counted, 2 counted, 3 counted") << told(up.error);
  EXPECT_EQ(up.verdict, "true");
  ASSERT_EQ(up.notes.warnings.size(), 1U);
  EXPECT_EQ(up.notes.warnings[0],
            "C0105 the connection broke during the COMMIT of 2_b.sql; the ledger says that it was committed");
  EXPECT_EQ(ledger_of(db_), "1 completed, 2 completed, 3 completed");
}

TEST_F(UnansweredCommit, OfASingleTransactionIsFoundAsWell) {
  project_.write("1_a.sql", "CREATE TABLE a ();\n");
  project_.write("2_b.sql", "CREATE TABLE b ();\n");
  project_.write("3_c.sql", "CREATE TABLE c ();\n");
  project_.lock();
  ASSERT_EQ(project_.up(url_, {.to = history::Version("1")}).verdict, "true");
  break_commits();
  must(db_.query(fmt::format("ALTER DATABASE {} SET synchronous_commit = on", db_.database())), "setting");
  const auto up = up_with_broken_commit({.single_transaction = true});
  EXPECT_EQ(up.applied, "2 counted, 3 counted") << told(up.error);
  EXPECT_EQ(up.verdict, "true");
  EXPECT_EQ(ledger_of(db_), "1 completed, 2 completed, 3 completed");
}

TEST(Faults, ABackendTerminatedInAStatementLeavesNothing) {
  TestProject project;
  project.write("1_a.sql", "CREATE TABLE a ();\n");
  project.write("2_b.sql", "CREATE TABLE b ();\nSELECT pg_sleep(0.3);\n");
  project.lock();
  const std::string url = test::home_url();
  ASSERT_EQ(project.up(url, {.to = history::Version("1")}).verdict, "true");
  auto db = connect(url);
  std::thread terminating([&] {
    EXPECT_TRUE(eventually([&] {
      return value_of(
                 db,
                 "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                 " AND datname = current_database()") == "1";
    }));
  });
  const auto up = project.up(url);
  terminating.join();
  EXPECT_EQ(up.code, "C0105") << told(up.error);
  EXPECT_EQ(up.error.sqlstate, "57P01");
  EXPECT_EQ(ledger_of(db), "1 completed");
  EXPECT_EQ(value_of(db, "SELECT to_regclass('b') IS NULL"), "t");
  EXPECT_EQ(project.verdict(url), "true");
}

TEST(Faults, TwentyRunnersAtOnceApplyEachMigrationOnce) {
  TestProject project;
  constexpr int count = 8;
  for (int i = 1; i <= count; ++i)
    project.write(fmt::format("{}_table.sql", i),
                  fmt::format("CREATE TABLE t{0} (id int PRIMARY KEY);\n", i));
  project.write("9_index.sql", "CREATE INDEX CONCURRENTLY t1_i ON t1 (id);\n");
  project.lock();
  const std::string url = test::home_url();
  std::vector<Runner> runners;
  for (int i = 0; i < 20; ++i) runners.emplace_back(project, url);
  int failed = 0;
  for (Runner& runner : runners) failed += runner.wait() != 0;
  EXPECT_EQ(failed, 0);
  auto db = connect(url);
  EXPECT_EQ(value_of(db,
                     "SELECT string_agg(n::text, ' ') FROM (SELECT count(*) AS n FROM candor.migration_events"
                     " WHERE event = 'applied' GROUP BY version) AS v"),
            "1 1 1 1 1 1 1 1 1");
  EXPECT_EQ(project.verdict(url), "true");
}

}  // namespace
}  // namespace candor::engine
