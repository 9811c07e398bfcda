/// A recording becomes migrations: what counts, where it is cut, how parameters are written out.
#include "engine/capture_cut.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

#include "engine/capture.h"

namespace candor::engine {
namespace {

using pg::Recorded;

Recorded said(std::string text, pg::Params params = {}, std::string session = "a") {
  return {.session = std::move(session), .text = std::move(text), .params = std::move(params)};
}
Recorded refused(std::string text, std::string session = "a") {
  Recorded one = said(std::move(text), {}, std::move(session));
  one.sqlstate = "42P01";
  one.error = "no such thing";
  return one;
}
Recorded ended(std::string session = "a") {
  return {.session = std::move(session), .ended = true};
}
Recorded done(const std::string& name, std::string session = "a") {
  return said(R"(INSERT INTO "SequelizeMeta" ("name") VALUES ($1) RETURNING "name")", {name},
              std::move(session));
}

Cutting cutting_of(const std::vector<Recorded>& recording, const std::vector<std::string>& more = {}) {
  auto cutting = cut(recording, tracking_tables(more),
                     [](const std::set<std::string>& names) -> Result<std::set<std::string>> {
                       std::set<std::string> found;
                       for (const char* name : {"setval", "set_config"})
                         if (names.contains(name)) found.insert(name);
                       return found;
                     });
  EXPECT_TRUE(cutting);
  return std::move(*cutting);
}

std::string first_of(const std::vector<Recorded>& recording) {
  const Cutting cutting = cutting_of(recording);
  if (cutting.migrations.empty()) return "none";
  std::string text;
  for (const std::string& statement : cutting.migrations.front().statements) text += statement + ";";
  return text;
}

TEST(CaptureCut, CutsAtTheRowsOfTheTrackingTable) {
  const Cutting cutting = cutting_of(
      {said("create table t (id int)"), done("1.js"), done("2.js"), said("drop table t"), done("3.js")});
  ASSERT_EQ(cutting.migrations.size(), 3U);
  EXPECT_EQ(cutting.migrations[0].statements, std::vector<std::string>{"create table t (id int)"});
  EXPECT_TRUE(cutting.migrations[1].statements.empty());
  EXPECT_EQ(cutting.migrations[2].name, "3.js");
  EXPECT_EQ(cutting.tool, "Sequelize");
  EXPECT_TRUE(cutting.rest.statements.empty());
}

TEST(CaptureCut, WhatWasRolledBackIsLeftOut) {
  EXPECT_EQ(first_of({said("begin"), said("create table t (id int)"), said("rollback"), done("1")}), "");
  EXPECT_EQ(first_of({said("begin"), said("create table t (id int)"), said("commit"), done("1")}),
            "create table t (id int);");
  EXPECT_EQ(first_of({said("begin"), said("create table t (id int)"), said("savepoint s"),
                      said("drop table t"), said("rollback to s"), said("commit"), done("1")}),
            "create table t (id int);");
  EXPECT_EQ(first_of({said("begin"), said("create table t (id int)"), refused("drop table x"), said("commit"),
                      done("1", "b")}),
            "");
  EXPECT_EQ(
      first_of({said("begin", {}, "b"), said("create table t (id int)", {}, "b"), ended("b"), done("1")}),
      "");
  EXPECT_EQ(first_of({said("begin"), said("create table t (id int)"), done("1"), said("rollback")}), "none")
      << "nor is the row";
}

TEST(CaptureCut, WhatFailedAloneIsToldAndLeftOut) {
  const Cutting cutting =
      cutting_of({refused("alter table x add y int"), said("create table t (id int)"), done("1")});
  ASSERT_EQ(cutting.migrations.size(), 1U);
  EXPECT_EQ(cutting.migrations[0].statements.size(), 1U);
  ASSERT_EQ(cutting.findings.size(), 1U);
  EXPECT_EQ(cutting.findings[0].what.code.id, "C0906");
}

TEST(CaptureCut, ParametersAreWrittenOut) {
  EXPECT_EQ(
      first_of({said("insert into t values ($1, $2, '$1', $$ $2 $$, \"$1\") -- $1", {"o'x\\", std::nullopt}),
                done("1")}),
      "insert into t values (E'o''x\\\\', NULL, '$1', $$ $2 $$, \"$1\");");
  EXPECT_EQ(first_of({said("update t set a=$1||$10", {"1", "2", "3", "4", "5", "6", "7", "8", "9", "ten"}),
                      done("1")}),
            "update t set a='1'||'ten';");
}

TEST(CaptureCut, LooksAreLeftOutAndCallsAreKept) {
  EXPECT_EQ(first_of({said("select count(*) from t"), said("show search_path"), said("select setval('s', 5)"),
                      said("select * into u from t"), said("select 1 from t for update"), done("1")}),
            "select setval('s', 5);select * into u from t;select 1 from t for update;");
}

TEST(CaptureCut, SettingsOfTheSessionStandInEachFile) {
  const Cutting cutting =
      cutting_of({said("SET client_min_messages TO warning;SET TIME ZONE 'UTC'"),
                  said("create table a (id int)"), done("1"), said("create table b (id int)"), done("2")});
  ASSERT_EQ(cutting.migrations.size(), 2U);
  for (const CapturedMigration& migration : cutting.migrations) {
    ASSERT_EQ(migration.statements.size(), 2U);
    EXPECT_EQ(migration.statements[0], "SET TIME ZONE 'UTC'");
  }
}

/// Whichever session of its pool a program uses, the files are the same.
TEST(CaptureCut, ASettingIsToldOnceWhereItMatters) {
  const auto zone = [](std::string session) { return said("SET TIME ZONE 'UTC'", {}, std::move(session)); };
  const auto table = [](std::string session) {
    return said("create table t (id int)", {}, std::move(session));
  };
  const auto index = [](std::string session) {
    return said("create index on t (id)", {}, std::move(session));
  };
  const std::string expected = "SET TIME ZONE 'UTC';create table t (id int);create index on t (id);";
  EXPECT_EQ(first_of({zone("a"), table("a"), index("a"), done("1")}), expected);
  EXPECT_EQ(first_of({zone("a"), table("a"), zone("b"), index("b"), done("1")}), expected);
  EXPECT_EQ(first_of({zone("a"), table("a"), zone("b"), index("a"), zone("c"), done("1", "b")}), expected);
  EXPECT_EQ(first_of({zone("a"), table("a"), index("b"), done("1")}),
            "SET TIME ZONE 'UTC';create table t (id int);RESET timezone;create index on t (id);");
}

/// SET LOCAL lasts until its transaction ends, and hides what the session has set.
TEST(CaptureCut, ALocalSettingEndsWithItsTransaction) {
  EXPECT_EQ(
      first_of({said("set search_path = app"), said("begin"), said("set local search_path = x"),
                said("create table a (id int)"), said("commit"), said("create table b (id int)"), done("1")}),
      "set local search_path = x;create table a (id int);set search_path = app;create table b (id int);");
  EXPECT_EQ(first_of({said("begin"), said("set local search_path = x"), said("create table a (id int)"),
                      said("commit"), said("create table b (id int)"), done("1")}),
            "set local search_path = x;create table a (id int);RESET search_path;create table b (id int);");
  EXPECT_EQ(first_of({said("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE"),
                      said("create table a (id int)"), done("1")}),
            "create table a (id int);")
      << "nothing that a table would remember";
}

TEST(CaptureCut, TwoConnectionsAtOnceAreTold) {
  const auto begin = [] { return std::vector<Recorded>{said("begin"), said("create table t (id int)")}; };
  const auto told = [&](std::vector<Recorded> more) {
    auto recording = begin();
    std::ranges::move(more, std::back_inserter(recording));
    std::string codes;
    for (const Finding& finding : cutting_of(recording).findings)
      codes += std::string(finding.what.code.id) + " ";
    return codes;
  };
  EXPECT_EQ(told({said("create table u (id int)", {}, "b"), said("commit"), done("1")}), "C0903 ");
  EXPECT_EQ(told({said("select 1", {}, "b"), said("commit"), done("1")}), "") << "it only looks";
  EXPECT_EQ(told({said("commit"), said("create table u (id int)", {}, "b"), done("1")}), "");
  EXPECT_EQ(told({said("create table u (id int)", {}, "b"), said("rollback"), done("1")}), "")
      << "what was rolled back is in no file";
  EXPECT_EQ(told({done("1", "b"), said("commit"), done("2")}), "") << "the program's own row is none of it";
}

TEST(CaptureCut, ARowThatDoesNotTellItsMigrationIsTold) {
  const Cutting cutting = cutting_of({said("create table t (id int)"), said("insert into log values ('1')"),
                                      said("insert into log (name) values ('2')")},
                                     {"log.name"});
  ASSERT_EQ(cutting.migrations.size(), 1U);
  ASSERT_EQ(cutting.findings.size(), 1U);
  EXPECT_EQ(cutting.findings[0].what.code.id, "C0903");
}

TEST(CaptureCut, KnexIsKnownByItsColumnsToo) {
  EXPECT_EQ(
      cutting_of(
          {said(R"(insert into "migration" ("batch", "migration_time", "name") values (1, now(), 'a'))")})
          .tool,
      "Knex");
  EXPECT_EQ(cutting_of({said(R"(insert into "migration" ("name") values ('a'))")}).tool, "umzug");
}

TEST(CaptureCut, TheProgramsOwnTablesAreNotTheHistorys) {
  EXPECT_EQ(first_of({said("CREATE TABLE IF NOT EXISTS \"SequelizeMeta\" (name text)"),
                      said("create table knex_migrations_lock (is_locked int)"),
                      said("create table t (id int)"), done("1")}),
            "create table t (id int);");
  const Cutting cutting =
      cutting_of({said("create table t (id int)"), said("insert into public.steps (what) values ('one')")},
                 {"steps.what"});
  ASSERT_EQ(cutting.migrations.size(), 1U);
  EXPECT_EQ(cutting.migrations[0].name, "one");
}

TEST(CaptureCut, AProgramsLockIsLeftOutWithTheLimitThatItSets) {
  const std::string locking =
      "with t as (select set_config('lock_timeout', '1', true) as v) select pg_advisory_lock(1) from t";
  EXPECT_EQ(first_of({said(locking), said("create table t (id int)"), done("1")}),
            "create table t (id int);");
  const std::string setting = "select set_config('search_path', 'app', false)";
  EXPECT_EQ(first_of({said(setting), done("1")}), setting + ";");
  const std::string more = "select setval('s', 1), pg_advisory_lock(1)";
  EXPECT_EQ(first_of({said(more), done("1")}), more + ";");
}

TEST(CaptureCut, TablesOfOneNameAreToldApartByTheirColumns) {
  EXPECT_EQ(cutting_of({said("insert into migrations (timestamp, name) values (1, 'A1')")}).tool, "TypeORM");
  EXPECT_EQ(cutting_of({said("insert into migrations (name, run_on) values ('/1-a', now())")}).tool,
            "db-migrate");
  EXPECT_EQ(cutting_of({said("insert into migrations (name) values ('a')")}).tool, "migrations");
}

TEST(CaptureCut, RowsOfCopyAreAnError) {
  const Cutting cutting = cutting_of({said("copy t from stdin"), done("1")});
  ASSERT_EQ(cutting.findings.size(), 1U);
  EXPECT_EQ(cutting.findings[0].what.code.id, "C0903");
  EXPECT_EQ(cutting.findings[0].severity, Severity::error);
}

TEST(CaptureCut, WhatNoRowFollowsIsTheRest) {
  EXPECT_EQ(cutting_of({done("1"), said("create table t (id int)")}).rest.statements.size(), 1U);
}

std::string names_of(const std::vector<std::string>& names, const std::vector<EarlierFile>& earlier = {}) {
  std::vector<CapturedMigration> migrations;
  for (const std::string& name : names) migrations.push_back({.name = name});
  std::string list;
  for (const CapturedFile& file : files_of(migrations, earlier)) list += file.file + " ";
  return list;
}

TEST(CaptureFiles, AreNamedAfterTheMigrations) {
  EXPECT_EQ(names_of({"20190101000000-create-users.js", "20190201000000-x.y.js"}),
            "20190101000000_create_users.sql 20190201000000_x_y.sql ");
  EXPECT_EQ(names_of({"/20190101000000-create-users"}), "20190101000000_create_users.sql ");
  EXPECT_EQ(names_of({"CreateUsers1699999999998", "AddX1699999999999"}),
            "1699999999998_CreateUsers.sql 1699999999999_AddX.sql ");
  EXPECT_EQ(names_of({"auth_0001_initial", "shop_0001_initial"}),
            "0001_auth_0001_initial.sql 0002_shop_0001_initial.sql ");
  EXPECT_EQ(names_of({"2_b.js", "1_a.js"}), "0001_2_b.sql 0002_1_a.sql ")
      << "they do not ascend: order counts";
  EXPECT_EQ(names_of({"20190101000000"}), "20190101000000.sql ");
  EXPECT_EQ(names_of({"../../etc/passwd\n"}), "0001_etc_passwd.sql ");
}

TEST(CaptureFiles, WhatWasCapturedEarlierKeepsItsFile) {
  EXPECT_EQ(names_of({"auth_0001", "auth_0002", "shop_0001"},
                     {{"0001_auth_0001.sql", "auth_0001"}, {"0002_shop_0001.sql", "shop_0001"}}),
            "0001_auth_0001.sql 0002_shop_0001.sql 0003_auth_0002.sql ");
  EXPECT_EQ(names_of({"b", "a"}, {{"0041_by_hand.sql", ""}}), "0042_b.sql 0043_a.sql ");
  EXPECT_EQ(names_of({"1_a.js", "2_b.js", "late"}, {{"1_a.sql", "1_a.js"}, {"2_b.sql", "2_b.js"}}),
            "1_a.sql 2_b.sql 0003_late.sql ");
}

}  // namespace
}  // namespace candor::engine
