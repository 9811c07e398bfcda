#include "history/lint.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "unit/folder.h"

using namespace candor;
using namespace candor::history;
namespace fs = std::filesystem;

namespace {

using Lines = std::vector<std::string>;

struct Case {
  const char* name;
  std::string text;
  Lines findings;  ///< severity, code, line:column
  bool no_transaction = false;
};

const Case cases[] = {
    {"nothing wrong", "create table t (a int);\ninsert into t values (1);", {}},
    {"CRLF and a byte-order mark", "\xEF\xBB\xBFselect 1;\r\nselect 2;\r\n", {}},
    {"COPY data", "copy t from stdin;\n1\n\\.\n", {}},
    {"empty", "", {"W C0316 -"}},
    {"comments alone", "-- nothing\n", {"W C0316 -"}},
    {"NUL", std::string("select 1;\nselect \0;", 19), {"E C0307 2:8"}},
    {"UTF-16", std::string("s\0e\0", 4), {"E C0307 1:2"}},
    {"invalid UTF-8", "select '\xff';", {"E C0307 1:9"}},
    {"meta-command", "select 1;\n\\i x\n", {"E C0306 2:1"}},
    {"a meta-command in each of three lines",
     "\\set ON_ERROR_STOP 1\nselect 'it''s' \\gexec\nselect 1;\n\\echo it's done\n",
     {"E C0306 1:1", "E C0306 2:16", "E C0306 4:1"}},
    {"statements behind a meta-command are not judged", "\\set x 1\nselect :x;\nvacuum;", {"E C0306 1:1"}},
    {"nothing of the data of \\copy is one",
     "\\copy t from stdin\n\\N\tit's\n\\.\n\\q\n",
     {"E C0306 1:1", "E C0306 4:1"}},
    {"more of them than are told",
     "\\a\n\\a\n\\a\n\\a\n\\a\n\\a\n\\a\n\\a\n\\a\n\\a\n\\a\n\\a\n",
     {"E C0306 1:1", "E C0306 2:1", "E C0306 3:1", "E C0306 4:1", "E C0306 5:1", "E C0306 6:1", "E C0306 7:1",
      "E C0306 8:1", "E C0306 9:1", "E C0306 10:1", "E C0306 -"}},
    {"not closed", "select 1;\n'", {"E C0309 2:1"}},
    {"findings before a file breaks off are kept", "selec 1;\nselect 'x", {"W C0311 1:1", "E C0309 2:8"}},
    {"unknown to the grammar", "select 1;\ncreate tabel t (a int);", {"W C0311 2:8"}},
    {"newer than the grammar", "select 1;\nrepack (concurrently) t;", {"W C0311 2:1", "N C0318 2:1"}},
    {"outside a transaction, in a file of its own", "create index concurrently i on t (a);", {}},
    {"several of them, and nothing else", "vacuum;\nreindex index concurrently i;", {}},
    {"outside a transaction, beside others: once", "select 1;\nvacuum;\nvacuum;", {"N C0318 2:1"}},
    {"outside a transaction, beside others, as declared",
     "-- candor:no-transaction\nselect 1;\nvacuum;",
     {},
     true},
    {"wrapped", "-- a\nbegin;\nselect 1;\ncommit;", {"N C0312 2:1"}},
    {"wrapped, with savepoints", "start transaction; savepoint s; rollback to s; end;", {"N C0312 1:1"}},
    {"savepoints alone", "savepoint s; release s;", {}},
    {"something before the wrapper", "select 1; begin; select 1; commit;", {"W C0312 1:11"}},
    {"something behind the wrapper", "begin; select 1; commit; select 1;", {"W C0312 1:1"}},
    {"two wrappers", "begin; commit; begin; commit;", {"W C0312 1:1"}},
    {"rolled back", "begin; select 1; rollback;", {"W C0312 1:1"}},
    {"never committed", "begin; select 1;", {"W C0312 1:1"}},
    {"commit alone", "select 1; commit;", {"W C0312 1:11"}},
    {"prepared", "begin; prepare transaction 'x';", {"W C0312 1:1"}},
};

std::string line_of(const Finding& finding) {
  const char* severity = finding.severity == Severity::error     ? "E "
                         : finding.severity == Severity::warning ? "W "
                                                                 : "N ";
  const auto& where = finding.what.where;
  return severity + std::string(finding.what.code.id) + " " +
         (where ? std::to_string(where->line) + ":" + std::to_string(where->column) : "-");
}

class LintTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "candor-lint-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }
  Migration write(const std::string& file, std::string_view text) const {
    std::ofstream(folder_ / file, std::ios::binary) << text;
    Migration migration;
    migration.path = folder_ / file;
    migration.file = file;
    return migration;
  }
  fs::path folder_;
};

TEST_F(LintTest, Files) {
  for (const Case& c : cases) {
    History history;
    history.migrations.push_back(write("1_a.sql", c.text));
    history.migrations.back().directives.no_transaction = c.no_transaction;
    Lines found;
    for (const Finding& finding : lint(history)) {
      found.push_back(line_of(finding));
      EXPECT_FALSE(finding.what.hint.empty()) << c.name;
      if (finding.what.where) {
        EXPECT_EQ(finding.what.where->file, "1_a.sql") << c.name;
      }
    }
    EXPECT_EQ(found, c.findings) << c.name;
  }
}

struct DownCase {
  const char* name;
  std::string up, down;
  Lines findings;
};

const DownCase down_cases[] = {
    {"nothing wrong", "create table t ();", "drop table t;", {}},
    {"unknown to the grammar",
     "select 1;",
     "select 1;\nalter table t drop column a drop column b;",
     {"W C0311 2:29"}},
    {"a meta-command, two of them",
     "select 1;",
     "\\set x 1\nselect 1;\n\\i y\n",
     {"W C0306 1:1", "W C0306 3:1"}},
    {"not closed", "select 1;", "select 'x", {"W C0309 1:8"}},
    {"invalid UTF-8", "select 1;", "select '\xff';", {"W C0307 1:9"}},
    {"what up would be told of", "select 1;", "begin; select 1; vacuum; commit;", {}},
    {"empty", "select 1;", "", {"N C0316 -"}},
    {"comments alone", "select 1;", "-- nothing to take back\n", {"N C0316 -"}},
    {"empty, as the other", "", "", {"W C0316 -"}},
};

TEST_F(LintTest, DownFiles) {
  for (const DownCase& c : down_cases) {
    History history;
    history.folder = folder_;
    history.migrations.push_back(write("1_a.sql", c.up));
    history.migrations.back().down = write("1_a.down.sql", c.down).path;
    Lines found;
    for (const Finding& finding : lint(history)) {
      found.push_back(line_of(finding));
      EXPECT_FALSE(finding.what.hint.empty()) << c.name;
      if (finding.what.where) {
        EXPECT_EQ(finding.what.where->file, "1_a.down.sql") << c.name;
        EXPECT_FALSE(finding.what.where->text.empty()) << c.name;
      }
    }
    EXPECT_EQ(found, c.findings) << c.name;
  }
}

TEST_F(LintTest, ADownSectionIsReadAtItsPlaceInTheFile) {
  write("1_a.sql", "-- +goose Up\nselect 1;\n-- +goose Down\n  selec 2;\n");
  const auto history = read_history(folder_);
  ASSERT_TRUE(history);
  const auto findings = lint(*history);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(line_of(findings[0]), "W C0311 4:3");
  EXPECT_EQ(findings[0].what.where->file, "1_a.sql");
}

TEST_F(LintTest, EmptyDownsAndThoseThatAreMissingAreToldInOneNoticeEach) {
  History history;
  history.folder = folder_;
  const auto add = [&](int number, const char* down) {
    const std::string name = std::to_string(number);
    history.migrations.push_back(write(name + "_a.sql", "select 1;"));
    if (down != nullptr) history.migrations.back().down = write(name + "_a.down.sql", down).path;
  };
  for (int i = 1; i <= 4; ++i) add(i, "select 1;");
  for (int i = 5; i <= 6; ++i) add(i, "-- none\n");
  for (int i = 7; i <= 8; ++i) add(i, nullptr);
  auto findings = lint(history);
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(line_of(findings[0]), "N C0316 -");
  EXPECT_EQ(findings[0].what.message, "2 down files hold no statement: 5_a.down.sql, 6_a.down.sql");
  EXPECT_EQ(line_of(findings[1]), "N C0334 -");
  EXPECT_EQ(findings[1].what.message, "2 of 8 migrations have no down file: 7_a.sql, 8_a.sql");

  write("8_a.sql", "-- withdrawn\n");
  findings = lint(history);
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_EQ(findings[0].what.code.id, "C0316");
  EXPECT_EQ(findings[2].what.message, "1 of 8 migrations has no down file: 7_a.sql")
      << "what does nothing needs no way back";
  write("8_a.sql", "select 1;");

  for (int i = 9; i <= 12; ++i) add(i, nullptr);
  findings = lint(history);
  ASSERT_EQ(findings.size(), 1u) << "half of them have none: nobody means to write them";
  EXPECT_EQ(findings[0].what.code.id, "C0316");
}

TEST_F(LintTest, AVersionThatIsNoTimeIsNoticed) {
  History history;
  for (const char* version :
       {"20260714105544", "20260714345544", "20261301000000", "20260230000000", "20240229235959",
        "20250229000000", "18990000000000", "345544", "20260714-345544"}) {
    history.migrations.push_back(write(std::string(version) + "_a.sql", "select 1;"));
    history.migrations.back().version = Version(version);
  }
  std::string told;
  for (const Finding& finding : lint(history)) {
    EXPECT_EQ(finding.what.code.id, "C0336");
    EXPECT_EQ(finding.severity, Severity::notice);
    told += finding.what.message.substr(15, 14) + " ";
  }
  EXPECT_EQ(told, "20260714345544 20261301000000 20260230000000 20250229000000 ");
}

TEST_F(LintTest, FindingsStandInTheOrderOfTheHistory) {
  History history;
  for (int i = 0; i < 50; ++i) history.migrations.push_back(write(std::to_string(i) + "_a.sql", "selec;"));
  const auto findings = lint(history);
  ASSERT_EQ(findings.size(), 50u);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(findings[i].what.where->file, std::to_string(i) + "_a.sql");
}

TEST_F(LintTest, AFileThatIsGoneIsAnError) {
  History history;
  history.migrations.push_back(write("1_a.sql", ""));
  fs::remove(folder_ / "1_a.sql");
  const auto findings = lint(history);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].what.code.id, "C0004");
  EXPECT_EQ(findings[0].severity, Severity::error);
}

TEST(Lint, AValueThatIsMissingInSeveralFilesIsToldOnce) {
  const test::Folder folder(
      {{"V1__a.sql", "select ${x};"}, {"V2__b.sql", "select ${y};"}, {"V3__c.sql", "select ${x};"}});
  const auto history = read_history(folder.path(), {.format = "flyway"});
  ASSERT_TRUE(history);
  Lines told;
  for (const Finding& finding : lint(*history))
    told.push_back(finding.what.where->file + " " + finding.what.message + " " + finding.what.detail);
  EXPECT_EQ(told, (Lines{"V1__a.sql the placeholder ${x} has no value the same in 1 other file",
                         "V2__b.sql the placeholder ${y} has no value "}));
}

}  // namespace
