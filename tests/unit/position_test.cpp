#include <gtest/gtest.h>

#include <string>

#include "sql/script.h"

using candor::sql::position_of;

namespace {

struct Case {
  const char* name;
  std::string text;
  std::size_t offset;
  int line, column;
  std::string shown;
};

const Case cases[] = {
    {"start", "ab\ncd", 0, 1, 1, "ab"},
    {"inside", "ab\ncd", 4, 2, 2, "cd"},
    {"on the newline", "ab\ncd", 2, 1, 3, "ab"},
    {"end of text", "ab\ncd", 5, 2, 3, "cd"},
    {"beyond the end", "ab", 99, 1, 3, "ab"},
    {"after the last newline", "ab\n", 3, 2, 1, ""},
    {"CRLF", "ab\r\ncd\r\n", 5, 2, 2, "cd"},
    {"characters, not bytes", "éé x", 5, 1, 4, "éé x"},
    {"empty text", "", 0, 1, 1, ""},
    {"a tab is one character", "\tx", 1, 1, 2, "\tx"},
    {"invalid UTF-8",
     "a\xff"
     "b",
     2, 1, 6, "a\\xFFb"},
    {"terminal escapes", "a\x1b[2Jb", 5, 1, 9, "a\\x1B[2Jb"},
    {"200 characters stay whole", std::string(200, 'a'), 150, 1, 151, std::string(200, 'a')},
    {"long, at its beginning", std::string(300, 'a'), 5, 1, 6, std::string(200, 'a') + "…"},
    {"long, in its middle", std::string(200, 'a') + "X" + std::string(300, 'b'), 200, 1, 102,
     "…" + std::string(100, 'a') + "X" + std::string(99, 'b') + "…"},
    {"long, at its end", std::string(300, 'a') + "X", 300, 1, 102, "…" + std::string(100, 'a') + "X"},
};

TEST(Position, Of) {
  for (const Case& c : cases) {
    const auto position = position_of("m.sql", c.text, c.offset);
    EXPECT_EQ(position.file, "m.sql") << c.name;
    EXPECT_EQ(position.line, c.line) << c.name;
    EXPECT_EQ(position.column, c.column) << c.name;
    EXPECT_EQ(position.text, c.shown) << c.name;
  }
}

}  // namespace
