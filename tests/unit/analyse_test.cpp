#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sql/first_words.h"
#include "sql/script.h"

using namespace candor::sql;

namespace {

struct Case {
  const char* sql;
  bool outside;
};

const Case outside_cases[] = {
    {"CREATE DATABASE d", true},
    {"DROP DATABASE d", true},
    {"ALTER DATABASE d SET TABLESPACE t", true},
    {"ALTER DATABASE d SET work_mem = 1", false},
    {"ALTER DATABASE d RENAME TO e", false},
    {"CREATE TABLESPACE t LOCATION '/x'", true},
    {"DROP TABLESPACE t", true},
    {"ALTER SYSTEM SET work_mem = 1", true},
    {"ALTER SYSTEM RESET ALL", true},
    {"VACUUM", true},
    {"vacuum full t", true},
    {"VACUUM (ANALYZE) t", true},
    {"ANALYZE t", false},
    {"CLUSTER", true},
    {"CLUSTER VERBOSE", true},
    {"CLUSTER t", false},
    {"CLUSTER t USING i", false},
    {"REINDEX DATABASE d", true},
    {"REINDEX SYSTEM d", true},
    {"REINDEX SCHEMA s", true},
    {"REINDEX TABLE t", false},
    {"REINDEX INDEX i", false},
    {"REINDEX TABLE CONCURRENTLY t", true},
    {"REINDEX (CONCURRENTLY) INDEX i", true},
    {"REINDEX (CONCURRENTLY false) INDEX i", false},
    {"REINDEX (VERBOSE) TABLE t", false},
    {"CREATE INDEX i ON t (a)", false},
    {"CREATE INDEX CONCURRENTLY i ON t (a)", true},
    {"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)", true},
    {"DROP INDEX i", false},
    {"DROP INDEX CONCURRENTLY i", true},
    {"ALTER TABLE t DETACH PARTITION p", false},
    {"ALTER TABLE t DETACH PARTITION p CONCURRENTLY", true},
    {"ALTER TABLE t DETACH PARTITION p FINALIZE", false},
    {"REFRESH MATERIALIZED VIEW CONCURRENTLY v", false},
    {"ALTER TYPE e ADD VALUE 'x'", false},
    {"CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p", true},
    {"CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p WITH (create_slot = false)", false},
    {"CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p WITH (connect = off)", false},
    {"CREATE SUBSCRIPTION s CONNECTION 'c' PUBLICATION p WITH (create_slot = true)", true},
    {"DROP SUBSCRIPTION s", true},
    {"ALTER SUBSCRIPTION s REFRESH PUBLICATION", true},
    {"ALTER SUBSCRIPTION s SET PUBLICATION p", true},
    {"ALTER SUBSCRIPTION s ADD PUBLICATION p WITH (refresh = false)", false},
    {"ALTER SUBSCRIPTION s DROP PUBLICATION p", true},
    {"ALTER SUBSCRIPTION s SET (failover = true)", true},
    {"ALTER SUBSCRIPTION s SET (two_phase = false)", true},
    {"ALTER SUBSCRIPTION s SET (two_phase = true)", false},
    {"ALTER SUBSCRIPTION s SET (slot_name = 'x')", false},
    {"ALTER SUBSCRIPTION s DISABLE", false},
    {"DISCARD ALL", true},
    {"DISCARD PLANS", false},
    {"COMMIT PREPARED 'x'", true},
    {"ROLLBACK PREPARED 'x'", true},
    {"PREPARE TRANSACTION 'x'", false},
    {"CREATE TABLE concurrently_made (vacuum int)", false},
    {"SELECT 'VACUUM'", false},
    {"TRUNCATE t", false},
    {"DO $$ BEGIN PERFORM 1; END $$", false},
};

TEST(Analyse, OutsideTransaction) {
  for (const Case& c : outside_cases) {
    const Analysis analysis = analyse(c.sql);
    EXPECT_TRUE(analysis.parsed) << c.sql << ": " << analysis.parse_error;
    EXPECT_EQ(analysis.outside_transaction, c.outside) << c.sql;
  }
}

TEST(Analyse, TheWordsAloneSayTheSame) {
  for (const Case& c : outside_cases) {
    const Analysis parsed = analyse(c.sql);
    Analysis words;
    judge_by_words(std::string("/* first */ ") + c.sql, words);
    EXPECT_EQ(words.outside_transaction, c.outside) << c.sql;
    EXPECT_EQ(words.control, parsed.control) << c.sql;
    EXPECT_EQ(words.changes_session, parsed.changes_session) << c.sql;
    EXPECT_EQ(words.concurrent_index, parsed.concurrent_index) << c.sql;
  }
}

TEST(Analyse, WhatTheGrammarDoesNotKnowIsJudgedByItsWords) {
  const Case cases[] = {
      {"REPACK (CONCURRENTLY) t", true},
      {"REPACK t", false},
      {"CLUSTER (VERBOSE)", true},
      {"CLUSTER (VERBOSE) FROM", false},
      {"VACUUM (SKIP_DATABASE_STATS) IN THE FUTURE", true},
      {"ALTER SUBSCRIPTION s REFRESH SEQUENCES", false},
      {"CREATE UNIQUE INDEX CONCURRENTLY ON t (a) WITH OVERLAPS", true},
      {"MERGE INTO t USING s ON a RETURNING a", false},
  };
  for (const Case& c : cases) {
    const Analysis analysis = analyse(c.sql);
    EXPECT_FALSE(analysis.parsed) << c.sql;
    EXPECT_FALSE(analysis.parse_error.empty()) << c.sql;
    EXPECT_EQ(analysis.outside_transaction, c.outside) << c.sql;
  }
}

TEST(Analyse, Control) {
  const std::pair<const char*, Control> cases[] = {
      {"BEGIN", Control::begin},
      {"begin isolation level serializable", Control::begin},
      {"START TRANSACTION", Control::begin},
      {"COMMIT", Control::commit},
      {"END", Control::commit},
      {"COMMIT AND CHAIN", Control::commit},
      {"ROLLBACK", Control::rollback},
      {"ABORT", Control::rollback},
      {"SAVEPOINT s", Control::savepoint},
      {"ROLLBACK TO s", Control::savepoint},
      {"ROLLBACK WORK TO SAVEPOINT s", Control::savepoint},
      {"RELEASE s", Control::savepoint},
      {"PREPARE TRANSACTION 'x'", Control::prepared},
      {"COMMIT PREPARED 'x'", Control::prepared},
      {"ROLLBACK PREPARED 'x'", Control::prepared},
      {"PREPARE p AS SELECT 1", Control::none},
      {"SELECT 1", Control::none},
  };
  for (const auto& [sql, control] : cases) {
    EXPECT_EQ(analyse(sql).control, control) << sql;
    Analysis words;
    judge_by_words(sql, words);
    EXPECT_EQ(words.control, control) << sql << " by its words";
  }
}

TEST(Analyse, Session) {
  EXPECT_TRUE(analyse("PREPARE p AS SELECT 1").changes_session);
  EXPECT_TRUE(analyse("DEALLOCATE ALL").changes_session);
  EXPECT_TRUE(analyse("DISCARD PLANS").changes_session);
  EXPECT_FALSE(analyse("PREPARE TRANSACTION 'x'").changes_session);
  EXPECT_FALSE(analyse("SELECT 1").changes_session);
}

TEST(Analyse, ConcurrentIndex) {
  struct {
    const char* sql;
    const char *schema, *table, *name;
  } const cases[] = {
      {"CREATE INDEX CONCURRENTLY i ON t (a)", "", "t", "i"},
      {"CREATE INDEX CONCURRENTLY ON s.t (a)", "s", "t", ""},
      {"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"My \"\"I\" ON ONLY \"S\".\"T\" (a)", "S", "T",
       "My \"I"},
      {"create index concurrently MyIndex on MyTable (a)", "", "mytable", "myindex"},
  };
  for (const auto& c : cases) {
    for (const char* unknown_to_15 : {"", " FROM THE FUTURE"}) {
      const Analysis analysis = analyse(std::string(c.sql) + unknown_to_15);
      EXPECT_EQ(analysis.parsed, *unknown_to_15 == '\0') << c.sql;
      EXPECT_TRUE(analysis.concurrent_index) << c.sql;
      EXPECT_EQ(analysis.index_schema, c.schema) << c.sql;
      EXPECT_EQ(analysis.index_table, c.table) << c.sql;
      EXPECT_EQ(analysis.index_name, c.name) << c.sql;
    }
  }
  EXPECT_FALSE(analyse("CREATE INDEX i ON t (a)").concurrent_index);
}

TEST(Analyse, Roles) {
  using Names = std::vector<std::string>;
  const std::pair<const char*, Names> cases[] = {
      {"ALTER TABLE t OWNER TO app", {"app"}},
      {"GRANT SELECT ON t TO a, \"B c\", PUBLIC, CURRENT_USER", {"a", "B c"}},
      {"GRANT parent TO child", {"child", "parent"}},
      {"REVOKE ALL ON t FROM a GRANTED BY b", {"a", "b"}},
      {"CREATE SCHEMA AUTHORIZATION a", {"a"}},
      {"CREATE SCHEMA s AUTHORIZATION a GRANT SELECT ON t TO b", {"b", "a"}},
      {"CREATE POLICY p ON t TO a, b USING (true)", {"a", "b"}},
      {"ALTER DEFAULT PRIVILEGES FOR ROLE a IN SCHEMA s GRANT SELECT ON TABLES TO b", {"a", "b"}},
      {"SET ROLE a", {"a"}},
      {"SET LOCAL ROLE 'a'", {"a"}},
      {"SET ROLE NONE", {}},
      {"RESET ROLE", {}},
      {"SET SESSION AUTHORIZATION a", {"a"}},
      {"SET SESSION AUTHORIZATION DEFAULT", {}},
      {"SET search_path = a", {}},
      {"REASSIGN OWNED BY a TO SESSION_USER", {"a"}},
      {"DROP ROLE a", {"a"}},
      {"DROP ROLE IF EXISTS a", {}},
      {"ALTER ROLE a SET search_path = x", {"a"}},
      {"COMMENT ON ROLE a IS 'x'", {"a"}},
      {"COMMENT ON TABLE a IS 'x'", {}},
      {"CREATE ROLE a", {}},
      {"CREATE USER a IN ROLE b", {"b"}},
      {"SELECT 1", {}},
  };
  for (const auto& [sql, roles] : cases) {
    Names found = analyse(sql).roles, expected = roles;
    std::ranges::sort(found), std::ranges::sort(expected);
    EXPECT_EQ(found, expected) << sql;
  }
  EXPECT_EQ(analyse("CREATE USER a IN ROLE b").created_roles, Names{"a"});
  EXPECT_EQ(analyse("ALTER ROLE a RENAME TO b").created_roles, Names{"b"});
  EXPECT_EQ(analyse("ALTER ROLE a RENAME TO b").roles, Names{"a"});
}

TEST(Analyse, Extensions) {
  EXPECT_EQ(analyse("CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" CASCADE").extensions,
            std::vector<std::string>{"uuid-ossp"});
  EXPECT_TRUE(analyse("DROP EXTENSION citext").extensions.empty());
}

TEST(Analyse, SyntaxErrorsSayWhere) {
  const std::string sql = "SELECT 'éé' FROM FROM t";
  const Analysis analysis = analyse(sql);
  EXPECT_FALSE(analysis.parsed);
  EXPECT_EQ(analysis.parse_error, "syntax error at or near \"FROM\"");
  EXPECT_EQ(analysis.parse_error_at, sql.rfind("FROM"));
}

TEST(Analyse, NulIsNotTheEndOfTheStatement) {
  const Analysis analysis = analyse(std::string_view("VACUUM\0; x", 10));
  EXPECT_FALSE(analysis.parsed);
  EXPECT_EQ(analysis.parse_error_at, 6u);
  EXPECT_TRUE(analysis.outside_transaction);
}

TEST(Analyse, Nothing) {
  EXPECT_TRUE(analyse("").parsed);
  EXPECT_TRUE(analyse("-- only a comment").parsed);
}

// At 4,500 levels the parser's helpers would leave a stack of 8 MiB.
TEST(Analyse, DeepNesting) {
  for (const char* level : {"not ", "- ", "1 + "}) {
    std::string sql = "CREATE VIEW v AS SELECT ";
    for (int i = 0; i < 6'000; ++i) sql += level;
    EXPECT_TRUE(analyse(sql + "a").parsed) << level;
  }
  std::string sum = "SELECT 1";
  for (int i = 0; i < 20'000; ++i) sum += "+1";
  EXPECT_TRUE(analyse(sum).parsed);
}

TEST(Analyse, LargeRowStatementsAreNotParsed) {
  const std::string padding = "'" + std::string(2'000'000, 'x') + "' garbage garbage garbage";
  EXPECT_TRUE(analyse("INSERT INTO t VALUES " + padding).parsed);
  EXPECT_TRUE(analyse("(SELECT " + padding).parsed);
  EXPECT_FALSE(analyse("CREATE VIEW v AS SELECT " + padding).parsed);
}

}  // namespace
