/// What each tool would do with its files, and the row by which it takes one for applied.
#include <gtest/gtest.h>

#include <fstream>

#include "base/sha256.h"
#include "history/foreign_tool.h"
#include "integration/project.h"

namespace candor::test {
namespace {

using history::ForeignJudgement;
using history::ForeignRecord;

using Texts = std::vector<std::pair<std::string, std::string>>;

/// A history whose files are there, read by no format.
class Files {
 public:
  explicit Files(const Texts& files) {
    for (const auto& [name, text] : files) add(name, text);
  }
  void add(const std::string& name, const std::string& text) {
    const fs::path path = project_.folder() / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    const std::string stem = fs::path(name.substr(0, name.find('/'))).filename().string();
    const std::size_t begin = std::min(stem.find_first_of("0123456789"), stem.size());
    const std::size_t end = std::min(stem.find_first_not_of("0123456789._", begin), stem.size());
    std::string version = stem.substr(begin, end - begin);
    while (!version.empty() && (version.back() == '_' || version.back() == '.')) version.pop_back();
    history_.folder = project_.folder();
    history::Migration migration;
    migration.version = history::Version(version);
    migration.name = end < stem.size() ? stem.substr(end) : stem;
    if (migration.name.ends_with(".sql")) migration.name.resize(migration.name.size() - 4);
    migration.path = path;
    migration.file = name;
    history_.migrations.push_back(std::move(migration));
  }
  [[nodiscard]] const history::History& history() const { return history_; }
  [[nodiscard]] const TestProject& project() const { return project_; }

 private:
  TestProject project_;
  history::History history_;
};

/// "recorded, never runs: it comes …": one verdict for each file, then what blocks the tool.
std::string verdicts_of(const std::string& tool, const history::History& history,
                        const std::vector<ForeignRecord>& records) {
  const history::ForeignLedger ledger{history::find_foreign_tool(tool), {}, {}};
  const auto verdicts = must(judge(ledger, history, records), "judging");
  std::string text;
  for (const ForeignJudgement& judgement : verdicts.migrations) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", to_string(judgement.verdict));
    if (judgement.checksum == ForeignJudgement::Checksum::same) text += fmt::format(" ({})", judgement.form);
    if (judgement.checksum == ForeignJudgement::Checksum::differs) text += " (edited)";
  }
  if (!verdicts.unmatched.empty()) text += fmt::format("; {} unmatched", verdicts.unmatched.size());
  if (!verdicts.blocked.empty()) text += "; " + verdicts.blocked;
  return text;
}

ForeignRecord applied(const std::string& key, const std::string& checksum = {}) {
  return {.key = key, .version = key, .checksum = checksum, .state = history::ForeignState::applied};
}

const Texts three{{"0001_a.sql", "SELECT 1;"}, {"0002_b.sql", "SELECT 2;"}, {"0003_c.sql", "SELECT 3;"}};

TEST(ForeignVerdicts, AFileBelowTheMark) {
  const Files files(three);
  const std::vector<ForeignRecord> gap{applied("1"), applied("3")};
  EXPECT_EQ(verdicts_of("postgrator", files.history(), gap), "recorded, never runs, recorded");
  EXPECT_EQ(verdicts_of("goose", files.history(), gap),
            "recorded, blocked, recorded; 0002_b.sql is not recorded and comes before 0003_c.sql, which is");
  EXPECT_EQ(verdicts_of("dbmate", files.history(), {applied("0001"), applied("0003")}),
            "recorded, would run, recorded");
  EXPECT_EQ(verdicts_of("golang-migrate", files.history(), {applied("2")}), "recorded, recorded, would run");
}

TEST(ForeignVerdicts, OneVersionTwice) {
  const Files files(Texts{{"0001_a.sql", ""}, {"0001_b.sql", ""}});
  EXPECT_EQ(verdicts_of("dbmate", files.history(), {applied("0001")}), "recorded, never runs");
}

TEST(ForeignVerdicts, WhatBlocks) {
  const Files files(three);
  ForeignRecord dirty = applied("2");
  dirty.state = history::ForeignState::failed;
  EXPECT_EQ(verdicts_of("golang-migrate", files.history(), {dirty}),
            "recorded, blocked, would run; the row of version 2 is dirty, which says nothing about what ran");
  EXPECT_EQ(
      verdicts_of("knex", files.history(), {applied("0001_a.js"), applied("0000_gone.js")}),
      "recorded, would run, would run; 1 unmatched; the file of 0000_gone.js, which is recorded, is gone");
  EXPECT_EQ(verdicts_of("sqlx", files.history(), {applied("1", std::string(96, 'a'))}),
            "recorded (edited), would run, would run; the file of 1 was edited, and sqlx compares checksums");
}

TEST(ForeignVerdicts, WhatWouldRunAgain) {
  const Files files(Texts{{"20240101000000_a/migration.sql", "x"}});
  EXPECT_EQ(verdicts_of("drizzle-folders", files.history(), {applied("20240101000000_renamed")}),
            "would run; 1 unmatched");
  const Files supabase(Texts{{"20240101000005_a.sql", "x"}});
  ForeignRecord moved = applied("20240101000000");
  moved.name = "a";
  EXPECT_EQ(verdicts_of("supabase", supabase.history(), {moved}),
            "would rerun; the file of 20240101000000, which is recorded, is gone");
}

TEST(ForeignVerdicts, DrizzleReadsOneRow) {
  Files files(three);
  files.project().write("x", "");
  fs::create_directories(files.project().folder() / "meta");
  files.project().write(
      "meta/_journal.json",
      R"({"version":"7","dialect":"postgresql","entries":[{"idx":0,"when":100,"tag":"0001_a"},{"idx":1,"when":150,"tag":"0002_b"},)"
      R"({"idx":2,"when":200,"tag":"0003_c"}]})");
  const auto sum = [](std::string_view text) { return hex(sha256(text)); };
  const ForeignRecord a = applied("100", sum("SELECT 1;")), c = applied("200", sum("SELECT 3;\r\n"));
  EXPECT_EQ(verdicts_of("drizzle", files.history(), {a, c}),
            "recorded (as it is), never runs, recorded (edited)");
  ForeignRecord unstamped = applied("", sum("SELECT 1;"));
  EXPECT_EQ(verdicts_of("drizzle", files.history(), {unstamped}),
            "would rerun (as it is), would run, would run");
  files.add("0004_unlisted.sql", "SELECT 4;");
  EXPECT_EQ(verdicts_of("drizzle", files.history(), {a}),
            "recorded (as it is), would run, would run, never runs");
}

TEST(ForeignVerdicts, TheFormThatWasHashedIsNamed) {
  const Files files(Texts{{"0001_a.sql", "\xEF\xBB\xBFSELECT 1;\r\n"}});
  const auto sum = [](std::string_view text) { return hex(sha256(text)); };
  EXPECT_EQ(verdicts_of("hand-rolled", files.history(), {applied("0001_a.sql", sum("SELECT 1;\n"))}),
            "recorded (without its byte-order mark, with LF line ends)");
  EXPECT_EQ(verdicts_of("hand-rolled", files.history(), {applied("0001_a", sum("SELECT 1;"))}),
            "recorded (without white space at its end)");
  EXPECT_EQ(verdicts_of("hand-rolled", files.history(), {applied("1", sum("SELECT 2;"))}),
            "recorded (edited)");
}

TEST(ForeignVerdicts, ChecksumsThatToolsHaveComputed) {
  const Files flyway(Texts{{"V1__a.sql", "CREATE TABLE a(i int);\r\n"}});
  EXPECT_EQ(verdicts_of("flyway", flyway.history(), {applied("1", "-321304460")}), "recorded (in its lines)");
  const Files refinery(Texts{{"V7__a.sql", "SELECT 1;\n"}});
  EXPECT_EQ(verdicts_of("refinery", refinery.history(), {applied("7", "13294762432157054655")}),
            "recorded (as it is)");
  const Files graphile(
      {{"000001.sql",
        "--! Previous: -\n--! Hash: sha1:e757585f6f583f8e232490ef1bd0b219255babf9\n\n"
        "create table t1 (id int primary key);\n"},
       {"000002.sql",
        "--! Previous: sha1:e757585f6f583f8e232490ef1bd0b219255babf9\n--! Hash: "
        "sha1:f8a25baeb3f7fbb6264240d3b54c7b9ecd7eabc9\n\ncreate table t2 (id int primary key);\n"}});
  EXPECT_EQ(verdicts_of("graphile-migrate", graphile.history(),
                        {applied("000001.sql", "sha1:e757585f6f583f8e232490ef1bd0b219255babf9"),
                         applied("000002.sql", "sha1:f8a25baeb3f7fbb6264240d3b54c7b9ecd7eabc9")}),
            "recorded (in its body), recorded (in its body)");
}

/// A tool's table, a file as the tool calls it, and the same file in a program's folder.
struct Marked {
  const char* tool;
  const char* table;
  const char* file;
  const char* key;  ///< what is in the table afterwards
};
const Marked marked[] = {
    {"drizzle-folders",
     "CREATE TABLE x (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint, name text, applied_at timestamptz "
     "DEFAULT now())",
     "20240131235959_a/migration.sql", "20240131235959_a"},
    {"sequelize", "CREATE TABLE \"SequelizeMeta\" (name VARCHAR(255) PRIMARY KEY)", "20240101000000-a.sql",
     "20240101000000-a.js"},
    {"knex",
     "CREATE TABLE knex_migrations (id serial primary key, name varchar(255), batch integer, migration_time timestamptz)",
     "20240101000000_a.sql", "20240101000000_a.js"},
    {"typeorm",
     "CREATE TABLE migrations (id SERIAL PRIMARY KEY, timestamp bigint NOT NULL, name varchar NOT NULL)",
     "1700000000000-create-users.sql", "CreateUsers1700000000000"},
    {"mikro-orm",
     "CREATE TABLE mikro_orm_migrations (id serial primary key, name varchar(255), executed_at timestamptz default now())",
     "Migration20240101000000.sql", "Migration20240101000000"},
    {"kysely",
     "CREATE TABLE kysely_migration (name varchar(255) PRIMARY KEY, timestamp varchar(255) NOT NULL)",
     "0001_a.sql", "0001_a"},
    {"node-pg-migrate",
     "CREATE TABLE pgmigrations (id SERIAL PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL)",
     "1700000000000_a.sql", "1700000000000_a"},
    {"db-migrate",
     "CREATE TABLE migrations (id SERIAL PRIMARY KEY, name VARCHAR(255) NOT NULL, run_on TIMESTAMP NOT NULL)",
     "20240101-a.sql", "/20240101-a"},
    {"laravel",
     "CREATE TABLE migrations (id serial primary key, migration varchar(255) not null, batch integer not null)",
     "2024_01_01_000000_a.sql", "2024_01_01_000000_a"},
    {"prisma",
     "CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ, "
     "migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT "
     "now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)",
     "20240101000000_a/migration.sql", "20240101000000_a"},
    {"flyway",
     "CREATE TABLE flyway_schema_history (installed_rank INT PRIMARY KEY, version VARCHAR(50), description VARCHAR(200) NOT "
     "NULL, type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL, checksum INTEGER, installed_by VARCHAR(100) NOT NULL, "
     "installed_on TIMESTAMP NOT NULL DEFAULT now(), execution_time INTEGER NOT NULL, success BOOLEAN NOT NULL)",
     "V1_2__add_users.sql", "1.2"},
    {"golang-migrate", "CREATE TABLE schema_migrations (version bigint primary key, dirty boolean not null)",
     "000007_a.up.sql", "7"},
    {"dbmate", "CREATE TABLE schema_migrations (version varchar(128) primary key)", "007_a.sql", "007"},
    {"ecto", "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, inserted_at timestamp(0) NOT NULL)",
     "20240101000000_a.sql", "20240101000000"},
    {"goose",
     "CREATE TABLE goose_db_version (id integer PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, version_id bigint NOT NULL, "
     "is_applied boolean NOT NULL, tstamp timestamp NOT NULL DEFAULT now())",
     "00007_a.sql", "7"},
    {"diesel",
     "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY, run_on TIMESTAMP NOT NULL DEFAULT now())",
     "2024-01-01-000000-0000_a/up.sql", "202401010000000000"},
    {"sqlx",
     "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on TIMESTAMPTZ NOT NULL "
     "DEFAULT now(), success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, execution_time BIGINT NOT NULL)",
     "0007_add_users.sql", "7"},
    {"refinery",
     "CREATE TABLE refinery_schema_history (version int4 PRIMARY KEY, name VARCHAR(255), applied_on VARCHAR(255), checksum "
     "VARCHAR(255))",
     "V7__a.sql", "7"},
    {"supabase", "CREATE TABLE schema_migrations (version text PRIMARY KEY, statements text[], name text)",
     "20240101000000_a.sql", "20240101000000"},
    {"graphile-migrate",
     "CREATE TABLE migrations (hash text PRIMARY KEY, previous_hash text REFERENCES migrations, filename text NOT NULL, "
     "date timestamptz NOT NULL DEFAULT now())",
     "000001-a.sql", "000001.sql"},
    {"postgrator",
     "CREATE TABLE schemaversion (version BIGINT PRIMARY KEY, name TEXT, md5 TEXT, run_at TIMESTAMPTZ)",
     "007.do.a.sql", "7"},
    {"hand-rolled",
     "CREATE TABLE schema_migrations (id serial PRIMARY KEY, filename text UNIQUE NOT NULL, checksum varchar(64), status text "
     "NOT NULL, executed_at timestamptz NOT NULL, execution_time_ms int NOT NULL)",
     "0007_a.sql", "0007_a.sql"},
};

/// Takes the row of migration `index` away; how many rows the first statement said that it changed.
int taken_away(pg::Connection& connection, const history::ForeignLedger& ledger,
               const history::History& history, std::size_t index) {
  const auto records = must(history::read_foreign_ledger(connection, ledger, "1s"), "reading");
  const auto statements = must(unmark(ledger, history, history.migrations[index], records), "unmarking");
  int changed = 0;
  for (const auto& statement : statements) {
    const auto rows = must(connection.query(statement.sql, statement.params), statement.sql);
    if (&statement == &statements.front()) changed = rows.size();
  }
  return changed;
}

TEST(ForeignMark, TheRowIsTheToolsOwnAndWrittenOnce) {
  for (const Marked& one : marked) {
    SCOPED_TRACE(one.tool);
    const Files files(Texts{{one.file, "SELECT 1;\n"}});
    pg::Connection connection = connect(test_url());
    must(connection.query(one.table), "making the table");
    const auto found = must(history::find_foreign_ledgers(connection, "candor"), "finding");
    ASSERT_EQ(found.size(), 1U);
    ASSERT_EQ(name_of(found[0]), one.tool);
    ASSERT_TRUE(can_mark(found[0]));
    for (int time = 0; time < 2; ++time) {
      const auto before = must(history::read_foreign_ledger(connection, found[0], "1s"), "reading");
      const auto statements =
          must(mark(found[0], files.history(), {&files.history().migrations[0]}, before), "marking");
      ASSERT_EQ(statements.size(), 1U);
      for (const auto& statement : statements[0])
        must(connection.query(statement.sql, statement.params), statement.sql);
      const auto records = must(history::read_foreign_ledger(connection, found[0], "1s"), "reading");
      ASSERT_EQ(records.size(), 1U);
      EXPECT_EQ(records[0].key, one.key);
      EXPECT_TRUE(records[0].claims_applied());
      const auto verdicts = must(judge(found[0], files.history(), records), "judging");
      EXPECT_EQ(verdicts.migrations[0].verdict, ForeignJudgement::Verdict::recorded)
          << verdicts.migrations[0].reason;
      EXPECT_NE(verdicts.migrations[0].checksum, ForeignJudgement::Checksum::differs);
      EXPECT_EQ(records[0].checksum.empty(),
                verdicts.migrations[0].checksum == ForeignJudgement::Checksum::none);
    }
    EXPECT_EQ(taken_away(connection, found[0], files.history(), 0), 1);
    const auto left = must(history::read_foreign_ledger(connection, found[0], "1s"), "reading");
    EXPECT_EQ(must(judge(found[0], files.history(), left), "judging").migrations[0].verdict,
              ForeignJudgement::Verdict::would_run);
    EXPECT_EQ(taken_away(connection, found[0], files.history(), 0), 0) << "there is nothing any more";
  }
}

/// The key that the last file gets among rows of these keys.
std::string key_among(const Texts& files, const std::vector<std::string>& keys, const std::string& tool) {
  std::vector<ForeignRecord> records;
  for (const std::string& key : keys) records.push_back({.key = key});
  const Files all(files);
  const auto named = must(history::find_foreign_tool(tool)->files(all.history(), records), "naming");
  return named.back().key;
}

TEST(ForeignMark, ANewFileIsCalledAsTheOthersAre) {
  const auto sequelize = [](const std::string& file, const std::vector<std::string>& keys) {
    return key_among({{file, ""}}, keys, "sequelize");
  };
  EXPECT_EQ(sequelize("3_add_tags.sql", {"1-create-users.js"}), "3-add-tags.js");
  EXPECT_EQ(sequelize("3_add_tags.sql", {"1-users.js"}), "3-add-tags.js");
  EXPECT_EQ(sequelize("3_add_tags.sql", {"1_users.ts"}), "3_add_tags.ts");
  EXPECT_EQ(sequelize("3_add_tags.sql", {"1_create-users.js"}), "3_add-tags.js");
  EXPECT_EQ(sequelize("3_add_tags.sql", {"1-create_users.js"}), "3-add_tags.js");
  EXPECT_EQ(key_among({{"3_add_tags.sql", ""}}, {"/1-users"}, "db-migrate"), "/3-add-tags");
}

TEST(ForeignMark, AmongNumberedFilesAFilesNameTellsNothing) {
  const std::pair<std::string, std::string> numbered{"0001_2024_01_01_a.sql",
                                                     "-- captured from 2024-01-01-a\n"};
  EXPECT_EQ(key_among({numbered, {"0002_b.sql", ""}}, {"2024-01-01-a"}, "kysely"), "");
  EXPECT_EQ(key_among({numbered, {"0002_b.sql", "-- captured from c\n"}}, {"2024-01-01-a"}, "kysely"), "c");
  const std::pair<std::string, std::string> named{"1_v1_2_x.sql", "-- captured from 1-v1.2-x.js\n"};
  EXPECT_EQ(key_among({named, {"2_b.sql", ""}}, {"1-v1.2-x.js"}, "sequelize"), "2-b.js");
}

TEST(ForeignMark, AMarkThatIsHighWaterNeverGoesBack) {
  const Files files(three);
  pg::Connection connection = connect(test_url());
  must(
      connection.query("CREATE TABLE schema_migrations (version bigint primary key, dirty boolean not null)"),
      "table");
  must(connection.query("INSERT INTO schema_migrations VALUES (3, false)"), "row");
  const auto found = must(history::find_foreign_ledgers(connection, "candor"), "finding");
  const auto statements =
      must(mark(found[0], files.history(), {&files.history().migrations[1]}, {}), "marking");
  ASSERT_EQ(statements.size(), 1U);
  for (const auto& statement : statements[0])
    must(connection.query(statement.sql, statement.params), statement.sql);
  EXPECT_EQ(value_of(connection, "SELECT string_agg(version::text, ',') FROM schema_migrations"), "3");
}

TEST(ForeignMark, AMarkThatIsHighWaterGoesBackByOne) {
  const Files files(three);
  pg::Connection connection = connect(test_url());
  must(
      connection.query("CREATE TABLE schema_migrations (version bigint primary key, dirty boolean not null)"),
      "table");
  must(connection.query("INSERT INTO schema_migrations VALUES (3, false)"), "row");
  const auto ledger = must(history::find_foreign_ledgers(connection, "candor"), "finding").at(0);
  const auto mark = [&] {
    return value_of(connection, "SELECT string_agg(version::text, ',') FROM schema_migrations");
  };
  EXPECT_EQ(taken_away(connection, ledger, files.history(), 2), 1);
  EXPECT_EQ(mark(), "2");
  EXPECT_EQ(taken_away(connection, ledger, files.history(), 1), 1);
  EXPECT_EQ(taken_away(connection, ledger, files.history(), 0), 1);
  EXPECT_EQ(mark(), "");
}

TEST(ForeignMark, AHeadGoesBackToItsParentIfItIsTheOnlyOne) {
  const Files files(
      Texts{{"0001_a1.sql", "-- captured from a1\n"}, {"0002_b2.sql", "-- captured from b2\n"}});
  pg::Connection connection = connect(test_url());
  must(connection.query("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)"), "table");
  must(connection.query("INSERT INTO alembic_version VALUES ('b2')"), "row");
  const auto ledger = must(history::find_foreign_ledgers(connection, "candor"), "finding").at(0);
  EXPECT_EQ(taken_away(connection, ledger, files.history(), 1), 1);
  EXPECT_EQ(value_of(connection, "SELECT string_agg(version_num, ',') FROM alembic_version"), "a1");
  must(connection.query("INSERT INTO alembic_version VALUES ('b2')"), "a second head");
  const auto records = must(history::read_foreign_ledger(connection, ledger, "1s"), "reading");
  const auto refused = unmark(ledger, files.history(), files.history().migrations[1], records);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code.id, "C0813");
}

TEST(ForeignMark, ABaselineIsNotTakenAway) {
  const Files files(Texts{{"V1__a.sql", "SELECT 1;"}, {"V2__b.sql", "SELECT 2;"}});
  const history::ForeignLedger ledger{history::find_foreign_tool("flyway"), {}, {}};
  ForeignRecord baseline = applied("2");
  baseline.state = history::ForeignState::unexecuted;
  for (const auto& migration : files.history().migrations) {
    const auto refused = unmark(ledger, files.history(), migration, {baseline});
    ASSERT_FALSE(refused.has_value()) << migration.file;
    EXPECT_EQ(refused.error().code.id, "C0813");
  }
}

}  // namespace
}  // namespace candor::test
