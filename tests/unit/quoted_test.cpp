#include "base/quoted.h"

#include <gtest/gtest.h>

namespace candor {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

TEST(Quoted, EscapesWhatBreaksALineOrHides) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", R"("")"},
      {"plain", R"("plain")"},
      {"a\nb\r\t\b\f", R"("a\nb\r\t\b\f")"},
      {"\"\\/", R"("\"\\/")"},
      {"\x01\x1f\x7f", R"("\u0001\u001f\u007f")"},
      {"grün 🐘", "\"grün 🐘\""},
      {"\xc2\x85", R"("\u0085")"},           // next line
      {"\xe2\x80\xa8", R"("\u2028")"},       // line separator
      {"\xe2\x80\xae", R"("\u202e")"},       // right-to-left override
      {"\xef\xbb\xbf", R"("\ufeff")"},       // byte-order mark
      {"\xff\xe2\x80", "\"\xff\xe2\x80\""},  // no UTF-8: kept
  };
  for (const auto& [text, spelled] : cases) {
    EXPECT_EQ(quoted(text), spelled);
    std::string_view rest = spelled;
    std::string scratch;
    std::string_view value;
    ASSERT_TRUE(take_quoted(rest, scratch, value)) << spelled;
    EXPECT_EQ(value, text);
    EXPECT_TRUE(rest.empty());
  }
}

TEST(Quoted, AcceptsOneSpellingOnly) {
  for (const std::string_view text :
       {"", "a", "\"", "\"a", R"("a\")", R"("\/")", R"("\u0041")", R"("\u000a")", R"("\u007F")", R"("\x")",
        R"("\u12)", "\"a\nb\"", "\"\xe2\x80\xa8\"", R"("\ud83d\udc18")"}) {
    std::string_view rest = text;
    std::string scratch;
    std::string_view value;
    EXPECT_FALSE(take_quoted(rest, scratch, value)) << text;
    EXPECT_EQ(rest, text);
  }
}

struct WordCase {
  std::string_view text;
  bool taken;
  std::string_view value;
  std::string_view rest;
};

TEST(Word, IsBareOrQuoted) {
  const WordCase cases[] = {
      {"bigint not_null=true", true, "bigint", " not_null=true"},
      {"now() x", true, "now()", " x"},
      {"a->b", true, "a", "->b"},
      {"a-->b", true, "a-", "->b"},
      {R"("a b"->c)", true, "a b", "->c"},
      {R"("")", true, "", ""},
      {R"("bare")", false, "", ""},
      {"", false, "", ""},
      {" a", false, "", ""},
      {"->b", false, "", ""},
      {"=", false, "", ""},
  };
  for (const WordCase& c : cases) {
    std::string_view rest = c.text;
    std::string scratch;
    std::string_view value;
    EXPECT_EQ(take_word(rest, scratch, value), c.taken) << c.text;
    EXPECT_EQ(rest, c.taken ? c.rest : c.text);
    if (c.taken) {
      EXPECT_EQ(value, c.value);
    }
  }
}

}  // namespace
}  // namespace candor
