/// The public header in a program's hands: the same verdicts and codes as the command line's.
#include <candor/candor.h>
#include <gtest/gtest.h>

#include "integration/project.h"

namespace candor {
namespace {

using test::TestProject;

struct Fixture {
  Fixture() {
    project.write("1_users.sql", "CREATE TABLE users (id int PRIMARY KEY);\n");
    project.write("2_email.sql", "ALTER TABLE users ADD email text;\n");
    project.lock();
  }
  TestProject project;
  Options options{.migrations = project.folder(), .url = test::home_url()};
};

TEST(Api, AppliesAndVerifies) {
  const Fixture fixture;
  std::string told_of;
  UpOptions first{.to = "1", .on_applied = [&](const std::string& version) { told_of += version + " "; }};
  const auto up_to_1 = up(fixture.options, first);
  ASSERT_TRUE(up_to_1) << up_to_1.error().message;
  EXPECT_EQ(up_to_1->applied, std::vector<std::string>{"1"});
  EXPECT_EQ(up_to_1->state.pending, 1U);
  EXPECT_EQ(told_of, "1 ");
  ASSERT_TRUE(up(fixture.options));
  const auto state = verify(fixture.options);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->verdict, Verdict::is_true);
  EXPECT_EQ(state->version, "2");
  EXPECT_GT(state->objects, 3U);
}

TEST(Api, ADifferenceIsAResultWithItsLine) {
  const Fixture fixture;
  ASSERT_TRUE(up(fixture.options));
  auto db = test::connect(fixture.options.url);
  test::must(db.query("ALTER TABLE users DROP email"), "drifting");
  const auto state = verify(fixture.options);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->verdict, Verdict::differs);
  ASSERT_EQ(state->differences.size(), 1U);
  EXPECT_NE(state->differences[0].find("public.users.email"), std::string::npos) << state->differences[0];
}

TEST(Api, AFailureHasItsCodeAndLeavesNothing) {
  const Fixture fixture;
  fixture.project.write("2_email.sql", "ALTER TABLE users ADD phone text;\n");
  const auto edited = up(fixture.options);
  ASSERT_FALSE(edited);
  EXPECT_EQ(edited.error().code, "C0408");
  EXPECT_FALSE(edited.error().hint.empty());
  const auto unreachable =
      verify({.migrations = fixture.project.folder(), .url = "postgresql://secret:pw@127.0.0.1:1/x"});
  ASSERT_FALSE(unreachable);
  EXPECT_EQ(unreachable.error().code, "C0101");
  EXPECT_EQ(unreachable.error().message.find("pw"), std::string::npos);
}

}  // namespace
}  // namespace candor
