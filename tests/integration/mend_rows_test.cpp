/// Rows that stop another tool: taken away or made true as far as the catalog proves, and no further.
#include "engine/mend_rows.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "engine/foreign.h"
#include "integration/project.h"
#include "sql/script.h"

namespace candor::test {
namespace {

constexpr const char* teams = "CREATE TABLE teams (id int PRIMARY KEY, name text NOT NULL);\n";
constexpr const char* users =
    "CREATE TABLE users (id int PRIMARY KEY);\nCREATE TABLE badges (id int PRIMARY KEY);\n";

class MendRows : public testing::Test {
 protected:
  void run(const std::string& sql) { must(connection_.query(sql), sql); }
  std::string value(const std::string& sql) { return value_of(connection_, sql); }

  /// The two migrations in files of these names, locked; the first is in the database, and `made` of the
  /// second.
  void given(const std::string& first, const std::string& second, const std::string& made) {
    for (const std::string& name : {first, second})
      fs::create_directories((project_.folder() / name).parent_path());
    project_.write(first, teams);
    project_.write(second, users);
    project_.lock();
    run(teams);
    if (!made.empty()) run(made);
  }

  /// "" once mended; else the code of what refused it.
  std::string mend(bool unproven = false) {
    engine::Project project = project_.open();
    std::vector<Finding> findings;
    auto planned = engine::plan_rows(project, connection_, unproven, findings);
    if (!planned) return code_of(planned.error());
    rows_ = planned->rows.size();
    if (rows_ == 0) return "";
    const std::string before = content(*planned);
    auto backup = engine::mend_rows(*planned, connection_, project_.folder());
    if (!backup) return code_of(backup.error());
    EXPECT_NE(content(*planned), before);
    put_back(*backup);
    EXPECT_EQ(content(*planned), before) << "the backup brings back all rows, and nothing else";
    backup = engine::mend_rows(*planned, connection_, project_.folder());
    return backup ? "" : code_of(backup.error());
  }

  std::string code_of(const Error& error) {
    message_ = told(error);
    return std::string(error.code.id);
  }
  /// All rows of the tables that would be written to.
  std::string content(const engine::RowsMending& mending) {
    std::string all;
    for (const engine::RowMending& row : mending.rows)
      all += value(fmt::format("SELECT string_agg(t::text, ',' ORDER BY t::text) FROM {} AS t",
                               row.table.sql())) +
             ";";
    return all;
  }
  void put_back(const std::string& backup) {
    const std::string text = must(read_file(project_.folder() / backup), backup);
    for (const sql::Statement& statement : must(sql::split(text, backup), backup))
      run(std::string(statement.text));
  }

  /// What the tool would say.
  std::string blocked() {
    const engine::Project project = project_.open();
    const auto histories = must(engine::read_foreign_histories(project, connection_), "reading");
    const engine::ForeignHistory* const mine = histories.mine();
    if (mine == nullptr || mine->unreadable) return "unreadable";
    return mine->held ? "held" : mine->verdicts.blocked;
  }

  TestProject project_;
  std::string url_ = test_url(home_major);
  pg::Connection connection_ = connect(url_);
  std::size_t rows_ = 0;
  std::string message_;
};

constexpr const char* both = "CREATE TABLE users (id int PRIMARY KEY)";
constexpr const char* other_half = "CREATE TABLE badges (id int PRIMARY KEY)";

// -- Prisma
// -----------------------------------------------------------------------------------------------------

class MendPrisma : public MendRows {
 protected:
  void SetUp() override {
    run("CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, "
        "finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ, "
        "started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)");
    run("INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES "
        "('1', '', '20260101000000_teams', now()), ('2', '', '20260102000000_users', NULL)");
  }
  void given(const std::string& made) {
    project_.write("migration_lock.toml", "provider = \"postgresql\"\n");
    MendRows::given("20260101000000_teams/migration.sql", "20260102000000_users/migration.sql", made);
  }
};

TEST_F(MendPrisma, WhatIsNotThereIsRolledBack) {
  given("");
  EXPECT_NE(blocked(), "");
  EXPECT_EQ(mend(), "") << message_;
  EXPECT_EQ(rows_, 1U);
  EXPECT_EQ(blocked(), "");
  EXPECT_EQ(value("SELECT count(*) FROM _prisma_migrations"), "2");
  EXPECT_EQ(value("SELECT rolled_back_at IS NOT NULL FROM _prisma_migrations WHERE id = '2'"), "t");
}

TEST_F(MendPrisma, WhatIsThereIsRecordedAsApplied) {
  given(both);
  run(other_half);
  EXPECT_EQ(mend(), "") << message_;
  EXPECT_EQ(blocked(), "");
  EXPECT_EQ(value("SELECT count(*) FROM _prisma_migrations WHERE migration_name = '20260102000000_users' AND "
                  "finished_at IS NOT NULL AND rolled_back_at IS NULL"),
            "1");
}

TEST_F(MendPrisma, AHalfDoneMigrationIsRefusedAndNothingWritten) {
  given(both);
  EXPECT_EQ(mend(), "C0815");
  EXPECT_NE(message_.find("neither in the database nor out of it"), std::string::npos) << message_;
  EXPECT_EQ(value("SELECT count(*) FROM _prisma_migrations WHERE rolled_back_at IS NULL"), "2");
}

TEST_F(MendPrisma, ARowWithoutItsFileIsRefused) {
  given("");
  run("UPDATE _prisma_migrations SET migration_name = '20260102000000_other' WHERE id = '2'");
  EXPECT_EQ(mend(), "C0815");
  EXPECT_NE(message_.find("fits no file"), std::string::npos) << message_;
}

TEST_F(MendPrisma, ARowThatChangedMeanwhileIsLeftAlone) {
  given("");
  engine::Project project = project_.open();
  std::vector<Finding> findings;
  const auto planned = must(engine::plan_rows(project, connection_, false, findings), "planning");
  run("UPDATE _prisma_migrations SET finished_at = now() WHERE id = '2'");
  const auto mended = engine::mend_rows(planned, connection_, project_.folder());
  ASSERT_FALSE(mended);
  EXPECT_EQ(mended.error().code.id, "C0815");
  EXPECT_EQ(value("SELECT rolled_back_at IS NULL FROM _prisma_migrations WHERE id = '2'"), "t");
  EXPECT_FALSE(fs::exists(project_.folder() / "public._prisma_migrations.sql.bak")) << "nothing was replaced";
}

TEST_F(MendPrisma, AnOlderBackupIsNeverLost) {
  given("");
  EXPECT_EQ(mend(), "") << message_;  // twice: what was mended first is put back and mended again
  EXPECT_TRUE(fs::exists(project_.folder() / "public._prisma_migrations.sql.bak"));
  EXPECT_TRUE(fs::exists(project_.folder() / "public._prisma_migrations.2.sql.bak"));
}

TEST_F(MendPrisma, WhatCannotBeKeptIsNotReplaced) {
  given("");
  engine::Project project = project_.open();
  std::vector<Finding> findings;
  const auto planned = must(engine::plan_rows(project, connection_, false, findings), "planning");
  const auto mended = engine::mend_rows(planned, connection_, project_.folder() / "no folder");
  ASSERT_FALSE(mended);
  EXPECT_EQ(mended.error().code.id, "C0005");
  EXPECT_EQ(value("SELECT rolled_back_at IS NULL FROM _prisma_migrations WHERE id = '2'"), "t");
}

// -- Flyway
// -----------------------------------------------------------------------------------------------------

class MendFlyway : public MendRows {
 protected:
  void SetUp() override {
    run("CREATE TABLE flyway_schema_history (installed_rank INT NOT NULL PRIMARY KEY, version VARCHAR(50), "
        "description VARCHAR(200) NOT NULL, type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL, checksum "
        "INTEGER, installed_by VARCHAR(100) NOT NULL, installed_on TIMESTAMP NOT NULL DEFAULT now(), "
        "execution_time INTEGER NOT NULL, success BOOLEAN NOT NULL)");
    run("INSERT INTO flyway_schema_history VALUES (1, '1', 'teams', 'SQL', 'V1__teams.sql', NULL, 'x', now(), 1, "
        "true), (2, '2', 'users', 'SQL', 'V2__users.sql', 17, 'x', now(), 1, false)");
  }
  void given(const std::string& made) { MendRows::given("V1__teams.sql", "V2__users.sql", made); }
};

TEST_F(MendFlyway, AFailedRowGoesWhereNothingIsThere) {
  given("");
  EXPECT_NE(blocked(), "");
  EXPECT_EQ(mend(), "") << message_;
  EXPECT_EQ(blocked(), "");
  EXPECT_EQ(value("SELECT string_agg(version, ',') FROM flyway_schema_history"), "1");
}

TEST_F(MendFlyway, AFailedRowSucceededWhereAllIsThere) {
  given(both);
  run(other_half);
  EXPECT_EQ(mend(), "") << message_;
  EXPECT_EQ(blocked(), "") << "the checksum is that of the file, too";
  EXPECT_EQ(value("SELECT success FROM flyway_schema_history WHERE version = '2'"), "t");
}

// -- Atlas
// ------------------------------------------------------------------------------------------------------

class MendAtlas : public MendRows {
 protected:
  void SetUp() override {
    run("CREATE TABLE atlas_schema_revisions (version varchar PRIMARY KEY, description varchar NOT NULL, type bigint "
        "NOT NULL DEFAULT 2, applied bigint NOT NULL DEFAULT 0, total bigint NOT NULL DEFAULT 0, executed_at "
        "timestamptz NOT NULL, execution_time bigint NOT NULL, error text, error_stmt text, hash varchar NOT NULL, "
        "partial_hashes jsonb, operator_version varchar NOT NULL)");
    run("INSERT INTO atlas_schema_revisions VALUES ('1', 'teams', 2, 1, 1, now(), 0, '', '', 'x', NULL, 'A'), "
        "('2', 'users', 2, 1, 2, now(), 0, 'gone', 'CREATE', 'y', '[\"h1:x\"]', 'A')");
  }
  void given(const std::string& made) { MendRows::given("1_teams.sql", "2_users.sql", made); }
  std::string rows() {
    return value(
        "SELECT string_agg(concat_ws(' ', version, applied, total, error, error_stmt, partial_hashes), ',') "
        "FROM atlas_schema_revisions");
  }
};

TEST_F(MendAtlas, AHalfDoneRowIsCompleteWhereAllIsThere) {
  given(both);
  EXPECT_NE(blocked(), "");
  EXPECT_EQ(mend(), "C0815") << "half of it is there";
  run(other_half);
  EXPECT_EQ(mend(), "") << message_;
  EXPECT_EQ(rows(), "1 1 1  ,2 2 2  ");
  EXPECT_EQ(blocked(), "");
}

TEST_F(MendAtlas, AHalfDoneRowGoesWhereNothingIsThere) {
  given("");
  EXPECT_EQ(mend(), "") << message_;
  EXPECT_EQ(rows(), "1 1 1  ");
  EXPECT_EQ(blocked(), "");
}

// -- golang-migrate
// ---------------------------------------------------------------------------------------------

class MendGolangMigrate : public MendRows {
 protected:
  void SetUp() override {
    run("CREATE TABLE schema_migrations (version bigint not null primary key, dirty boolean not null)");
    run("INSERT INTO schema_migrations VALUES (2, true)");
  }
  void given(const std::string& made) {
    for (const char* down : {"000001_teams.down.sql", "000002_users.down.sql"})
      project_.write(down, "SELECT 1;\n");
    MendRows::given("000001_teams.up.sql", "000002_users.up.sql", made);
  }
};

TEST_F(MendGolangMigrate, ADirtyRowGoesBackWhereNothingIsThere) {
  given("");
  EXPECT_EQ(mend(), "") << message_;
  EXPECT_EQ(blocked(), "");
  EXPECT_EQ(value("SELECT version || ' ' || dirty FROM schema_migrations"), "1 false");
}

TEST_F(MendGolangMigrate, ADirtyRowIsCleanWhereAllIsThere) {
  given(both);
  run(other_half);
  EXPECT_EQ(mend(), "") << message_;
  EXPECT_EQ(value("SELECT version || ' ' || dirty FROM schema_migrations"), "2 false");
}

TEST_F(MendGolangMigrate, TheFirstMigrationLeavesNoRow) {
  given("");
  run("DROP TABLE teams");
  run("UPDATE schema_migrations SET version = 1");
  EXPECT_EQ(mend(), "") << message_;
  EXPECT_EQ(value("SELECT count(*) FROM schema_migrations"), "0");
}

TEST_F(MendGolangMigrate, ARunThatBrokeOffAtTheFirstMigration) {
  given("");
  run("UPDATE schema_migrations SET version = -1");
  EXPECT_NE(blocked(), "");
  EXPECT_EQ(mend(), "") << message_;
  EXPECT_EQ(value("SELECT version || ' ' || dirty FROM schema_migrations"), "1 false") << "it is there";
  run("UPDATE schema_migrations SET version = -1, dirty = true");
  run("DROP TABLE teams");
  EXPECT_EQ(mend(), "") << message_;
  EXPECT_EQ(value("SELECT count(*) FROM schema_migrations"), "0");
}

TEST_F(MendGolangMigrate, ARowThatWouldClaimWhatIsNotThereIsRefused) {
  given(both);
  run(other_half);
  run("DROP TABLE teams");
  EXPECT_EQ(mend(), "C0815");
  EXPECT_NE(message_.find("would claim 000001_teams.up.sql"), std::string::npos) << message_;
  EXPECT_EQ(value("SELECT dirty FROM schema_migrations"), "t");
}

// -- Hasura
// -----------------------------------------------------------------------------------------------------

class MendHasura : public MendRows {
 protected:
  void SetUp() override {
    run("CREATE SCHEMA hdb_catalog");
    run("CREATE TABLE hdb_catalog.hdb_version (hasura_uuid uuid PRIMARY KEY, version text NOT NULL, upgraded_on "
        "timestamptz NOT NULL, cli_state jsonb NOT NULL DEFAULT '{}', console_state jsonb NOT NULL DEFAULT '{}')");
    run("INSERT INTO hdb_catalog.hdb_version VALUES ('00000000-0000-0000-0000-000000000001', '47', now(), "
        "'{\"migrations\": {\"default\": {\"1620000000001\": false, \"1620000000002\": true}}}')");
  }
  void given(const std::string& made) {
    MendRows::given("1620000000001_teams/up.sql", "1620000000002_users/up.sql", made);
  }
  std::string state() {
    return value("SELECT cli_state -> 'migrations' -> 'default' FROM hdb_catalog.hdb_version");
  }
};

TEST_F(MendHasura, ADirtyVersionGoesWhereNothingIsThere) {
  given("");
  EXPECT_NE(blocked(), "");
  EXPECT_EQ(mend(), "") << message_;
  EXPECT_EQ(state(), R"({"1620000000001": false})");
}

TEST_F(MendHasura, ADirtyVersionIsCleanWhereAllIsThere) {
  given(both);
  run(other_half);
  EXPECT_EQ(mend(), "") << message_;
  EXPECT_EQ(state(), R"({"1620000000001": false, "1620000000002": false})");
  EXPECT_EQ(blocked(), "");
}

// -- sqlx
// -------------------------------------------------------------------------------------------------------

TEST_F(MendRows, SqlxRowsAreRemovedOrCompleted) {
  run("CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, installed_on TIMESTAMPTZ "
      "NOT NULL DEFAULT now(), success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, execution_time BIGINT NOT NULL)");
  run("INSERT INTO _sqlx_migrations VALUES (20260102000000, 'users', now(), false, '\\x00', 0)");
  given("20260101000000_teams.sql", "20260102000000_users.sql", both);
  EXPECT_EQ(mend(), "C0815");
  run(other_half);
  EXPECT_EQ(mend(), "") << message_;
  EXPECT_EQ(value("SELECT success || ' ' || length(checksum) FROM _sqlx_migrations"), "true 48");
  run("UPDATE _sqlx_migrations SET success = false");
  run("DROP TABLE users, badges");
  EXPECT_EQ(mend(), "") << message_;
  EXPECT_EQ(value("SELECT count(*) FROM _sqlx_migrations"), "0");
}

// -- locks
// ------------------------------------------------------------------------------------------------------

class MendLock : public MendRows, public testing::WithParamInterface<std::pair<const char*, const char*>> {};

TEST_P(MendLock, IsReleasedWhenNobodyElseIsConnected) {
  const auto& [ledger, lock] = GetParam();
  run(ledger);
  run(lock);
  given("0001_teams.sql", "0002_users.sql", "");
  EXPECT_EQ(blocked(), "held");
  {
    const pg::Connection other = connect(url_);
    EXPECT_EQ(mend(), "C0815");
    EXPECT_NE(message_.find("may hold the lock"), std::string::npos) << message_;
    EXPECT_EQ(blocked(), "held");
  }
  ASSERT_TRUE(eventually([&] { return mend() != "C0815"; })) << message_;
  EXPECT_EQ(rows_, 1U);
  EXPECT_EQ(blocked(), "");
  EXPECT_EQ(mend(), "") << message_;
  EXPECT_EQ(rows_, 0U) << "a second run finds nothing";
}

INSTANTIATE_TEST_SUITE_P(
    Tools, MendLock,
    testing::Values(
        std::pair(
            "CREATE TABLE knex_migrations AS SELECT 1 AS id, '0001_teams.js'::varchar(255) AS name, 1 AS "
            "batch, now() AS migration_time",
            "CREATE TABLE knex_migrations_lock AS SELECT 1 AS index, 1 AS is_locked"),
        std::pair(
            "CREATE TABLE my_migrations AS SELECT 1 AS id, '0001_teams.js'::varchar(255) AS name, 1 AS batch, "
            "now() AS migration_time",
            "CREATE TABLE my_migrations_lock AS SELECT 1 AS index, 1 AS is_locked"),
        std::pair("CREATE TABLE kysely_migration AS SELECT '0001_teams'::varchar(255) AS name, '2026-01-01'::"
                  "varchar(255) AS timestamp",
                  "CREATE TABLE kysely_migration_lock AS SELECT 'migration_lock' AS id, 1 AS is_locked"),
        std::pair("CREATE TABLE databasechangelog AS SELECT 'teams'::text AS id, 'a'::text AS author, "
                  "'0001_teams.sql'::text AS filename, now()::timestamp AS dateexecuted, 1 AS orderexecuted, "
                  "'EXECUTED'::text AS exectype, NULL::text AS md5sum",
                  "CREATE TABLE databasechangeloglock AS SELECT 1 AS id, true AS locked, now()::timestamp AS "
                  "lockgranted, 'host (10.0.0.1)'::text AS lockedby")));

TEST_F(MendRows, ALockMayBeReleasedUnproven) {
  run("CREATE TABLE knex_migrations (id serial, name varchar(255), batch integer, migration_time timestamptz)");
  run("CREATE TABLE knex_migrations_lock AS SELECT 1 AS index, 1 AS is_locked");
  given("0001_teams.sql", "0002_users.sql", "");
  const pg::Connection other = connect(url_);
  EXPECT_EQ(mend(), "C0815");
  EXPECT_EQ(mend(true), "") << message_;
  EXPECT_EQ(value("SELECT is_locked FROM knex_migrations_lock"), "0");
}

TEST_F(MendRows, ANamedLedgerThatIsNotThereIsNotTakenForSeveral) {
  run("CREATE TABLE knex_migrations (id serial, name varchar(255), batch integer, migration_time timestamptz)");
  given("0001_teams.sql", "0002_users.sql", "");
  project_.settings.adopt = {.tool = "knex", .table = "public.gone"};
  EXPECT_EQ(mend(), "C0811");
  EXPECT_NE(message_.find("there is no public.gone"), std::string::npos) << message_;
}

TEST_F(MendRows, ALockThatCannotBeReadIsNeverUnset) {
  run("CREATE TABLE knex_migrations (id serial, name varchar(255), batch integer, migration_time timestamptz)");
  run("CREATE TABLE knex_migrations_lock AS SELECT 1 AS index, 'yes'::text AS is_locked");
  given("0001_teams.sql", "0002_users.sql", "");
  EXPECT_EQ(mend(), "C0801") << message_;
}

}  // namespace
}  // namespace candor::test
