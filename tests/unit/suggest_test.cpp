#include "base/suggest.h"

#include <gtest/gtest.h>

#include <array>

namespace {

constexpr std::array<std::string_view, 5> commands{"status", "up", "down", "verify", "no-transaction"};

TEST(Suggest, Closest) {
  const std::pair<const char*, const char*> cases[] = {
      {"status", "status"},
      {"stauts", "status"},
      {"statu", "status"},
      {"statuss", "status"},
      {"STATUS", "status"},
      {"verfiy", "verify"},
      {"dwon", "down"},
      {"no_transaction", "no-transaction"},
      {"notransaction", "no-transaction"},
      {"xyzzy", ""},
      {"", ""},
      {"u", "up"},
      {"q", ""},
      {"stop", ""},
  };
  for (const auto& [word, meant] : cases) EXPECT_EQ(candor::closest(word, commands), meant) << word;
  EXPECT_EQ(candor::closest("status", {}), "");
  EXPECT_EQ(candor::closest(std::string(1'000'000, 'x'), commands), "");
}

}  // namespace
