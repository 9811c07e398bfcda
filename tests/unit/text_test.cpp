#include "base/text.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace candor {
namespace {

TEST(Text, EqualStringsAreOnePointer) {
  const std::string name = "users";
  EXPECT_EQ(Text("users"), Text(name));
  EXPECT_EQ(&Text("users").str(), &Text(name).str());
  EXPECT_NE(Text("users"), Text("user"));
  EXPECT_EQ(Text(), Text(""));
  EXPECT_TRUE(Text("").empty());
  EXPECT_EQ(Text(std::string_view("a\0b", 3)).view().size(), 3u);
  EXPECT_NE(Text(std::string_view("a\0b", 3)), Text("a"));
}

TEST(Text, OrderIsBytewise) {
  EXPECT_LT(Text("Z"), Text("a"));
  EXPECT_LT(Text("a"), Text("ab"));
  EXPECT_LT(Text("z"), Text("é"));
  EXPECT_LT(Text(), Text("a"));
}

TEST(Text, SurvivesTheGrowthOfThePool) {
  std::vector<Text> texts;
  for (int i = 0; i < 50000; ++i) texts.emplace_back("growth_" + std::to_string(i));
  for (int i = 0; i < 50000; ++i) {
    const std::string name = "growth_" + std::to_string(i);
    ASSERT_EQ(texts[static_cast<std::size_t>(i)].view(), name);
    ASSERT_EQ(texts[static_cast<std::size_t>(i)], Text(name));
  }
}

TEST(Text, ThreadsAgree) {
  std::vector<std::vector<Text>> seen(4);
  std::vector<std::thread> threads;
  for (auto& texts : seen) {
    threads.emplace_back([&texts] {
      for (int i = 0; i < 20000; ++i) texts.emplace_back("shared_" + std::to_string(i));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& texts : seen) EXPECT_EQ(texts, seen[0]);
}

}  // namespace
}  // namespace candor
