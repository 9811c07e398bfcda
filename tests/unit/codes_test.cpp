#include "base/codes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "base/file.h"

namespace candor {
namespace {

/// The ids as they stand in the header's text: the second witness against which the list is held.
std::vector<std::string> ids_in_header() {
  const auto header = read_file(CANDOR_SOURCE_DIR "/src/base/codes.h");
  std::vector<std::string> ids;
  if (!header) return ids;
  const std::regex row(R"re(\{"(C\d+)")re");
  for (std::sregex_iterator at(header->begin(), header->end(), row), end; at != end; ++at)
    ids.push_back((*at)[1]);
  return ids;
}

TEST(Codes, TheListHoldsEveryRowOfTheHeaderInOrder) {
  std::vector<std::string> listed;
  for (const Code& code : all_codes()) listed.emplace_back(code.id);
  EXPECT_GT(listed.size(), 50u);
  EXPECT_EQ(listed, ids_in_header());
}

TEST(Codes, IdsRiseAndTitlesReadAsTitles) {
  std::string_view before;
  for (const Code& code : all_codes()) {
    EXPECT_LT(before, code.id);
    EXPECT_EQ(code.id.size(), 5u) << code.id;
    EXPECT_FALSE(code.title.empty()) << code.id;
    EXPECT_FALSE(code.title.ends_with('.')) << code.id;
    before = code.id;
  }
}

TEST(Codes, FindCode) {
  EXPECT_EQ(find_code("C0105")->title, codes::connection_lost.title);
  EXPECT_EQ(find_code("c0105"), find_code("C0105"));
  for (const std::string_view unknown : {"", "C", "C010", "C01055", "0105", "C9999", "D0105"}) {
    EXPECT_EQ(find_code(unknown), nullptr) << unknown;
  }
}

}  // namespace
}  // namespace candor
