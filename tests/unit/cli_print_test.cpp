// What people see of errors and differences: evidence, a caret in the right place, and never a control
// character.
#include <gtest/gtest.h>

#include "cli/print_difference.h"
#include "cli/print_error.h"
#include "cli/print_verification.h"
#include "cli/width.h"

namespace candor::cli {
namespace {

using catalog::Difference;
using catalog::Kind;

const Paint plain = [](Style, std::string_view text) { return std::string(text); };

TEST(PrintError, EvidenceThenHint) {
  const Error error{
      .code = codes::statement_failed,
      .message = "migration 0007_x failed: column \"y\" does not exist",
      .sqlstate = "42703",
      .detail = "first\nsecond",
      .where =
          SourcePosition{.file = "0007_x.sql", .line = 12, .column = 20, .text = "ALTER TABLE t DROP y;"},
      .hint = "correct the migration"};
  EXPECT_EQ(format_error(error, plain),
            "error C0501: migration 0007_x failed: column \"y\" does not exist\n"
            "  SQLSTATE 42703\n"
            "  first\n"
            "  second\n"
            "  0007_x.sql:12:20\n"
            "    12 | ALTER TABLE t DROP y;\n"
            "       |                    ^\n"
            "  hint: correct the migration");
}

TEST(PrintError, OnlyWhatIsKnown) {
  const Error error{.code = codes::unreachable, .message = "no route"};
  EXPECT_EQ(format_error(error, plain), "error C0101: no route");
}

TEST(PrintError, ALineWithoutAColumnHasNoCaret) {
  const Error error{.code = codes::config_invalid,
                    .message = "m",
                    .where = SourcePosition{.file = "candor.toml", .line = 3, .column = 0, .text = "x = "}};
  EXPECT_EQ(format_error(error, plain), "error C0002: m\n  candor.toml:3\n    3 | x = ");
}

TEST(PrintError, NothingReachesTheTerminalThatCouldSteerIt) {
  const Error error{.code = codes::query_failed,
                    .message = "relation \"\033]0;owned\007\" does not exist",
                    .detail =
                        "\xC2\x9B"
                        "2J",
                    .where = SourcePosition{.file = "a\033b.sql", .line = 1, .column = 3, .text = "\033[2Jx"},
                    .hint = "\r\033[K"};
  const std::string text = format_error(error, plain);
  EXPECT_EQ(text.find('\033'), std::string::npos) << text;
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_EQ(text.find('\007'), std::string::npos);
  EXPECT_EQ(text.find("\xC2\x9B"), std::string::npos);
}

TEST(PrintError, FindingsAreHeadedByTheirSeverity) {
  const Finding finding{Severity::warning, Error{.code = codes::version_gap, .message = "0004 is missing"}};
  EXPECT_EQ(format_finding(finding, plain), "warning C0308: 0004 is missing");
}

TEST(Width, TheCaretStandsUnderItsCharacter) {
  struct Case {
    std::string_view name, line;
    int column;
    std::string_view text, indent;
  };
  const Case cases[] = {
      {"first character", "select", 1, "select", ""},
      {"ASCII", "select x", 8, "select x", "       "},
      {"behind the end", "ab", 3, "ab", "  "},
      {"tabs stay tabs", "\ta\tb", 4, "\ta\tb", "\t \t"},
      {"two bytes, one column", "größe x", 7, "größe x", "      "},
      {"wide characters", "表x", 2, "表x", "  "},
      {"emoji", "'🎉' x", 5, "'🎉' x", "     "},
      {"combining marks have no column", "e\u0301x", 3, "e\u0301x", " "},
      {"control characters are shown escaped", "a\033b", 3,
       "a\\x1B"
       "b",
       "     "},
      {"invalid bytes too",
       "a\xFF"
       "b",
       3,
       "a\\xFF"
       "b",
       "     "},
  };
  for (const Case& c : cases) {
    const MarkedLine marked = mark_column(c.line, c.column);
    EXPECT_EQ(marked.text, c.text) << c.name;
    EXPECT_EQ(marked.indent, c.indent) << c.name;
  }
}

TEST(Width, TextIsCutBetweenCharacters) {
  EXPECT_EQ(cut_to_width("abc", 2), "ab");
  EXPECT_EQ(cut_to_width("a表b", 2), "a");
  EXPECT_EQ(cut_to_width("a表b", 3), "a表");
  EXPECT_EQ(cut_to_width("abc", 10), "abc");
  EXPECT_EQ(display_width("größe表"), 7u);
}

Difference column_differs(std::string expected, std::string found) {
  return {.id = {.kind = Kind::column,
                 .schema = Text("public"),
                 .relation = Text("users"),
                 .name = Text("email")},
          .attribute = "default",
          .expected = std::move(expected),
          .found = std::move(found),
          .nature = Difference::Nature::altered};
}

TEST(PrintDifference, OneLineWhereItFits) {
  EXPECT_EQ(format_difference(column_differs("now()", ""), plain),
            "altered   column public.users.email: default is not set, expected now()");
}

TEST(PrintDifference, LongAndManyLinedTextsAreBlocks) {
  EXPECT_EQ(format_difference(column_differs("SELECT 1\nFROM a", ""), plain),
            "altered   column public.users.email: default\n"
            "  expected\n"
            "    SELECT 1\n"
            "    FROM a\n"
            "  found\n"
            "    (not set)");
  const std::string text = format_difference(column_differs(std::string(61, 'x'), "y"), plain);
  EXPECT_NE(text.find("\n  expected\n    xxx"), std::string::npos) << text;
}

TEST(PrintDifference, AWholeObject) {
  const Difference difference{
      .id = {.kind = Kind::index, .schema = Text("public"), .relation = Text("t"), .name = Text("we\nird")},
      .nature = Difference::Nature::missing};
  EXPECT_EQ(format_difference(difference, plain), "missing   index public.t.\"we\\nird\"");
}

TEST(PrintDifference, AnObjectAheadOfItsMigration) {
  const Difference difference{.id = {.kind = Kind::table, .schema = Text("public"), .name = Text("t")},
                              .nature = Difference::Nature::notice};
  EXPECT_EQ(format_difference(difference, plain), "ahead     table public.t");
}

TEST(PrintVerification, ObjectsAheadAreNotCountedAsProduced) {
  engine::Verification verification;
  verification.verdict = catalog::Verdict::is_true;
  verification.compared = true;
  verification.comparison.objects = 3;
  verification.comparison.notices = {
      {.id = {.kind = Kind::table, .schema = Text("public"), .name = Text("t")},
       .nature = Difference::Nature::notice}};
  EXPECT_EQ(verdict_line(verification),
            "true: 2 objects are what 0 migrations produce; 1 object of pending migrations already there");
}

TEST(PrintVerification, WithoutALockNothingIsTrue) {
  engine::Verification verification;
  EXPECT_EQ(verdict_line(verification), "unproven: nothing was compared: there is no candor.lock");
  verification.lock_major = 15;
  EXPECT_EQ(verdict_line(verification),
            "unproven: nothing was compared: candor.lock does not know what the ledger records");
  EXPECT_EQ(exit_code_of(verification, {}), 1);
  EXPECT_EQ(exit_code_of(verification, {.accept_unproven = true}), 0);
}

TEST(PrintDifference, AnObjectThatHasNoNameIsToldByWhatItHas) {
  const Difference cast{.id = {.kind = Kind::cast, .arguments = Text("public.a as text")},
                        .nature = Difference::Nature::extra};
  EXPECT_EQ(format_difference(cast, plain), "extra     cast (public.a as text)");
}

TEST(PrintDifference, ACatalogThatMayNotBeRead) {
  const Difference difference{.id = {.kind = Kind::policy},
                              .expected = "3 objects",
                              .found = "permission denied for table pg_policy",
                              .nature = Difference::Nature::unproven};
  EXPECT_EQ(format_difference(difference, plain),
            "unproven  3 objects of kind policy cannot be read: permission denied for table pg_policy");
}

}  // namespace
}  // namespace candor::cli
