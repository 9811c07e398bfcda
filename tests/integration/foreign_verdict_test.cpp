/// What each tool would do with its files.
#include <gtest/gtest.h>

#include "base/sha256.h"
#include "history/foreign_tool.h"
#include "integration/foreign_files.h"

namespace candor::test {
namespace {

using history::ForeignJudgement;
using history::ForeignRecord;

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

ForeignRecord named(const std::string& key, const std::string& name, const std::string& checksum = {}) {
  ForeignRecord record = applied(key, checksum);
  record.name = name;
  return record;
}

ForeignRecord baseline(const std::string& key) {
  ForeignRecord record = applied(key);
  record.state = history::ForeignState::unexecuted;
  return record;
}

/// "x.x": which migrations the rows claim.
std::string claims_of(const std::string& tool, const history::History& history,
                      const std::vector<ForeignRecord>& records) {
  const history::ForeignLedger ledger{history::find_foreign_tool(tool), {}, {}};
  const auto verdicts = must(judge(ledger, history, records), "judging");
  std::string text;
  for (const ForeignJudgement& judgement : verdicts.migrations) text += judgement.is_claimed() ? 'x' : '.';
  return text;
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

TEST(ForeignVerdicts, ARowOfAnotherFilesHashIsNotThatOfItsStamp) {
  Files files({{"0000_a.sql", "A"}, {"0001_b.sql", "B"}, {"0002_c.sql", "C"}});
  std::ofstream(files.project().folder() / "0003_d.sql") << "D";
  fs::create_directories(files.project().folder() / "meta");
  files.project().write("meta/_journal.json", R"({"version":"7","dialect":"postgresql","entries":[
    {"idx":0,"version":"7","when":100,"tag":"0000_a","breakpoints":true},
    {"idx":1,"version":"7","when":200,"tag":"0001_b","breakpoints":true},
    {"idx":2,"version":"7","when":300,"tag":"0002_c","breakpoints":true}]})");
  const std::vector<ForeignRecord> rows{applied("100", hex(sha256("A"))), applied("300", hex(sha256("B")))};
  EXPECT_EQ(verdicts_of("drizzle", files.history(), rows),
            "recorded (as it is), recorded (as it is), never runs");
}

TEST(ForeignVerdicts, WhatNewRowsWouldPassOver) {
  const auto passed_over = [](const std::string& tool, const Files& files,
                              const std::vector<ForeignRecord>& records, std::size_t marked) {
    const history::ForeignLedger ledger{history::find_foreign_tool(tool), {}, {}};
    const auto* const migration = must(
        history::passed_over_with(ledger, files.history(), {&files.history().migrations[marked]}, records),
        "judging");
    return migration == nullptr ? "nothing" : migration->file;
  };
  const Files files(three);
  EXPECT_EQ(passed_over("golang-migrate", files, {applied("1")}, 2), "0002_b.sql");
  EXPECT_EQ(passed_over("golang-migrate", files, {applied("1")}, 1), "nothing");
  EXPECT_EQ(passed_over("golang-migrate", files, {applied("3")}, 1), "nothing") << "it is claimed already";
  EXPECT_EQ(passed_over("dbmate", files, {applied("0001")}, 2), "nothing") << "late files run";
  Files dated({{"0000_a.sql", "A"}, {"0001_b.sql", "B"}});
  fs::create_directories(dated.project().folder() / "meta");
  dated.project().write("meta/_journal.json", R"({"version":"7","dialect":"postgresql","entries":[
    {"idx":0,"version":"7","when":9000,"tag":"0000_a","breakpoints":true},
    {"idx":1,"version":"7","when":2000,"tag":"0001_b","breakpoints":true}]})");
  EXPECT_EQ(passed_over("drizzle", dated, {}, 0), "0001_b.sql") << "by its date, not by its place";
}

TEST(ForeignVerdicts, PrismaStopsAtAnyUnfinishedRow) {
  const Files files(Texts{{"20260101_a/migration.sql", "A"}});
  ForeignRecord broken_off = applied("20260101_a");
  broken_off.state = history::ForeignState::failed;
  EXPECT_EQ(verdicts_of("prisma", files.history(), {broken_off, applied("20260101_a")}),
            "recorded; a row of 20260101_a is failed");
}

TEST(ForeignVerdicts, GooseRunsNothingOfWhichARowTells) {
  const Files files(three);
  ForeignRecord taken_back = applied("2");
  taken_back.state = history::ForeignState::rolled_back;
  EXPECT_EQ(verdicts_of("goose", files.history(), {applied("1"), applied("2"), taken_back}),
            "recorded, never runs, would run");
}

TEST(ForeignVerdicts, SqlxComparesBytes) {
  const Files files(Texts{{"1_a.sql", "SELECT 1;\r\n"}});
  const std::string of_lf =
      "24454095d8d7876ca8e842f34296ca645c83e0f7b50f048c"
      "99db4b2ff4da659267afc4ef3e994f3d74e18c741165d931";
  EXPECT_EQ(
      verdicts_of("sqlx", files.history(), {applied("1", of_lf)}),
      "recorded (with LF line ends); the file of 1 was recorded with LF line ends, and sqlx compares bytes");
}

TEST(ForeignVerdicts, DbmateComparesTexts) {
  const Files files(three);
  history::History history = files.history();
  EXPECT_EQ(verdicts_of("dbmate", history, {applied("1")}), "recorded, would run, would run")
      << "of a runner of one's own nobody knows";
  history.format = "dbmate";
  EXPECT_EQ(verdicts_of("dbmate", history, {applied("1")}), "would rerun, would run, would run");
  EXPECT_EQ(verdicts_of("dbmate", history, {applied("0001")}), "recorded, would run, would run");
}

TEST(ForeignVerdicts, ASumThatWasCutOffIsRecognised) {
  const Files files({{"0001_a.sql", "A"}, {"0002_b.sql", "B"}});
  const std::vector<ForeignRecord> rows{applied("0001_a.sql", hex(sha256("A")).substr(0, 32)),
                                        applied("0002_b.sql", hex(sha256("another")).substr(0, 32))};
  EXPECT_EQ(verdicts_of("hand-rolled", files.history(), rows), "recorded (as it is), recorded (edited)");
}

/// drizzle-kit up has made folders of the files; the migrator has not run yet.
TEST(ForeignVerdicts, DrizzlesRowsBeforeTheirUpgrade) {
  const Files files(Texts{{"20240101000000_a/migration.sql", "SELECT 1;"},
                          {"20240102000000_b/migration.sql", "SELECT 2;"},
                          {"20240103000000_c/migration.sql", "SELECT 3;"}});
  history::History history = files.history();
  history.format = "drizzle-folders";
  const std::vector<ForeignRecord> rows{applied("1704067200123", "not the file's"),
                                        applied("7", hex(sha256("SELECT 2;")))};
  EXPECT_EQ(verdicts_of("drizzle", history, rows), "recorded (edited), recorded (as it is), would run");
  EXPECT_EQ(verdicts_of("drizzle", history, {applied("7", "nobody's")}),
            "would run, would run, would run; 1 unmatched; the row of 7 fits no folder");
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
  EXPECT_EQ(verdicts_of("flyway", flyway.history(), {named("1", "a", "-321304460")}),
            "recorded (in its lines)");
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

TEST(ForeignVerdicts, WhatIsBelowABaselineIsLeftAlone) {
  const Files atlas(Texts{
      {"20240101_a.sql", "x"}, {"20240102_b.sql", "x"}, {"20240103_c.sql", "x"}, {"20240104_d.sql", "x"}});
  EXPECT_EQ(verdicts_of("atlas", atlas.history(), {baseline("20240102"), applied("20240104")}),
            "never runs, recorded, blocked, recorded; "
            "20240103_c.sql is not recorded and comes before 20240104_d.sql, which is");
  EXPECT_EQ(verdicts_of("atlas", atlas.history(), {baseline("20240102"), applied("20240103")}),
            "never runs, recorded, recorded, would run");
  EXPECT_EQ(claims_of("atlas", atlas.history(), {baseline("20240102"), applied("20240103")}), "xxx.");
  EXPECT_EQ(claims_of("atlas", atlas.history(), {applied("20240102")}), ".x..")
      << "a first row that is no baseline says nothing of what is below";
  const Files flyway(
      Texts{{"V1__a.sql", "x"}, {"V1.5__late.sql", "x"}, {"V2__b.sql", "x"}, {"V3__c.sql", "x"}});
  EXPECT_EQ(verdicts_of("flyway", flyway.history(), {baseline("2"), named("3", "c")}),
            "never runs, never runs, recorded, recorded");
  EXPECT_EQ(claims_of("flyway", flyway.history(), {baseline("2"), named("3", "c")}), "xxxx");
  const Files above(Texts{{"V2__b.sql", "x"}});
  EXPECT_EQ(verdicts_of("flyway", above.history(), {baseline("1"), named("2", "b")}), "recorded")
      << "a baseline needs no file";
}

TEST(ForeignVerdicts, AnAtlasRunThatBrokeOff) {
  const Files files(Texts{{"1_a.sql", "x"}, {"2_b.sql", "x"}, {"3_c.sql", "x"}});
  ForeignRecord half = applied("2");
  half.state = history::ForeignState::failed;
  half.error = "relation \"nowhere\" does not exist";
  half.raw = R"({"applied": 2, "total": 3})";
  EXPECT_EQ(
      verdicts_of("atlas", files.history(), {applied("1"), half}),
      "recorded, blocked, would run; the run of 2 broke off after 2 of its 3 statements, and Atlas goes on "
      "with statement 3: relation \"nowhere\" does not exist");
  EXPECT_EQ(claims_of("atlas", files.history(), {applied("1"), half}), "x..");
}

TEST(ForeignVerdicts, AFolderThatAtlasSumDoesNotDescribe) {
  const Files files(Texts{{"1_a.sql", "select 1;"}});
  files.project().write("atlas.sum", "h1:x\n1_a.sql h1:abc\n");
  EXPECT_EQ(
      verdicts_of("atlas", files.history(), {applied("1")}),
      "recorded; 1_a.sql is not the file that atlas.sum sums up; look at what changed, then run `atlas migrate "
      "hash`");
}

TEST(ForeignVerdicts, FlywayComparesVersionsAndDescriptions) {
  const Files files(Texts{{"V11.0__tags.sql", "x"}, {"V12.sql", "x"}});
  EXPECT_EQ(verdicts_of("flyway", files.history(), {named("11", "tags"), named("12", "")}),
            "recorded, recorded");
  EXPECT_EQ(
      verdicts_of("flyway", files.history(), {named("11.0", "tag table")}),
      "recorded, would run; the description of 11.0 is \"tag table\" in its row, and \"tags\" in the name of "
      "V11.0__tags.sql");
}

TEST(ForeignVerdicts, GolangMigrateNeedsTheFileOfItsVersion) {
  const Files files(three);
  EXPECT_EQ(verdicts_of("golang-migrate", files.history(), {applied("4")}),
            "recorded, recorded, recorded; 1 unmatched; there is no file of version 4, which is recorded");
  ForeignRecord dirty = applied("3");
  dirty.state = history::ForeignState::failed;
  EXPECT_EQ(claims_of("golang-migrate", files.history(), {dirty}), "xx.")
      << "what is below a dirty mark was done";
}

}  // namespace
}  // namespace candor::test
