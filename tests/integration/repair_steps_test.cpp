/// Repairs that take several transactions, written as a migration: right for every database, and for one
/// where it was broken off anywhere.
#include <gtest/gtest.h>

#include "catalog/read.h"
#include "engine/guarded_plan.h"
#include "engine/repair.h"
#include "integration/project.h"
#include "sql/script.h"

namespace candor::test {
namespace {

class RepairSteps : public testing::Test {
 protected:
  void SetUp() override {
    project_.settings.shadow_url = test_cluster(home_major).url();
    project_.write("1_users.sql",
                   "CREATE TYPE mood AS ENUM ('sad', 'ok', 'glad');\n"
                   "CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, feels mood DEFAULT 'glad',\n"
                   "  age int CONSTRAINT grown CHECK (age > 0), code text CONSTRAINT one_code UNIQUE);\n"
                   "CREATE UNIQUE INDEX users_email ON users (lower(email)) WHERE age > 1;\n");
    project_.write("2_posts.sql",
                   "CREATE TABLE posts (id int PRIMARY KEY, author int CONSTRAINT by REFERENCES users);\n"
                   "CREATE INDEX posts_author ON posts (author);\n"
                   "INSERT INTO users VALUES (1, 'a@b', 'ok', 20, 'x'), (2, 'c@d', 'sad', 30, 'y');\n"
                   "INSERT INTO posts VALUES (1, 1), (2, 2);\n");
    project_.lock();
    url_ = test_url(home_major);
    ASSERT_EQ(project_.up(url_).verdict, "true");
  }
  static void run(const std::string& url, const std::string& script) {
    pg::Connection connection = connect(url);
    for (const sql::Statement& statement : must(sql::split(script, "test"), script))
      must(connection.query(statement.text), statement.text);
  }
  /// A copy of the database of `url`.
  static std::string copy_of(const std::string& url) {
    const std::string name = [&] {
      pg::Connection connection = connect(url);
      return connection.database();
    }();
    static int copies = 0;
    const std::string copy = fmt::format("{}_copy{}", name, ++copies);
    pg::Connection server = connect(test_cluster(home_major).url());
    must(server.query(fmt::format("CREATE DATABASE {} TEMPLATE {}", copy, name)), "copying a database");
    return test_cluster(home_major).url(copy);
  }
  /// As psql would run it, up to so many statements; the error of one that fails.
  static std::string run_first(const std::string& url, const std::string& text, std::size_t count) {
    pg::Connection connection = connect(url);
    must(connection.query("SET client_min_messages = warning"), "quiet");
    const auto statements = must(sql::split(text, "repair"), "splitting");
    for (std::size_t i = 0; i < std::min(count, statements.size()); ++i)
      if (auto ran = connection.query(statements[i].text); !ran) return ran.error().message;
    return "";
  }
  static constexpr std::size_t all = 1000;

  /// The error's code, or empty: then `migration_` is the repair.
  std::string write(bool online = true) {
    pg::Connection connection = connect(url_);
    const engine::Project project = project_.open();
    auto result = engine::repair(project, connection, {.as_migration = true, .online = online});
    if (!result) {
      error_ = told(result.error());
      EXPECT_FALSE(result.error().hint.empty()) << error_;
      return std::string(result.error().code.id);
    }
    migration_ = result->migration;
    statements_ = must(sql::split(migration_, "repair"), "splitting").size();
    return "";
  }
  /// Nothing is altered, made or dropped by it, not even for a moment.
  void expect_untouched(const std::string& healthy) const {
    run(healthy,
        "CREATE FUNCTION no() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''touched''; END';\n"
        "CREATE EVENT TRIGGER no ON ddl_command_end WHEN TAG IN ('ALTER TABLE', 'ALTER TYPE', 'DROP INDEX')\n"
        "  EXECUTE FUNCTION no();\n");
    EXPECT_EQ(run_first(healthy, migration_, all), "");
  }
  /// What breaks a database is mended by the file, wherever that was broken off; others are left alone.
  void expect_mends_everywhere(const std::string& damage, bool online = true) {
    const std::string healthy = copy_of(url_);
    run(url_, damage);
    ASSERT_EQ(write(online), "") << error_;
    EXPECT_TRUE(migration_.starts_with("-- candor:no-transaction\n")) << migration_;
    std::vector<std::string> copies;
    for (std::size_t i = 0; i < statements_; ++i) copies.push_back(copy_of(url_));
    expect_untouched(copy_of(healthy));
    project_.write("3_repair.sql", migration_);
    project_.lock();
    EXPECT_TRUE(project_.open().lock->entries.back().effects.empty());
    const std::string fresh = test_url(home_major);
    EXPECT_EQ(project_.up(healthy).verdict, "true");
    EXPECT_EQ(project_.up(fresh).verdict, "true");
    for (std::size_t i = 0; i < statements_; ++i) {
      EXPECT_EQ(run_first(copies[i], migration_, i), "");
      const Up up = project_.up(copies[i]);
      EXPECT_EQ(up.verdict, "true") << "broken off behind " << i << " statements: " << told(up.error) << "\n"
                                    << migration_;
    }
  }

  TestProject project_;
  std::string url_, error_, migration_;
  std::size_t statements_ = 0;
};

TEST_F(RepairSteps, AnEnumValueThatIsUsedAtOnce) {
  const std::string damage =
      "ALTER TABLE users ALTER feels DROP DEFAULT;\n"
      "ALTER TABLE users ALTER feels TYPE text;\n"
      "DROP TYPE mood;\n"
      "CREATE TYPE mood AS ENUM ('sad', 'ok');\n"
      "ALTER TABLE users ALTER feels TYPE mood USING feels::mood;\n";
  expect_mends_everywhere(damage, false);
  EXPECT_NE(migration_.find("ADD VALUE 'glad'"), std::string::npos) << migration_;
}

TEST_F(RepairSteps, AnIndexIsBuiltWhileOthersWrite) {
  expect_mends_everywhere("DROP INDEX users_email;\nDROP INDEX posts_author;\n");
  EXPECT_NE(migration_.find("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"users_email\""),
            std::string::npos)
      << migration_;
}

TEST_F(RepairSteps, ConstraintsAreValidatedAfterwards) {
  expect_mends_everywhere(
      "ALTER TABLE users DROP CONSTRAINT grown;\nALTER TABLE posts DROP CONSTRAINT by;\n");
  EXPECT_NE(migration_.find("VALIDATE CONSTRAINT"), std::string::npos) << migration_;
}

TEST_F(RepairSteps, AConstraintThatIsThereNotValidIsValidated) {
  expect_mends_everywhere(
      "ALTER TABLE users DROP CONSTRAINT grown;\n"
      "ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 0) NOT VALID;\n"
      "DROP INDEX posts_author;\n");
}

TEST_F(RepairSteps, NotNullIsProvenByACheck) {
  expect_mends_everywhere("ALTER TABLE users ALTER email DROP NOT NULL;\n");
  EXPECT_NE(migration_.find("email_is_not_null"), std::string::npos) << migration_;
}

TEST_F(RepairSteps, KeysComeByWayOfTheirIndexes) {
  expect_mends_everywhere(
      "ALTER TABLE users DROP CONSTRAINT one_code;\nALTER TABLE posts DROP CONSTRAINT posts_pkey;\n"
      "ALTER TABLE posts ALTER id DROP NOT NULL;\n");
  EXPECT_NE(migration_.find("USING INDEX"), std::string::npos) << migration_;
}

TEST_F(RepairSteps, AllAtOnce) {
  expect_mends_everywhere(
      "ALTER TABLE users ALTER email DROP NOT NULL, DROP CONSTRAINT grown, DROP CONSTRAINT one_code,\n"
      "  ALTER code TYPE varchar(50);\n"
      "DROP INDEX users_email;\nDROP INDEX posts_author;\n"
      "ALTER TABLE posts DROP CONSTRAINT by;\n");
}

/// What a build leaves that broke off is no index.
TEST_F(RepairSteps, AnInvalidIndexIsNotTakenForDone) {
  run(url_, "DROP INDEX users_email;\nINSERT INTO users VALUES (3, 'A@B', 'ok', 20, 'z');\n");
  ASSERT_EQ(write(), "") << error_;
  const std::string by_hand = copy_of(url_);
  EXPECT_NE(run_first(by_hand, migration_, all), "") << "two rows have one address";
  run(by_hand, "DELETE FROM users WHERE id = 3;\n");
  EXPECT_EQ(run_first(by_hand, migration_, all), "");
  project_.write("3_repair.sql", migration_);
  project_.lock();
  EXPECT_EQ(project_.up(by_hand).verdict, "true");

  EXPECT_EQ(project_.up(url_).code, "C0501");
  run(url_, "DELETE FROM users WHERE id = 3;\n");
  const Up resumed = project_.up(url_);
  EXPECT_EQ(resumed.verdict, "true") << told(resumed.error) << migration_;
  EXPECT_TRUE(resumed.migrations.front().resumed);
}

/// IF NOT EXISTS looks at names alone: the block in front of it looks at more.
TEST_F(RepairSteps, WhatBearsTheNameIsLookedAt) {
  run(url_, "DROP INDEX posts_author;\n");
  ASSERT_EQ(write(), "") << error_;
  const std::string another = copy_of(url_), elsewhere = copy_of(url_), invalid = copy_of(url_);
  run(another, "CREATE INDEX posts_author ON posts (author, id);\n");
  EXPECT_NE(run_first(another, migration_, all).find("index public.posts.posts_author is neither"),
            std::string::npos);
  run(elsewhere, "CREATE TABLE posts_author (id int);\n");
  EXPECT_NE(run_first(elsewhere, migration_, all).find("something else bears the name"), std::string::npos);
  run(invalid,
      "CREATE INDEX posts_author ON posts (author, id);\nUPDATE pg_index SET indisvalid = false"
      " WHERE indexrelid = 'posts_author'::regclass;\n");
  EXPECT_NE(run_first(invalid, migration_, all).find("is neither"), std::string::npos);
}

TEST_F(RepairSteps, AnotherBrokenDatabaseIsRefused) {
  const std::string other = copy_of(url_);
  run(url_, "ALTER TABLE users DROP CONSTRAINT grown;\n");
  ASSERT_EQ(write(), "") << error_;
  run(other,
      "ALTER TABLE users DROP CONSTRAINT grown;\n"
      "ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 1);\n");
  EXPECT_NE(run_first(other, migration_, all).find("constraint public.users.grown is neither"),
            std::string::npos);
}

/// An index that goes while others write. A repair never drops, and so the plan is made here.
TEST_F(RepairSteps, AnIndexIsDroppedWhileOthersWrite) {
  const auto read = [&](const std::string& url) {
    pg::Connection connection = connect(url);
    return must(catalog::read(connection), "reading");
  };
  const std::string without = copy_of(url_);
  run(without, "DROP INDEX posts_author;\n");
  const catalog::Catalog from = read(url_), to = read(without);
  const plan::Plan plan = plan::make_plan(from, to, home_major);
  auto text = engine::guarded_sql(project_.settings, from, to, plan, {});
  ASSERT_TRUE(text) << told(text.error());
  EXPECT_NE(text->find("DROP INDEX CONCURRENTLY IF EXISTS \"public\".\"posts_author\""), std::string::npos)
      << *text;
  const std::string broken = copy_of(url_);
  run(broken, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'posts_author'::regclass;\n");
  for (const std::string& url : {url_, without, broken}) {
    EXPECT_EQ(run_first(url, *text, all), "");
    EXPECT_EQ(catalog::diff(read(url), to).size(), 0U);
  }
}

/// What an option that comes and goes is at which point only the index tells, also while that is INVALID.
TEST_F(RepairSteps, WhatComesAndGoesIsToldByWhatElseIsThen) {
  const std::string with = copy_of(url_);
  run(url_, "DROP INDEX posts_author;\n");
  const auto read = [&](const std::string& url) {
    pg::Connection connection = connect(url);
    return must(catalog::read(connection), "reading");
  };
  const catalog::Catalog from = read(url_), to = read(with);
  plan::Plan plan = plan::make_plan(from, to, home_major);
  const auto around = [](const char* sql) {
    const catalog::ObjectId posts{
        .kind = catalog::Kind::table, .schema = Text("public"), .name = Text("posts")};
    return plan::Transaction{.transactional = true, .steps = {{.sql = sql, .on = posts, .object = posts}}};
  };
  plan.transactions.insert(plan.transactions.begin(),
                           around("ALTER TABLE public.posts SET (fillfactor = 70)"));
  plan.transactions.push_back(around("ALTER TABLE public.posts RESET (fillfactor)"));
  auto text = engine::guarded_sql(project_.settings, from, to, plan, {});
  ASSERT_TRUE(text) << told(text.error());
  EXPECT_NE(text->find("-- table public.posts, index public.posts.posts_author"), std::string::npos) << *text;
}

TEST_F(RepairSteps, WhatCannotBeGuardedIsNamed) {
  const std::string with = copy_of(url_);
  run(with, "COMMENT ON TABLE posts IS 'c';\nDROP INDEX posts_author;\n");
  const auto read = [&](const std::string& url) {
    pg::Connection connection = connect(url);
    return must(catalog::read(connection), "reading");
  };
  const catalog::Catalog from = read(url_), to = read(with);
  auto text = engine::guarded_sql(project_.settings, from, to, plan::make_plan(from, to, home_major), {});
  ASSERT_FALSE(text);
  EXPECT_EQ(
      told(text.error()),
      "C0713 the repair cannot be written as a migration: what it changes does not show in the state of any"
      " object\nCOMMENT ON TABLE \"public\".\"posts\" IS 'c'");
}

}  // namespace
}  // namespace candor::test
