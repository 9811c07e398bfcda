/// verify: true, differs or unproven, and why: real histories replayed and real databases changed by hand.
#include "engine/verify.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "base/file.h"
#include "engine/replay.h"
#include "integration/server.h"
#include "sql/script.h"

namespace candor::engine {
namespace {

namespace fs = std::filesystem;
using catalog::Difference;
using catalog::Verdict;
using history::Status;
using test::connect;
using test::must;
using test::value_of;

void require(const Result<>& done) {
  ASSERT_TRUE(done) << done.error().code.id << ' ' << done.error().message;
}

/// A project of three migrations, its lock, and a database.
class Verify : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "candor-verify-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    write("1_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\n");
    write(
        "2_view.sql",
        "CREATE VIEW adults AS SELECT u.id, extract(year FROM now())::text AS y FROM users u WHERE u.id IN (1, 2);\n");
    write("3_posts.sql",
          "CREATE TABLE posts (id int PRIMARY KEY, author bigint REFERENCES users);\n"
          "CREATE INDEX posts_author ON posts (author);\n");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, std::string_view text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  Project open() { return must(open_project({.dir = folder_, .root = folder_}), "opening the project"); }

  void lock(const ReplayOptions& options = {}) {
    const Project project = open();
    auto replayed = must(replay(project, options), "replaying");
    write("candor.lock", history::serialise(replayed.lock));
  }

  /// The files' statements and their rows, as `up` leaves them.
  void apply(pg::Connection& connection, int count) {
    const Project project = open();
    for (int i = 0; i < count; ++i) {
      const history::Migration& migration = project.history.migrations.at(i);
      const std::string text = must(read_file(migration.path), "reading a migration");
      require(sql::for_each_statement(text, migration.file, [&](const sql::Statement& statement) -> Result<> {
        must(connection.query(statement.text), statement.text);
        return {};
      }));
      record(connection, migration, Status::completed);
    }
  }

  static void record(pg::Connection& connection, const history::Migration& migration, Status status,
                     std::string witnessed = {}) {
    const history::Ledger ledger("candor");
    require(ledger.create_or_upgrade(connection, must(ledger.require_usable(connection), "looking")));
    const history::LedgerRow row{.version = migration.version,
                                 .name = migration.name,
                                 .checksum = migration.checksum,
                                 .status = status,
                                 .error_code = status == Status::failed ? "42P01" : "",
                                 .witnessed = std::move(witnessed),
                                 .tool_version = "0.1.0",
                                 .run_id = "4be1f6a0-0000-4000-8000-00000000000a"};
    must(connection.query(ledger.record(), history::Ledger::record_parameters(row, "applied")), "recording");
  }

  Verification verify_now(pg::Connection& connection) {
    project_ = open();
    return must(verify(project_, connection), "verifying");
  }

  static std::string codes_of(const Verification& verification) {
    std::string codes;
    for (const Finding& finding : verification.findings) {
      const char* const marks[] = {"!", "?", "."};
      codes += fmt::format("{}{} ", finding.what.code.id, marks[static_cast<int>(finding.severity)]);
      EXPECT_FALSE(finding.what.hint.empty()) << finding.what.message;
    }
    return codes;
  }

  static std::string lines_of(const std::vector<Difference>& differences) {
    std::string lines;
    for (const Difference& difference : differences)
      lines += fmt::format("{} {}{}{}\n", static_cast<int>(difference.nature), describe(difference.id),
                           difference.attribute.empty() ? "" : " ", difference.attribute);
    return lines;
  }

  fs::path folder_;
  Project project_;
};

std::set<int> majors() {
  std::set<int> found;
  for (const pg::Binaries& binaries : pg::find_binaries()) found.insert(binaries.major);
  return found;
}

TEST_F(Verify, AFreshDatabaseIsTrueAtNoVersion) {
  lock();
  auto connection = connect(test::test_url());
  const auto verification = verify_now(connection);
  EXPECT_EQ(verification.verdict, Verdict::is_true) << lines_of(verification.comparison.differences);
  EXPECT_FALSE(verification.version);
  EXPECT_EQ(verification.applied, 0U);
  EXPECT_EQ(verification.pending, 3U);
  EXPECT_TRUE(verification.compared);
  EXPECT_EQ(verification.comparison.objects, 1U);  // the schema public
  EXPECT_EQ(verification.ledger.shape, history::Shape::absent);
  EXPECT_EQ(codes_of(verification), "C0208. ");
  EXPECT_EQ(value_of(connection, "SELECT to_regnamespace('candor') IS NULL"), "t") << "verify must not write";
}

TEST_F(Verify, WhatWasAppliedIsTrueAtEachVersion) {
  lock();
  auto connection = connect(test::test_url());
  apply(connection, 2);
  auto verification = verify_now(connection);
  EXPECT_EQ(verification.verdict, Verdict::is_true) << lines_of(verification.comparison.differences);
  EXPECT_EQ(verification.version->text(), "2");
  EXPECT_EQ(verification.pending, 1U);
  EXPECT_GT(verification.comparison.objects, 5U);
  EXPECT_EQ(codes_of(verification), "");
  ASSERT_EQ(verification.migrations.size(), 3U);
  EXPECT_FALSE(verification.migrations[1].pending());
  EXPECT_TRUE(verification.migrations[2].pending());
  EXPECT_EQ(verification.migrations[2].name, "posts");
}

TEST_F(Verify, WhatWasChangedByHandDiffersObjectByObject) {
  lock();
  auto connection = connect(test::test_url());
  apply(connection, 3);
  must(connection.query("ALTER TABLE users ALTER email DROP NOT NULL"), "changing");
  must(connection.query("DROP INDEX posts_author"), "changing");
  must(connection.query("CREATE TABLE intruder ()"), "changing");
  const auto verification = verify_now(connection);
  EXPECT_EQ(verification.verdict, Verdict::differs);
  EXPECT_EQ(
      lines_of(verification.comparison.differences),
      fmt::format(
          "{} table public.intruder\n{} index public.posts.posts_author\n{} column public.users.email not_null\n",
          static_cast<int>(Difference::Nature::extra), static_cast<int>(Difference::Nature::missing),
          static_cast<int>(Difference::Nature::altered)));
}

TEST_F(Verify, WithoutALockNothingIsProven) {
  auto connection = connect(test::test_url());
  apply(connection, 3);
  const auto verification = verify_now(connection);
  EXPECT_EQ(verification.verdict, Verdict::unproven);
  EXPECT_FALSE(verification.compared);
  EXPECT_EQ(verification.applied, 3U);
}

TEST_F(Verify, WhatIsPresentAheadOfItsMigrationIsANotice) {
  lock();
  auto connection = connect(test::test_url());
  apply(connection, 2);
  must(connection.query("CREATE TABLE posts (id int PRIMARY KEY, author bigint REFERENCES users)"),
       "going ahead");
  auto verification = verify_now(connection);
  EXPECT_EQ(verification.verdict, Verdict::differs) << "a table without its index is not ahead";
  must(connection.query("CREATE INDEX posts_author ON posts (author)"), "going ahead");
  verification = verify_now(connection);
  EXPECT_EQ(verification.verdict, Verdict::is_true) << lines_of(verification.comparison.differences);
  EXPECT_EQ(codes_of(verification), "C0606. ");
  EXPECT_NE(lines_of(verification.comparison.notices).find("table public.posts\n"), std::string::npos);

  // Ahead, but not as the migration will make it.
  must(connection.query("ALTER TABLE posts ALTER author TYPE int"), "going astray");
  verification = verify_now(connection);
  EXPECT_EQ(verification.verdict, Verdict::differs);
  EXPECT_NE(
      lines_of(verification.comparison.differences)
          .find(fmt::format("{} column public.posts.author\n", static_cast<int>(Difference::Nature::extra))),
      std::string::npos);
}

TEST_F(Verify, AHalfDoneMigrationIsNeverTrue) {
  lock();
  auto connection = connect(test::test_url());
  apply(connection, 2);
  record(connection, open().history.migrations[2], Status::running);
  auto verification = verify_now(connection);
  EXPECT_EQ(verification.verdict, Verdict::unproven);
  EXPECT_EQ(codes_of(verification), "C0210! ");
  EXPECT_EQ(verification.pending, 1U);
  must(connection.query("CREATE TABLE intruder ()"), "changing");
  EXPECT_EQ(verify_now(connection).verdict, Verdict::differs);
}

TEST_F(Verify, AFailedRowIsAWarningWhileTheCatalogIsTrue) {
  lock();
  auto connection = connect(test::test_url());
  apply(connection, 2);
  record(connection, open().history.migrations[2], Status::failed);
  EXPECT_EQ(verify_now(connection).verdict, Verdict::is_true);
  EXPECT_EQ(codes_of(verify_now(connection)), "C0207? ");
  must(connection.query("CREATE TABLE intruder ()"), "changing");
  EXPECT_EQ(codes_of(verify_now(connection)), "C0207! ");
}

TEST_F(Verify, AVersionThatNobodyKnowsIsNotCompared) {
  lock();
  auto connection = connect(test::test_url());
  apply(connection, 3);
  record(connection, {.version = history::Version("9"), .name = "future"}, Status::completed);
  const auto verification = verify_now(connection);
  EXPECT_EQ(verification.verdict, Verdict::unproven);
  EXPECT_FALSE(verification.compared);
  EXPECT_EQ(codes_of(verification), "C0203! ");
  EXPECT_EQ(verification.version->text(), "9");
}

TEST_F(Verify, AnAppliedMigrationThatTheLockLacksIsNotCompared) {
  lock();
  write("4_more.sql", "CREATE TABLE more ();\n");
  auto connection = connect(test::test_url());
  apply(connection, 4);
  const auto verification = verify_now(connection);
  EXPECT_EQ(verification.verdict, Verdict::unproven);
  EXPECT_EQ(codes_of(verification), "C0409! ");
}

TEST_F(Verify, APendingMigrationThatTheLockLacksIsNoMatterOfTheDatabase) {
  lock();
  auto connection = connect(test::test_url());
  apply(connection, 3);
  write("4_more.sql", "CREATE TABLE more ();\n");
  const auto verification = verify_now(connection);
  EXPECT_EQ(verification.verdict, Verdict::is_true);
  EXPECT_EQ(codes_of(verification), "C0409! ");
}

TEST_F(Verify, AnEditedFileIsUnprovenUntilItIsLockedAgain) {
  lock();
  auto connection = connect(test::test_url());
  apply(connection, 3);
  write("1_users.sql", "-- a header\nCREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\n");
  EXPECT_EQ(verify_now(connection).verdict, Verdict::unproven);
  EXPECT_EQ(codes_of(verify_now(connection)), "C0408! C0204! ");
  lock();
  EXPECT_EQ(verify_now(connection).verdict, Verdict::is_true);
  EXPECT_EQ(codes_of(verify_now(connection)), "C0204? ");
}

TEST_F(Verify, AnEditedFileWithOtherEffectsDiffersOnceItIsLocked) {
  lock();
  auto connection = connect(test::test_url());
  apply(connection, 3);
  write("1_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, email text);\n");
  lock();
  EXPECT_EQ(verify_now(connection).verdict, Verdict::differs);
}

TEST_F(Verify, AFileThatIsGoneMakesTheLockUnsound) {
  lock();
  auto connection = connect(test::test_url());
  apply(connection, 3);
  fs::remove(folder_ / "2_view.sql");
  EXPECT_EQ(verify_now(connection).verdict, Verdict::unproven);
  EXPECT_EQ(codes_of(verify_now(connection)), "C0410! ");
}

TEST_F(Verify, OutOfOrderIsComparedWithJustWhatWasApplied) {
  lock();
  auto connection = connect(test::test_url());
  apply(connection, 3);
  must(connection.query("DROP VIEW adults"), "undoing");
  must(connection.query("DELETE FROM candor.schema_migrations WHERE version = '2'"), "undoing");
  const auto verification = verify_now(connection);
  EXPECT_EQ(verification.verdict, Verdict::is_true) << lines_of(verification.comparison.differences);
  EXPECT_EQ(verification.version->text(), "3");
  EXPECT_EQ(verification.pending, 1U);
}

TEST_F(Verify, ABaselinedMigrationCountsAsApplied) {
  lock();
  auto connection = connect(test::test_url());
  apply(connection, 2);
  record(connection, open().history.migrations[2], Status::baselined);
  const auto verification = verify_now(connection);
  EXPECT_EQ(verification.verdict, Verdict::differs);
  EXPECT_EQ(verification.applied, 3U);
}

TEST_F(Verify, OnlyAppliedMigrationsDeclareWhatVaries) {
  write("3_posts.sql", "-- candor:varies public.posts*\nCREATE TABLE posts (id int);\n");
  lock();
  auto connection = connect(test::test_url());
  apply(connection, 2);
  must(connection.query("CREATE TABLE posts_of_today ()"), "varying");
  EXPECT_EQ(verify_now(connection).verdict, Verdict::differs);
  must(connection.query("CREATE TABLE posts (id bigint)"), "varying");
  record(connection, open().history.migrations[2], Status::completed);
  const auto verification = verify_now(connection);
  EXPECT_EQ(verification.verdict, Verdict::is_true) << lines_of(verification.comparison.differences);
  EXPECT_GT(verification.comparison.varying, 0U);
}

TEST_F(Verify, ADamagedLedgerIsAnError) {
  lock();
  auto connection = connect(test::test_url());
  apply(connection, 3);
  must(connection.query("ALTER TABLE candor.schema_migrations DROP COLUMN status"), "damaging");
  const Project project = open();
  const auto verification = verify(project, connection);
  ASSERT_FALSE(verification);
  EXPECT_EQ(verification.error().code.id, "C0201");
  EXPECT_EQ(value_of(connection, "SELECT 1"), "1") << "no transaction is left open";
}

TEST_F(Verify, ALayoutOfAnOlderCandorIsVerifiedAsItIs) {
  lock();
  auto connection = connect(test::test_url());
  apply(connection, 3);
  must(connection.query(
           "ALTER TABLE candor.schema_migrations DROP COLUMN statement_hashes, DROP COLUMN witnessed"),
       "going back");
  must(connection.query("UPDATE candor.ledger_layout SET layout = 1"), "going back");
  const auto verification = verify_now(connection);
  EXPECT_EQ(verification.verdict, Verdict::is_true);
  EXPECT_EQ(verification.ledger.shape, history::Shape::older);
}

/// A role that may read the ledger, but not every catalog.
TEST_F(Verify, ACatalogThatMayNotBeReadIsUnproven) {
  lock();
  const std::string url = test::test_url();
  auto owner = connect(url);
  apply(owner, 3);
  for (const char* sql : {"CREATE ROLE verify_reader LOGIN", "GRANT USAGE ON SCHEMA candor TO verify_reader",
                          "GRANT SELECT ON ALL TABLES IN SCHEMA candor TO verify_reader",
                          "REVOKE SELECT ON pg_catalog.pg_rewrite FROM PUBLIC",
                          "REVOKE SELECT ON pg_catalog.pg_trigger FROM PUBLIC"})
    must(owner.query(sql), sql);
  auto reader = connect(url + " user=verify_reader");
  const auto verification = verify_now(reader);
  EXPECT_EQ(verification.verdict, Verdict::unproven) << lines_of(verification.comparison.differences);
  EXPECT_EQ(verification.applied, 3U);
  EXPECT_FALSE(verification.comparison.unproven.empty());
  EXPECT_TRUE(verification.comparison.differences.empty()) << lines_of(verification.comparison.differences);
}

/// On each other major: unproven without its forms, true with the lock's, true with the ledger's, never by
/// old ones.
TEST_F(Verify, OtherMajorsAreTrueByTheirFormsOnly) {
  const std::set<int> all = majors();
  ASSERT_GT(all.size(), 1U) << "this needs servers of two majors";
  const int oldest = *all.begin(), newest = *all.rbegin();
  lock();
  ASSERT_EQ(open().lock->server, newest);
  auto connection = connect(test::test_url(oldest));
  apply(connection, 3);
  auto verification = verify_now(connection);
  EXPECT_EQ(verification.verdict, Verdict::unproven) << lines_of(verification.comparison.differences);
  const std::string unproven = lines_of(verification.comparison.unproven);
  EXPECT_NE(unproven.find("view public.adults definition"), std::string::npos) << unproven;

  // Witnessed when the view was made.
  const auto definition = verification.comparison.unproven.front();
  const auto attributes = catalog::attributes_of(catalog::Kind::view);
  std::size_t attribute = 0;
  while (attributes[attribute].name != "definition") ++attribute;
  const auto witness = [&](std::string_view text) {
    return fmt::format(
        "{{\"major\": {}, \"forms\": [{{\"kind\": \"view\", \"object\": \"public.adults\","
        " \"attribute\": \"definition\", \"text\": {}}}]}}",
        oldest, catalog::quoted(text));
  };
  record(connection, open().history.migrations[1], Status::completed, witness(definition.found));
  EXPECT_EQ(verify_now(connection).verdict, Verdict::is_true)
      << lines_of(verify_now(connection).comparison.unproven);
  record(connection, open().history.migrations[1], Status::completed, witness("SELECT 1"));
  EXPECT_EQ(verify_now(connection).verdict, Verdict::differs);
  record(connection, open().history.migrations[1], Status::completed);

  // The lock knows how the other major prints it.
  lock({.other_servers = {oldest}});
  EXPECT_EQ(verify_now(connection).verdict, Verdict::is_true)
      << lines_of(verify_now(connection).comparison.unproven);
  must(connection.query(
           "CREATE OR REPLACE VIEW adults AS SELECT u.id, extract(year FROM now())::text AS y FROM users u"),
       "changing the view");
  EXPECT_EQ(verify_now(connection).verdict, Verdict::differs);
}

}  // namespace
}  // namespace candor::engine
