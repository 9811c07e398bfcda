/// up on a server of another major than the lock's.
#include <gtest/gtest.h>

#include "engine/apply.h"
#include "integration/project.h"

namespace candor::engine {
namespace {

using test::connect;
using test::must;
using test::TestProject;
using test::told;

constexpr std::string_view users = "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\n";

/// What is true on other majors, and what is not.
class OtherMajor : public testing::TestWithParam<int> {};

constexpr std::string_view views =
    "CREATE VIEW years AS SELECT id, extract(year FROM now()) AS y FROM users;\n"
    "CREATE VIEW adults AS SELECT u.id, u.email FROM users u WHERE u.id > 18;\n";

TEST_P(OtherMajor, ViewsAreWitnessedAndThenTrue) {
  TestProject project;
  project.write("1_users.sql", users);
  project.write("2_views.sql", views);
  project.lock();
  const std::string url = test::test_url(GetParam());
  const auto up = project.up(url);
  EXPECT_EQ(up.applied, "1 read, 2 read") << told(up.error);
  EXPECT_EQ(up.verdict, "true");
  EXPECT_EQ(project.verdict(url), "true");

  auto db = connect(url);
  must(db.query("CREATE OR REPLACE VIEW adults AS SELECT u.id, u.email FROM users u WHERE u.id > 21"),
       "replacing");
  EXPECT_NE(project.verdict(url), "true");
  must(db.query("CREATE OR REPLACE VIEW years AS SELECT id, extract(month FROM now()) AS y FROM users"),
       "replacing");
  EXPECT_EQ(project.verdict(url), "differs");
}

TEST_P(OtherMajor, AViewThatWasThereBeforeIsNotWitnessed) {
  TestProject project;
  project.write("1_users.sql", users);
  project.write("2_views.sql",
                "DO $$ BEGIN IF to_regclass('adults') IS NULL THEN"
                " CREATE VIEW adults AS SELECT id, email FROM users WHERE id > 18; END IF; END $$;\n");
  project.lock();
  const std::string url = test::test_url(GetParam());
  ASSERT_EQ(project.up(url, {.to = history::Version("1")}).verdict, "true");
  auto db = connect(url);
  must(db.query("CREATE VIEW adults AS SELECT id, email FROM users WHERE id > 21"), "another view");
  project.settings.drift = DriftPolicy::warn;
  const auto up = project.up(url);
  EXPECT_TRUE(up.verdict == "unproven" || up.verdict == "differs" || up.code == "C0502")
      << up.verdict << up.code << up.applied;
  EXPECT_NE(project.verdict(url), "true");
}

TEST_P(OtherMajor, TheLocksOwnFormsProve) {
  TestProject project;
  project.write("1_users.sql", users);
  project.write("2_views.sql", views);
  project.lock({.other_servers = {GetParam()}});
  const std::string url = test::test_url(GetParam());
  const auto up = project.up(url);
  EXPECT_EQ(up.applied, "1 counted, 2 counted") << told(up.error);
  EXPECT_EQ(up.verdict, "true");
}

INSTANTIATE_TEST_SUITE_P(Apply, OtherMajor, testing::Values(13, 18),
                         [](const auto& tested) { return fmt::format("of_{}", tested.param); });

}  // namespace
}  // namespace candor::engine
