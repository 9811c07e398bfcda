/// diagnose: where a database stands, whatever its ledger says, and what of each migration is in it.
#include "engine/diagnose.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "engine/diagnose_table.h"
#include "integration/project.h"

namespace candor::test {
namespace {

using engine::Diagnosis;
using engine::LedgerSays;
using engine::Presence;

/// Nine migrations: tables, an alteration, data alone, something made and dropped again, a view, a function.
class Diagnose : public testing::Test {
 protected:
  void SetUp() override {
    project_.write(
        "0001_users.sql",
        "CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, age int CHECK (age > 0));\n");
    project_.write("0002_scratch.sql",
                   "CREATE TABLE scratch (id int);\nALTER TABLE users ADD COLUMN tmp int;\n");
    project_.write(
        "0003_posts.sql",
        "CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES users, title varchar(20));\n"
        "CREATE INDEX posts_author ON posts (author);\n");
    project_.write("0004_no_scratch.sql", "DROP TABLE scratch;\nALTER TABLE users DROP COLUMN tmp;\n");
    project_.write("0005_longer.sql", "ALTER TABLE posts ALTER COLUMN title TYPE varchar(200);\n");
    project_.write("0006_seed.sql", "INSERT INTO users VALUES (1, 'a@b', 3);\n");
    project_.write("0007_view.sql", "CREATE VIEW adults AS SELECT id FROM users WHERE age >= 18;\n");
    project_.write("0008_function.sql",
                   "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';\n"
                   "ALTER TABLE posts ALTER COLUMN title TYPE text;\n");
    project_.write("0009_more_seed.sql", "INSERT INTO users VALUES (2, 'c@d', 3);\n");
    project_.lock();
  }

  /// A database with the history up to `version`, and no ledger unless `ledger`.
  std::string built_to(const std::string& version, bool ledger = false, int major = home_major) {
    const std::string url = test_url(major);
    if (!version.empty()) {
      const Up up = project_.up(url, {.to = history::Version(version)});
      EXPECT_EQ(up.code, "") << told(up.error);
    }
    if (!ledger) run(url, "DROP SCHEMA IF EXISTS candor CASCADE");
    return url;
  }
  static void run(const std::string& url, const std::string& sql) {
    pg::Connection connection = connect(url);
    must(connection.query("SET client_min_messages = warning"), "quiet");
    must(connection.query(sql), sql);
  }
  Diagnosis diagnose(const std::string& url) {
    pg::Connection connection = connect(url);
    opened_ = std::make_unique<engine::Project>(project_.open());
    return must(engine::diagnose(*opened_, connection), "diagnosing");
  }
  static std::string version_of(const Diagnosis& diagnosis) {
    return diagnosis.at() == nullptr ? "start" : diagnosis.at()->version.text();
  }
  static std::string equal_of(const Diagnosis& diagnosis) {
    std::string list;
    for (const std::size_t position : diagnosis.standing.equal)
      list += fmt::format("{}{}", list.empty() ? "" : " ",
                          position == 0 ? "start" : diagnosis.entries[position - 1]->version.text());
    return list;
  }
  /// "present present partly …".
  static std::string presences(const Diagnosis& diagnosis) {
    constexpr std::string_view words[] = {"none",         "present",    "partly",  "absent",
                                          "contradicted", "superseded", "unproven"};
    std::string list;
    for (const engine::MigrationStanding& migration : diagnosis.migrations) {
      if (!list.empty()) list += ' ';
      list += words[static_cast<int>(migration.presence)];
    }
    return list;
  }
  static std::string codes_of(const Diagnosis& diagnosis) {
    std::set<std::string> codes;
    for (const Finding& finding : diagnosis.findings) {
      codes.emplace(finding.what.code.id);
      EXPECT_FALSE(finding.what.hint.empty()) << told(finding.what);
    }
    std::string list;
    for (const std::string& code : codes) {
      if (!list.empty()) list += ' ';
      list += code;
    }
    return list;
  }

  TestProject project_;
  std::unique_ptr<engine::Project> opened_;
};

TEST_F(Diagnose, EveryVersionIsFoundWithoutALedger) {
  const std::pair<const char*, const char*> versions[] = {
      {"", "start"},         {"0001", "0001"},      {"0002", "0002"},      {"0003", "0003"},
      {"0004", "0004"},      {"0005", "0005 0006"}, {"0006", "0005 0006"}, {"0007", "0007"},
      {"0008", "0008 0009"}, {"0009", "0008 0009"}};
  for (const auto& [version, equal] : versions) {
    const Diagnosis diagnosis = diagnose(built_to(version));
    EXPECT_TRUE(diagnosis.stands) << version;
    EXPECT_EQ(equal_of(diagnosis), equal) << version;
    EXPECT_EQ(diagnosis.says, LedgerSays::nothing);
  }
}

TEST_F(Diagnose, TheLedgerDecidesBetweenVersionsOfOneCatalog) {
  EXPECT_EQ(version_of(diagnose(built_to("0005", true))), "0005");
  const Diagnosis diagnosis = diagnose(built_to("0006", true));
  EXPECT_EQ(version_of(diagnosis), "0006");
  EXPECT_EQ(diagnosis.says, LedgerSays::the_same);
  EXPECT_TRUE(diagnosis.is_sound());
  EXPECT_EQ(codes_of(diagnosis), "");
}

TEST_F(Diagnose, WhatEachMigrationHasInTheDatabase) {
  EXPECT_EQ(presences(diagnose(built_to("0009"))),
            "present superseded present present superseded none present present none");
  EXPECT_EQ(presences(diagnose(built_to("0003"))),
            "present present present absent absent none absent absent none");
  EXPECT_EQ(presences(diagnose(built_to(""))), "absent absent absent absent absent none absent absent none");
}

TEST_F(Diagnose, PartOfAMigrationIsMissing) {
  const std::string url = built_to("0009");
  run(url, "DROP INDEX posts_author");
  const Diagnosis diagnosis = diagnose(url);
  EXPECT_FALSE(diagnosis.stands);
  EXPECT_EQ(version_of(diagnosis), "0009") << "of those that differ least, the last";
  EXPECT_EQ(presences(diagnosis), "present superseded partly present superseded none present present none");
  ASSERT_EQ(diagnosis.migrations[2].effects.size(), 1u);
  EXPECT_EQ(describe(diagnosis.migrations[2].effects[0].effect->id), "index public.posts.posts_author");
  EXPECT_EQ(codes_of(diagnosis), "C0703 C0704");
}

/// 0004 takes a column away, by which another one moves: whose loss is not 0004's doing.
TEST_F(Diagnose, AColumnThatOnlyMovedIsNoEvidence) {
  project_.write("0010_column.sql",
                 "ALTER TABLE users ADD COLUMN first int, ADD COLUMN middle int, ADD COLUMN last int;\n");
  project_.write("0011_no_column.sql", "ALTER TABLE users DROP COLUMN first;\n");
  project_.lock();
  const std::string url = built_to("0011");
  run(url, "ALTER TABLE users DROP COLUMN last");
  const Diagnosis diagnosis = diagnose(url);
  EXPECT_EQ(diagnosis.migrations[9].presence, engine::Presence::partly);
  EXPECT_EQ(diagnosis.migrations[10].presence, engine::Presence::present);
}

TEST_F(Diagnose, SomethingElseIsThere) {
  const std::string url = built_to("0009");
  run(url, "ALTER TABLE posts ALTER COLUMN title TYPE varchar(7)");
  run(url, "ALTER TABLE users ALTER COLUMN email TYPE varchar(9)");
  run(url, "CREATE OR REPLACE VIEW adults AS SELECT id FROM users WHERE age >= 21");
  const Diagnosis diagnosis = diagnose(url);
  EXPECT_EQ(presences(diagnosis),
            "contradicted superseded present present superseded none contradicted contradicted none");
  ASSERT_EQ(diagnosis.migrations[0].effects.size(), 1u);
  const engine::EffectStanding& email = diagnosis.migrations[0].effects[0];
  ASSERT_EQ(email.differences.size(), 1u);
  EXPECT_EQ(email.differences[0].attribute, "type");
  EXPECT_EQ(email.differences[0].expected, "text");
  EXPECT_EQ(email.differences[0].found, "character varying(9)");
  EXPECT_EQ(codes_of(diagnosis), "C0703 C0705");
}

TEST_F(Diagnose, AnAlterationThatDidNotHappenIsAbsent) {
  const std::string url = built_to("0009");
  run(url, "ALTER TABLE posts ALTER COLUMN title TYPE varchar(200)");  // as 0005 left it
  const Diagnosis diagnosis = diagnose(url);
  EXPECT_EQ(presences(diagnosis), "present superseded present present superseded none present partly none");
}

TEST_F(Diagnose, APartOfALaterMigrationIsThereAlready) {
  const std::string url = built_to("0003");
  run(url, "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
  const Diagnosis diagnosis = diagnose(url);
  EXPECT_EQ(version_of(diagnosis), "0003");
  EXPECT_EQ(presences(diagnosis), "present present present absent absent none absent partly none");
}

TEST_F(Diagnose, TheLedgerRecordsLess) {
  const std::string url = built_to("0007", true);
  run(url, "DELETE FROM candor.schema_migrations WHERE version > '0003'");
  const Diagnosis diagnosis = diagnose(url);
  EXPECT_EQ(version_of(diagnosis), "0007");
  EXPECT_EQ(diagnosis.says, LedgerSays::less);
  EXPECT_EQ(codes_of(diagnosis), "C0701");
}

TEST_F(Diagnose, TheLedgerRecordsMore) {
  const std::string url = built_to("0008", true);
  run(url, "DROP FUNCTION f()");
  run(url, "ALTER TABLE posts ALTER COLUMN title TYPE varchar(200)");
  const Diagnosis diagnosis = diagnose(url);
  EXPECT_EQ(version_of(diagnosis), "0007");
  EXPECT_EQ(diagnosis.says, LedgerSays::more);
  EXPECT_EQ(codes_of(diagnosis), "C0702");
}

TEST_F(Diagnose, OutOfOrderIsWhereTheLedgerSaysItIs) {
  const std::string url = built_to("0005", true);
  run(url, "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
  run(url, "ALTER TABLE posts ALTER COLUMN title TYPE text");
  run(url,
      "INSERT INTO candor.schema_migrations SELECT (jsonb_populate_record(m, '{\"version\": \"0008\"}')).*"
      " FROM candor.schema_migrations m WHERE version = '0005'");
  const Diagnosis diagnosis = diagnose(url);
  EXPECT_TRUE(diagnosis.stands);
  EXPECT_EQ(diagnosis.says, LedgerSays::the_same);
  EXPECT_EQ(presences(diagnosis), "present superseded present present superseded present none absent none");
}

TEST_F(Diagnose, ADamagedLedgerIsAFindingAndNoObstacle) {
  const std::string url = built_to("0004", true);
  run(url, "ALTER TABLE candor.schema_migrations DROP COLUMN status");
  const Diagnosis diagnosis = diagnose(url);
  EXPECT_EQ(version_of(diagnosis), "0004");
  EXPECT_EQ(diagnosis.says, LedgerSays::unreadable);
  EXPECT_EQ(codes_of(diagnosis), "C0201");
}

TEST_F(Diagnose, WhatNoMigrationMakesIsNamedAndDoesNotHideThePlace) {
  const std::string url = built_to("0005");
  run(url, "CREATE TABLE theirs (id int PRIMARY KEY)");
  const Diagnosis diagnosis = diagnose(url);
  EXPECT_TRUE(diagnosis.stands);
  EXPECT_FALSE(diagnosis.is_sound());
  EXPECT_EQ(equal_of(diagnosis), "0005 0006");
  EXPECT_EQ(diagnosis.standing.unexplained.size(), 3u);
  EXPECT_EQ(codes_of(diagnosis), "C0701 C0706 C0707");
  project_.settings.ignore = {"public.theirs"};
  EXPECT_EQ(codes_of(diagnose(url)), "C0701 C0706");
}

TEST_F(Diagnose, ARoleThatMayOnlyRead) {
  const std::string url = built_to("0007", true);
  run(url, "DROP ROLE IF EXISTS looker");
  run(url, "CREATE ROLE looker LOGIN");
  const Diagnosis diagnosis = diagnose(url + " user=looker");
  EXPECT_EQ(version_of(diagnosis), "0007");
  EXPECT_EQ(diagnosis.says, LedgerSays::unreadable) << "it may not read the ledger, which is no empty ledger";
  EXPECT_EQ(codes_of(diagnosis), "C0110");
  run(url, "DROP ROLE looker");
}

TEST_F(Diagnose, AnotherMajorIsUnprovenRatherThanTrue) {
  const Diagnosis diagnosis = diagnose(built_to("0009", true, 18));
  EXPECT_EQ(version_of(diagnosis), "0009");
  EXPECT_EQ(diagnosis.says, LedgerSays::the_same) << "the ledger witnessed what 18 prints";
  const Diagnosis without = diagnose(built_to("0009", false, 18));
  EXPECT_TRUE(without.stands);
  EXPECT_FALSE(without.standing.is_proven(without.position)) << "nobody knows what 18 prints for the view";
  EXPECT_EQ(codes_of(without), "C0602 C0701 C0706");
}

TEST_F(Diagnose, OneTablePartByPart) {
  const std::string url = built_to("0008", true);
  run(url, "ALTER TABLE posts ALTER COLUMN title TYPE varchar(7), ADD COLUMN note text");
  run(url, "DROP INDEX posts_author");
  const Diagnosis diagnosis = diagnose(url);
  const auto table = must(engine::diagnose_table(*opened_, diagnosis, "posts", {}), "looking at a table");
  constexpr std::string_view words[] = {"same", "missing", "extra", "altered", "unproven"};
  std::string list;
  for (const engine::PartStanding& part : table.parts)
    list += fmt::format("{} {} {} {}\n", words[static_cast<int>(part.state)], part.id.name.view(),
                        part.made_by != nullptr ? part.made_by->version.text() : "none",
                        part.changed_by != nullptr ? part.changed_by->version.text() : "unchanged");
  EXPECT_EQ(list,
            "same posts 0003 unchanged\n"
            "same id 0003 unchanged\n"
            "same author 0003 unchanged\n"
            "altered title 0003 0008\n"
            "extra note none unchanged\n"
            "same posts_author_fkey 0003 unchanged\n"
            "same posts_pkey 0003 unchanged\n"
            "missing posts_author 0003 unchanged\n");
  EXPECT_FALSE(table.is_true());
  const auto nothing = engine::diagnose_table(*opened_, diagnosis, "nothing", {});
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code.id, "C0709");
  const auto before =
      must(engine::diagnose_table(*opened_, diagnosis, "public.posts", history::Version("3")), "before");
  EXPECT_EQ(before.parts.at(3).differences.at(0).expected, "character varying(20)");
}

TEST_F(Diagnose, VaryingObjectsHoldFromTheirMigrationOn) {
  project_.write(
      "0010_daily.sql",
      "-- candor:varies public.daily_*\n"
      "DO $$ BEGIN EXECUTE 'CREATE TABLE daily_' || to_char(now(), 'YYYYMMDD') || ' (id int)'; END $$;\n");
  project_.write("0011_last.sql", "CREATE TABLE last (id int);\n");
  project_.lock();
  const std::string url = built_to("0011");
  run(url,
      "DO $$ BEGIN EXECUTE 'ALTER TABLE daily_' || to_char(now(), 'YYYYMMDD') || ' RENAME TO daily_19990101'; END $$");
  EXPECT_EQ(equal_of(diagnose(url)), "0011");
}

}  // namespace
}  // namespace candor::test
