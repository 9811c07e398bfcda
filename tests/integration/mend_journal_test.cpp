/// Drizzle's rows dated anew: only where they are what they were, and with a way back.
#include "engine/mend_journal.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/file.h"
#include "base/sha256.h"
#include "integration/project.h"
#include "sql/script.h"

namespace candor::test {
namespace {

constexpr const char* teams = "CREATE TABLE teams (id int PRIMARY KEY, name text NOT NULL);\n";
constexpr const char* users = "CREATE TABLE users (id int PRIMARY KEY);\n";

class MendDrizzle : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(project_.folder() / "meta");
    project_.write("meta/_journal.json", R"({"version":"7","dialect":"postgresql","entries":[
      {"idx":0,"version":"7","when":1700000000000,"tag":"0000_teams","breakpoints":true},
      {"idx":1,"version":"7","when":9999999999999,"tag":"0001_users","breakpoints":true}]})");
    project_.write("0000_teams.sql", teams);
    project_.write("0001_users.sql", users);
    run("CREATE TABLE __drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)");
    run("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('" + hex(sha256(teams)) +
        "', 1700000000000), ('" + hex(sha256(users)) + "', 9999999999999)");
    run(teams);
    run(users);
  }
  void run(const std::string& sql) { must(connection_.query(sql), sql); }
  void put_back(const std::string& backup) {
    const std::string text = must(read_file(project_.folder() / backup), backup);
    for (const sql::Statement& statement : must(sql::split(text, backup), backup))
      run(std::string(statement.text));
  }
  engine::JournalMending plan() {
    return must(engine::plan_journal(project_.open(), &connection_), "planning");
  }
  std::string stamps() {
    return value_of(connection_,
                    "SELECT string_agg(created_at::text, ',' ORDER BY id) FROM __drizzle_migrations");
  }

  TestProject project_;
  std::string url_ = test_url(home_major);
  pg::Connection connection_ = connect(url_);
};

TEST_F(MendDrizzle, RowsAreDatedAnewAndKept) {
  const auto mending = plan();
  const std::string backup = must(engine::mend_journal(mending, &connection_, project_.folder()), "mending");
  EXPECT_EQ(stamps(), "1700000000000,1700000000001");
  put_back(backup);
  EXPECT_EQ(stamps(), "1700000000000,9999999999999");
}

TEST_F(MendDrizzle, NothingChangesWhereTheJournalCannotBeKept) {
  const auto mending = plan();
  fs::create_directories(project_.folder() / "meta" / "_journal.json.bak");
  const auto mended = engine::mend_journal(mending, &connection_, project_.folder());
  ASSERT_FALSE(mended);
  EXPECT_EQ(mended.error().code.id, "C0005");
  EXPECT_EQ(stamps(), "1700000000000,9999999999999");
}

TEST_F(MendDrizzle, ARowThatChangedMeanwhileIsLeftAlone) {
  const auto mending = plan();
  run("UPDATE __drizzle_migrations SET created_at = 5 WHERE id = 2");
  const auto mended = engine::mend_journal(mending, &connection_, project_.folder());
  ASSERT_FALSE(mended);
  EXPECT_EQ(mended.error().code.id, "C0815");
  EXPECT_EQ(stamps(), "1700000000000,5");
  EXPECT_EQ(must(read_file(mending.path), "the journal"), mending.before);
}

/// Two files of one text have a row each, and keep theirs.
TEST_F(MendDrizzle, FilesOfOneTextKeepTheirOwnRows) {
  project_.write("meta/_journal.json", R"({"version":"7","dialect":"postgresql","entries":[
    {"idx":0,"version":"7","when":1000,"tag":"0000_teams","breakpoints":true},
    {"idx":1,"version":"7","when":2000,"tag":"0001_users","breakpoints":true},
    {"idx":2,"version":"7","when":3000,"tag":"0002_again","breakpoints":true}]})");
  project_.write("0001_users.sql", "SELECT 1;");
  project_.write("0002_again.sql", "SELECT 1;");
  run("UPDATE __drizzle_migrations SET created_at = 1000 WHERE id = 1");
  run("UPDATE __drizzle_migrations SET created_at = 2000, hash = '" + hex(sha256("SELECT 1;")) +
      "' WHERE id = 2");
  run("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('" + hex(sha256("SELECT 1;")) +
      "', 3000)");
  EXPECT_TRUE(plan().rows.empty()) << "nothing is wrong";
  run("UPDATE __drizzle_migrations SET created_at = created_at + 5 WHERE id > 1");
  must(engine::mend_journal(plan(), &connection_, project_.folder()), "mending");
  EXPECT_EQ(stamps(), "1000,2000,3000");
}

TEST_F(MendDrizzle, AnotherWriterIsWaitedFor) {
  const auto mending = plan();
  pg::Connection other = connect(url_);
  must(other.query("BEGIN"), "another writer");
  must(other.query("UPDATE __drizzle_migrations SET created_at = 5 WHERE id = 2"), "another writer");
  std::thread later([&] {
    pg::Connection watcher = connect(url_);
    EXPECT_TRUE(eventually([&] {
      return value_of(watcher,
                      "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'ShareRowExclusiveLock'") ==
             "1";
    }));
    must(other.query("COMMIT"), "another writer");
  });
  const auto mended = engine::mend_journal(mending, &connection_, project_.folder());
  later.join();
  ASSERT_FALSE(mended);
  EXPECT_EQ(mended.error().code.id, "C0815");
  EXPECT_EQ(stamps(), "1700000000000,5");
}

}  // namespace
}  // namespace candor::test
