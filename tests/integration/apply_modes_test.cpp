/// up --single-transaction and up --dry-run.
#include <gtest/gtest.h>

#include "engine/apply.h"
#include "integration/project.h"

namespace candor::engine {
namespace {

namespace fs = std::filesystem;

using test::connect;
using test::ledger_of;
using test::must;
using test::TestProject;
using test::told;
using test::value_of;

constexpr std::string_view users = "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\n";

TEST(Apply, ASingleTransactionIsAllOrNothing) {
  TestProject project;
  project.write("1_users.sql", users);
  project.write("2_posts.sql", "SET search_path = pg_catalog;\nCREATE TABLE public.posts (id int);\n");
  project.write("3_rows.sql", "-- candor:expect (SELECT count(*) = 0 FROM posts)\nCREATE TABLE made ();\n");
  project.lock();
  project.write("3_rows.sql", "-- candor:expect (SELECT count(*) = 1 FROM posts)\nCREATE TABLE made ();\n");
  project.lock();
  const std::string url = test::home_url();
  const auto failed = project.up(url, {.single_transaction = true});
  EXPECT_EQ(failed.code, "C0503") << told(failed.error);
  EXPECT_EQ(failed.applied, "");
  EXPECT_EQ(ledger_of(url), "3 failed");
  auto db = connect(url);
  EXPECT_EQ(value_of(db, "SELECT to_regclass('users') IS NULL AND to_regclass('posts') IS NULL"), "t");

  project.write("3_rows.sql", "-- candor:expect (SELECT count(*) = 0 FROM posts)\nCREATE TABLE made ();\n");
  project.lock();
  const auto up = project.up(url, {.single_transaction = true});
  EXPECT_EQ(up.verdict, "true") << told(up.error);
  EXPECT_EQ(up.applied, "1 counted, 2 counted, 3 counted");
  EXPECT_EQ(ledger_of(url), "1 completed, 2 completed, 3 completed");

  project.write("4_index.sql", "CREATE INDEX CONCURRENTLY made_i ON users (email);\n");
  project.lock();
  EXPECT_EQ(project.up(url, {.single_transaction = true}).code, "C0511");
}

/// Whoever wrote it had a tool in mind that wraps files itself; one that ends is not Candor's to take over if
/// it says how isolated it is to be.
TEST(Apply, ATransactionThatNobodyEndsAndOneThatIsIsolated) {
  TestProject project;
  project.write("1_users.sql", std::string(users) + "BEGIN;\nCREATE TABLE a ();\n");
  project.write("2_b.sql",
                "BEGIN;\nSET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nCREATE TABLE b ();\nCOMMIT;\n");
  project.lock();
  const std::string url = test::home_url();
  const auto up = project.up(url);
  EXPECT_EQ(up.verdict, "true") << told(up.error);
  EXPECT_EQ(ledger_of(url), "1 completed, 2 completed");
  auto db = connect(url);
  EXPECT_EQ(value_of(db, "SELECT to_regclass('a') IS NOT NULL AND to_regclass('b') IS NOT NULL"), "t");
}

TEST(Apply, ADryRunWritesNothing) {
  TestProject project;
  project.write("1_users.sql", users);
  project.write("2_more.sql", "ALTER TABLE users ADD more int;\nSELECT 1;\n");
  project.lock();
  const std::string url = test::home_url();
  auto db = connect(url);
  const std::string before =
      value_of(db, "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_sys_tables");
  const std::string counters = "SELECT txid_snapshot_xmax(txid_current_snapshot())";
  const std::string xid = value_of(db, counters);
  auto dry = project.up(url, {.dry_run = true, .rehearse = false});
  EXPECT_EQ(dry.verdict, "true") << told(dry.error);
  EXPECT_EQ(dry.notes.statements.size(), 3U);
  EXPECT_EQ(value_of(db, counters), xid) << "a transaction that writes takes a number";
  EXPECT_EQ(dry.notes.rehearsals, "");

  dry = project.up(url, {.dry_run = true});
  EXPECT_EQ(dry.verdict, "true") << told(dry.error);
  EXPECT_EQ(dry.notes.rehearsals, "1 counted, 2 counted");
  EXPECT_EQ(ledger_of(db), "none");
  EXPECT_EQ(value_of(db, "SELECT to_regclass('users') IS NULL AND to_regnamespace('candor') IS NULL"), "t");
}

TEST(Apply, ADryRunFailsWhenUpWould) {
  TestProject project;
  project.write("1_users.sql", users);
  project.write("2_more.sql", "ALTER TABLE users ADD more int;\n");
  project.lock();
  const std::string url = test::home_url();
  ASSERT_EQ(project.up(url, {.to = history::Version("1")}).verdict, "true");
  auto db = connect(url);
  must(db.query("ALTER TABLE users ADD sneaked int"), "drifting");
  EXPECT_EQ(project.up(url, {.dry_run = true}).code, "C0509");
  project.write("2_more.sql", "ALTER TABLE users ADD other int;\n");
  EXPECT_EQ(project.up(url, {.dry_run = true}).code, "C0408");
  fs::remove(project.folder() / "candor.lock");
  EXPECT_EQ(project.up(url, {.dry_run = true}).code, "C0401");
}

TEST(Apply, ADryRunMeetsTheData) {
  TestProject project;
  project.write("1_users.sql", users);
  project.write("2_unique.sql", "CREATE UNIQUE INDEX users_email ON users (email);\n");
  project.lock();
  const std::string url = test::home_url();
  ASSERT_EQ(project.up(url, {.to = history::Version("1")}).verdict, "true");
  auto db = connect(url);
  must(db.query("INSERT INTO users SELECT n, 'a@b' FROM generate_series(1, 2) n"), "duplicating");
  const auto dry = project.up(url, {.dry_run = true});
  EXPECT_EQ(dry.code, "C0501") << dry.verdict;
  EXPECT_EQ(ledger_of(db), "1 completed") << "a failed row is for real attempts";

  must(db.query("TRUNCATE users"), "emptying");
  project.write("3_index.sql", "CREATE INDEX CONCURRENTLY users_i ON users (email);\n");
  project.write("4_more.sql", "ALTER TABLE users ADD more int;\n");
  project.lock();
  const auto shorter = project.up(url, {.dry_run = true});
  EXPECT_EQ(shorter.notes.rehearsals, "2 counted") << "what follows builds on what cannot be rolled back";
  EXPECT_EQ(shorter.verdict, "true");
}

TEST(Apply, InASingleTransactionConstraintsStayAsDeclared) {
  TestProject project;
  project.write("1_pair.sql",
                "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a"
                " DEFERRABLE INITIALLY DEFERRED); CREATE TABLE seeds (id int);\n");
  project.write("2_child_first.sql", "INSERT INTO b VALUES (1, 1); INSERT INTO a VALUES (1);\n");
  project.write("3_orphan.sql", "INSERT INTO b SELECT id, id FROM seeds;\n");
  project.lock();
  const std::string url = test::home_url();
  EXPECT_EQ(project.up(url, {.to = history::Version("2"), .single_transaction = true}).verdict, "true");
  auto db = connect(url);
  must(db.query("INSERT INTO seeds VALUES (2)"), "seeding");
  const auto orphan = project.up(url, {.single_transaction = true});
  EXPECT_EQ(orphan.code, "C0501") << "what is deferred is asked before the migration counts";
  EXPECT_EQ(value_of(db, "SELECT count(*) FROM b"), "1");
}

}  // namespace
}  // namespace candor::engine
