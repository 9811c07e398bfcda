/// repair: what is missing or wrong is put right, data stay, and a second run finds nothing.
#include "engine/repair.h"

#include <gtest/gtest.h>

#include "integration/project.h"

namespace candor::test {
namespace {

class Repair : public testing::Test {
 protected:
  void SetUp() override {
    project_.settings.shadow_url = test_cluster(home_major).url();
    project_.write(
        "1_users.sql",
        "CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, password text NOT NULL, age int CHECK (age > 0));\n"
        "CREATE UNIQUE INDEX users_email ON users (lower(email));\n");
    project_.write(
        "2_posts.sql",
        "CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES users, title varchar(200) DEFAULT 'x');\n"
        "CREATE INDEX posts_author ON posts (author);\n");
    project_.write("3_view.sql",
                   "CREATE VIEW adults AS SELECT id, email FROM users WHERE age >= 18;\n"
                   "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\n"
                   "CREATE TRIGGER t BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION f();\n");
    project_.write("4_seed.sql", "INSERT INTO users VALUES (1, 'a@b', 'p', 20), (2, 'c@d', 'q', 30);\n");
    project_.write("5_tags.sql", "CREATE TABLE tags (id int PRIMARY KEY);\n");
    project_.lock();
    url_ = test_url(home_major);
    const Up up = project_.up(url_);
    EXPECT_EQ(up.verdict, "true") << told(up.error);
    run("INSERT INTO posts VALUES (1, 1, 'first'), (2, 2, 'second')");
  }
  void run(const std::string& sql) const {
    pg::Connection connection = connect(url_);
    must(connection.query("SET client_min_messages = warning"), "quiet");
    must(connection.query(sql), sql);
  }
  std::string value(const std::string& sql) const {
    pg::Connection connection = connect(url_);
    return value_of(connection, sql);
  }
  /// "done", "nothing", "plan" (dry run) or the error's code.
  std::string repair(engine::RepairOptions options = {.apply = true}) {
    pg::Connection connection = connect(url_);
    const engine::Project project = project_.open();
    auto result = engine::repair(project, connection, options);
    if (!result) {
      error_ = told(result.error());
      EXPECT_FALSE(result.error().hint.empty()) << error_;
      return std::string(result.error().code.id);
    }
    left_ = result->plan.extra.size();
    migration_ = result->migration;
    EXPECT_EQ(result->proof.proven, !result->plan.empty()) << result->proof.why_not << result->proof.detail;
    return result->nothing_to_do() ? "nothing" : result->applied ? "done" : "plan";
  }

  TestProject project_;
  std::string url_, error_, migration_;
  std::size_t left_ = 0;
};

TEST_F(Repair, WhatIsMissingOrWrongIsPutRightAndDataStay) {
  run("DROP INDEX posts_author");
  run("DROP VIEW adults");
  run("DROP TRIGGER t ON posts");
  run("ALTER TABLE posts ALTER COLUMN title TYPE text, ALTER COLUMN title DROP DEFAULT");
  run("ALTER TABLE users ALTER COLUMN email DROP NOT NULL, DROP COLUMN age");
  EXPECT_EQ(project_.verdict(url_), "differs");
  EXPECT_EQ(repair({}), "plan");
  EXPECT_EQ(project_.verdict(url_), "differs") << "a dry run writes nothing";
  EXPECT_EQ(repair(), "done") << error_;
  EXPECT_EQ(project_.verdict(url_), "true");
  EXPECT_EQ(repair(), "nothing");
  EXPECT_EQ(value("SELECT string_agg(title, ' ' ORDER BY id) FROM posts"), "first second");
  EXPECT_EQ(value("SELECT count(*) FROM candor.migration_events WHERE event = 'repair'"), "1");
}

TEST_F(Repair, WhatIsExtraStaysUntilItMayGo) {
  run("ALTER TABLE users ADD COLUMN note text");
  run("CREATE TABLE theirs (id int)");
  EXPECT_EQ(repair(), "nothing");
  EXPECT_EQ(left_, 3u);
  EXPECT_EQ(repair({.apply = true, .allow_drop = true}), "done") << error_;
  EXPECT_EQ(project_.verdict(url_), "true");
}

TEST_F(Repair, AColumnThatMustNotBeNullNeedsAValue) {
  run("ALTER TABLE users DROP COLUMN password");
  EXPECT_EQ(repair(), "C0710");
  EXPECT_NE(error_.find("column public.users.password"), std::string::npos) << error_;
  EXPECT_EQ(repair({.apply = true, .fills = {{"public.users.pasword", "'!' || id"}}}), "C0710");
  EXPECT_NE(error_.find("public.users.pasword, and there is to be no such column"), std::string::npos)
      << error_;
  EXPECT_EQ(repair({.apply = true, .fills = {{"public.users.password", "'!' || id"}}}), "done") << error_;
  EXPECT_EQ(project_.verdict(url_), "true");
  EXPECT_EQ(value("SELECT string_agg(password, ' ' ORDER BY id) FROM users"), "!1 !2");
}

TEST_F(Repair, AWrongTypeIsCorrectedIfAllValuesSurvive) {
  run("DROP VIEW adults");
  run("ALTER TABLE users DROP CONSTRAINT users_age_check, ALTER COLUMN age TYPE text USING age::text || ' years'");
  EXPECT_EQ(repair(), "C0712");
  EXPECT_NE(error_.find("2 of its values"), std::string::npos) << error_;
  EXPECT_NE(error_.find("20 years"), std::string::npos) << error_;
  run("UPDATE users SET age = replace(age, ' years', '')");
  EXPECT_EQ(repair(), "done") << error_;
  EXPECT_EQ(project_.verdict(url_), "true");
}

TEST_F(Repair, ACorrectionDoesNotCutValues) {
  run("ALTER TABLE posts ALTER COLUMN title TYPE text");
  run("UPDATE posts SET title = repeat('x', 300) WHERE id = 2");
  EXPECT_EQ(repair(), "C0712");
  EXPECT_NE(error_.find("1 of its values"), std::string::npos) << error_;
  EXPECT_EQ(value("SELECT length(title) FROM posts WHERE id = 2"), "300");
}

TEST_F(Repair, ALedgerThatClaimsMoreMakesThosePending) {
  run("DROP TABLE tags");
  EXPECT_EQ(repair(), "done") << error_;
  EXPECT_EQ(ledger_of(url_), "1 completed, 2 completed, 3 completed, 4 completed");
  EXPECT_EQ(project_.up(url_).verdict, "true");
}

TEST_F(Repair, ALedgerThatLacksWhatIsThereIsCompleted) {
  run("DELETE FROM candor.schema_migrations WHERE version IN ('2', '5')");
  EXPECT_EQ(repair(), "done") << error_;
  EXPECT_EQ(ledger_of(url_), "1 completed, 2 baselined, 3 completed, 4 completed, 5 baselined");
  EXPECT_EQ(project_.verdict(url_), "true");
  EXPECT_EQ(repair(), "nothing");
}

/// Another tool's layout, or other numbers: nothing of the database is wrong, and every row is unknown.
TEST_F(Repair, AHistoryThatWasMadeAnewTakesTheOldRowsPlace) {
  for (const char* file : {"1_users.sql", "2_posts.sql", "3_view.sql", "4_seed.sql", "5_tags.sql"})
    fs::rename(project_.folder() / file, project_.folder() / (std::string("10") + file));
  project_.lock();
  EXPECT_EQ(repair({}), "plan");
  EXPECT_EQ(ledger_of(url_), "1 completed, 2 completed, 3 completed, 4 completed, 5 completed");
  EXPECT_EQ(repair(), "done") << error_;
  EXPECT_EQ(ledger_of(url_), "101 baselined, 102 baselined, 103 baselined, 104 baselined, 105 baselined");
  EXPECT_EQ(project_.verdict(url_), "true");
  EXPECT_EQ(repair(), "nothing");
}

TEST_F(Repair, ARowThatNoMigrationHasStaysWhereItMayHaveMadeSomething) {
  fs::remove(project_.folder() / "5_tags.sql");
  project_.lock();
  EXPECT_EQ(repair(), "nothing") << error_;
  EXPECT_EQ(ledger_of(url_), "1 completed, 2 completed, 3 completed, 4 completed, 5 completed");
  run("DROP TABLE tags");
  EXPECT_EQ(repair(), "done") << error_;
  EXPECT_EQ(ledger_of(url_), "1 completed, 2 completed, 3 completed, 4 completed");
}

TEST_F(Repair, ADamagedLedgerIsMendedColumnByColumn) {
  run("ALTER TABLE candor.schema_migrations DROP COLUMN status, DROP COLUMN checksum, ALTER COLUMN name DROP NOT NULL");
  run("DROP INDEX posts_author");
  EXPECT_EQ(repair({}), "plan") << error_;
  EXPECT_EQ(repair(), "done") << error_;
  EXPECT_EQ(ledger_of(url_), "1 completed, 2 completed, 3 completed, 4 completed, 5 completed");
  EXPECT_EQ(project_.verdict(url_), "true");
  EXPECT_EQ(repair(), "nothing");
}

TEST_F(Repair, WithoutALedgerItIsRepairedToTheVersionThatIsNamed) {
  run("DROP SCHEMA candor CASCADE");
  run("DROP TABLE posts CASCADE");
  EXPECT_EQ(repair({.to = history::Version("3"), .apply = true}), "done") << error_;
  EXPECT_EQ(ledger_of(url_), "1 baselined, 2 baselined, 3 baselined");
  EXPECT_EQ(value("SELECT count(*) FROM users"), "2");
}

TEST_F(Repair, AFailureLeavesEverythingAsItWas) {
  run("DROP INDEX users_email");
  run("INSERT INTO users VALUES (3, 'A@B', 'p', 20)");
  EXPECT_NE(repair(), "done") << "two rows have one address";
  EXPECT_EQ(value("SELECT count(*) FROM candor.migration_events WHERE event = 'repair'"), "0");
  run("DELETE FROM users WHERE id = 3");
  EXPECT_EQ(repair(), "done") << error_;
  EXPECT_EQ(project_.verdict(url_), "true");
}

/// The same file mends a broken database, and leaves a healthy and a newly made one as they are.
TEST_F(Repair, AsAMigrationItIsRightForEveryDatabase) {
  const std::string healthy = test_url(home_major), fresh = test_url(home_major),
                    other = test_url(home_major);
  for (const std::string& url : {healthy, other}) ASSERT_EQ(project_.up(url).verdict, "true");
  run("DROP INDEX posts_author");
  run("DROP TRIGGER t ON posts");
  run("ALTER TABLE users DROP COLUMN password");
  run("CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'");
  run("ALTER TABLE posts ALTER COLUMN title DROP DEFAULT");
  ASSERT_EQ(repair({.as_migration = true, .fills = {{"public.users.password", "'!' || id"}}}), "plan")
      << error_;
  ASSERT_NE(migration_.find("DO $repair$"), std::string::npos) << migration_;
  EXPECT_EQ(migration_.find("IF NOT EXISTS"), std::string::npos) << migration_;
  project_.write("6_repair.sql", migration_);
  project_.lock();
  EXPECT_EQ(project_.up(healthy).verdict, "true");
  EXPECT_EQ(project_.up(fresh).verdict, "true");
  const Up up = project_.up(url_);
  EXPECT_EQ(up.verdict, "true") << told(up.error) << migration_;
  EXPECT_EQ(value("SELECT string_agg(password, ' ' ORDER BY id) FROM users"), "!1 !2");

  // One that is broken in another way is refused, not passed over.
  {
    pg::Connection connection = connect(other);
    must(connection.query("ALTER TABLE posts ALTER COLUMN title SET DEFAULT 'y'"), "breaking it otherwise");
  }
  const Up refused = project_.up(other);
  EXPECT_EQ(refused.code, "C0501");
  EXPECT_NE(told(refused.error).find("column public.posts.title is neither"), std::string::npos)
      << told(refused.error);
}

/// What has to go and come back with a correction stands in one block with it.
TEST_F(Repair, AsAMigrationWithDependents) {
  const std::string healthy = test_url(home_major);
  ASSERT_EQ(project_.up(healthy).verdict, "true");
  run("DROP VIEW adults");
  run("ALTER TABLE users ALTER COLUMN email TYPE varchar(300)");
  run("CREATE VIEW adults AS SELECT id, email::text FROM users WHERE age >= 18");
  ASSERT_EQ(repair({.as_migration = true}), "plan") << error_;
  project_.write("6_repair.sql", migration_);
  project_.lock();
  EXPECT_EQ(project_.up(healthy).verdict, "true");
  const Up up = project_.up(url_);
  EXPECT_EQ(up.verdict, "true") << told(up.error) << migration_;
}

TEST_F(Repair, AMigrationLeadsToTheEndOfTheHistoryAlone) {
  run("DROP TABLE tags");
  run("DROP INDEX posts_author");
  EXPECT_EQ(repair({.to = history::Version("3"), .as_migration = true}), "C0001");
}

TEST_F(Repair, MissingColumnsComeInTheirOrder) {
  run("ALTER TABLE posts DROP COLUMN title, DROP COLUMN author");
  EXPECT_EQ(repair(), "done") << error_;
  EXPECT_EQ(value("SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute"
                  " WHERE attrelid = 'posts'::regclass AND attnum > 0 AND NOT attisdropped"),
            "id author title");
}

}  // namespace
}  // namespace candor::test
