// The list of codes and the pages of docs/errors say the same, in both directions.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "base/codes.h"

namespace candor {
namespace {

const std::filesystem::path folder = std::filesystem::path(CANDOR_SOURCE_DIR) / "docs" / "errors";

struct Page {
  std::string heading;
  int lines_of_text = 0;
};

Page read_page(const std::filesystem::path& path) {
  Page page;
  std::ifstream file(path);
  std::getline(file, page.heading);
  for (std::string line; std::getline(file, line);) page.lines_of_text += line.empty() ? 0 : 1;
  return page;
}

TEST(ErrorPages, EveryCodeHasAPageUnderItsTitle) {
  ASSERT_FALSE(all_codes().empty());
  for (const Code& code : all_codes()) {
    const Page page = read_page(folder / (std::string(code.id) + ".md"));
    EXPECT_EQ(page.heading, "# " + std::string(code.id) + ": " + std::string(code.title));
    EXPECT_GE(page.lines_of_text, 3) << code.id << " does not say what happened, why, and what to do";
  }
}

TEST(ErrorPages, EveryPageHasACode) {
  int pages = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".md" || entry.path().stem() == "README") continue;
    pages++;
    EXPECT_NE(find_code(entry.path().stem().string()), nullptr)
        << entry.path() << " explains a code that does not exist";
  }
  EXPECT_EQ(static_cast<std::size_t>(pages), all_codes().size());
}

TEST(ErrorPages, CodesAscend) {
  std::string_view last;
  for (const Code& code : all_codes()) {
    EXPECT_LT(last, code.id);
    last = code.id;
  }
}

}  // namespace
}  // namespace candor
