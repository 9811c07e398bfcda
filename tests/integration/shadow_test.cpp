/// Shadows: on an embedded server and as scratch databases of a user's, and what is left of them.
#include "engine/shadow.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "integration/server.h"

namespace candor::engine {
namespace {

using test::connect;
using test::must;
using test::value_of;

std::set<int> majors() {
  std::set<int> found;
  for (const pg::Binaries& binaries : pg::find_binaries()) found.insert(binaries.major);
  return found;
}

/// A setup file that goes with the test.
class ShadowTest : public testing::Test {
 protected:
  void TearDown() override {
    if (!file_.empty()) std::filesystem::remove(file_);
  }
  Settings with_setup(std::string_view text, Settings settings = {}) {
    file_ = std::filesystem::temp_directory_path() / fmt::format("candor-shadow-{}.sql", ::getpid());
    std::ofstream(file_, std::ios::binary) << text;
    settings.shadow_setup = file_;
    return settings;
  }
  std::filesystem::path file_;
};

const char* const scratch_databases = "SELECT count(*) FROM pg_database WHERE datname LIKE 'candor_shadow_%'";

TEST_F(ShadowTest, AnEmbeddedOneIsEmptyAndOfTheMajorAskedFor) {
  for (const int major : majors()) {
    auto shadow = Shadow::open({}, major);
    ASSERT_TRUE(shadow) << shadow.error().message;
    EXPECT_EQ(shadow->connection().major(), major);
    EXPECT_EQ(value_of(shadow->connection(),
                       "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"),
              "0");
  }
}

TEST_F(ShadowTest, AScratchDatabaseIsMadeOnTheUsersServerAndDropped) {
  for (const int major : majors()) {
    SCOPED_TRACE(major);
    const std::string url = test::test_url(major);
    auto server = connect(url);
    {
      auto shadow = Shadow::open({.shadow_url = url});
      ASSERT_TRUE(shadow) << shadow.error().message;
      EXPECT_TRUE(shadow->connection().database().starts_with("candor_shadow_"));
      EXPECT_EQ(value_of(server, scratch_databases), "1");
      EXPECT_EQ(value_of(shadow->connection(),
                         "SELECT pg_encoding_to_char(encoding) || ' ' || datcollate || ' ' || datctype"
                         " FROM pg_database WHERE datname = current_database()"),
                "UTF8 C C");
      must(shadow->connection().query("CREATE TABLE t ()"), "using it");
      Shadow moved = std::move(*shadow);
      EXPECT_EQ(value_of(moved.connection(), "SELECT count(*) FROM t"), "0");
      EXPECT_EQ(value_of(server, scratch_databases), "1");
    }
    EXPECT_EQ(value_of(server, scratch_databases), "0");
    EXPECT_EQ(value_of(server, "SELECT to_regclass('t') IS NULL"), "t");
  }
}

TEST_F(ShadowTest, AScratchDatabaseIsDroppedAlthoughOthersAreConnected) {
  for (const int major : majors()) {
    SCOPED_TRACE(major);
    const std::string url = test::test_url(major);
    auto server = connect(url);
    std::optional<pg::Connection> other;
    {
      auto shadow = Shadow::open({.shadow_url = url});
      ASSERT_TRUE(shadow) << shadow.error().message;
      other = connect(test::test_cluster(major).url(shadow->connection().database()));
    }
    EXPECT_EQ(value_of(server, scratch_databases), "0");
  }
}

TEST_F(ShadowTest, AScratchDatabaseIsDroppedAlthoughItsSessionsWereEnded) {
  const std::string url = test::test_url();
  auto server = connect(url);
  {
    auto shadow = Shadow::open({.shadow_url = url});
    ASSERT_TRUE(shadow) << shadow.error().message;
    must(server.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                      " AND backend_type = 'client backend'"),
         "ending sessions");
  }
  EXPECT_EQ(value_of(server, scratch_databases), "0");
}

TEST_F(ShadowTest, AMajorThatTheUsersServerIsNotIsRefused) {
  const std::string url = test::test_url();
  const auto shadow = Shadow::open({.shadow_url = url}, connect(url).major() == 12 ? 13 : 12);
  ASSERT_FALSE(shadow);
  EXPECT_EQ(shadow.error().code.id, "C0106");
}

TEST_F(ShadowTest, WithoutTheRightToCreateDatabasesItSaysWhatToGrant) {
  const std::string url = test::test_url();
  auto owner = connect(url);
  must(owner.query("CREATE ROLE \"shadow'less\" LOGIN"), "making a role");
  const auto shadow = Shadow::open({.shadow_url = url + " user='shadow\\'less'"});
  ASSERT_FALSE(shadow);
  EXPECT_EQ(shadow.error().code.id, "C0110") << shadow.error().message;
  EXPECT_NE(shadow.error().hint.find("ALTER ROLE \"shadow'less\" CREATEDB"), std::string::npos)
      << shadow.error().hint;
  must(owner.query("ALTER ROLE \"shadow'less\" CREATEDB"), "granting");
  EXPECT_TRUE(Shadow::open({.shadow_url = url + " user='shadow\\'less'"}));
}

TEST_F(ShadowTest, ASetupIsRunStatementByStatementAndItsSettingsStay) {
  auto shadow =
      Shadow::open(with_setup("-- roles first\n"
                              "CREATE TABLE base (a int, b text);\n"
                              "COPY base FROM stdin;\n1\tone\n2\ttwo; \\\\.\n\\.\n"
                              "SET search_path = nowhere, public;\n"
                              "SET app.tenant = 'nobody';\n"
                              "SELECT pg_catalog.set_config('work_mem', '5MB', false);\n"
                              "SET ROLE pg_monitor;\nRESET ROLE;\n"
                              "VACUUM public.base;\n"
                              "CREATE DATABASE other;\n"
                              "PREPARE mine AS SELECT 1;\n"));
  ASSERT_TRUE(shadow) << shadow.error().message << shadow.error().detail;
  EXPECT_EQ(value_of(shadow->connection(), "SELECT string_agg(b, '|' ORDER BY a) FROM base"), "one|two; \\.");
  EXPECT_EQ(value_of(shadow->connection(), "SELECT count(*) FROM pg_prepared_statements"), "0");
  must(shadow->connection().query("RESET ALL"), "as after each migration");
  EXPECT_EQ(value_of(shadow->connection(), "SHOW search_path"), "nowhere, public");
  EXPECT_EQ(value_of(shadow->connection(), "SHOW app.tenant"), "nobody");
  EXPECT_EQ(value_of(shadow->connection(), "SHOW work_mem"), "5MB");
}

TEST_F(ShadowTest, AFailingSetupIsToldWithItsPlace) {
  const struct {
    const char* text;
    int line, column;
    const char* said;
  } cases[] = {
      {"SELECT 1;\n\nSELECT  é, nonsense;\n", 3, 9, "column \"é\" does not exist"},
      {"CREATE TABLE t (a int);\nCOPY t FROM stdin;\nx\n\\.\n", 2, 1, "invalid input syntax"},
      {"\\connect other\n", 1, 1, "connect"},
      {"SELECT 'open\n", 1, 8, ""},
  };
  for (const auto& [text, line, column, said] : cases) {
    SCOPED_TRACE(text);
    const auto shadow = Shadow::open(with_setup(text));
    ASSERT_FALSE(shadow);
    const Error& error = shadow.error();
    EXPECT_EQ(error.code.id, "C0413");
    EXPECT_NE(error.message.find(said), std::string::npos) << error.message;
    ASSERT_TRUE(error.where);
    EXPECT_EQ(error.where->file, file_.string());
    EXPECT_EQ(error.where->line, line);
    EXPECT_EQ(error.where->column, column);
  }
}

TEST_F(ShadowTest, ASetupThatIsNotThereStops) {
  const auto shadow = Shadow::open({.shadow_setup = "/nowhere/setup.sql"});
  ASSERT_FALSE(shadow);
  EXPECT_EQ(shadow.error().code.id, "C0004");
}

TEST_F(ShadowTest, AFailingSetupLeavesNoScratchDatabase) {
  const std::string url = test::test_url();
  auto server = connect(url);
  ASSERT_FALSE(Shadow::open(with_setup("nonsense", {.shadow_url = url})));
  EXPECT_EQ(value_of(server, scratch_databases), "0");
}

}  // namespace
}  // namespace candor::engine
