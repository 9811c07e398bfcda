// Drizzle's folders: the list that decides, and everything that can be wrong with it.
#include <gtest/gtest.h>

#include <string>

#include "unit/foreign_folder.h"

namespace candor::test {
namespace {

std::string journal(const std::string& entries) {
  return R"({"version":"7","dialect":"postgresql","entries":[)" + entries + "]}";
}
std::string entry(int idx, const std::string& when, const std::string& tag) {
  return R"({"idx":)" + std::to_string(idx) + R"(,"version":"7","when":)" + when + R"(,"tag":")" + tag +
         R"(","breakpoints":true})";
}
std::string snapshot(const std::string& id, const std::string& previous) {
  return R"({"id":")" + id + R"(","prevId":")" + previous + R"(","version":"7"})";
}
const std::string zero = "00000000-0000-0000-0000-000000000000";
const std::string good_snapshot_0 = snapshot("a", zero);
const std::string good_snapshot_1 = snapshot("b", "a");

TEST(DrizzleFormat, Journal) {
  run({
      {"in the order of the list",
       {{"0000_init.sql", "create table a();\n--> statement-breakpoint\ncreate table b();"},
        {"0001_more.sql", "create table c();"},
        {"meta/_journal.json",
         journal(entry(0, "1700000000000", "0000_init") + "," + entry(1, "1700000000001", "0001_more"))},
        {"meta/0000_snapshot.json", good_snapshot_0},
        {"meta/0001_snapshot.json", good_snapshot_1}},
       "drizzle",
       {"0000 init: create table a(); --> statement-breakpoint create table b();",
        "0001 more: create table c();"},
       {}},
      {"not listed, listed and gone, a number twice",
       {{"0000_init.sql", "select 1;"},
        {"0001_a.sql", "select 2;"},
        {"0001_b.sql", "select 3;"},
        {"notes.md", ""},
        {"meta/_journal.json",
         journal(entry(0, "1700000000000", "0000_init") + "," + entry(1, "1700000000001", "0001_a") + "," +
                 entry(2, "1700000000002", "0002_gone"))},
        {"meta/0000_snapshot.json", good_snapshot_0},
        {"meta/0001_snapshot.json", good_snapshot_1}},
       "drizzle",
       {"0000 init: select 1;", "0001 a: select 2;"},
       {"E C0322 the journal lists 0002_gone, but there is no 0002_gone.sql: Drizzle runs nothing at all",
        "E C0321 0001_b.sql is not in the journal: Drizzle never runs it, and says nothing (its number is that of 0001_a)",
        "W C0324 0002_gone has no snapshot meta/0002_snapshot.json"}},
      {"the numbers do not ascend along the list: positions",
       {{"0001_b.sql", "select 1;"},
        {"0000_a.sql", "select 2;"},
        {"meta/_journal.json",
         journal(entry(0, "1700000000000", "0001_b") + "," + entry(1, "1700000000001", "0000_a"))},
        {"meta/0000_snapshot.json", good_snapshot_0},
        {"meta/0001_snapshot.json", good_snapshot_1}},
       "drizzle",
       {"0001 b: select 1;", "0002 a: select 2;"},
       {}},
      {"two entries of one number",
       {{"0000_a.sql", "select 1;"},
        {"0000_b.sql", "select 2;"},
        {"meta/_journal.json",
         journal(entry(0, "1700000000000", "0000_a") + "," + entry(1, "1700000000001", "0000_b"))},
        {"meta/0000_snapshot.json", good_snapshot_0}},
       "drizzle",
       {"0000 a: select 1;", "0000.2 b: select 2;"},
       {"W C0325 0000_a and 0000_b have the same number"}},
      {"when: equal, in the past, in the future; idx with a gap",
       {{"0000_a.sql", "select 1;"},
        {"0001_b.sql", "select 2;"},
        {"0003_c.sql", "select 3;"},
        {"meta/_journal.json",
         journal(entry(0, "1700000000000", "0000_a") + "," + entry(1, "1700000000000", "0001_b") + "," +
                 entry(3, "9000000000000", "0003_c"))},
        {"meta/0000_snapshot.json", good_snapshot_0},
        {"meta/0001_snapshot.json", good_snapshot_1},
        {"meta/0003_snapshot.json", snapshot("c", "b")}},
       "drizzle",
       {"0000 a: select 1;", "0001 b: select 2;", "0003 c: select 3;"},
       {"W C0308 number 2 is missing between 0001_b.sql and 0003_c.sql",
        "W C0325 the journal's idx jumps from 1 to 3, at 0003_c",
        "E C0323 Drizzle will skip 0001_b in every database that has 0000_a already, and report success; a fresh "
        "database runs it",
        "E C0323 0003_c is dated in the future: once it is applied, Drizzle skips every migration that is generated "
        "before that moment, and reports success; a fresh database runs them"}},
      {"snapshots that form no chain",
       {{"0000_a.sql", "select 1;"},
        {"0001_b.sql", "select 2;"},
        {"0002_c.sql", "select 3;"},
        {"meta/_journal.json",
         journal(entry(0, "1", "0000_a") + "," + entry(1, "2", "0001_b") + "," + entry(2, "3", "0002_c"))},
        {"meta/0000_snapshot.json", good_snapshot_0},
        {"meta/0001_snapshot.json", snapshot("b", "unknown")},
        {"meta/0002_snapshot.json", snapshot("c", "unknown")},
        {"meta/0007_snapshot.json", "{"}},
       "drizzle",
       {"0000 a: select 1;", "0001 b: select 2;", "0002 c: select 3;"},
       {"W C0324 meta/0001_snapshot.json does not follow meta/0000_snapshot.json: its prevId is that of no snapshot",
        "W C0324 meta/0001_snapshot.json and meta/0002_snapshot.json both follow no snapshot",
        "W C0324 meta/0007_snapshot.json belongs to no entry of the journal"}},
      {"breakpoints where they cut, a COMMIT, and SQL behind a breakpoint",
       {{"0000_a.sql",
         "/* --> statement-breakpoint\n*/ select '--> statement-breakpoint';\n--> statement-breakpoint\nCOMMIT;select 4;"},
        {"0001_b.sql", "select 1;--> statement-breakpoint select 2;\n"},
        {"meta/_journal.json", journal(entry(0, "1", "0000_a") + "," + entry(1, "2", "0001_b"))},
        {"meta/0000_snapshot.json", good_snapshot_0},
        {"meta/0001_snapshot.json", good_snapshot_1}},
       "drizzle",
       {"0000 a: /* --> statement-breakpoint */ select '--> statement-breakpoint'; --> statement-breakpoint COMMIT;select 4;",
        "0001 b: select 1; select 2;"},
       {"E C0329 Drizzle cuts the file here, inside a comment",
        "E C0329 Drizzle cuts the file here, inside a statement",
        "W C0328 this ends the transaction that the tool opened"}},
      {"names without numbers",
       {{"busy_firebird.sql", "select 1;"},
        {"calm_cat.sql", "select 2;"},
        {"meta/_journal.json", journal(entry(0, "1", "busy_firebird") + "," + entry(1, "2", "calm_cat"))},
        {"meta/_snapshot.json", good_snapshot_0}},
       "drizzle",
       {"0001 busy_firebird: select 1;", "0002 calm_cat: select 2;"},
       {"W C0324 drizzle-kit does not read meta/_snapshot.json"}},
      {"a statement without its semicolon",
       {{"0000_a.sql", "select 1\n--> statement-breakpoint\nselect 2;"},
        {"meta/_journal.json", journal(entry(0, "1", "0000_a"))},
        {"meta/0000_snapshot.json", good_snapshot_0}},
       "drizzle",
       {"0000 a: select 1 --> statement-breakpoint select 2;"},
       {"E C0329 the statement above this breakpoint has no semicolon: Drizzle runs it, everybody else reads it and "
        "the next one as one"}},
      {"the journal was lost",
       {{"0000_a.sql", "select 1;\n--> statement-breakpoint\nselect 2;"}},
       "drizzle",
       {},
       {"E C0320 there is no meta/_journal.json: Drizzle runs nothing without it"}},
  });
}

TEST(DrizzleFormat, AFileThatHoldsWhatAListedOneHolds) {
  const Folder folder(
      {{"0000_a.sql", "select 1;\n"},
       {"0000_b.sql", "select 2;\r\n"},
       {"0001_c.sql", "select 2;\n"},
       {"0002_d.sql", "select 3;\n"},
       {"meta/_journal.json", journal(entry(0, "1", "0000_a") + "," + entry(1, "2", "0001_c"))}});
  const auto history = must_read(folder);
  EXPECT_EQ(
      lines_of(history.findings),
      (Lines{
          "E C0321 0000_b.sql is not in the journal: Drizzle never runs it, and says nothing (its number is that of "
          "0000_a); it holds what 0001_c.sql holds, which is listed",
          "E C0321 0002_d.sql is not in the journal: Drizzle never runs it, and says nothing"}));
  EXPECT_EQ(history.findings[0].what.hint, "remove it");
  EXPECT_EQ(history.findings[1].what.hint,
            "run `candor repair --history`, which lists it, or remove the file");
}

TEST(DrizzleFormat, JournalsThatCannotBeUsed) {
  const struct {
    const char* name;
    std::string text;
    const char* message;
  } journals[] = {
      {"cut off", R"({"version":"7","dialect":"postgresql","entries":[{"idx":0,)",
       "meta/_journal.json cannot be used: it is not valid JSON here"},
      {"empty", "", "meta/_journal.json cannot be used: it is not valid JSON"},
      {"two documents", "{} {}", "meta/_journal.json cannot be used: it is not valid JSON here"},
      {"byte-order mark", "\xEF\xBB\xBF" + journal(""),
       "meta/_journal.json cannot be used: it begins with a byte-order mark"},
      {"a key twice", R"({"version":"7","dialect":"postgresql","entries":[],"entries":[]})",
       "meta/_journal.json cannot be used: the key \"entries\" stands twice in one object"},
      {"a list", "[]", "meta/_journal.json: it is no object"},
      {"MySQL", R"({"version":"7","dialect":"mysql","entries":[]})",
       "meta/_journal.json: it is written for the dialect \"mysql\", not for PostgreSQL"},
      {"version 9", R"({"version":"9","dialect":"postgresql","entries":[]})",
       "meta/_journal.json: its version \"9\" is not known (known: 5, 6, 7)"},
      {"no entries", R"({"version":"7","dialect":"postgresql","entries":{}})",
       "meta/_journal.json: it has no list \"entries\""},
      {"an entry that is a number", journal("7"), "meta/_journal.json: entry 1 is no object"},
      {"no tag", journal(R"({"idx":0,"when":1})"),
       "meta/_journal.json: entry 1 has no \"tag\" that is a text"},
      {"when is a text", journal(entry(0, "\"1\"", "0000_a")),
       "meta/_journal.json: entry 1 (0000_a) has no \"when\" that is a whole number of milliseconds"},
      {"when is huge", journal(entry(0, "1e40", "0000_a")),
       "meta/_journal.json: entry 1 (0000_a) has no \"when\" that is a whole number of milliseconds"},
      {"when overflows", journal(entry(0, "1" + std::string(400, '0'), "0000_a")),
       "meta/_journal.json cannot be used: it is not valid JSON here"},
      {"a tag that leads out", journal(entry(0, "1", "../0000_a")),
       "meta/_journal.json: entry 1 has the tag \"../0000_a\", which is not the name of a file in the folder"},
      {"a tag of two lines", journal(entry(0, "1", "0000\\na")),
       "meta/_journal.json: entry 1 has the tag \"0000\\x0Aa\", which is not the name of a file in the folder"},
      {"a tag twice", journal(entry(0, "1", "0000_a") + "," + entry(1, "2", "0000_a")),
       "the journal lists 0000_a twice, so Drizzle runs it twice in a fresh database"},
  };
  for (const auto& c : journals) {
    const Folder folder({{"0000_a.sql", "select 1;"}, {"meta/_journal.json", c.text}});
    const auto history = read_history(folder.path());
    ASSERT_TRUE(history) << c.name;
    ASSERT_FALSE(history->findings.empty()) << c.name;
    EXPECT_EQ(history->findings[0].severity, Severity::error) << c.name;
    EXPECT_EQ(history->findings[0].what.message, c.message) << c.name;
    EXPECT_FALSE(history->findings[0].what.hint.empty()) << c.name;
  }
}

TEST(DrizzleFormat, FoldersOfVersionOne) {
  run({
      {"folders with snapshots",
       {{"20260101000000_a/migration.sql", "select 1;"},
        {"20260101000000_a/snapshot.json", "{}"},
        {"20260102000000_b/migration.sql", "select 2;"}},
       "drizzle-folders",
       {"20260101000000 a: select 1;", "20260102000000 b: select 2;"},
       {"W C0324 20260102000000_b has no snapshot.json"}},
      {"names that are no times stop Drizzle; the others keep their versions",
       {{"20260101000000_a/migration.sql", "select 1;"},
        {"20260101000000_a/snapshot.json", "{}"},
        {"2026_b/migration.sql", "select 2;"},
        {"foo/migration.sql", "select 3;"},
        {"foo/snapshot.json", "{}"}},
       "drizzle-folders",
       {"20260101000000 a: select 1;"},
       {"E C0304 folder 2026_b does not begin with a time: Drizzle reads one from it, and fails",
        "E C0304 folder foo does not begin with a time: Drizzle reads one from it, and fails"}},
      {"a journal beside them, a folder without its file",
       {{"20260101000000_a/migration.sql", "select 1;"},
        {"20260101000000_a/snapshot.json", "{\"a\":1,\"a\":2}"},
        {"20260102000000_b/", ""},
        {"meta/_journal.json", "{}"}},
       "drizzle",
       {},
       {"E C0331 FOLDER holds files of drizzle and of drizzle-folders",
        "E C0320 meta/_journal.json: it names no dialect"}},
  });
}

TEST(DrizzleFormat, WhatIsNotListedComesBehindTheOthers) {
  const Folder folder(
      {{"0000_a.sql", "select 1;"},
       {"0001_lost.sql", "select 2;"},
       {"0002_b.sql", "select 3;"},
       {"0010_also.sql", "select 4;"},
       {"meta/_journal.json", journal(entry(0, "1", "0000_a") + "," + entry(1, "2", "0002_b") + "," +
                                      entry(2, "3", "0003_gone"))}});
  auto history = must_read(folder);
  EXPECT_EQ(runs_of(history), (Lines{"0000 a: select 1;", "0002 b: select 3;"}));
  EXPECT_EQ(take_findings_about_lists(history).size(), 3U);
  EXPECT_EQ(lines_of(history.findings),
            Lines{"W C0308 number 1 is missing between 0000_a.sql and 0002_b.sql"});
  history = with_unlisted(std::move(history));
  EXPECT_EQ(runs_of(history), (Lines{"0001 a: select 1;", "0002 b: select 3;", "0003 lost: select 2;",
                                     "0004 also: select 4;"}));
  EXPECT_FALSE(history.migrations[2].checksum.empty());
  EXPECT_TRUE(history.unlisted.empty());
}

TEST(DrizzleFormat, WhatIsWrongWithTheFilesIsNotAboutTheList) {
  const Folder folder({{"0000_a.sql", "-- candor:nonsense\nselect 1;"},
                       {"0001_lost.sql", "-- candor:nonsense\nselect 2;"},
                       {"meta/_journal.json", journal(entry(0, "1", "0000_a"))}});
  auto history = must_read(folder);
  EXPECT_EQ(take_findings_about_lists(history).size(), 1U);
  EXPECT_EQ(history.findings.size(), 2U) << "one of each file";
}

}  // namespace
}  // namespace candor::test
