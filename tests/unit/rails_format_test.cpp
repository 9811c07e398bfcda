#include <gtest/gtest.h>

#include "history/formats/structure_sql.h"
#include "unit/foreign_folder.h"

namespace candor::test {
namespace {

const std::string listed =
    "CREATE TABLE t (id bigint);\nSET search_path TO \"$user\", public;\n\n"
    "INSERT INTO \"schema_migrations\" (version) VALUES\n('20240102000000'),\n('20240101000000');\n\n\n";

TEST(RailsFormat, TheStructureIsOneMigration) {
  const std::string run = squeezed(listed);
  test::run({
      {"with its files, seeds and another database's structure",
       {{"structure.sql", listed},
        {"migrate/20240101000000_a.rb", ""},
        {"migrate/20240102000000_b.rb", ""},
        {"cable_structure.sql", "select 1;"},
        {"seeds.rb", ""},
        {"seeds/users.rb", ""}},
       "rails",
       {"20240102000000 structure: " + run},
       {}},
      {"files that it lacks, older and newer, and SQL that is none of Rails'",
       {{"structure.sql", listed},
        {"migrate/20240101120000_late.rb", ""},
        {"migrate/20240103000000_new.rb", ""},
        {"migrate/teams/20240104000000_deep.rb", ""},
        {"migrate/README.md", ""},
        {"views.sql", "select 1;"}},
       "rails",
       {"20240102000000 structure: " + run},
       {"E C0326 20240101120000_late.rb is not in structure.sql, and it is not SQL: the history cannot be replayed without "
        "it",
        "E C0323 20240101120000_late.rb is older than structure.sql, which lacks it: `rails db:schema:load` records it as "
        "applied and never runs it",
        "E C0326 20240103000000_new.rb is not in structure.sql, and it is not SQL: the history cannot be replayed without it",
        "E C0326 20240104000000_deep.rb is not in structure.sql, and it is not SQL: the history cannot be replayed without "
        "it",
        "W C0304 file views.sql matches no naming rule and would be ignored"}},
  });
}

TEST(RailsFormat, WhatPgDumpWritesForPsqlIsLeftOut) {
  const std::string run = squeezed(listed);
  test::run({
      {"a pair",
       {{"structure.sql", "\\restrict aBc\n" + listed + "\\unrestrict aBc\nselect 1;\n"}},
       "rails",
       {"20240102000000 structure: " + run + " select 1;"},
       {}},
      {"no pair",
       {{"structure.sql", "\\restrict aBc\n" + listed + "\\unrestrict aBd\n"}},
       "rails",
       {"20240102000000 structure: \\restrict aBc " + run + " \\unrestrict aBd"},
       {}},
  });
}

TEST(RailsFormat, VersionsAsOldAndNewRailsWriteThem) {
  const auto texts = [](std::string_view text) {
    Lines lines;
    for (const Version& version : versions_in_structure(text)) lines.push_back(version.text());
    return lines;
  };
  EXPECT_EQ(texts(listed), (Lines{"20240101000000", "20240102000000"}));
  EXPECT_EQ(
      texts(
          "INSERT INTO schema_migrations (version) VALUES ('2');\nINSERT INTO schema_migrations (version) VALUES "
          "('1');\n"),
      (Lines{"1", "2"}));
  EXPECT_EQ(texts("INSERT INTO \"schema_migrations\" (version) VALUES\n('1"), Lines{});
  EXPECT_EQ(texts("INSERT INTO \"schema_migrations\" (version) VALUES\n('x'), ('2')"), Lines{"2"});
  EXPECT_EQ(texts("CREATE TABLE schema_migrations (version text);"), Lines{});
}

}  // namespace
}  // namespace candor::test
