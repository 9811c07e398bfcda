// What Sqitch would write of a plan. The ids and rows are those that sqitch 1.3.1 wrote of the same plan.
#include "history/ledgers/sqitch_rows.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace candor::history {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view plan_text = R"(%syntax-version=1.0.0
%project=shop
%uri=https://example.org/shop

users 2026-01-02T03:04:05Z Ada Lovelace <ada@example.org> # people\nand more \\ than that
@v1 2026-01-02T04:00:00Z Ada Lovelace <ada@example.org> # first release
posts [users@v1 !other:legacy] 2026-02-03T04:05:06Z Åse <ase@example.org>
@v2 2026-02-03T05:00:00Z Ada Lovelace <ada@example.org>
users [users@v2 posts] 2026-03-04T05:06:07Z Ada Lovelace <ada@example.org> # again
)";
const std::string users = "ce99048b7d0436edfa960cdabdc5439f9b5ffc7f";
const std::string posts = "cbf2c792e98086e51068396eb472095b5d13649f";
const std::string users_again = "021d3c51069c5767eca7397f14c95521595d2632";

SqitchPlan plan() {
  const fs::path folder = fs::temp_directory_path() / ("candor-sqitch-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  std::ofstream(folder / plan_name, std::ios::binary) << plan_text;
  const auto read = read_plan(folder);
  fs::remove_all(folder);
  EXPECT_TRUE(read.has_value());
  return read.value_or(SqitchPlan());
}

/// The parameters of the statements that write into `table`.
std::vector<pg::Params> rows_into(const std::string& table, std::size_t index) {
  const SqitchPlan read = plan();
  std::vector<pg::Params> found;
  for (const ForeignStatement& row : sqitch_rows(read, sqitch_ids(read), index, "script"))
    if (row.sql.starts_with("INSERT INTO {schema}." + table + " ")) found.push_back(row.params);
  return found;
}

TEST(SqitchRows, IdsAreMadeOfThePlan) {
  EXPECT_EQ(sqitch_ids(plan()), (std::vector<std::string>{users, posts, users_again}));
}

TEST(SqitchRows, AChangeHasWhatThePlanSaysOfIt) {
  const auto changes = rows_into("changes", 0);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes.front(),
            (pg::Params{users, "script", "users", "shop", "people\nand more \\ than that", "Candor",
                        "candor@localhost", "2026-01-02T03:04:05Z", "Ada Lovelace", "ada@example.org"}));
  EXPECT_EQ(rows_into("changes", 1).front().at(8), "Åse");
}

TEST(SqitchRows, TagsStandBehindTheirChange) {
  const auto first = rows_into("tags", 0), second = rows_into("tags", 1);
  ASSERT_EQ(first.size(), 1U);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(first.front().at(0), "8ca405bce0795de813f8ff124e211f324e90abb2");
  EXPECT_EQ(first.front().at(1), "@v1");
  EXPECT_EQ(first.front().at(4), "first release");
  EXPECT_EQ(second.front().at(0), "56b0247f7b74488aab7a03b4cfd0862c911ecdfc");
  EXPECT_TRUE(rows_into("tags", 2).empty());
}

TEST(SqitchRows, DependenciesAreThoseOfTheTimeOfTheTag) {
  EXPECT_EQ(rows_into("dependencies", 1),
            (std::vector<pg::Params>{{posts, "users@v1", users}, {posts, "other:legacy"}}));
  EXPECT_EQ(rows_into("dependencies", 2),
            (std::vector<pg::Params>{{users_again, "users@v2", users}, {users_again, "posts", posts}}));
}

TEST(SqitchRows, TheEventTellsAllOfIt) {
  const auto events = rows_into("events", 1);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events.front().at(4), R"({"users@v1"})");
  EXPECT_EQ(events.front().at(5), R"({"other:legacy"})");
  EXPECT_EQ(events.front().at(6), R"({"@v2"})");
}

}  // namespace
}  // namespace candor::history
