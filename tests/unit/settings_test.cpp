/// candor.toml: every key, and every way to get one wrong, told with its place.
#include "engine/settings.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "engine/project.h"

namespace candor::engine {
namespace {

namespace fs = std::filesystem;

/// A folder of its own for each test.
class Settings_ : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "candor-settings-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path write(const fs::path& name, std::string_view text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  Result<Settings> read(std::string_view text) { return read_settings(write("candor.toml", text)); }

  fs::path folder_;
};

TEST_F(Settings_, EveryKey) {
  const auto settings = read(R"(
url = "postgresql://bob@db/app"
dir = "sql"
format = "updown"
drift = "strict"
unproven = "accept"
compare = ["owners", "comments"]
ignore = ["public.spatial_ref_sys", "partman.*"]
search_path = ["app", "a \"b\""]
lock_timeout = "500ms"
statement_timeout = "10 min"
lock_retries = 3
wait_for_runner = "2min"

[ledger]
schema = "we\"ird"

[adopt]
tool = "knex"
table = "app.knex_migrations"
mirror = true

[shadow]
setup = "etc/../shadow.sql"
url = "host=shadow"
)");
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->url, "postgresql://bob@db/app");
  EXPECT_EQ(settings->dir, folder_ / "sql");
  EXPECT_EQ(settings->root, folder_);
  EXPECT_EQ(settings->config_file, folder_ / "candor.toml");
  EXPECT_EQ(settings->format, "updown");
  EXPECT_EQ(settings->drift, DriftPolicy::strict);
  EXPECT_TRUE(settings->accept_unproven);
  EXPECT_EQ(settings->compare, (std::vector<std::string>{"owners", "comments"}));
  EXPECT_EQ(settings->ignore, (std::vector<std::string>{"public.spatial_ref_sys", "partman.*"}));
  EXPECT_EQ(connect_options(*settings, "").search_path, R"("app", "a ""b""")");
  EXPECT_EQ(settings->lock_timeout, "500ms");
  EXPECT_EQ(settings->statement_timeout, "10 min");
  EXPECT_EQ(settings->lock_retries, 3);
  EXPECT_EQ(settings->wait_for_runner, std::chrono::minutes(2));
  EXPECT_EQ(settings->ledger_schema, "we\"ird");
  EXPECT_EQ(settings->shadow_setup, folder_ / "shadow.sql");
  EXPECT_EQ(settings->shadow_url, "host=shadow");
  EXPECT_EQ(settings->adopt.tool, "knex");
  EXPECT_EQ(settings->adopt.table, "app.knex_migrations");
  EXPECT_TRUE(settings->adopt.mirror);
}

TEST_F(Settings_, NothingSaidMeansTheDefaults) {
  const auto settings = read("# nothing\n");
  ASSERT_TRUE(settings);
  const Settings defaults;
  EXPECT_EQ(settings->lock_timeout, defaults.lock_timeout);
  EXPECT_EQ(settings->ledger_schema, "candor");
  EXPECT_FALSE(settings->accept_unproven);
  EXPECT_EQ(settings->drift, DriftPolicy::touched);
  EXPECT_TRUE(settings->dir.empty());
  EXPECT_FALSE(settings->shadow_setup);
}

struct Mistake {
  const char* text;
  const char* code;
  int line, column;
  const char* said;     ///< a part of the message
  const char* ordered;  ///< a part of the hint
};

const Mistake mistakes[] = {
    {"url = 5", "C0002", 1, 7, "url must be a string", "url = \"…\""},
    {"dir = \"\"", "C0002", 1, 7, "dir is empty", ""},
    {"\nformat = true", "C0002", 2, 10, "format must be a string", ""},
    {"drift = \"strickt\"", "C0002", 1, 9, "drift cannot be \"strickt\"", "write \"strict\""},
    {"unproven = \"maybe\"", "C0002", 1, 12, "unproven cannot be", "refuse"},
    {"compare = \"owners\"", "C0002", 1, 11, "compare must be a list", "compare = [\"…\"]"},
    {"compare = [\"owners\", \"grant\"]", "C0002", 1, 22, "compare cannot be \"grant\"", "write \"grants\""},
    {"ignore = [\"a\", 7]", "C0002", 1, 16, "ignore must be a string", ""},
    {"ignore = [\"\"]", "C0002", 1, 11, "empty pattern", "remove"},
    {"search_path = \"app\"", "C0002", 1, 15, "must be a list", "search_path = ["},
    {"search_path = [\"\"]", "C0002", 1, 16, "name is empty", "remove"},
    {"lock_timeout = 3000", "C0002", 1, 16, "lock_timeout must be a duration", "\"3s\""},
    {"lock_timeout = \"3\"", "C0002", 1, 16, "with its unit", ""},
    {"lock_timeout = \"3 parsecs\"", "C0002", 1, 16, "with its unit", ""},
    {"statement_timeout = \"-1s\"", "C0002", 1, 21, "with its unit", ""},
    {"lock_retries = -1", "C0002", 1, 16, "from 0 to 1000", ""},
    {"lock_retries = 1.5", "C0002", 1, 16, "from 0 to 1000", ""},
    {"wait_for_runner = \"soon\"", "C0002", 1, 19, "number of seconds", ""},
    {"wait_for_runner = -5", "C0002", 1, 19, "number of seconds", ""},
    {"ledger = \"candor\"", "C0002", 1, 10, "ledger must be a section", "[ledger]"},
    {"[ledger]\nschema = \"public\"", "C0002", 2, 10, "cannot be public", ""},
    {"[ledger]\nschema = \"pg_candor\"", "C0002", 2, 10, "PostgreSQL's own", ""},
    {"[ledger]\nschema = \"\"", "C0002", 2, 10, "is empty", ""},
    {"[ledger]\nschema = \"0123456789012345678901234567890123456789012345678901234567890123\"", "C0002", 2,
     10, "64 bytes", ""},
    {"url = \"a\"\nignroe = []", "C0003", 2, 1, "no setting \"ignroe\"", "did you mean \"ignore\"?"},
    {"zzz = 1", "C0003", 1, 1, "no setting \"zzz\"", "known here: url, dir"},
    {"[shadow]\nsetpu = \"x\"", "C0003", 2, 1, "no setting \"shadow.setpu\"", "did you mean \"setup\"?"},
    {"[shadow]\nsetup = \"create role app\"", "C0002", 2, 9, "setup holds SQL", "name the file"},
    {"[shadow]\nsetup = \"\"\"\ncreate role app;\n\"\"\"", "C0002", 2, 9, "setup holds SQL", "name the file"},
    {"[ledgre]\nschema = \"x\"", "C0003", 1, 2, "no setting \"ledgre\"", "did you mean \"ledger\"?"},
    {"schema = \"x\"", "C0003", 1, 1, "no setting \"schema\"", ""},
    {"url = \"a", "C0002", 1, 9, "not valid TOML", ""},
    {"url = \"a\"\nurl = \"b\"", "C0002", 2, 7, "not valid TOML", ""},
    {"url = \"a\xff\"", "C0002", 1, 9, "not valid UTF-8", "UTF-8"},
};

TEST_F(Settings_, EachMistakeIsToldWithItsPlace) {
  for (const Mistake& mistake : mistakes) {
    SCOPED_TRACE(mistake.text);
    const auto settings = read(mistake.text);
    ASSERT_FALSE(settings);
    const Error& error = settings.error();
    EXPECT_EQ(error.code.id, mistake.code);
    EXPECT_NE(error.message.find(mistake.said), std::string::npos) << error.message;
    EXPECT_NE(error.hint.find(mistake.ordered), std::string::npos) << error.hint;
    EXPECT_FALSE(error.hint.empty());
    ASSERT_TRUE(error.where);
    EXPECT_EQ(error.where->file, (folder_ / "candor.toml").string());
    EXPECT_EQ(error.where->line, mistake.line);
    EXPECT_EQ(error.where->column, mistake.column);
    EXPECT_FALSE(error.where->text.empty());
  }
}

TEST_F(Settings_, TheFirstMistakeOfTheFileIsTheOneThatIsTold) {
  const auto settings = read("zzz = 1\naaa = 2\n");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().where->text, "zzz = 1");
}

TEST_F(Settings_, WindowsLineEndsAreNoPartOfTheLine) {
  const auto settings = read("url = \"a\"\r\nzzz = 1\r\n");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().where->text, "zzz = 1");
}

TEST_F(Settings_, AFileThatWasAskedForMustBeThere) {
  const auto settings = read_settings(folder_ / "other.toml");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().code.id, "C0004");
}

/// Runs in the folder, as `candor` without --config does.
class SettingsHere : public Settings_ {
 protected:
  void SetUp() override {
    Settings_::SetUp();
    before_ = fs::current_path();
    fs::current_path(folder_);
  }
  void TearDown() override {
    fs::current_path(before_);
    Settings_::TearDown();
  }
  fs::path before_;
};

TEST_F(SettingsHere, WithoutAFileTheDefaultsAreInForce) {
  const auto settings = read_settings({});
  ASSERT_TRUE(settings);
  EXPECT_TRUE(settings->config_file.empty());
  EXPECT_EQ(settings->root, ".");
}

TEST_F(SettingsHere, TheUsualFileIsRead) {
  write("candor.toml", "dir = \"sql\"");
  const auto settings = read_settings({});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->dir, "sql");
}

TEST_F(SettingsHere, ADanglingLinkIsNotTheSameAsNoFile) {
  fs::create_symlink("nowhere.toml", "candor.toml");
  const auto settings = read_settings({});
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().code.id, "C0004");
}

TEST_F(Settings_, MigrationsAreFoundInTheUsualPlaces) {
  fs::create_directories(folder_ / "db/migrate");
  ASSERT_EQ(find_migrations(folder_).value_or("none"), folder_ / "db/migrate");
  write("db/structure.sql", "");
  ASSERT_EQ(find_migrations(folder_).value_or("none"), folder_ / "db") << "what Rails' files have made";
  fs::remove_all(folder_ / "db");
  fs::create_directories(folder_ / "migrations/committed");
  ASSERT_EQ(find_migrations(folder_).value_or("none"), folder_ / "migrations/committed");
}

TEST_F(Settings_, OfSeveralUsualPlacesNoneIsTaken) {
  fs::create_directories(folder_ / "migrations");
  fs::create_directories(folder_ / "drizzle");
  const auto found = find_migrations(folder_);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code.id, "C0001");
  EXPECT_EQ(found.error().message, "several folders could hold the migrations: migrations, drizzle");
}

TEST_F(Settings_, MigrationsThatAreNowhereAreSaidToBeLookedFor) {
  write("migrations", "a file, not a folder");
  const auto found = find_migrations(folder_);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code.id, "C0301");
  EXPECT_NE(found.error().message.find("migrations, db/migrations, db/migrate"), std::string::npos);
}

/// The project: which lock file, and what compare_options says.
TEST_F(Settings_, AProjectReadsTheLockBesideItsMigrationsFirst) {
  write("migrations/0001_a.sql", "CREATE TABLE a ();\n-- one\n");
  Settings settings{.dir = folder_ / "migrations", .root = folder_, .compare = {"grants"}, .ignore = {"x.*"}};
  auto project = open_project(settings);
  ASSERT_TRUE(project) << project.error().message;
  EXPECT_FALSE(project->lock);
  EXPECT_EQ(project->lock_path, folder_ / "migrations/candor.lock");
  const auto missing = require_lock(*project);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code.id, "C0401");

  history::LockFile lock{.server = 15};
  write("candor.lock", history::serialise(lock));
  project = open_project(settings);
  ASSERT_TRUE(project) << project.error().message;
  EXPECT_EQ(project->lock_path, folder_ / "candor.lock");
  ASSERT_TRUE(project->lock);
  const auto stale = require_lock(*project);
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().code.id, "C0409");

  lock.server = 16;
  write("migrations/candor.lock", history::serialise(lock));
  project = open_project(settings);
  ASSERT_TRUE(project) << project.error().message;
  EXPECT_EQ(project->lock->server, 16);

  EXPECT_TRUE(project->compare_options().grants);
  EXPECT_FALSE(project->compare_options().owners);
  EXPECT_EQ(project->compare_options().ignore, settings.ignore);
}

TEST_F(Settings_, ALockThatCannotBeReadIsNotNoLock) {
  write("migrations/0001_a.sql", "CREATE TABLE a ();\n");
  write("migrations/candor.lock", "candor.lock 1\nserver 15\n");
  const auto project = open_project({.dir = folder_ / "migrations", .root = folder_});
  ASSERT_FALSE(project);
  EXPECT_EQ(project.error().code.id, "C0402");
}

}  // namespace
}  // namespace candor::engine
