#include <gtest/gtest.h>

#include <string>

#include "base/sha256.h"
#include "history/migration.h"

using candor::history::checksum_of;

namespace {

std::string plain(std::string_view text) {
  return "sha256:" + candor::hex(candor::sha256(text));
}

TEST(Checksum, KnownValue) {
  EXPECT_EQ(checksum_of(""), "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Checksum, LineEndsAndByteOrderMarkDoNotMatter) {
  const struct {
    const char* name;
    std::string text, reads_as;
  } cases[] = {
      {"LF", "a\nb\n", "a\nb\n"},
      {"CRLF", "a\r\nb\r\n", "a\nb\n"},
      {"mixed", "a\r\nb\n", "a\nb\n"},
      {"byte-order mark",
       "\xEF\xBB\xBF"
       "a\n",
       "a\n"},
      {"both",
       "\xEF\xBB\xBF"
       "a\r\n",
       "a\n"},
      {"CR alone stays", "a\rb\r", "a\rb\r"},
      {"CR before CRLF stays", "a\r\r\n", "a\r\n"},
      {"a mark further down stays", "a\xEF\xBB\xBF", "a\xEF\xBB\xBF"},
      {"CRLF alone", "\r\n", "\n"},
  };
  for (const auto& c : cases) EXPECT_EQ(checksum_of(c.text), plain(c.reads_as)) << c.name;
}

TEST(Checksum, EveryOtherByteMatters) {
  EXPECT_NE(checksum_of("a\n"), checksum_of("a"));
  EXPECT_NE(checksum_of("a "), checksum_of("a"));
  EXPECT_NE(checksum_of("-- a\n"), checksum_of(""));
}

}  // namespace
