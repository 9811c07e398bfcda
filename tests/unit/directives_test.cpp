#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "history/migration.h"

using namespace candor;
using namespace candor::history;

namespace {

struct Read {
  Directives directives;
  std::vector<Finding> findings;
};

Read read(std::string_view text) {
  Read result;
  result.directives = read_directives(text, "1_a.sql", result.findings);
  return result;
}

TEST(Directives, All) {
  const auto [directives, findings] = read(
      "\xEF\xBB\xBF-- A licence.\r\n/* nested /* block */\n-- candor:expect false */\n"
      "-- candor:no-transaction\r\n--candor:lock-timeout 3s\n  --  candor:statement-timeout\t10min \n"
      "-- candor:varies public.v1_dag_*\n-- candor:varies table a b\n"
      "-- candor:expect (select count(*) from t) > 0;\nselect 1;\n");
  EXPECT_TRUE(findings.empty()) << findings[0].what.message;
  EXPECT_TRUE(directives.no_transaction);
  EXPECT_EQ(directives.lock_timeout, "3s");
  EXPECT_EQ(directives.statement_timeout, "10min");
  EXPECT_EQ(directives.varies, (std::vector<std::string>{"public.v1_dag_*", "table a b"}));
  EXPECT_EQ(directives.expect, std::vector<std::string>{"(select count(*) from t) > 0"});
}

TEST(Directives, None) {
  for (const char* text :
       {"", "select 1;", "-- a comment\n", "-- Candor is a tool\n", "/* -- candor:no-transaction */"}) {
    const auto [directives, findings] = read(text);
    EXPECT_TRUE(findings.empty()) << text;
    EXPECT_FALSE(directives.no_transaction) << text;
  }
}

struct Bad {
  const char* text;
  Severity severity;
  int line, column;
  const char* says;  ///< in message or hint
};

const Bad bad_cases[] = {
    {"-- candor:no-transactoin", Severity::error, 1, 4, "did you mean -- candor:no-transaction?"},
    {"\n-- candor:timeout 3s", Severity::error, 2, 4, "there is no directive \"timeout\""},
    {"-- candor:frobnicate", Severity::error, 1, 4, "use one of no-transaction, lock-timeout"},
    {"-- candor: no-transaction", Severity::error, 1, 4, "without spaces"},
    {"-- Candor:no-transaction", Severity::error, 1, 4, "lower case"},
    {"-- candor:", Severity::error, 1, 4, "candor:NAME"},
    {"-- candor:no-transaction yes", Severity::error, 1, 4, "takes no value"},
    {"-- candor:lock-timeout", Severity::error, 1, 4, "lacks a duration"},
    {"-- candor:lock-timeout 3 s", Severity::error, 1, 4, "lacks a duration"},
    {"-- candor:lock-timeout 3m", Severity::error, 1, 4, "lacks a duration"},
    {"-- candor:lock-timeout -1", Severity::error, 1, 4, "lacks a duration"},
    {"-- candor:lock-timeout 1.5s", Severity::error, 1, 4, "lacks a duration"},
    {"-- candor:lock-timeout 3s; drop table t", Severity::error, 1, 4, "lacks a duration"},
    {"-- candor:lock-timeout 3s\n-- candor:lock-timeout 4s", Severity::error, 2, 4, "given twice"},
    {"-- candor:varies", Severity::error, 1, 4, "lacks its value"},
    {"-- candor:expect ", Severity::error, 1, 4, "lacks its value"},
    {"-- candor:repeatable", Severity::error, 1, 4, "not supported"},
    {"-- candor:a\x1b[2J", Severity::error, 1, 4, "\\x1B"},
    {"select 1;\n-- candor:no-transaction", Severity::warning, 2, 4, "does not count"},
    {"select 1\n  -- candor:no-transaction\n;", Severity::warning, 2, 6, "does not count"},
};

TEST(Directives, Findings) {
  for (const Bad& c : bad_cases) {
    const auto [directives, findings] = read(c.text);
    ASSERT_EQ(findings.size(), 1u) << c.text;
    const Error& error = findings[0].what;
    EXPECT_EQ(error.code.id, "C0305") << c.text;
    EXPECT_EQ(findings[0].severity, c.severity) << c.text;
    ASSERT_TRUE(error.where) << c.text;
    EXPECT_EQ(error.where->line, c.line) << c.text;
    EXPECT_EQ(error.where->column, c.column) << c.text;
    EXPECT_NE((error.message + " | " + error.hint).find(c.says), std::string::npos)
        << c.text << ": " << error.message << " | " << error.hint;
    EXPECT_FALSE(directives.no_transaction) << c.text;
  }
}

TEST(Directives, TextThatOnlyLooksLikeALateOne) {
  for (const char* text :
       {"do $$\n-- candor:repeatable\n$$;", "select '\n-- candor:repeatable\n';",
        "copy t from stdin;\n-- candor:repeatable\n\\.\n", "select 1; -- see candor:repeatable"})
    EXPECT_TRUE(read(text).findings.empty()) << text;
}

TEST(Directives, Durations) {
  for (const char* value : {"0", "500", "1us", "1ms", "1s", "1min", "1h", "1d"}) {
    const auto [directives, findings] = read(std::string("-- candor:lock-timeout ") + value);
    EXPECT_TRUE(findings.empty()) << value;
    EXPECT_EQ(directives.lock_timeout, value);
  }
}

}  // namespace
