// Each format of another tool: folders with their text, then what is run of them and what is wrong with them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "history/lint.h"
#include "unit/foreign_folder.h"

namespace candor::test {
namespace {

namespace fs = std::filesystem;

TEST(ForeignFormats, Prisma) {
  const std::string lock = "provider = \"postgresql\"\n";
  run({
      {"folders in the order of their names",
       {{"20260102000000_b/migration.sql", "select 2;"},
        {"20260101000000_a/migration.sql", "select 1;"},
        {"migration_lock.toml", lock}},
       "prisma",
       {"20260101000000 a: select 1;", "20260102000000 b: select 2;"},
       {}},
      {"names without numbers: positions",
       {{"init/migration.sql", "select 1;"},
        {"20260101000000_a/migration.sql", "select 2;"},
        {"migration_lock.toml", lock}},
       "prisma",
       {"0001 a: select 2;", "0002 init: select 1;"},
       {}},
      {"two of one second",
       {{"20260101000000_a/migration.sql", "select 1;"}, {"20260101000000_b/migration.sql", "select 2;"}},
       "prisma",
       {"20260101000000 a: select 1;", "20260101000000.2 b: select 2;"},
       {}},
      {"a folder without its file, a file beside, another database",
       {{"20260101000000_a/migration.sql", "select 1;"},
        {"20260101000000_a/down.sql", "select 0;"},
        {"20260102000000_b/", ""},
        {"migration_lock.toml", "provider = \"mysql\"\n"}},
       "prisma",
       {"20260101000000 a: select 1;"},
       {"E C0320 migration_lock.toml says that the migrations are written for \"mysql\"",
        "W C0304 file 20260101000000_a/down.sql is not read",
        "E C0322 folder 20260102000000_b has no migration.sql"}},
      {"a name that begins another one, in the order of both versions",
       {{"20260101000000_a_b/migration.sql", "select 2;"}, {"20260101000000_a/migration.sql", "select 1;"}},
       "prisma",
       {"20260101000000 a: select 1;", "20260101000000.2 a_b: select 2;"},
       {}},
      {"a program in a migration's place",
       {{"20260101000000_a/migration.ts", ""}, {"migration_lock.toml", "provider = \"postgresql\"\n"}},
       "prisma",
       {},
       {"E C0326 20260101000000_a/migration.ts is not SQL; the history cannot be replayed without it"}},
      {"an order that depends on the version",
       {{"2026_b/migration.sql", "select 1;"}, {"20260_a/migration.sql", "select 2;"}},
       "prisma",
       {"2026 b: select 1;", "20260 a: select 2;"},
       {"W C0335 Prisma 7 runs 2026_b/migration.sql where older versions run 20260_a/migration.sql"}},
  });
}

TEST(ForeignFormats, Goose) {
  run({
      {"sections",
       {{"1_a.sql",
         "-- +goose Up\n-- +goose StatementBegin\nselect 1;\n-- +goose StatementEnd\n-- +goose Down\nselect 2;\n"},
        {"2_b.sql", "\xEF\xBB\xBF-- +goose NO TRANSACTION\r\n--  +goose  up\r\nselect 3;\r\n"},
        {"3_c.sql", "-- +goose Up\n-- +goose Down\n"},
        {"4_d.sql", "-- +goose Up\nselect 4; -- four\n-- +goose Down\nselect 5\n"},
        {"embed.go", "package x"}},
       "goose",
       {"1 a: -- +goose StatementBegin select 1; -- +goose StatementEnd | select 2;",
        "2 b: select 3; (no transaction)", "3 c:  | ", "4 d: select 4; -- four | select 5"},
       {"W C0332 the last statement of the section has no semicolon, without which goose refuses the file"}},
      {"malformed",
       {{"1_a.sql", "-- +goose Up\nselect 1;\n-- +goose Up\nselect 2;\n"},
        {"2_b.sql", "select 1;\n-- +goose Up\n"},
        {"3_c.sql", "select 1;\n"},
        {"4_d.sql", "-- +goose Up\n-- +goose StatementBegin\nselect 1;\n"},
        {"5_e.sql", "-- +goose Up\n-- +goose ENVSUB ON\nselect '$X';\n"},
        {"6_f.go", "package x"},
        {"7_g.sql", "-- +goose Upp\n"}},
       "goose",
       {"1 a: select 1;", "2 b: ", "3 c: select 1;", "4 d: -- +goose StatementBegin select 1;",
        "5 e: -- +goose ENVSUB ON select '$X';", "7 g: -- +goose Upp"},
       {"E C0332 the section stands twice in the file",
        "E C0332 a statement stands above `-- +goose Up`, where goose refuses it",
        "E C0332 a statement stands above `-- +goose Up`, where goose refuses it",
        "E C0332 there is no `-- +goose Up`", "E C0332 StatementBegin has no StatementEnd",
        "E C0327 ENVSUB puts variables of the environment into the SQL, so what is run depends on where it is run",
        "E C0326 6_f.go is not SQL; the history cannot be replayed without it",
        "E C0332 goose knows no `upp`", "E C0332 there is no `-- +goose Up`",
        "W C0308 number 6 is missing between 5_e.sql and 7_g.sql"}},
      {"lines that end in a semicolon within a statement",
       {{"1_a.sql",
         "-- +goose Up\nselect 1;\ncreate function f() returns int language sql as $$\n  select 1;\n$$;\n"
         "-- +goose StatementBegin\nselect $$\n;\n$$;\n-- +goose StatementEnd\nselect 'a;\nb';\n"
         "-- +goose Down\nselect ';'\n  ; select 2; -- both\n"}},
       "goose",
       {"1 a: select 1; create function f() returns int language sql as $$ select 1; $$; -- +goose StatementBegin "
        "select $$ ; $$; -- +goose StatementEnd select 'a; b'; | select ';' ; select 2; -- both"},
       {"E C0332 goose ends a statement at this line, and cuts one in two",
        "E C0332 goose ends a statement at this line, and cuts one in two"}},
  });
}

TEST(ForeignFormats, Dbmate) {
  run({
      {"sections",
       {{"20260101_a.sql", "-- a comment\n\n-- migrate:up\r\nselect 1;\r\n-- migrate:down\r\nselect 2;\r\n"},
        {"20260102_b.sql", "--migrate:up transaction:false\nselect 3;\n-- migrate:down\n"}},
       "dbmate",
       {"20260101 a: select 1; | select 2;", "20260102 b: select 3; (no transaction) | "},
       {}},
      {"malformed",
       {{"1_a.sql", "select 1;\n-- migrate:up\nselect 2;\n"},
        {"2_b.sql", "select 1;\n"},
        {"3_c.sql", "-- migrate:up\n-- migrate:up\nselect 2;\n-- migrate:down\n"},
        {"4_d.sql", "-- migrate:down\n-- migrate:up foo:bar\n"},
        {"x.sql", "select 1;"}},
       "dbmate",
       {"1 a: select 2;", "2 b: select 1;", "3 c:  | ", "4 d: "},
       {"E C0332 a statement stands above `-- migrate:up`, where dbmate refuses it",
        "W C0332 there is no `-- migrate:down`, without which dbmate refuses the file",
        "E C0332 a statement stands above `-- migrate:up`, where dbmate refuses it",
        "E C0332 there is no `-- migrate:up`, without which dbmate refuses the file",
        "E C0332 there is a second `-- migrate:up`: dbmate records the version twice, and fails there with the first "
        "section applied",
        "E C0332 `-- migrate:down` stands above `-- migrate:up`",
        "E C0327 Candor does not know the option \"foo:bar\"",
        "W C0332 there is no `-- migrate:down`, without which dbmate refuses the file",
        "E C0304 file x.sql matches no naming rule and would be ignored"}},
      {"one version twice",
       {{"1_a.sql", "-- migrate:up\n-- migrate:down\n"}, {"1_b.sql", "-- migrate:up\n-- migrate:down\n"}},
       "dbmate",
       {"1 a:  | ", "1 b:  | "},
       {"E C0303 1_a.sql and 1_b.sql have the same version",
        "E C0323 dbmate never runs 1_b.sql where 1_a.sql was applied, and lists it as applied"}},
  });
}

TEST(ForeignFormats, Flyway) {
  run({
      {"versions with dots, folders, inverses, placeholders",
       {{"V1__a.sql", "create table ${schema}.t();"},
        {"V1_10__c.sql", "select 3;"},
        {"V1.9__b.SQL", "select 2;"},
        {"2/V2__d.sql", "select 4;"},
        {"U1__a.sql", "select 0;"},
        {"V2__d.sql.conf", ""},
        {"2/V2__d.sql.conf", "executeInTransaction=false\n"}},
       "flyway",
       {"1 a: create table app.t(); | select 0;", "1.9 b: select 2;", "1.10 c: select 3;",
        "2 d: select 4; (no transaction)"},
       {}},
      {"repeatable ones behind all others, in the order of their descriptions as texts",
       {{"V3__a.sql", "select 1;"},
        {"R__b_c.sql", "select 5;"},
        {"R__B.sql", "select 4;"},
        {"R__9_x.sql", "select 3;"},
        {"R__10_x.sql", "select 2;"},
        {"R__b1.sql", "select 6;"}},
       "flyway",
       {"3 a: select 1;", "R__10_x : select 2;", "R__9_x : select 3;", "R__B : select 4;",
        "R__b_c : select 5;", "R__b1 : select 6;"},
       {}},
      {"what is not run, and what Flyway passes over",
       {{"V1__a.sql", "select 1;"},
        {"V1.0__b.sql", "select 2;"},
        {"v2__c.sql", "select 3;"},
        {"V3_d.sql", "select 4;"},
        {"V4__e.java", "class E {}"},
        {"R__view.sql", "select 5;"},
        {"afterMigrate__x.sql", "select 6;"},
        {"B5__base.sql", "select 7;"},
        {"V6__f.sql", "select ${nothing};"}},
       "flyway",
       {"1.0 b: select 2;", "1 a: select 1;", "6 f: C0319", "R__view : select 5;"},
       {"E C0327 B5__base.sql is a baseline, which Candor does not run",
        "E C0304 V3_d.sql is not named as Flyway wants it: it is ignored without a word",
        "E C0326 V4__e.java is not SQL; the history cannot be replayed without it",
        "E C0327 afterMigrate__x.sql is a callback, which Candor does not run",
        "E C0304 v2__c.sql is not named as Flyway wants it: it is ignored without a word",
        "E C0303 V1.0__b.sql and V1__a.sql have the same version"}},
      {"a version alone is a name, a dot behind it is not",
       {{"V1__a.sql", "select 1;"},
        {"V16.sql", "select 2;"},
        {"v17.sql", "select 3;"},
        {"V20__txt.txt", "select 4;"}},
       "flyway",
       {"1 a: select 1;", "16 : select 2;"},
       {"E C0304 file V20__txt.txt matches no naming rule and would be ignored",
        "E C0304 v17.sql is not named as Flyway wants it: it is ignored without a word"}},
  });
}

TEST(ForeignFormats, FlywayNamesAreToldAsFlywayWantsThem) {
  const Folder folder({{"V1__a.sql", "select 1;"}, {"V20__txt.txt", ""}, {"v17.sql", ""}, {"v18_b.sql", ""}});
  const auto history = read_history(folder.path());
  ASSERT_TRUE(history);
  Lines hints;
  for (const Finding& finding : history->findings) hints.push_back(finding.what.hint);
  EXPECT_EQ(hints, (Lines{"name it V<version>__<description>.sql, or move it out of the migrations folder",
                          "rename it to V17__<description>.sql", "rename it to V18__b.sql"}));
}

TEST(ForeignFormats, SqlxRefinerySupabase) {
  run({
      {"sqlx: the mark, and a down that is missing",
       {{"1_a.up.sql", "-- no-transaction\nselect 1;"},
        {"1_a.down.sql", "select 0;"},
        {"2_b.up.sql", "select 2;"}},
       "sqlx",
       {"1 a: -- no-transaction select 1; (no transaction) | select 0;", "2 b: select 2;"},
       {"W C0334 2_b.up.sql has no down file: `sqlx migrate revert` stops there"}},
      {"sqlx: a mark that does not count",
       {{"1_a.sql", "-- no-transaction\nselect 1;"},
        {"2_b.sql", "\n-- no-transaction\nselect 2;"},
        {"x_c.sql", ""}},
       "sqlx",
       {"1 a: -- no-transaction select 1; (no transaction)", "2 b: -- no-transaction select 2;"},
       {"W C0305 sqlx does not see this mark: only as the first bytes of the file does it count",
        "E C0304 the version of x_c.sql is no number, and sqlx stops there"}},
      {"refinery",
       {{"V1__a.sql", "select 1;"},
        {"U3__b.sql", "select 3;"},
        {"sub/V2__c.sql", "select 2;"},
        {"V4__d.rs", ""},
        {"V5_e.sql", "select 5;"},
        {"V6.1__f.sql", ""},
        {"mod.rs", ""}},
       "refinery",
       {"1 a: select 1;", "2 c: select 2;", "3 b: select 3;"},
       {"E C0326 V4__d.rs is not SQL; the history cannot be replayed without it",
        "E C0304 V5_e.sql is not named as refinery wants it: it is only logged, not run",
        "E C0304 the version of V6.1__f.sql is no whole number that refinery can read: it stops there"}},
      {"supabase",
       {{"20200101000000_init.sql", "select 0;"},
        {"20260101000000_a.sql", "select 1;"},
        {"b.sql", "select 2;"}},
       "supabase",
       {"20260101000000 a: select 1;"},
       {"W C0323 20200101000000_init.sql is skipped: Supabase takes a first file of that name and age for its own",
        "E C0304 b.sql is not named as Supabase wants it: it is skipped, and the exit code is 0"},
       "supabase/migrations"},
  });
}

TEST(ForeignFormats, HasuraAndDieselAndPairs) {
  run({
      {"hasura",
       {{"1620000000000_a/up.sql", "select 1;"},
        {"1620000000000_a/down.sql", "select 0;"},
        {"1620000000001_b/up.yaml", ""},
        {"1620000000002_c/down.sql", ""}},
       "hasura",
       {"1620000000000 a: select 1; | select 0;"},
       {"E C0327 1620000000001_b/up.yaml changes Hasura's metadata, which Candor does not run",
        "E C0322 folder 1620000000001_b has no up.sql", "E C0322 folder 1620000000002_c has no up.sql"}},
      {"diesel by its dashes",
       {{"2026-01-01-000000_a/up.sql", "select 1;"}, {"20260102000000_b/up.sql", "select 2;"}},
       "diesel",
       {"20260101000000 a: select 1;", "20260102000000 b: select 2;"},
       {}},
      {"diesel compares texts, and runs what has no number",
       {{"10_a/up.sql", "select 10;"},
        {"2_b/up.sql", "select 2;"},
        {"2_b/down.sql", "select -2;"},
        {"1-5_c/up.sql", "select 15;"},
        {"2_e/up.sql", "select 22;"},
        {"later_d/up.sql", "select 0;"}},
       "diesel",
       {"0001 a: select 10;", "0002 c: select 15;", "0003 b: select 2; | select -2;", "0004 e: select 22;"},
       {"W C0304 folder later_d matches no naming rule and would be ignored",
        "E C0304 the version of later_d is no number, and Diesel runs it all the same",
        "E C0303 2_b/up.sql and 2_e/up.sql have the same version: Diesel runs one of them, and never the other"}},
      {"pairs of nobody in particular, with a dump of pg_dump's beside them",
       {{"1_a.up.sql", "select 1;"}, {"schema.sql", "--\n-- PostgreSQL database dump\n--\n\nSELECT 1;\n"}},
       "updown",
       {"1 a: select 1;"},
       {"W C0304 file schema.sql matches no naming rule and would be ignored"}},
      {"pairs of nobody in particular",
       {{"1_a.up.sql", "select 1;"}, {"1_a.down.sql", "select 0;"}},
       "updown",
       {"1 a: select 1; | select 0;"},
       {}},
  });
}

TEST(ForeignFormats, GolangMigrateReadsAnyEndingAndADownFileAlone) {
  const Folder folder({{"go.mod", "require github.com/golang-migrate/migrate/v4 v4.17.0\n"},
                       {"sql/1_a.up.sql", "select 1;"},
                       {"sql/1_a.down.sql", "select 0;"},
                       {"sql/2_b.up.txt", "select 2;"},
                       {"sql/3_c.down.sql", "select 4;"},
                       {"sql/20260101000000123456789_d.up.sql", "select 5;"},
                       {"sql/notes.txt", ""}});
  const auto history = read_history(folder.path() / "sql");
  ASSERT_TRUE(history);
  EXPECT_EQ(history->format, "golang-migrate");
  EXPECT_EQ(runs_of(*history), (Lines{"1 a: select 1; | select 0;", "2 b: select 2;", "3 c:  | select 4;"}));
  EXPECT_EQ(
      lines_of(history->findings),
      (Lines{
          "E C0304 the version of 20260101000000123456789_d.up.sql is too large for golang-migrate, which passes "
          "the file over",
          "W C0304 file notes.txt matches no naming rule and would be ignored",
          "W C0315 3_c.down.sql has no up file: golang-migrate records its version and runs nothing"}));
}

TEST(ForeignFormats, PopIsKnownByItsModule) {
  const Folder folder({{"go.mod", "require github.com/gobuffalo/pop/v6 v6.1.1\n"},
                       {"sql/1_a.up.sql", "select 1;"},
                       {"sql/sub/2_b.up.sql", "select 2;"},
                       {"sql/schema.sql", ""}});
  const auto history = read_history(folder.path() / "sql");
  ASSERT_TRUE(history);
  EXPECT_EQ(history->format, "pop");
  EXPECT_EQ(runs_of(*history), (Lines{"1 a: select 1;", "2 b: select 2;"}));
  EXPECT_EQ(lines_of(history->findings), Lines{});
}

TEST(ForeignFormats, NodePgMigrateAndPostgrator) {
  run({
      {"node-pg-migrate: sections, milliseconds among dates",
       {{"1700000000000_a.sql", "-- Up Migration\nselect 1;\n---- down migration\nselect 0;\n"},
        {"20230101000000000_b.sql", "select 2;\n"},
        {"1700000000001_c.sql", "select 3;\n-- Down Migration\n"},
        {"1700000000002_d.ts", ""}},
       "node-pg-migrate",
       {"0001 b: select 2;", "0002 a: -- Up Migration select 1; | ---- down migration select 0;",
        "0003 c: select 3; -- Down Migration"},
       {"E C0332 without `-- Up Migration` node-pg-migrate runs the whole file as up, this section with it",
        "E C0326 1700000000002_d.ts is not SQL; the history cannot be replayed without it"}},
      {"node-pg-migrate: a statement above the sections",
       {{"1700000000000_a.sql",
         "-- why\nselect 9;\n-- Up Migration\nselect 1;\n-- Down Migration\nselect 0;\n"}},
       "node-pg-migrate",
       {"1700000000000 a: -- Up Migration select 1; | -- Down Migration select 0;"},
       {"W C0323 node-pg-migrate leaves out what stands above the first section"}},
      {"postgrator",
       {{"001.do.a.sql", "select 1;"},
        {"001.undo.a.sql", "select 0;"},
        {"10.do.c.sql", "select 3;"},
        {"9.do.sql", "select 2;"},
        {"11.do.d.js", ""}},
       "postgrator",
       {"001 a: select 1; | select 0;", "9 : select 2;", "10 c: select 3;"},
       {"E C0326 11.do.d.js is not SQL; the history cannot be replayed without it",
        "W C0308 numbers 2 to 8 are missing between 001.do.a.sql and 9.do.sql"}},
  });
}

TEST(ForeignFormats, GraphileMigrate) {
  run({
      {"a chain that holds",
       {{"000001.sql",
         "--! Previous: -\n--! Hash: sha1:e00ec93314a423ee5cc68d1182ad52f16442d7df\n\ncreate table if not exists foo (id serial primary key);\n"},
        {"000002.sql",
         "--! Previous: sha1:e00ec93314a423ee5cc68d1182ad52f16442d7df\n"
         "--! Hash: sha1:1fdd196ebecff7981972857f3a87e7eadaed9cce\n--! Message: x\n\ncreate table if not exists bar (id serial primary key);\n"}},
       "graphile-migrate",
       {"000001 : --! Previous: - --! Hash: sha1:e00ec93314a423ee5cc68d1182ad52f16442d7df create table if not exists foo (id serial primary key);",
        "000002 : --! Previous: sha1:e00ec93314a423ee5cc68d1182ad52f16442d7df --! Hash: "
        "sha1:1fdd196ebecff7981972857f3a87e7eadaed9cce --! Message: x create table if not exists bar (id serial primary key);"},
       {}},
      {"a chain that does not hold",
       {{"000001.sql", "--! Previous: -\n--! Hash: sha1:abc\n\nselect 1;\n"},
        {"000002-b.sql",
         "--! Previous: sha1:xyz\n--! Hash: sha1:def\n--! AllowInvalidHash\n\n--! no-transaction\nselect 2;\n"},
        {"000003.sql", "select :DATABASE_OWNER;\n"}},
       "graphile-migrate",
       {"000001 : --! Previous: - --! Hash: sha1:abc select 1;",
        "000002 b: --! Previous: sha1:xyz --! Hash: sha1:def --! AllowInvalidHash --! no-transaction select 2; (no transaction)",
        "000003 : select :DATABASE_OWNER;"},
       {"E C0332 the header lacks `--! Previous:` or `--! Hash:`, without which graphile-migrate refuses the file",
        "E C0327 graphile-migrate puts a value in the place of :DATABASE_OWNER, Candor does not",
        "E C0330 000001.sql was edited after it was committed",
        "E C0330 000002-b.sql does not follow the file before it"}},
  });
}

TEST(ForeignFormats, Pop) {
  run({
      {"dialects, templates, autocommit",
       {{"1_a.up.sql", "select {{ schema }};"},
        {"1_a.down.sql", "select 0;"},
        {"2_b.postgres.up.sql", "select 2;"},
        {"2_b.up.sql", "select 'other';"},
        {"2_b.mysql.up.sql", "select 'mysql';"},
        {"3_c.postgres.autocommit.up.sql", "select 3;"},
        {"sub/deeper/5_e.up.sql", "select 5;"},
        {"sub/4_d.up.sql", "select 4;"},
        {"sub/4_d.down.sql", "select -4;"},
        {"sub/deeper/5_e.down.sql", "select 0;"},
        {"sub/deeper/5_e.postgres.down.sql", "select -5;"},
        {"schema.sql", "create table dumped();"}},
       "pop",
       {"1 a: select app; | select 0;", "2 b: select 2;", "3 c: select 3; (no transaction)",
        "4 d: select 4; | select -4;", "5 e: select 5; | select -5;"},
       {}},
      {"by text, downs with them; databases that pop does not know",
       {{"10_a.postgres.up.sql", "select 10;"},
        {"10_a.down.sql", "select -10;"},
        {"9_b.up.sql", "select 9;"},
        {"9_b.down.sql", "select -9;"},
        {"3_c.oracle.up.sql", ""},
        {"4_d.foo.bar.up.sql", ""}},
       "pop",
       {"0001 a: select 10; | select -10;", "0002 b: select 9; | select -9;"},
       {"E C0304 3_c.oracle.up.sql is for the database \"oracle\", which pop does not know: it stops there",
        "E C0304 file 4_d.foo.bar.up.sql matches no naming rule and would be ignored"}},
      {"one version twice, fizz, logic in a template",
       {{"1_a.up.sql", "{{ if eq .Dialect \"x\" }}select 1;{{ end }}"},
        {"2_b.up.sql", "select 2;"},
        {"2_c.up.sql", "select 3;"},
        {"3_d.up.fizz", "create_table(\"x\")"}},
       "pop",
       {"1 a: C0319", "2 b: select 2;"},
       {"E C0303 2_b.up.sql and 2_c.up.sql have the same version: pop runs the first and skips the second without a word",
        "E C0326 3_d.up.fizz is not SQL; the history cannot be replayed without it",
        "E C0327 Candor does not follow the template's if"}},
  });
}

TEST(ForeignFormats, TwoToolsInOneFolder) {
  const Folder folder(
      {{"1_a.sql", "-- +goose Up\nselect 1;\n"}, {"2_b.sql", "-- migrate:up\nselect 2;\n-- migrate:down\n"}});
  const auto history = read_history(folder.path());
  ASSERT_TRUE(history);
  ASSERT_FALSE(history->findings.empty());
  EXPECT_EQ(history->findings[0].what.code.id, "C0331");
  const auto named = read_history(folder.path(), {.format = "goose"});
  ASSERT_TRUE(named);
  EXPECT_EQ(named->format, "goose");
  for (const Finding& finding : named->findings) EXPECT_NE(finding.what.code.id, "C0331");
}

TEST(ForeignFormats, LinksOutOfAFolderAreTold) {
  const Folder folder({{"20260101000000_a/", ""}, {"migration_lock.toml", "provider = \"postgresql\"\n"}});
  const Folder elsewhere(Files{{"x.sql", "select 1;"}});
  fs::create_symlink(elsewhere.path() / "x.sql", folder.path() / "20260101000000_a/migration.sql");
  const auto history = read_history(folder.path());
  ASSERT_TRUE(history);
  EXPECT_EQ(lines_of(history->findings),
            (Lines{"W C0317 20260101000000_a/migration.sql is a link out of the migrations folder"}));
}

TEST(ForeignFormats, AFileOfSeveralMigrationsIsToldOnce) {
  const Folder folder(
      Files{{"1.sql",
             "--liquibase formatted sql\n-- candor:nothing\n--changeset a:1\nselect 1;\n--changeset "
             "a:2\nselect 2;\n"}});
  const auto history = read_history(folder.path());
  ASSERT_TRUE(history);
  EXPECT_EQ(history->migrations.size(), 2u);
  EXPECT_EQ(lines_of(history->findings), (Lines{"E C0305 there is no directive \"nothing\""}));
}

TEST(ForeignFormats, CandorsOwnDirectivesWorkEverywhere) {
  const Folder folder(Files{{"1_a.sql", "-- candor:lock-timeout 9s\n-- +goose Up\nselect 1;\n"}});
  const auto history = read_history(folder.path());
  ASSERT_TRUE(history);
  EXPECT_EQ(history->migrations.at(0).directives.lock_timeout, "9s");
}

}  // namespace
}  // namespace candor::test
