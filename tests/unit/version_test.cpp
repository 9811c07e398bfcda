#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "history/migration.h"

using candor::history::Version;

namespace {

TEST(Version, Order) {
  const std::vector<std::string> ascending{
      "",
      "0",
      "1",
      "0002",
      "3.9",
      "3.10",
      "3.11.1",
      "21",
      "099",
      "100",
      "20150101",
      "20141002195939",
      "20170923182408",
      "20251119091444",
      "202511190914440000",
      "202511190914440001",
      "20251119091445",
      "R__10_x",
      "R__9_x",
      "R__B",
      "R__a_b",
      "R__a1",
  };
  for (std::size_t i = 0; i < ascending.size(); ++i)
    for (std::size_t j = 0; j < ascending.size(); ++j)
      EXPECT_EQ(Version(ascending[i]) <=> Version(ascending[j]), i <=> j)
          << ascending[i] << " and " << ascending[j];
}

TEST(Version, Equal) {
  const std::pair<const char*, const char*> pairs[] = {
      {"21", "0021"}, {"0", "000"}, {"3.9", "3.9.0"}, {"1_2", "1.2"}};
  for (const auto& [a, b] : pairs) EXPECT_EQ(Version(a), Version(b)) << a << " and " << b;
  EXPECT_NE(Version(""), Version("0"));
}

TEST(Version, NumbersOfAnyLength) {
  EXPECT_LT(Version(std::string(30, '9')), Version("1" + std::string(30, '0')));
  EXPECT_LT(Version("99999999999999"), Version("100000000000000"));
  EXPECT_LT(Version("2" + std::string(40, '0')), Version("2" + std::string(39, '0') + "1"));
}

TEST(Version, ImpossibleTimestampsAreNumbersLikeOthers) {
  EXPECT_LT(Version("20250695120000"), Version("20250701000000"));
  EXPECT_LT(Version("20250630519590"), Version("20250630519591"));
}

TEST(Version, OrderIsTransitive) {
  std::vector<Version> versions;
  for (const char* text : {"999999999999999", "202607301400000000", "20270101000000", "7", "20260730140000",
                           "99999999999999999999", "a", "1.b", "1.2"})
    versions.emplace_back(text);
  std::ranges::sort(versions);
  for (std::size_t i = 0; i < versions.size(); ++i)
    for (std::size_t j = i + 1; j < versions.size(); ++j)
      EXPECT_LT(versions[i], versions[j]) << versions[i].text() << " and " << versions[j].text();
}

}  // namespace
