/// lock: the same bytes everywhere, and a true word about what stands in the way.
#include "engine/replay.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/file.h"
#include "integration/project.h"

namespace candor::engine {
namespace {

using test::must;
using test::TestProject;
using test::told;

std::string bytes_of(const TestProject& project) {
  Replayed replayed = must(project.replay(), "replaying");
  return history::serialise(replayed.lock);
}

std::string failure_of(const TestProject& project) {
  const auto replayed = project.replay();
  if (replayed) return "it did not fail";
  EXPECT_FALSE(replayed.error().hint.empty()) << told(replayed.error());
  return told(replayed.error());
}

/// Sets an environment variable for the scope.
class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) {
    if (const char* const old = getenv(name)) old_ = old;
    setenv(name, value, 1);
  }
  ~Environment() { old_ ? setenv(name_, old_->c_str(), 1) : unsetenv(name_); }
  Environment(const Environment&) = delete;

 private:
  const char* name_;
  std::optional<std::string> old_;
};

TEST(Replay, GivesTheSameBytesInAnyLocaleAndTimeZone) {
  TestProject project;
  project.write(
      "1_all.sql",
      "CREATE TABLE \"Ärger\" (z int, a timestamptz DEFAULT '2026-01-02 03:04:05+00', \"B\" date DEFAULT"
      " '2026-01-02', i interval DEFAULT '1 day', f float8 DEFAULT 0.1, CHECK (z > 0));\n"
      "CREATE INDEX ON \"Ärger\" (a) WHERE a > '2026-01-02 03:04:05+00';\n"
      "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1';\n"
      "CREATE VIEW v AS SELECT z, a::date AS day FROM \"Ärger\" WHERE a > '2026-01-02 03:04:05+00';\n");
  project.write("2_none.sql", "INSERT INTO \"Ärger\" (z) VALUES (1);\n");
  const std::string bytes = bytes_of(project);
  EXPECT_EQ(bytes_of(project), bytes);
  for (const auto& [name, value] : {std::pair{"TZ", "Pacific/Kiritimati"},
                                    {"PGTZ", "Asia/Kolkata"},
                                    {"LC_ALL", "tr_TR.UTF-8"},
                                    {"PGDATESTYLE", "German, DMY"},
                                    {"PGOPTIONS", "-c intervalstyle=iso_8601 -c extra_float_digits=0"}}) {
    const Environment changed(name, value);
    EXPECT_EQ(bytes_of(project), bytes) << name << '=' << value;
  }
}

TEST(Replay, MakesTheRolesThatStatementsNameAndSaysSo) {
  TestProject project;
  project.write("1_grants.sql",
                "CREATE TABLE t (id int);\nGRANT SELECT ON t TO replay_reader;\n"
                "ALTER TABLE t OWNER TO \"Replay Owner\";\n"
                "CREATE POLICY p ON t TO replay_member USING (true);\n");
  const auto replayed = must(project.replay(), "replaying");
  std::string told_of;
  for (const Finding& finding : replayed.findings)
    told_of += fmt::format("{} {}\n", finding.what.code.id, finding.what.message);
  for (const char* const role : {"replay_reader", "Replay Owner", "replay_member"})
    EXPECT_NE(told_of.find(role), std::string::npos) << told_of;
  EXPECT_EQ(told_of.find("C0414"), 0U) << told_of;
}

TEST(Replay, LeavesTheRolesThatTheHistoryMakesToIt) {
  TestProject project;
  project.write("1_roles.sql",
                "CREATE TABLE t (id int);\nCREATE ROLE replay_own;\nGRANT SELECT ON t TO replay_own;\n"
                "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'replay_guarded') THEN"
                " CREATE ROLE replay_guarded; END IF; END $$;\n");
  const auto replayed = must(project.replay(), "replaying");
  EXPECT_TRUE(replayed.findings.empty()) << told(replayed.findings.front().what);
}

TEST(Replay, NamesTheExtensionThatIsMissing) {
  TestProject project;
  project.write("1_gis.sql", "SELECT 1;\nCREATE EXTENSION postgis;\n");
  const std::string failure = failure_of(project);
  EXPECT_EQ(failure.find("C0412"), 0U) << failure;
  EXPECT_NE(failure.find("postgis"), std::string::npos) << failure;
  EXPECT_NE(failure.find("1_gis.sql"), std::string::npos) << failure;
  const auto replayed = project.replay();
  ASSERT_FALSE(replayed);
  EXPECT_NE(replayed.error().hint.find("postgresql-15-postgis-3"), std::string::npos)
      << replayed.error().hint;
}

TEST(Replay, AFailingMigrationIsToldWithItsPlace) {
  TestProject project;
  project.write("1_good.sql", "CREATE TABLE t (id int);\n");
  project.write("2_bad.sql", "-- a comment\nALTER TABLE t\n  ADD COLUMN id int;\n");
  const auto replayed = project.replay();
  ASSERT_FALSE(replayed);
  const Error& error = replayed.error();
  EXPECT_EQ(error.code.id, codes::replay_failed.id) << told(error);
  EXPECT_EQ(error.sqlstate, "42701");
  EXPECT_NE(error.message.find("2_bad.sql"), std::string::npos);
  ASSERT_TRUE(error.where);
  EXPECT_EQ(error.where->file, "2_bad.sql");
  EXPECT_EQ(error.where->line, 2);
}

TEST(Replay, ADeferredConstraintThatIsBrokenFailsInTheLockAlready) {
  TestProject project;
  project.write("1_bad.sql",
                "CREATE TABLE t (id int PRIMARY KEY, up int REFERENCES t DEFERRABLE INITIALLY DEFERRED);\n"
                "INSERT INTO t VALUES (1, 2);\n");
  const std::string failure = failure_of(project);
  EXPECT_EQ(failure.find("C0411"), 0U) << failure;
  EXPECT_NE(failure.find("1_bad.sql"), std::string::npos) << failure;
}

TEST(Replay, TheSetupFileRunsFirstAndItsObjectsAreNoEffects) {
  TestProject project;
  project.write("1_use.sql", "CREATE TABLE t (id app.positive);\n");
  EXPECT_EQ(failure_of(project).find("C0411"), 0U);
  project.write("shadow.setup", "CREATE SCHEMA app;\nCREATE DOMAIN app.positive AS int CHECK (VALUE > 0);\n");
  project.settings.shadow_setup = project.folder() / "shadow.setup";
  const auto replayed = must(project.replay(), "replaying");
  for (const catalog::Effect& effect : replayed.lock.entries.at(0).effects)
    EXPECT_EQ(effect.id.schema.view(), "public") << describe(effect.id);
  project.write("shadow.setup", "CREATE SCHEMA app;\nCREATE nonsense;\n");
  const std::string failure = failure_of(project);
  EXPECT_EQ(failure.find("C0413"), 0U) << failure;
}

TEST(Replay, WhatVariesAsDeclaredIsNoDifference) {
  TestProject project;
  project.write("1_day.sql",
                "-- candor:varies public.day_*\n"
                "CREATE TABLE days (day date) PARTITION BY RANGE (day);\n"
                "DO $$ BEGIN EXECUTE format('CREATE TABLE day_%s PARTITION OF days DEFAULT',"
                " (SELECT oid FROM pg_database WHERE datname = current_database())); END $$;\n");
  project.lock();
  const std::string url = test::home_url();
  const auto up = project.up(url);
  EXPECT_EQ(up.verdict, "true") << told(up.error);
  ASSERT_EQ(up.migrations.size(), 1U);
  EXPECT_GT(up.migrations[0].varying, 0U);

  project.write("1_day.sql",
                "CREATE TABLE days (day date) PARTITION BY RANGE (day);\n"
                "DO $$ BEGIN EXECUTE format('CREATE TABLE day_%s PARTITION OF days DEFAULT',"
                " (SELECT oid FROM pg_database WHERE datname = current_database())); END $$;\n");
  project.lock();
  EXPECT_EQ(project.up(test::home_url()).code, "C0502") << "without the directive it is one";
}

TEST(Replay, OtherMajorsFormsAreKeptWhenTheLockIsMadeAnew) {
  TestProject project;
  project.write("1_view.sql",
                "CREATE TABLE t (id int, at timestamptz);\n"
                "CREATE VIEW v AS SELECT t.id, extract(year FROM t.at) AS y FROM t;\n");
  project.lock({.other_servers = {13, 18}});
  const Project first = project.open();
  ASSERT_TRUE(first.lock);
  EXPECT_EQ(first.lock->server, test::home_major);
  EXPECT_EQ(first.lock->other_servers, (std::vector<int>{13, 18}));
  const auto& entry = first.lock->entries.at(0);
  EXPECT_TRUE(entry.tuples.contains(13) && entry.tuples.contains(15) && entry.tuples.contains(18));
  EXPECT_EQ(entry.forms.at(13).size(), 2U) << "EXTRACT is date_part there, a double precision";
  EXPECT_EQ(entry.forms.at(18).size(), 1U) << "18 leaves out needless qualifiers";

  Replayed again = must(replay(first, {}), "replaying");
  EXPECT_EQ(history::serialise(again.lock), must(read_file(first.lock_path), "reading the lock"));
}

}  // namespace
}  // namespace candor::engine
