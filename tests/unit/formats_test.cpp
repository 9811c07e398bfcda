#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "history/format.h"
#include "unit/folder.h"

using namespace candor;
using namespace candor::history;
using test::Folder;
using test::Lines;
using test::lines_of;
namespace fs = std::filesystem;

namespace {

Lines files_of(const History& history) {
  Lines files;
  for (const Migration& migration : history.migrations) files.push_back(migration.file);
  return files;
}

struct Case {
  const char* name;
  Lines files;  ///< "name/" makes a folder
  const char* format;
  Lines migrations;
  Lines findings;
};

const Case cases[] = {
    {"native",
     {"2_b.sql", "1_a.sql", "1_a.down.sql", "10_c.sql.md", "3.sql"},
     "native",
     {"1_a.sql", "2_b.sql", "3.sql"},
     {}},
    {"what belongs in the folder",
     {"1_a.sql", "README", "README.rst", "notes.md", ".gitkeep", ".x.sql", "candor.lock", "candor.toml",
      "shadow.sql"},
     "native",
     {"1_a.sql"},
     {}},
    {"native, compared as numbers",
     {"9_a.sql", "0010_b.sql", "11_c.sql"},
     "native",
     {"9_a.sql", "0010_b.sql", "11_c.sql"},
     {}},
    {"pairs",
     {"000001_a.up.sql", "000001_a.down.sql", "000002_b.up.sql"},
     "updown",
     {"000001_a.up.sql", "000002_b.up.sql"},
     {}},
    {"folders of Diesel",
     {"2017-09-23-182408_b/up.sql", "2017-09-23-182408_b/down.sql", "20141002195939_a/up.sql",
      "2017-09-23-182408-0001_c/up.sql", "20170923182409_d/up.sql", "data.sql"},
     "diesel",
     {"20141002195939_a/up.sql", "2017-09-23-182408_b/up.sql", "2017-09-23-182408-0001_c/up.sql",
      "20170923182409_d/up.sql"},
     {"W C0304 file data.sql matches no naming rule and would be ignored"}},
    {"a folder without up.sql",
     {"1_a/up.sql", "2_b/down.sql"},
     "updown",
     {"1_a/up.sql"},
     {"E C0304 folder 2_b has no up.sql and would be ignored"}},
    {"more in a folder",
     {"1_a/up.sql", "1_a/README.md", "1_a/up2.sql"},
     "updown",
     {"1_a/up.sql"},
     {"W C0304 file 1_a/up2.sql is not read"}},
    {"the same version twice",
     {"1_a.sql", "01_b.sql", "2_c.sql"},
     "native",
     {"01_b.sql", "1_a.sql", "2_c.sql"},
     {"E C0303 01_b.sql and 1_a.sql have the same version"}},
    {"names that match nothing",
     {"0001_a.sql", "0002-foo.sql", "1_A.SQL", "V1__x.sql", "add.sql", "5_x.up.sql", "6_x.ts",
      "migrations.list", "1_a.sql.orig"},
     "native",
     {"0001_a.sql"},
     {"E C0304 file 0002-foo.sql matches no naming rule and would be ignored",
      "E C0304 file 1_A.SQL matches no naming rule and would be ignored",
      "W C0304 file 1_a.sql.orig matches no naming rule and would be ignored",
      "E C0304 file 5_x.up.sql matches no naming rule and would be ignored",
      "E C0326 6_x.ts is not SQL; the history cannot be replayed without it",
      "E C0304 file V1__x.sql matches no naming rule and would be ignored",
      "E C0304 file add.sql matches no naming rule and would be ignored",
      "W C0304 file migrations.list matches no naming rule and would be ignored"}},
    {"folders that match nothing",
     {"1_a.sql", "2_b.sql/", "3_c/", "archive/"},
     "native",
     {"1_a.sql"},
     {"E C0304 folder 2_b.sql matches no naming rule and would be ignored",
      "E C0304 folder 3_c matches no naming rule and would be ignored",
      "W C0304 folder archive matches no naming rule and would be ignored"}},
    {"down files alone",
     {"1_a.sql", "2_b.down.sql"},
     "native",
     {"1_a.sql"},
     {"W C0315 2_b.down.sql is the inverse of no migration"}},
    {"two down files",
     {"1_a.sql", "1_a.down.sql", "1_b.down.sql"},
     "native",
     {"1_a.sql"},
     {"W C0315 1_b.down.sql is the inverse of no migration"}},
    {"a gap",
     {"0001_a.sql", "0002_b.sql", "0004_d.sql", "0008_h.sql", "0009_i.sql"},
     "native",
     {"0001_a.sql", "0002_b.sql", "0004_d.sql", "0008_h.sql", "0009_i.sql"},
     {"W C0308 number 3 is missing between 0002_b.sql and 0004_d.sql",
      "W C0308 numbers 5 to 7 are missing between 0004_d.sql and 0008_h.sql"}},
    {"a gap behind a dot",
     {"V1_1__a.sql", "V1_2__b.sql", "V1_4__d.sql", "V2_1__e.sql"},
     "flyway",
     {"V1_1__a.sql", "V1_2__b.sql", "V1_4__d.sql", "V2_1__e.sql"},
     {"W C0308 number 3 is missing between V1_2__b.sql and V1_4__d.sql"}},
    {"numbers of versions of equally many groups",
     {"V1_0_1__a.sql", "V1_0_2__b.sql", "V1_0_4__d.sql", "V1_1_0__e.sql"},
     "flyway",
     {"V1_0_1__a.sql", "V1_0_2__b.sql", "V1_0_4__d.sql", "V1_1_0__e.sql"},
     {"W C0308 number 3 is missing between V1_0_2__b.sql and V1_0_4__d.sql"}},
    {"numbers of releases are no series",
     {"V2_5_0__a.sql", "V2_5_1__b.sql", "V2_5_2__c.sql", "V2_5_4__d.sql", "V4_99__e.sql", "V4_101__f.sql"},
     "flyway",
     {"V2_5_0__a.sql", "V2_5_1__b.sql", "V2_5_2__c.sql", "V2_5_4__d.sql", "V4_99__e.sql", "V4_101__f.sql"},
     {}},
    {"blocks of numbers",
     {"1000_a.sql", "1001_b.sql", "1002_c.sql", "2000_d.sql", "2001_e.sql", "2101_f.sql", "2202_g.sql"},
     "native",
     {"1000_a.sql", "1001_b.sql", "1002_c.sql", "2000_d.sql", "2001_e.sql", "2101_f.sql", "2202_g.sql"},
     {"W C0308 numbers 2002 to 2100 are missing between 2001_e.sql and 2101_f.sql"}},
    {"no gap before the first, nor between timestamps",
     {"7_a.sql", "8_b.sql", "20260101_a.sql", "20260201_b.sql"},
     "native",
     {"7_a.sql", "8_b.sql", "20260101_a.sql", "20260201_b.sql"},
     {}},
    {"steps of ten",
     {"10_a.sql", "20_b.sql", "30_c.sql"},
     "native",
     {"10_a.sql", "20_b.sql", "30_c.sql"},
     {}},
};

/// Empty files, and a folder for each name that ends in '/'.
void fill(const Folder& folder, const Lines& names) {
  for (const std::string& name : names)
    if (name.ends_with('/'))
      fs::create_directory(folder.path() / name);
    else
      folder.write(name);
}

TEST(Formats, Folders) {
  for (const Case& c : cases) {
    const Folder folder;
    fill(folder, c.files);
    const auto history = read_history(folder.path());
    ASSERT_TRUE(history) << c.name << ": " << history.error().message;
    EXPECT_EQ(history->format, c.format) << c.name;
    EXPECT_EQ(files_of(*history), c.migrations) << c.name;
    EXPECT_EQ(lines_of(history->findings), c.findings) << c.name;
  }
}

TEST(Formats, WhatToDoAboutAnEntryThatMatchesNothing) {
  const std::string out = "move it out of the migrations folder";
  const struct {
    const char* name;
    Lines files;
    Lines hints;  ///< FOLDER is the migrations folder
  } folders[] = {
      {"a file without a version, a dump, no SQL",
       {"1_a.sql", "add.sql", "LATEST.sql", "schema.sql", "notes.txt"},
       {out, "if it is a migration, name it VERSION_NAME.sql; else " + out, out, out}},
      {"beside folders",
       {"2026-01-01-000000_a/up.sql", "data.sql"},
       {"if it is a migration, name it VERSION_NAME/up.sql; else " + out}},
      {"beside pairs",
       {"1_a.up.sql", "2_b.up.sql", "3_c.sql", "data.sql"},
       {"name it VERSION_NAME.up.sql", "if it is a migration, name it VERSION_NAME.up.sql; else " + out}},
      {"a folder with nothing in it", {"1_a.sql", "archive/", "3.0/"}, {out, out}},
      {"a folder with files that are no migrations here",
       {"1_a.sql", "3.0/0000##a.sql"},
       {"name its files VERSION_NAME.sql and put them into the migrations folder, or move it out"}},
      {"a folder that holds migrations",
       {"1_a.sql", "postgres/1_b.sql"},
       {"if its migrations are the ones to run, say --dir FOLDER/postgres; else " + out}},
      {"folders two levels down",
       {"generic/default/1620000000000_a/up.sql", "generic/main/1_a.sql", "generic/x/y"},
       {"if its migrations are the ones to run, say --dir FOLDER/generic/default or --dir FOLDER/generic/main; else " +
        out}},
  };
  for (const auto& c : folders) {
    const Folder folder;
    fill(folder, c.files);
    const auto history = read_history(folder.path());
    ASSERT_TRUE(history) << c.name;
    Lines hints;
    for (const Finding& finding : history->findings) {
      if (finding.what.code.id != codes::unmatched_file.id) continue;
      std::string hint = finding.what.hint;
      const std::string path = folder.path().lexically_normal().parent_path().string();
      for (std::size_t at = hint.find(path); at != std::string::npos; at = hint.find(path))
        hint.replace(at, path.size(), "FOLDER");
      hints.push_back(hint);
    }
    EXPECT_EQ(hints, c.hints) << c.name;
  }
}

TEST(Formats, AMigrationIsFilledIn) {
  const Folder folder;
  folder.write("20260114_add_x.sql", "-- candor:no-transaction\r\nselect 1;\r\n");
  folder.write("20260114_add_x.down.sql");
  const auto history = read_history(folder.path());
  ASSERT_TRUE(history);
  const Migration* migration = history->find(Version("020260114"));
  ASSERT_NE(migration, nullptr);
  EXPECT_EQ(migration->version.text(), "20260114");
  EXPECT_EQ(migration->name, "add_x");
  EXPECT_EQ(migration->path, folder.path() / "20260114_add_x.sql");
  EXPECT_EQ(migration->down, folder.path() / "20260114_add_x.down.sql");
  EXPECT_EQ(migration->checksum, checksum_of("-- candor:no-transaction\nselect 1;\n"));
  EXPECT_TRUE(migration->directives.no_transaction);
  EXPECT_EQ(history->find(Version("1")), nullptr);
}

TEST(Formats, MetadataOfDiesel) {
  const struct {
    const char* text;
    bool no_transaction;
    Lines findings;
  } metadata[] = {
      {"run_in_transaction = false\n", true, {}},
      {"run_in_transaction = true\n", false, {}},
      {"",
       true,
       {"W C0305 1_a/metadata.toml does not set run_in_transaction, so Diesel runs the migration without one"}},
      {"run_in_transaction = \"no\"\n",
       false,
       {"E C0305 run_in_transaction in 1_a/metadata.toml is neither true nor false"}},
      {"in_transaction = false\n",
       true,
       {"W C0305 1_a/metadata.toml does not set run_in_transaction, so Diesel runs the migration without one",
        "W C0305 1_a/metadata.toml sets \"in_transaction\", which does nothing"}},
  };
  for (const auto& c : metadata) {
    const Folder folder;
    folder.write("1_a/up.sql");
    folder.write("1_a/metadata.toml", c.text);
    const auto history = read_history(folder.path());
    ASSERT_TRUE(history) << c.text;
    EXPECT_EQ(history->migrations.at(0).directives.no_transaction, c.no_transaction) << c.text;
    EXPECT_EQ(lines_of(history->findings), c.findings) << c.text;
  }
  const Folder folder;
  folder.write("1_a/up.sql");
  folder.write("1_a/metadata.toml", "run_in_transaction = ");
  const auto history = read_history(folder.path());
  ASSERT_TRUE(history);
  ASSERT_EQ(history->findings.size(), 1u);
  EXPECT_EQ(history->findings[0].what.code.id, "C0305");
  EXPECT_EQ(history->findings[0].severity, Severity::error);
}

TEST(Formats, FoldersThatCannotBeRead) {
  const Folder folder;
  folder.write("file");
  const auto code = [&](const fs::path& path, std::string_view format = {}) -> std::string {
    const auto history = read_history(path, {.format = std::string(format)});
    if (history) return history->findings.empty() ? "read" : std::string(history->findings[0].what.code.id);
    EXPECT_FALSE(history.error().hint.empty());
    return std::string(history.error().code.id);
  };
  EXPECT_EQ(code(folder.path() / "none"), "C0301");
  EXPECT_EQ(code(folder.path() / "file"), "C0301");
  EXPECT_EQ(code(folder.path(), "nativ"), "C0313");
  fs::remove(folder.path() / "file");
  EXPECT_EQ(code(folder.path()), "C0302");
  EXPECT_EQ(code(folder.path(), "updown"), "C0302");
}

TEST(Formats, HostileEntries) {
  const Folder folder, elsewhere;
  elsewhere.write("4_d.sql");
  folder.write("1_a.sql");
  folder.write("2_b\n.sql");
  folder.write("2_\xff.sql");
  fs::create_symlink("nowhere", folder.path() / "3_c.sql");
  fs::create_symlink(elsewhere.path() / "4_d.sql", folder.path() / "4_d.sql");
  fs::create_symlink("1_a.sql", folder.path() / "2_inside.sql");
  ASSERT_EQ(::mkfifo((folder.path() / "5_e.sql").c_str(), 0600), 0);
  const auto history = read_history(folder.path());
  ASSERT_TRUE(history);
  EXPECT_EQ(files_of(*history), (Lines{"1_a.sql", "2_inside.sql", "4_d.sql"}));
  Lines found = lines_of(history->findings);
  std::ranges::sort(found);
  EXPECT_EQ(found,
            (Lines{"E C0004 file 5_e.sql cannot be read", "E C0004 the target of link 3_c.sql cannot be read",
                   "E C0304 the name of 2_\\xFF.sql cannot be printed",
                   "E C0304 the name of 2_b\\x0A.sql cannot be printed",
                   "W C0308 number 3 is missing between 2_inside.sql and 4_d.sql",
                   "W C0317 4_d.sql is a link out of the migrations folder"}));
}

TEST(Formats, AFileThatCannotBeReadIsAnError) {
  if (::geteuid() == 0) return;  // root reads everything
  const Folder folder;
  folder.write("1_a.sql");
  fs::permissions(folder.path() / "1_a.sql", fs::perms::none);
  const auto history = read_history(folder.path());
  ASSERT_TRUE(history);
  ASSERT_EQ(history->findings.size(), 1u);
  EXPECT_EQ(history->findings[0].what.code.id, "C0004");
}

TEST(Formats, EveryFormatHasItsName) {
  Lines names;
  for (const Format* format : all_formats()) names.emplace_back(format->name);
  EXPECT_EQ(names, (Lines{"native",
                          "updown",
                          "drizzle",
                          "drizzle-folders",
                          "prisma",
                          "flyway",
                          "golang-migrate",
                          "dbmate",
                          "goose",
                          "diesel",
                          "sqlx",
                          "refinery",
                          "supabase",
                          "hasura",
                          "node-pg-migrate",
                          "graphile-migrate",
                          "postgrator",
                          "liquibase",
                          "sqitch",
                          "atlas",
                          "pop",
                          "rails"}));
}

}  // namespace
