/// up: what is proven, what is refused, and what is left behind by either.
#include "engine/apply.h"

#include <gtest/gtest.h>

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

TEST(Apply, OnTheSameMajorTheCountersProve) {
  TestProject project;
  project.write("1_users.sql", users);
  project.write("2_posts.sql",
                "CREATE TABLE posts (id int PRIMARY KEY, author bigint REFERENCES users);\n"
                "CREATE INDEX posts_author ON posts (author);\n");
  project.lock();
  const std::string url = test::home_url();
  const auto up = project.up(url);
  EXPECT_EQ(up.applied, "1 counted, 2 counted") << told(up.error);
  EXPECT_EQ(up.verdict, "true");
  EXPECT_EQ(ledger_of(url), "1 completed, 2 completed");
  const auto again = project.up(url);
  EXPECT_EQ(again.applied, "");
  EXPECT_EQ(again.verdict, "true");
}

TEST(Apply, AnOlderTableThatIfNotExistsKeepsIsCaught) {
  TestProject project;
  project.write("1_users.sql",
                "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, email text NOT NULL);\n"
                "CREATE TABLE others (id int);\n");
  project.lock();
  const std::string url = test::home_url();
  auto db = connect(url);
  must(db.query("CREATE TABLE users (id bigint PRIMARY KEY)"), "an older table");
  project.settings.drift = DriftPolicy::warn;  // so that the migration itself is what is judged
  const auto up = project.up(url);
  EXPECT_EQ(up.code, "C0502") << told(up.error);
  EXPECT_NE(up.error.detail.find("column public.users.email: expected, and not there"), std::string::npos)
      << told(up.error);
  EXPECT_EQ(ledger_of(db), "1 failed");
  EXPECT_EQ(value_of(db, "SELECT to_regclass('others') IS NULL"), "t") << "nothing of it may stay";
}

TEST(Apply, AnIdenticalTableThatWasThereIsProven) {
  TestProject project;
  project.write("1_users.sql",
                "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, email text NOT NULL);\n");
  project.lock();
  const std::string url = test::home_url();
  auto db = connect(url);
  must(db.query(users), "the same table");
  const auto up = project.up(url);
  EXPECT_EQ(up.verdict, "true") << told(up.error);
  ASSERT_EQ(up.migrations.size(), 1U);
  EXPECT_EQ(up.applied, "1 read") << "the counters cannot prove what was there before";
  EXPECT_GT(up.migrations[0].present_before, 0U);
}

struct SideEffect {
  const char* name;
  const char* sql;   ///< in a DO block that runs on the target database only
  const char* line;  ///< of the failure's detail
};

class SideEffects : public testing::TestWithParam<SideEffect> {};

TEST_P(SideEffects, AreCaughtAndNothingIsCommitted) {
  TestProject project;
  const std::string url = test::home_url();
  auto db = connect(url);
  project.write("1_users.sql", users);
  project.write("2_more.sql",
                fmt::format("CREATE TABLE more (id int);\n"
                            "DO $$ BEGIN IF current_database() = '{}' THEN {}; END IF; END $$;\n",
                            db.database(), GetParam().sql));
  project.lock();
  const auto up = project.up(url);
  EXPECT_EQ(up.code, "C0502") << told(up.error);
  EXPECT_NE(up.error.detail.find(GetParam().line), std::string::npos) << told(up.error);
  EXPECT_EQ(ledger_of(db), "1 completed, 2 failed");
  EXPECT_EQ(project.verdict(url), "true") << "version 1 is what the database must still be";
}

INSTANTIATE_TEST_SUITE_P(
    Apply, SideEffects,
    testing::Values(
        SideEffect{"a_table_more", "CREATE TABLE extra ()",
                   "table public.extra: was added, which is not expected"},
        SideEffect{"a_column_more", "ALTER TABLE more ADD sneaked int",
                   "column public.more.sneaked: was added"},
        SideEffect{"a_column_of_another_table", "ALTER TABLE users ADD sneaked int",
                   "column public.users.sneaked: was added, which is not expected"},
        SideEffect{"a_table_less", "DROP TABLE users",
                   "table public.users: was dropped, which is not expected"},
        SideEffect{"not_null_lost", "ALTER TABLE users ALTER email DROP NOT NULL",
                   "column public.users.email: not_null changed from \"true\" to not set"},
        SideEffect{"a_trigger_disabled_for_all",
                   "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
                   "function public.f(): was added"},
        SideEffect{"row_security", "ALTER TABLE users ENABLE ROW LEVEL SECURITY", "table public.users: "},
        SideEffect{"the_own_table_dropped", "DROP TABLE more", "table public.more: expected, and not there"}),
    [](const auto& tested) { return tested.param.name; });

TEST(Apply, AnEventTriggerThatChangesWhatIsMadeIsCaught) {
  TestProject project;
  project.write("1_users.sql", users);
  project.lock();
  const std::string url = test::home_url();
  auto db = connect(url);
  must(db.query("CREATE SCHEMA hidden"), "preparing");
  must(db.query("CREATE FUNCTION hidden.meddle() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
                " IF to_regclass('public.users') IS NOT NULL THEN"
                "  ALTER TABLE public.users ALTER email DROP NOT NULL; END IF; END $$"),
       "preparing");
  must(db.query("CREATE EVENT TRIGGER meddle ON ddl_command_end WHEN TAG IN ('CREATE TABLE')"
                " EXECUTE FUNCTION hidden.meddle()"),
       "preparing");
  const auto up = project.up(url);
  EXPECT_EQ(up.code, "C0502") << told(up.error);
  EXPECT_NE(up.error.detail.find("column public.users.email: not_null expected \"true\", found not set"),
            std::string::npos)
      << told(up.error);
  EXPECT_EQ(value_of(db, "SELECT to_regclass('users') IS NULL"), "t");
}

struct Failing {
  const char* name;
  const char* file;  ///< of migration 2
  const char* code;
  const char* sqlstate;
  int line, column;
};

class Failures : public testing::TestWithParam<Failing> {};

TEST_P(Failures, LeaveNothingButARowThatSaysSo) {
  TestProject project;
  project.write("1_users.sql", users);
  project.write("2_broken.sql", GetParam().file);
  const std::string url = test::home_url();
  auto db = connect(url);
  ApplyOptions unlocked{.unlocked = true};
  const auto up = project.up(url, unlocked);
  EXPECT_EQ(up.code, GetParam().code) << told(up.error);
  EXPECT_EQ(up.error.sqlstate, GetParam().sqlstate);
  EXPECT_NE(told(up.error).find(GetParam().line > 0 ? "" : "2_broken.sql"), std::string::npos)
      << told(up.error);
  if (GetParam().line > 0) {
    ASSERT_TRUE(up.error.where) << told(up.error);
    EXPECT_EQ(up.error.where->file, "2_broken.sql");
    EXPECT_EQ(up.error.where->line, GetParam().line);
    EXPECT_EQ(up.error.where->column, GetParam().column);
  }
  EXPECT_EQ(ledger_of(db), "1 completed, 2 failed");
  EXPECT_EQ(value_of(db, "SELECT to_regclass('made') IS NULL"), "t") << "nothing of it may stay";
  EXPECT_EQ(value_of(db, "SELECT coalesce(error_code, '') FROM candor.schema_migrations WHERE version = '2'"),
            GetParam().sqlstate);
  project.write("2_broken.sql", "CREATE TABLE made ();\n");
  const auto mended = project.up(url, unlocked);
  EXPECT_EQ(mended.applied, "2 unproven") << told(mended.error);
}

INSTANTIATE_TEST_SUITE_P(
    Apply, Failures,
    testing::Values(
        Failing{"a_statement", "CREATE TABLE made ();\n\nSELECT\n  nothing;\n", "C0501", "42703", 4, 3},
        Failing{"after_umlauts", "CREATE TABLE made ();\nSELECT 'äöü', nothing;\n", "C0501", "42703", 2, 15},
        Failing{
            "a_deferred_constraint",
            "CREATE TABLE made (id int PRIMARY KEY, up int REFERENCES made DEFERRABLE INITIALLY DEFERRED);\n"
            "INSERT INTO made VALUES (1, 2);\n",
            "C0501", "23503", 0, 0},
        Failing{"an_assertion_that_is_false",
                "-- candor:expect (SELECT count(*) > 0 FROM made)\nCREATE TABLE made ();\n", "C0503", "", 0,
                0},
        Failing{"an_assertion_that_is_null",
                "-- candor:expect (SELECT max(1) > 0 FROM made)\nCREATE TABLE made ();\n", "C0503", "", 0, 0},
        Failing{"an_assertion_that_fails",
                "-- candor:expect (SELECT nothing FROM made)\nCREATE TABLE made ();\n", "C0503", "42703", 0,
                0},
        Failing{"a_statement_timeout",
                "-- candor:statement-timeout 50ms\nCREATE TABLE made ();\nSELECT pg_sleep(20);\n", "C0512",
                "57014", 3, 1},
        Failing{"copy_data", "CREATE TABLE made (id int);\nCOPY made FROM stdin;\n1\nx\n\\.\n", "C0513",
                "22P02", 2, 1},
        Failing{"copy_to_nobody", "CREATE TABLE made (id int);\nCOPY made TO STDOUT;\n", "C0501", "", 2, 1},
        Failing{"a_transaction_that_may_not_write", "CREATE TABLE made ();\nSET TRANSACTION READ ONLY;\n",
                "C0501", "25006", 0, 0},
        Failing{"the_ledger_dropped", "CREATE TABLE made ();\nDROP SCHEMA candor CASCADE;\n", "C0510", "", 0,
                0},
        Failing{"the_ledger_altered",
                "CREATE TABLE made ();\nALTER TABLE candor.schema_migrations DROP COLUMN status;\n", "C0510",
                "42703", 0, 0},
        Failing{"the_ledgers_row_forbidden",
                "CREATE TABLE made ();\nALTER TABLE candor.schema_migrations ADD CHECK (version <> '2');\n",
                "C0510", "23514", 0, 0}),
    [](const auto& tested) { return tested.param.name; });

TEST(Apply, NothingLeaksIntoTheNextFile) {
  TestProject project;
  project.write("1_first.sql",
                "CREATE SCHEMA elsewhere;\n"
                "CREATE TABLE plain (id int);\n"
                "SET search_path = elsewhere;\n"
                "SET statement_timeout = '1h';\n"
                "PREPARE kept AS SELECT 1;\n"
                "CREATE TEMPORARY TABLE plain (other text);\n"
                "DECLARE held CURSOR WITH HOLD FOR SELECT 1;\n"
                "LISTEN news;\n"
                "CREATE TABLE in_elsewhere ();\n"
                "SET ROLE pg_monitor;\n");
  project.write(
      "2_second.sql",
      "CREATE TABLE seen AS SELECT\n"
      "  current_setting('search_path') AS path, current_setting('statement_timeout') AS timeout,\n"
      "  current_user::text AS role, (SELECT count(*) FROM pg_cursors WHERE name = 'held') AS cursors,\n"
      "  (SELECT count(*) FROM pg_prepared_statements WHERE name = 'kept') AS prepared,\n"
      "  (SELECT count(*) FROM pg_listening_channels()) AS channels;\n"
      "ALTER TABLE plain ADD more int;\n"
      "PREPARE kept AS SELECT 2;\n"
      "CREATE TABLE in_public ();\n");
  project.write("3_third.sql", "SET SESSION AUTHORIZATION pg_monitor;\nDEALLOCATE ALL;\nDISCARD PLANS;\n");
  project.write("4_fourth.sql",
                "CREATE TABLE last (who text DEFAULT current_user);\nINSERT INTO last DEFAULT VALUES;\n");
  project.lock();
  const std::string url = test::home_url();
  const auto up = project.up(url);
  EXPECT_EQ(up.applied, "1 counted, 2 counted, 3 counted, 4 counted") << told(up.error);
  EXPECT_EQ(up.verdict, "true");
  auto db = connect(url);
  EXPECT_EQ(value_of(db, "SELECT concat_ws(' ', path, timeout, role, cursors, prepared, channels) FROM seen"),
            "\"$user\", public 0 postgres 0 0 0");
  EXPECT_EQ(value_of(db,
                     "SELECT to_regclass('public.in_public') IS NOT NULL"
                     " AND to_regclass('elsewhere.in_elsewhere') IS NOT NULL"),
            "t");
  EXPECT_EQ(value_of(db, "SELECT who FROM last"), "postgres");
}

TEST(Apply, InlineCopyData) {
  TestProject project;
  project.write("1_data.sql",
                "-- candor:expect (SELECT sum(id) = 6 FROM numbers)\n"
                "CREATE TABLE numbers (id int, word text);\n"
                "COPY numbers (id, word) FROM stdin;\n1\tone; two\n2\t\\N\n3\t$$\n\\.\n\n"
                "CREATE INDEX ON numbers (id);\n");
  project.lock();
  const std::string url = test::home_url();
  const auto up = project.up(url);
  EXPECT_EQ(up.applied, "1 counted") << told(up.error);
  auto db = connect(url);
  EXPECT_EQ(value_of(db, "SELECT string_agg(coalesce(word, '-'), '|' ORDER BY id) FROM numbers"),
            "one; two|-|$$");
}

TEST(Apply, ALockThatIsHeldForASecondIsWaitedFor) {
  TestProject project;
  project.write("1_users.sql", users);
  project.write("2_more.sql", "ALTER TABLE users ADD more int;\n");
  project.lock();
  project.settings.lock_timeout = "100ms";
  const std::string url = test::home_url();
  ASSERT_EQ(project.up(url, {.to = history::Version("1")}).verdict, "true");
  auto holder = connect(url);
  must(holder.query("BEGIN"), "holding");
  must(holder.query("SELECT count(*) FROM users"), "holding");
  std::thread releasing([&] {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    must(holder.query("COMMIT"), "releasing");
  });
  const auto up = project.up(url);
  releasing.join();
  EXPECT_EQ(up.applied, "2 counted") << told(up.error);
  EXPECT_GT(up.notes.retries, 0);
  ASSERT_EQ(up.migrations.size(), 1U);
  EXPECT_EQ(up.migrations[0].attempts, up.notes.retries + 1);
}

TEST(Apply, ALockThatIsNeverReleasedEndsTheRun) {
  TestProject project;
  project.write("1_users.sql", users);
  project.write("2_more.sql", "CREATE TABLE made ();\nALTER TABLE users ADD more int;\n");
  project.lock();
  project.settings.lock_timeout = "50ms";
  project.settings.lock_retries = 2;
  const std::string url = test::home_url();
  ASSERT_EQ(project.up(url, {.to = history::Version("1")}).verdict, "true");
  auto holder = connect(url);
  must(holder.query("BEGIN"), "holding");
  must(holder.query("SELECT count(*) FROM users"), "holding");
  const auto up = project.up(url);
  EXPECT_EQ(up.code, "C0504") << told(up.error);
  EXPECT_EQ(up.notes.retries, 2);
  ASSERT_TRUE(up.error.where);
  EXPECT_EQ(up.error.where->line, 2);
  must(holder.query("COMMIT"), "releasing");
  EXPECT_EQ(ledger_of(holder), "1 completed, 2 failed");
  EXPECT_EQ(value_of(holder, "SELECT to_regclass('made') IS NULL"), "t");
  EXPECT_EQ(project.up(url).applied, "2 counted");
}

TEST(Apply, APendingMigrationOlderThanTheLastIsNeverSkipped) {
  TestProject project;
  project.write("1_users.sql", users);
  project.write("3_third.sql", "CREATE TABLE third ();\n");
  project.lock();
  const std::string url = test::home_url();
  ASSERT_EQ(project.up(url).verdict, "true");
  project.write("2_second.sql", "CREATE TABLE second ();\n");
  project.lock();
  const auto refused = project.up(url);
  EXPECT_EQ(refused.code, "C0507") << told(refused.error);
  EXPECT_EQ(ledger_of(url), "1 completed, 3 completed");
  const auto up = project.up(url, {.allow_out_of_order = true});
  EXPECT_EQ(up.applied, "2 counted") << told(up.error);
  EXPECT_EQ(up.verdict, "true");
}

TEST(Apply, DriftInTheWayStopsElsewhereItWarns) {
  TestProject project;
  project.write("1_both.sql", "CREATE TABLE touched (id int);\nCREATE TABLE other (id int);\n");
  project.write("2_index.sql", "CREATE INDEX touched_id ON touched (id);\n");
  project.lock();
  struct Case {
    const char *drift, *code;
    DriftPolicy policy;
    std::size_t warnings;
  };
  const Case cases[] = {{"ALTER TABLE touched ADD sneaked int", "C0509", DriftPolicy::touched, 0},
                        {"ALTER TABLE touched ADD sneaked int", "", DriftPolicy::warn, 1},
                        {"ALTER TABLE other ADD sneaked int", "", DriftPolicy::touched, 1},
                        {"ALTER TABLE other ADD sneaked int", "C0509", DriftPolicy::strict, 0},
                        {"DROP TABLE other", "", DriftPolicy::touched, 1},
                        {"CREATE TABLE intruder ()", "C0509", DriftPolicy::strict, 0}};
  for (const Case& one : cases) {
    SCOPED_TRACE(one.drift);
    const std::string url = test::home_url();
    project.settings.drift = DriftPolicy::touched;
    ASSERT_EQ(project.up(url, {.to = history::Version("1")}).verdict, "true");
    auto db = connect(url);
    must(db.query(one.drift), "drifting");
    project.settings.drift = one.policy;
    const auto up = project.up(url);
    EXPECT_EQ(up.code, one.code) << told(up.error);
    EXPECT_EQ(up.notes.warnings.size(), one.warnings);
    EXPECT_EQ(ledger_of(db), up.code.empty() ? "1 completed, 2 completed" : "1 completed");
    EXPECT_EQ(up.verdict, up.code.empty() ? "differs" : "") << "applied, and still not what the history says";
  }
}

TEST(Apply, DriftElsewhereDoesNotKeepAFailedMigrationFromBeingTriedAgain) {
  TestProject project;
  project.write("1_users.sql", users);
  project.write("2_rows.sql", "-- candor:expect (SELECT count(*) = 1 FROM users)\nCREATE TABLE made ();\n");
  project.lock();
  const std::string url = test::home_url();
  ASSERT_EQ(project.up(url).code, "C0503");
  auto db = connect(url);
  must(db.query("CREATE TABLE intruder ()"), "drifting");
  must(db.query("INSERT INTO users VALUES (1, 'a')"), "putting right");
  const auto up = project.up(url);
  EXPECT_EQ(up.applied, "2 counted") << told(up.error);
}

TEST(Apply, AReadOnlyDatabaseIsNamedBeforeAnythingRuns) {
  TestProject project;
  project.write("1_users.sql", users);
  project.lock();
  const std::string url = test::home_url();
  auto db = connect(url);
  must(db.query(fmt::format("ALTER DATABASE {} SET default_transaction_read_only = on", db.database())),
       "closing");
  const auto up = project.up(url);
  EXPECT_EQ(up.code, "C0111") << told(up.error);
  EXPECT_EQ(ledger_of(db), "none");
}

}  // namespace
}  // namespace candor::engine
