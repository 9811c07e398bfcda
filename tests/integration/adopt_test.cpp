/// adopt: what the catalog proves is recorded, whatever the tool's rows say; the tool's rows are written only
/// where they are mirrored, and then together with Candor's.
#include "engine/adopt.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "engine/repair.h"
#include "integration/project.h"

namespace candor::test {
namespace {

class Adopt : public testing::Test {
 protected:
  void SetUp() override {
    project_.write("0001_users.sql", "CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL);\n");
    project_.write("0002_posts.sql", "CREATE TABLE posts (id int PRIMARY KEY);\n");
    project_.write("0003_seed.sql", "INSERT INTO users VALUES (1, 'a');\n");
    project_.write("0004_index.sql", "CREATE INDEX users_email ON users (email);\n");
    project_.lock();
  }
  void run(const std::string& sql) {
    pg::Connection connection = connect(url_);
    must(connection.query("SET client_min_messages = warning"), "quiet");
    must(connection.query(sql), sql);
  }
  /// dbmate's table, with these versions, and what these files do.
  void old_tool(const std::vector<std::string>& recorded, const std::vector<std::string>& ran) {
    run("CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY)");
    for (const std::string& version : recorded)
      run("INSERT INTO schema_migrations VALUES ('" + version + "')");
    for (const std::string& file : ran) run(must(read_file(project_.folder() / file), file));
  }
  std::string rows() {
    pg::Connection connection = connect(url_);
    return value_of(
        connection,
        "SELECT coalesce(string_agg(version::text, ',' ORDER BY version), '') FROM schema_migrations");
  }
  /// "0001, 0002 | 0003": baselined and pending; or the code.
  std::string adopt(engine::AdoptOptions options = {}) {
    pg::Connection connection = connect(url_);
    engine::Project project = project_.open();
    auto adopted = engine::adopt(project, connection, options);
    if (!adopted) {
      error_ = adopted.error();
      EXPECT_FALSE(error_.hint.empty()) << told(error_);
      return std::string(error_.code.id);
    }
    findings_.clear();
    for (const Finding& finding : adopted->findings) findings_ += fmt::format("{} ", finding.what.code.id);
    std::string text;
    for (const auto* const entry : adopted->baseline.recorded) text += entry->version.text() + " ";
    text += "|";
    for (const auto* const entry : adopted->pending) text += " " + entry->version.text();
    statements_ = adopted->baseline.statements;
    marked_.clear();
    for (const auto* const entry : adopted->marked) marked_ += entry->version.text() + " ";
    return text;
  }
  void set_adopted(bool mirror = false) {
    project_.settings.adopt = {.tool = "dbmate", .table = "public.schema_migrations", .mirror = mirror};
  }

  TestProject project_;
  std::string url_ = test_url(home_major);
  Error error_;
  std::string findings_, marked_;
  std::vector<std::string> statements_;
};

TEST_F(Adopt, WhatLeavesNoTraceIsDecidedByTheToolsRows) {
  old_tool({"0001", "0002", "0003"}, {"0001_users.sql", "0002_posts.sql", "0003_seed.sql"});
  EXPECT_EQ(adopt({.dry_run = true}), "0001 0002 0003 | 0004");
  EXPECT_FALSE(statements_.empty());
  EXPECT_EQ(ledger_of(url_), "none") << "a dry run writes nothing";
  EXPECT_EQ(adopt(), "0001 0002 0003 | 0004");
  EXPECT_EQ(findings_, "");
  EXPECT_EQ(ledger_of(url_), "0001 baselined, 0002 baselined, 0003 baselined");
  EXPECT_EQ(rows(), "0001,0002,0003") << "the tool's table is as it was";
  EXPECT_EQ(project_.verdict(url_), "differs") << "the tool's table belongs to nobody yet";
  set_adopted();
  EXPECT_EQ(project_.verdict(url_), "true");
  EXPECT_EQ(project_.up(url_).applied, "0004 counted");
  EXPECT_EQ(rows(), "0001,0002,0003");
}

TEST_F(Adopt, AMigrationThatWasSkippedStaysPending) {
  old_tool({"0001", "0003", "0004"}, {"0001_users.sql", "0003_seed.sql", "0004_index.sql"});
  EXPECT_EQ(adopt(), "0001 0003 0004 | 0002");
  set_adopted();
  EXPECT_EQ(project_.verdict(url_), "true");
  EXPECT_EQ(project_.up(url_, {.allow_out_of_order = true}).verdict, "true");
}

TEST_F(Adopt, ARowThatLiesIsNotBelieved) {
  old_tool({"0001", "0002", "0003", "0004"}, {"0001_users.sql", "0003_seed.sql", "0004_index.sql"});
  EXPECT_EQ(adopt(), "0001 0003 0004 | 0002");
  EXPECT_EQ(findings_, "C0803 C0706 ") << "what leaves no trace is told by rows alone";
}

TEST_F(Adopt, InAnEmptyDatabaseNothingIsBelieved) {
  old_tool({"0001", "0002", "0003", "0004"}, {});
  EXPECT_EQ(adopt(), "| 0001 0002 0003 0004");
  EXPECT_EQ(findings_, "C0803 ");
}

TEST_F(Adopt, RowsBehindAGapAreStillBelieved) {
  old_tool({"0001", "0002", "0003"}, {"0001_users.sql", "0003_seed.sql"});
  EXPECT_EQ(adopt(), "0001 0003 | 0002 0004");
}

TEST_F(Adopt, ATableOfTheHistoryIsNoLedger) {
  project_.write("0005_files.sql",
                 "CREATE TABLE files (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint);\n"
                 "CREATE TABLE migrations (id serial PRIMARY KEY, name text NOT NULL, country text);\n");
  project_.lock();
  old_tool({"0001", "0002", "0003", "0004"},
           {"0001_users.sql", "0002_posts.sql", "0003_seed.sql", "0004_index.sql"});
  run("CREATE TABLE files (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)");
  run("CREATE TABLE migrations (id serial PRIMARY KEY, name text NOT NULL, country text)");
  run("INSERT INTO files (hash, created_at) VALUES ('a', 1)");
  run("INSERT INTO migrations (name, country) VALUES ('stork', 'Kenya')");
  EXPECT_EQ(adopt(), "0001 0002 0003 0004 0005 |");
  EXPECT_EQ(findings_, "C0804 ");
}

/// A runner's table that a migration makes is compared like any other.
TEST_F(Adopt, ATableThatTheHistoryMakesIsCompared) {
  project_.write("0000_runner.sql", "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY);\n");
  fs::remove(project_.folder() / "candor.lock");
  project_.lock();
  old_tool({"0000", "0001", "0002", "0003", "0004"},
           {"0001_users.sql", "0002_posts.sql", "0003_seed.sql", "0004_index.sql"});
  EXPECT_EQ(adopt(), "0000 0001 0002 0003 0004 |");
  set_adopted();
  EXPECT_EQ(project_.verdict(url_), "true");
  run("ALTER TABLE schema_migrations ADD COLUMN by text");
  EXPECT_EQ(project_.verdict(url_), "differs");
}

/// Also where the rest of its schema is the tool's.
TEST_F(Adopt, ATableThatTheHistoryMakesBesideTheToolsIsCompared) {
  project_.write("0005_extra.sql",
                 "CREATE SCHEMA IF NOT EXISTS drizzle;\nCREATE TABLE drizzle.extra (id int);\n");
  project_.lock();
  ASSERT_EQ(project_.up(url_).verdict, "true");
  run("CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)");
  project_.settings.adopt = {.tool = "drizzle", .table = "drizzle.__drizzle_migrations"};
  EXPECT_EQ(project_.verdict(url_), "true");
  run("DROP TABLE drizzle.extra");
  EXPECT_EQ(project_.verdict(url_), "differs");
}

/// As Flyway with a defaultSchema, and Prisma with ?schema=, run their files.
class AdoptInAnotherSchema : public Adopt {
 protected:
  void SetUp() override {
    Adopt::SetUp();
    run("CREATE SCHEMA \"my app\"");
    pg::Connection tool =
        must(pg::Connection::open({.url = url_, .search_path = "\"my app\""}), "connecting");
    must(tool.query(
             "CREATE TABLE schema_migrations AS SELECT version::varchar(128) FROM unnest('{0001,0002,0003}'::"
             "text[]) AS version"),
         "dbmate's table");
    must(tool.query("ALTER TABLE schema_migrations ADD PRIMARY KEY (version)"), "dbmate's key");
    for (const char* const file : {"0001_users.sql", "0002_posts.sql", "0003_seed.sql"})
      must(tool.query(must(read_file(project_.folder() / file), file)), file);
  }
};

TEST_F(AdoptInAnotherSchema, IsRefusedAndSaysHowToNameIt) {
  EXPECT_EQ(adopt(), "C0812");
  EXPECT_NE(error_.hint.find(R"(search_path = ["my app"])"), std::string::npos) << error_.hint;
  EXPECT_NE(error_.hint.find(R"(CREATE SCHEMA "my app")"), std::string::npos) << error_.hint;
}

TEST_F(AdoptInAnotherSchema, WorksOnceItIsNamed) {
  project_.settings.search_path = {"my app"};
  project_.write("shadow.txt", "CREATE SCHEMA \"my app\";\n");
  project_.settings.shadow_setup = project_.folder() / "shadow.txt";
  fs::remove(project_.folder() / "candor.lock");
  project_.lock();
  EXPECT_EQ(adopt(), "0001 0002 0003 | 0004");
  project_.settings.adopt = {.tool = "dbmate", .table = "\"my app\".schema_migrations"};
  pg::Connection connection =
      must(pg::Connection::open(connect_options(project_.settings, url_)), "connecting");
  const Up up = project_.up(connection);
  EXPECT_EQ(up.applied, "0004 counted");
  EXPECT_EQ(up.verdict, "true");
  EXPECT_EQ(value_of(connection, "SELECT to_regclass('\"my app\".users_email') IS NOT NULL"), "t");
}

TEST_F(Adopt, WhatIsThereAndNotRecordedIsBaselinedAndMirrored) {
  old_tool({"0001", "0003"}, {"0001_users.sql", "0002_posts.sql", "0003_seed.sql"});
  EXPECT_EQ(adopt({.mirror = true}), "0001 0002 0003 | 0004");
  EXPECT_EQ(findings_, "C0804 ");
  EXPECT_EQ(rows(), "0001,0002,0003");
  set_adopted(true);
  EXPECT_EQ(project_.up(url_).applied, "0004 counted");
  EXPECT_EQ(rows(), "0001,0002,0003,0004") << "every up writes the tool's row";
  EXPECT_EQ(project_.verdict(url_), "true");
}

TEST_F(Adopt, WhatTheMirroredToolRanBesideCandorIsNotRunAgain) {
  old_tool({"0001", "0002"}, {"0001_users.sql", "0002_posts.sql"});
  EXPECT_EQ(adopt({.mirror = true}), "0001 0002 | 0003 0004");
  set_adopted(true);
  run("INSERT INTO schema_migrations VALUES ('0003')");
  run(must(read_file(project_.folder() / "0003_seed.sql"), "seed"));
  const Up again = project_.up(url_);
  EXPECT_EQ(again.code, "C0816") << told(again.error);
  EXPECT_EQ(ledger_of(url_), "0001 baselined, 0002 baselined");
  EXPECT_EQ(adopt({.mirror = true}), "0003 | 0004");
  EXPECT_EQ(project_.up(url_).applied, "0004 counted");
  pg::Connection connection = connect(url_);
  EXPECT_EQ(value_of(connection, "SELECT count(*) FROM users"), "1");
}

/// It leaves no trace, and what comes behind it is there: the rows are all that can tell, and say no.
TEST_F(Adopt, RowsThatNobodyWroteAreNotRecordedAlthoughTheLastMigrationIsThere) {
  old_tool({"0001", "0004"}, {"0001_users.sql", "0002_posts.sql", "0004_index.sql"});
  EXPECT_EQ(adopt(), "0001 0002 0004 | 0003");
  EXPECT_EQ(project_.up(url_).code, "C0507") << "it is pending, behind one that is applied";
}

TEST_F(Adopt, WhatRepairRecordsIsMirroredToo) {
  old_tool({"0001", "0002"}, {"0001_users.sql", "0002_posts.sql"});
  EXPECT_EQ(adopt({.mirror = true}), "0001 0002 | 0003 0004");
  set_adopted(true);
  const auto repair_to = [this](const char* version) {
    pg::Connection connection = connect(url_);
    const auto result = engine::repair(project_.open(), connection,
                                       {.to = history::Version(version), .apply = true, .allow_drop = true});
    ASSERT_TRUE(result.has_value()) << told(result.error());
    EXPECT_TRUE(result->applied);
  };
  repair_to("0004");
  EXPECT_EQ(rows(), "0001,0002,0003,0004");
  EXPECT_EQ(project_.verdict(url_), "true");
  run("DROP INDEX users_email");
  repair_to("0002");
  EXPECT_EQ(rows(), "0001,0002");
  EXPECT_EQ(ledger_of(url_), "0001 baselined, 0002 baselined");
}

TEST_F(Adopt, ARowOfTheMirroredToolThatLiesStopsNothing) {
  old_tool({"0001", "0002"}, {"0001_users.sql", "0002_posts.sql"});
  EXPECT_EQ(adopt({.mirror = true}), "0001 0002 | 0003 0004");
  set_adopted(true);
  run("INSERT INTO schema_migrations VALUES ('0004')");
  EXPECT_EQ(project_.up(url_).applied, "0003 counted, 0004 counted");
  EXPECT_EQ(rows(), "0001,0002,0003,0004");
}

TEST_F(Adopt, AFirstRunThatMeetsAHistoryPointsHere) {
  old_tool({"0001"}, {"0001_users.sql"});
  set_adopted();
  const Up first = project_.up(url_);
  EXPECT_EQ(first.code, "C0816");
  EXPECT_NE(first.error.hint.find("candor adopt"), std::string::npos) << first.error.hint;
}

/// Rows without anything that they tell of: nothing was run, and nobody is sent in circles.
TEST_F(Adopt, RowsAloneStopNothing) {
  project_.write("0005_wider.sql", "ALTER TABLE posts ALTER COLUMN id TYPE bigint;\n");
  project_.lock();
  old_tool({"0001", "0002", "0003", "0004", "0005"}, {});
  EXPECT_EQ(adopt(), "| 0001 0002 0003 0004 0005");
  set_adopted();
  EXPECT_EQ(project_.up(url_).verdict, "true");
}

/// What cannot be read is no empty ledger.
TEST_F(Adopt, ALedgerThatCannotBeReadStopsUp) {
  old_tool({"0001"}, {"0001_users.sql"});
  run("ALTER TABLE schema_migrations RENAME COLUMN version TO v");
  project_.settings.adopt = {.tool = "goose", .table = "public.goose_db_version"};
  run("CREATE TABLE goose_db_version (id int, version_id text, tstamp timestamp)");
  EXPECT_EQ(project_.up(url_).code, "C0801");
}

/// Files that can be run twice would change rows twice.
TEST_F(Adopt, AnotherDatabaseHasToBeAdoptedToo) {
  project_.write("0001_users.sql",
                 "CREATE TABLE IF NOT EXISTS users (id int PRIMARY KEY, email text NOT NULL);\n");
  project_.write("0002_posts.sql", "CREATE TABLE IF NOT EXISTS posts (id int PRIMARY KEY);\n");
  project_.write("0003_seed.sql", "INSERT INTO users SELECT count(*), 'a' FROM users;\n");
  project_.write("0004_index.sql", "CREATE INDEX IF NOT EXISTS users_email ON users (email);\n");
  fs::remove(project_.folder() / "candor.lock");
  project_.lock();
  old_tool({"0001", "0002", "0003"}, {"0001_users.sql", "0002_posts.sql", "0003_seed.sql"});
  set_adopted();
  EXPECT_EQ(project_.up(url_).code, "C0816");
  EXPECT_EQ(adopt(), "0001 0002 0003 | 0004");
  EXPECT_EQ(project_.up(url_).applied, "0004 counted");
  pg::Connection connection = connect(url_);
  EXPECT_EQ(value_of(connection, "SELECT count(*) FROM users"), "1");
}

/// The lock tells what the locked text does, and nothing of a later one.
TEST_F(Adopt, AnEditedFileIsHarmlessOnlyAsItIsLocked) {
  run("CREATE TABLE schemaversion (version bigint PRIMARY KEY, name text, md5 text, run_at timestamptz)");
  run("INSERT INTO schemaversion VALUES (1, 'users', md5('another text'), now())");
  run(must(read_file(project_.folder() / "0001_users.sql"), "users"));
  const auto finding = [this] {
    pg::Connection connection = connect(url_);
    const engine::Project project = project_.open();
    const auto histories = must(engine::read_foreign_histories(project, connection), "reading");
    const auto diagnosis = must(
        engine::diagnose(project, connection, engine::claims_of(project, *histories.mine())), "diagnosing");
    for (const Finding& one : engine::findings_of(project, histories, diagnosis))
      if (one.what.code.id == codes::foreign_edited.id)
        return fmt::format("{} {}", one.severity == Severity::error ? "error" : "warning", one.what.message);
    return std::string("none");
  };
  EXPECT_EQ(
      finding(),
      "warning 0001_users was edited after postgrator applied it; what it does now is all in the database");
  project_.write("0001_users.sql",
                 "CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, more int);\n");
  EXPECT_EQ(
      finding(),
      "error 0001_users was edited after postgrator applied it; the lock file has an earlier text, too, so that "
      "what it does now is not known");
}

TEST_F(Adopt, ADirtyMarkClaimsWhatIsBelowItAndIsMadeTrueOnlyWithItsMigration) {
  run("CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)");
  run("INSERT INTO schema_migrations VALUES (4, true)");
  for (const char* const file : {"0001_users.sql", "0002_posts.sql", "0003_seed.sql"})
    run(must(read_file(project_.folder() / file), file));
  EXPECT_EQ(adopt({.mirror = true}), "0001 0002 0003 | 0004");
  EXPECT_EQ(findings_, "C0808 ") << "what the mark stands for is recorded";
  EXPECT_EQ(marked_, "") << "no row was changed";
  EXPECT_EQ(rows(), "4");
  set_adopted(true);
  EXPECT_EQ(project_.up(url_).applied, "0004 counted");
  pg::Connection connection = connect(url_);
  EXPECT_EQ(value_of(connection, "SELECT concat_ws(' ', version, dirty) FROM schema_migrations"), "4 f");
}

/// golang-migrate goes by one row: a mark above a migration that never ran would claim it.
TEST_F(Adopt, NothingIsMirroredThatWouldPassOverWhatIsPending) {
  run("CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)");
  run("INSERT INTO schema_migrations VALUES (2, false)");
  for (const char* const file : {"0001_users.sql", "0002_posts.sql", "0004_index.sql"})
    run(must(read_file(project_.folder() / file), file));
  EXPECT_EQ(adopt({.mirror = true, .dry_run = true}), "C0813");
  EXPECT_EQ(adopt({.mirror = true}), "C0813");
  EXPECT_NE(error_.message.find("0003_seed.sql, which is pending"), std::string::npos) << told(error_);
  EXPECT_EQ(ledger_of(url_), "none");
  EXPECT_EQ(rows(), "2");
  EXPECT_EQ(adopt(), "0001 0002 0004 | 0003");
  project_.settings.adopt = {.tool = "golang-migrate", .table = "public.schema_migrations"};
  EXPECT_EQ(project_.up(url_, {.allow_out_of_order = true}).applied, "0003 counted");
  EXPECT_EQ(adopt({.mirror = true}), "|");
  EXPECT_EQ(rows(), "4");
}

TEST_F(Adopt, AContradictionStopsAndNothingIsWritten) {
  old_tool({"0001", "0002"}, {"0001_users.sql", "0002_posts.sql"});
  run("ALTER TABLE users DROP COLUMN email");
  EXPECT_EQ(adopt({.mirror = true}), "C0812");
  EXPECT_NE(error_.detail.find("email"), std::string::npos) << told(error_);
  EXPECT_EQ(ledger_of(url_), "none");
  EXPECT_EQ(rows(), "0001,0002");
}

TEST_F(Adopt, WithoutATableOrWithSeveral) {
  EXPECT_EQ(adopt(), "C0811");
  run("CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY)");
  run("CREATE SCHEMA other");
  run("CREATE TABLE other.schema_migrations (version varchar(128) PRIMARY KEY)");
  EXPECT_EQ(adopt(), "C0802");
  EXPECT_NE(error_.detail.find("other.schema_migrations"), std::string::npos) << told(error_);
  project_.settings.adopt.table = "public.gone";
  EXPECT_EQ(adopt(), "C0811");
}

TEST_F(Adopt, ATableThatOnlyLooksLikeALedgerIsNone) {
  run("CREATE TABLE document_revisions (id int, version int, name text)");
  run("INSERT INTO document_revisions VALUES (1, 1, 'x'), (2, 2, 'y')");
  EXPECT_EQ(adopt(), "C0811");
  run("CREATE TABLE bird_migrations (name text)");
  run("INSERT INTO bird_migrations VALUES ('0001_users')");
  run(must(read_file(project_.folder() / "0001_users.sql"), "read"));
  EXPECT_EQ(adopt(), "C0812") << "the revisions belong to nobody";
  project_.settings.ignore = {"public.document_revisions"};
  EXPECT_EQ(adopt(), "0001 | 0002 0003 0004");
}

TEST_F(Adopt, ARowWithAnUnknownStatusStops) {
  run("CREATE TABLE schema_migrations (filename text PRIMARY KEY, status text)");
  run("INSERT INTO schema_migrations VALUES ('0001_users.sql', 'perhaps')");
  EXPECT_EQ(adopt(), "C0810");
}

TEST_F(Adopt, AMirrorThatIsGoneStopsUpBeforeItChangesAnything) {
  old_tool({"0001", "0002", "0003"}, {"0001_users.sql", "0002_posts.sql", "0003_seed.sql"});
  EXPECT_EQ(adopt(), "0001 0002 0003 | 0004");
  set_adopted(true);
  run("DROP TABLE schema_migrations");
  EXPECT_EQ(project_.up(url_).code, "C0814");
  EXPECT_EQ(ledger_of(url_), "0001 baselined, 0002 baselined, 0003 baselined");
}

TEST_F(Adopt, ARowThatTheMirrorRefusesRollsTheMigrationBack) {
  old_tool({"0001", "0002", "0003"}, {"0001_users.sql", "0002_posts.sql", "0003_seed.sql"});
  EXPECT_EQ(adopt(), "0001 0002 0003 | 0004");
  set_adopted(true);
  run("ALTER TABLE schema_migrations ADD CHECK (version < '0004')");
  const Up up = project_.up(url_);
  EXPECT_EQ(up.code, "C0814") << told(up.error);
  pg::Connection connection = connect(url_);
  EXPECT_EQ(value_of(connection, "SELECT to_regclass('users_email') IS NULL"), "t") << "all or nothing";
}

TEST_F(Adopt, AFileThatTheToolWouldNotSeeIsNotMirrored) {
  run("CREATE TABLE atlas_schema_revisions (version text PRIMARY KEY, description text, type bigint, applied bigint,"
      " total bigint, executed_at timestamptz, execution_time bigint, error text, hash text)");
  run("INSERT INTO atlas_schema_revisions VALUES ('0002', 'posts', 2, 1, 1, now(), 0, '', '')");
  run(must(read_file(project_.folder() / "0001_users.sql"), "read"));
  run(must(read_file(project_.folder() / "0002_posts.sql"), "read"));
  EXPECT_EQ(adopt({.mirror = true}), "C0321");
  EXPECT_EQ(adopt(), "0001 0002 | 0003 0004");
}

TEST_F(Adopt, AMigrationThatTheToolHasNoNameForIsNotMirrored) {
  run("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY)");
  run("INSERT INTO alembic_version VALUES ('0002')");
  run(must(read_file(project_.folder() / "0001_users.sql"), "read"));
  run(must(read_file(project_.folder() / "0002_posts.sql"), "read"));
  EXPECT_EQ(adopt({.mirror = true}), "0001 0002 | 0003 0004");
  project_.settings.adopt = {.tool = "alembic", .table = "public.alembic_version", .mirror = true};
  EXPECT_EQ(project_.up(url_).code, "C0321") << "no line says which revision 0003 was captured from";
}

}  // namespace
}  // namespace candor::test
