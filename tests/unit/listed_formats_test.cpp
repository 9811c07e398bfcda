/// Formats that keep more than files: changesets in a file, a plan, sums.
#include <gtest/gtest.h>

#include "history/lint.h"
#include "unit/foreign_folder.h"

namespace candor::test {
namespace {

TEST(ListedFormats, Liquibase) {
  run({
      {"changesets",
       {{"1.sql",
         "--liquibase formatted sql\n\n--changeset ann:1\nselect 1;\n--rollback select 0;\n"
         "--changeset bob:\"two words\" runInTransaction:false splitStatements:false\n--comment hello\nselect 2;\n"},
        {"2.sql",
         "-- liquibase formatted sql\n-- changeset ann:3 dbms:oracle\nselect 3;\n-- changeset ann:4\nselect 4;\n"
         "/* liquibase rollback\nselect -4;\n*/\n"}},
       "liquibase",
       {"0001 1: select 1; --rollback select 0; | select 0;",
        "0002 two words: --comment hello select 2; (no transaction)", "0003 4: select 4; | select -4;"},
       {"W C0323 dbms:oracle keeps this changeset from ever running on PostgreSQL"}},
      {"malformed, not followed",
       {{"1.sql",
         "--liquibase formatted sql\n--changeset ann\nselect 1;\n--changeset ann:1 runOnChange:true failOnError:false\n"
         "--preconditions onFail:MARK_RAN\nselect 2;\n--changeset ann:1 context:test\nselect 3;\n"},
        {"plain.sql", "select 1;"},
        {"db.changelog-master.yaml", ""}},
       "liquibase",
       {"0001 1: --preconditions onFail:MARK_RAN select 2;", "0002 1: select 3;"},
       {"E C0332 a changeset is written --changeset author:id",
        "E C0327 Candor does not follow runOnChange:true",
        "W C0323 failOnError:false lets Liquibase report success when this changeset fails; Candor stops",
        "E C0327 Candor does not follow --preconditions",
        "E C0333 the changeset ann:1 stands twice in the file: Liquibase refuses it",
        "W C0323 context:test lets Liquibase pass over this changeset; Candor always runs it",
        "W C0323 no changeset holds this statement: it is never run",
        "E C0327 Candor does not read db.changelog-master.yaml: the changesets of the folder are run in the order of the "
        "files' names",
        "E C0304 file plain.sql matches no naming rule and would be ignored"}},
  });
}

TEST(ListedFormats, Sqitch) {
  const std::string head = "%syntax-version=1.0.0\n%project=x\n\n";
  const std::string who = " 2026-11-20T16:24:52Z Ann <ann@x> # note\n";
  run({
      {"the plan's order, a rework",
       {{"sqitch.plan", head + "b" + who + "a [b]" + who + "@v1" + who + "b [b@v1]" + who},
        {"deploy/a.sql", "select 2;"},
        {"deploy/b.sql", "select 3;"},
        {"deploy/b@v1.sql", "select 1;"},
        {"revert/a.sql", "select -2;"},
        {"revert/b.sql", "  \n"}},
       "sqitch",
       {"0001 b@v1: select 1;", "0002 a: select 2; | select -2;", "0003 b: select 3; | "},
       {"W C0334 there is no revert/b@v1.sql: a deployment that fails behind it cannot be reverted",
        "W C0334 revert/b.sql is empty: Sqitch forgets the change and leaves it in place"}},
      {"a rework whose script is called by another tag than the next",
       {{"sqitch.plan", head + "b" + who + "@v1" + who + "c" + who + "@v2" + who + "d" + who + "@v3" + who +
                            "b [b@v3]" + who},
        {"deploy/b@v2.sql", "select 1;"},
        {"deploy/c.sql", "select 2;"},
        {"deploy/d.sql", "select 3;"},
        {"deploy/b.sql", "select 4;"},
        {"revert/b@v2.sql", "select -1;"},
        {"revert/c.sql", "select -2;"},
        {"revert/d.sql", "select -3;"},
        {"revert/b.sql", "select -4;"}},
       "sqitch",
       {"0001 b@v2: select 1; | select -1;", "0002 c: select 2; | select -2;",
        "0003 d: select 3; | select -3;", "0004 b: select 4; | select -4;"},
       {}},
      {"scripts and plan that do not agree",
       {{"sqitch.plan", head + "a" + who + "sub/b" + who},
        {"deploy/a.sql", "select 1;"},
        {"deploy/sub/c.sql", ""},
        {"revert/a.sql", "select 0;"}},
       "sqitch",
       {"0001 a: select 1; | select 0;"},
       {"E C0322 sqitch.plan lists sub/b, but there is no deploy/sub/b.sql",
        "E C0321 deploy/sub/c.sql is not in sqitch.plan: Sqitch never runs it"}},
      {"a change twice",
       {{"sqitch.plan", head + "a" + who + "a" + who}, {"deploy/a.sql", ""}},
       "sqitch",
       {},
       {"E C0333 sqitch.plan cannot be used: the change a stands twice without a tag between"}},
      {"a dependency that comes later",
       {{"sqitch.plan", head + "a [b]" + who + "b" + who}, {"deploy/a.sql", ""}},
       "sqitch",
       {},
       {"E C0320 sqitch.plan cannot be used: the change a requires b, which no earlier line is called"}},
      {"dependencies of other projects, on tags and by them; conflicts need not be there",
       {{"sqitch.plan", head + "a [other:z !gone]" + who + "@v1" + who + "b [a@v1 @v1 x:a a@HEAD]" + who},
        {"deploy/a.sql", "select 1;"},
        {"deploy/b.sql", "select 2;"},
        {"revert/a.sql", "select -1;"},
        {"revert/b.sql", "select -2;"}},
       "sqitch",
       {"0001 a: select 1; | select -1;", "0002 b: select 2; | select -2;"},
       {}},
      {"a conflict with what is deployed before",
       {{"sqitch.plan", head + "a" + who + "b [!a]" + who}, {"deploy/a.sql", ""}},
       "sqitch",
       {},
       {"E C0320 sqitch.plan cannot be used: the change b conflicts with a, which is deployed before it"}},
      {"a tag twice",
       {{"sqitch.plan", head + "a" + who + "@v1" + who + "b" + who + "@v1" + who}, {"deploy/a.sql", ""}},
       "sqitch",
       {},
       {"E C0333 sqitch.plan cannot be used: the tag @v1 stands twice"}},
      {"a line that is nothing",
       {{"sqitch.plan", head + "../a" + who}, {"deploy/a.sql", ""}},
       "sqitch",
       {},
       {"E C0320 sqitch.plan cannot be used: this line is no change, tag or pragma"}},
  });
}

TEST(ListedFormats, Atlas) {
  run({
      {"sums that do not fit",
       {{"1_a.sql", "-- atlas:txmode none\n\nselect 1;"},
        {"2_b.sql", "-- atlas:delimiter \\n\nselect 2;"},
        {"atlas.sum", "h1:x\n1_a.sql h1:abc\n3_c.sql h1:abc\n"}},
       "atlas",
       {"1 a: -- atlas:txmode none select 1; (no transaction)", "2 b: -- atlas:delimiter \\n select 2;"},
       {"E C0327 Candor does not follow atlas:delimiter \\n",
        "E C0322 atlas.sum lists 3_c.sql, which is not there", "E C0321 2_b.sql is not in atlas.sum"}},
      {"sums that fit",
       {{"1_a.sql", "select 1;"},
        {"2_b.sql", "-- atlas:sum ignore\nselect 2;"},
        {"3_c.sql", "select 3;"},
        {"atlas.sum",
         "h1:hCa9HNgPrb6kOdMtxj12wc2pmCbn7kk0NOB0AeGT5WY=\n1_a.sql h1:Fb64SJl1OwgfCzshzvW+AVp19NLxh+yuOPFUZaep/mE=\n3_c.sql h1:bhYBjhLMbpVB7tdzkmvXd4c9eg2b67Rn+yWD5D59j7E=\n"}},
       "atlas",
       {"1 a: select 1;", "2 b: -- atlas:sum ignore select 2;", "3 c: select 3;"},
       {}},
      {"one transaction for all files, which only the command line can ask for",
       {{"1_a.sql", "-- atlas:txmode all\n\n-- atlas:sum ignore\nselect 1;"},
        {"atlas.sum", "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"}},
       "atlas",
       {"1 a: -- atlas:txmode all -- atlas:sum ignore select 1;"},
       {"E C0327 Candor does not follow atlas:txmode all", "E C0321 1_a.sql is not in atlas.sum"}},
      {"an edited file",
       {{"1_a.sql", "select 1;"}, {"atlas.sum", "h1:x\n1_a.sql h1:abc\n"}},
       "atlas",
       {"1 a: select 1;"},
       {"E C0330 1_a.sql is not the file that atlas.sum sums up",
        "E C0330 the first line of atlas.sum is not the sum of the others"}},
      {"one version twice, of which the sums say nothing",
       {{"1_a.sql", "-- atlas:sum ignore\nselect 1;"},
        {"1_b.sql", "-- atlas:sum ignore\nselect 2;"},
        {"2_c.sql", "-- atlas:sum ignore\nselect 3;"},
        {"atlas.sum", "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"}},
       "atlas",
       {"1 a: -- atlas:sum ignore select 1;", "1.2 b: -- atlas:sum ignore select 2;",
        "2 c: -- atlas:sum ignore select 3;"},
       {"E C0323 1_a.sql and 1_b.sql have the same version: Atlas runs the first, and never the second"}},
  });
}

TEST(ListedFormats, AtlasSumOfAnotherTool) {
  const Folder folder({{"sql/1_a.up.sql", "select 1;"},
                       {"sql/1_a.down.sql", "select 0;"},
                       {"sql/atlas.sum", "h1:x\n1_a.up.sql h1:abc\n"},
                       {"go.mod", "require github.com/golang-migrate/migrate/v4 v4.17.0\n"}});
  const auto history = read_history(folder.path() / "sql");
  ASSERT_TRUE(history);
  EXPECT_EQ(history->format, "golang-migrate");
  EXPECT_EQ(lines_of(history->findings), Lines{}) << "it is read, so it is not ignored";
  EXPECT_EQ(lines_of(lint(*history)),
            (Lines{"E C0330 1_a.up.sql is not the file that atlas.sum sums up",
                   "E C0330 the first line of atlas.sum is not the sum of the others"}));
}

}  // namespace
}  // namespace candor::test
