/// repair and down: no value goes, is cut or is made up without being told.
#include <gtest/gtest.h>

#include "engine/losses.h"
#include "engine/repair.h"
#include "engine/revert.h"
#include "integration/project.h"

namespace candor::test {
namespace {

struct Asked : engine::RevertObserver {
  bool confirm(const std::vector<engine::Reversal>& planned) override {
    for (const engine::Reversal& reversal : planned)
      for (const engine::Loss& loss : reversal.losses) losses += line_of(loss) + "; ";
    return losses.empty();
  }
  std::string losses;
};

class DataKept : public testing::Test {
 protected:
  void SetUp() override { project_.settings.shadow_url = test_cluster(home_major).url(); }
  /// Applies one migration, and does `damage` to what it made.
  void start(const std::string& migration, const std::vector<std::string>& damage) {
    project_.write("1_a.sql", migration);
    up();
    for (const std::string& sql : damage) run(sql);
  }
  void up() {
    project_.lock();
    const Up up = project_.up(url_);
    ASSERT_EQ(up.verdict, "true") << told(up.error);
  }
  void run(const std::string& sql) const {
    pg::Connection connection = connect(url_);
    must(connection.query("SET client_min_messages = warning"), "quiet");
    must(connection.query(sql), sql);
  }
  std::string value(const std::string& sql) const {
    pg::Connection connection = connect(url_);
    return value_of(connection, sql);
  }
  /// "true" and what else verify says afterwards, or the code.
  std::string repair(engine::RepairOptions options = {}, const std::string& role = {}) {
    options.apply = true;
    pg::Connection connection = connect(url_);
    if (!role.empty()) must(connection.query("SET ROLE " + role), role);
    auto result = engine::repair(project_.open(), connection, options);
    if (!result) {
      error_ = told(result.error()) + "\n" + result.error().hint;
      EXPECT_FALSE(result.error().hint.empty()) << error_;
      return std::string(result.error().code.id);
    }
    EXPECT_EQ(result->proof.proven, !result->plan.empty()) << result->proof.why_not << "\n"
                                                           << result->proof.detail;
    return project_.verdict(url_);
  }
  /// Without leave to lose anything: "reverted", or what would be lost, or the code.
  std::string down() {
    pg::Connection connection = connect(url_);
    Asked asked;
    auto result = engine::revert(project_.open(), connection, {}, asked);
    if (!asked.losses.empty()) return asked.losses;
    if (result) return "reverted";
    error_ = told(result.error().error);
    return std::string(result.error().error.code.id);
  }

  TestProject project_;
  std::string url_ = test_url(home_major), error_;
};

TEST_F(DataKept, AFieldOfACompositeTypeGoesOnlyIfItMay) {
  start("CREATE TYPE pair AS (a int, b text); CREATE DOMAIN two AS pair; CREATE TABLE t (p pair, q two[]);\n",
        {"ALTER TYPE pair ADD ATTRIBUTE c int CASCADE"});
  EXPECT_EQ(repair(), "true") << "no value is lost: " << error_;
  run("ALTER TYPE pair ADD ATTRIBUTE c int CASCADE");
  run("INSERT INTO t (q) VALUES (ARRAY[ROW(1, 'x', 7)::pair]::two[])");
  EXPECT_EQ(repair(), "C0711");
  EXPECT_NE(error_.find("drops the field \"c\" of composite_type public.pair"), std::string::npos) << error_;
  EXPECT_EQ(value("SELECT ((q[1])::pair).c FROM t"), "7");
  EXPECT_EQ(repair({.allow_drop = true}), "true") << error_;
}

TEST_F(DataKept, ADomainOverAShorterTextCutsNothing) {
  start("CREATE DOMAIN word AS varchar(5); CREATE TABLE t (v word);\n",
        {"ALTER TABLE t ALTER v TYPE text", "DROP DOMAIN word", "CREATE DOMAIN word AS text",
         "ALTER TABLE t ALTER v TYPE word", "INSERT INTO t VALUES ('abc'), ('abcdefgh')"});
  EXPECT_EQ(repair(), "C0712");
  EXPECT_NE(error_.find("abcdefgh"), std::string::npos) << error_;
  run("UPDATE t SET v = 'abcde' WHERE v = 'abcdefgh'");
  EXPECT_EQ(repair(), "true") << error_;
  EXPECT_EQ(value("SELECT string_agg(v, ' ') FROM t"), "abc abcde");
}

TEST_F(DataKept, JsonThatHoldsAKeyTwiceIsNoJsonb) {
  start("CREATE TABLE t (j jsonb);\n",
        {"ALTER TABLE t ALTER j TYPE json", R"(INSERT INTO t VALUES ('[1, {"a": {"b": 1, "b": 2}}]'))"});
  EXPECT_EQ(repair(), "C0712");
  run(R"(UPDATE t SET j = '[1, {"a": {"b" :  2, "c": [null]}}]')");
  EXPECT_EQ(repair(), "true") << error_;
}

TEST_F(DataKept, ALabelThatRowsHoldGoesWhenNoRowHoldsIt) {
  start(
      "CREATE TYPE mood AS ENUM ('good', 'it''s'); CREATE TABLE t (id int, m mood) PARTITION BY LIST (id);"
      "CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);\n",
      {"ALTER TYPE mood ADD VALUE 'bad'", "INSERT INTO t VALUES (1, 'bad'), (1, 'it''s')"});
  EXPECT_EQ(repair(), "C0712");
  EXPECT_NE(error_.find("\"bad\": 1 row"), std::string::npos) << error_;
  run("UPDATE t SET m = 'good' WHERE m = 'bad'");
  EXPECT_EQ(repair(), "true") << error_;
  EXPECT_EQ(value("SELECT string_agg(m::text, ' ' ORDER BY m) FROM t"), "good it's");
}

TEST_F(DataKept, NullsNeedAValueWhereNoneMayBe) {
  start("CREATE TABLE t (id int, v text NOT NULL);\n",
        {"ALTER TABLE t ALTER v DROP NOT NULL", "INSERT INTO t VALUES (1, 'a'), (2, NULL)"});
  EXPECT_EQ(repair(), "C0710");
  EXPECT_NE(error_.find("1 row without a value"), std::string::npos) << error_;
  EXPECT_EQ(repair({.fills = {{"public.t.v", "'none'"}}}), "true") << error_;
  EXPECT_EQ(value("SELECT string_agg(v, ' ' ORDER BY id) FROM t"), "a none");
}

TEST_F(DataKept, ASequenceThatIsMadeAnewGoesOnBehindTheValues) {
  start(
      "CREATE TABLE t (id serial PRIMARY KEY, v int); CREATE TABLE u (id int GENERATED ALWAYS AS IDENTITY);"
      "INSERT INTO t (v) SELECT generate_series(1, 5); INSERT INTO u SELECT FROM generate_series(1, 5);\n",
      {"DROP SEQUENCE t_id_seq CASCADE", "ALTER TABLE u ALTER id DROP IDENTITY"});
  EXPECT_EQ(repair(), "true") << error_;
  EXPECT_EQ(value("INSERT INTO t (v) VALUES (6) RETURNING id"), "6");
  EXPECT_EQ(value("INSERT INTO u DEFAULT VALUES RETURNING id"), "6");
}

TEST_F(DataKept, IdentityAndSerialTakeEachOthersPlace) {
  start(
      "CREATE TABLE t (id serial PRIMARY KEY); CREATE TABLE u (id int GENERATED ALWAYS AS IDENTITY);"
      "INSERT INTO t SELECT FROM generate_series(1, 5); INSERT INTO u SELECT FROM generate_series(1, 5);\n",
      {"DROP SEQUENCE t_id_seq CASCADE", "ALTER TABLE t ALTER id ADD GENERATED ALWAYS AS IDENTITY",
       "ALTER TABLE u ALTER id DROP IDENTITY", "CREATE SEQUENCE u_id_seq AS int OWNED BY u.id",
       "ALTER TABLE u ALTER id SET DEFAULT nextval('u_id_seq')"});
  EXPECT_EQ(repair(), "true") << error_;
  EXPECT_EQ(value("INSERT INTO t DEFAULT VALUES RETURNING id"), "6");
  EXPECT_EQ(value("INSERT INTO u DEFAULT VALUES RETURNING id"), "6");
}

TEST_F(DataKept, RowsThatBreakWhatWouldBePutBackAreCounted) {
  start(
      "CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, q int CHECK (q > 0), e text,"
      "o int REFERENCES o); CREATE UNIQUE INDEX t_e ON t (lower(e) DESC) WHERE q > 1;\n",
      {"ALTER TABLE t DROP CONSTRAINT t_pkey, DROP CONSTRAINT t_q_check, DROP CONSTRAINT t_o_fkey",
       "DROP INDEX t_e", "INSERT INTO t VALUES (1, 2, 'a', NULL), (1, 3, 'A', 7), (2, -1, 'a', NULL)"});
  EXPECT_EQ(repair(), "C0712");
  for (const char* const line : {"constraint public.t.t_pkey: 2 rows", "constraint public.t.t_q_check: 1 row",
                                 "constraint public.t.t_o_fkey: 1 row", "index public.t.t_e: 2 rows"})
    EXPECT_NE(error_.find(line), std::string::npos) << line << "\n" << error_;
  run("DELETE FROM t WHERE q <> 2");
  EXPECT_EQ(repair(), "true") << error_;
}

TEST_F(DataKept, ATableThatWasRenamedIsNotMadeAnewBesideItself) {
  start(
      "CREATE TABLE posts (id int CONSTRAINT one PRIMARY KEY, title text);"
      "CREATE TABLE users (id int, a int, b int, c int, d int);\n",
      {"INSERT INTO posts VALUES (1, 'a')", "CREATE SCHEMA old", "ALTER TABLE posts SET SCHEMA old"});
  EXPECT_EQ(repair(), "C0718");
  EXPECT_NE(error_.find("--rename old.posts=public.posts"), std::string::npos) << error_;
  EXPECT_EQ(repair({.allow_drop = true, .renames = {{"old.posts", "public.posts"}}}), "true") << error_;
  EXPECT_EQ(value("SELECT title FROM posts"), "a");
}

TEST_F(DataKept, WhatIsExtraKeepsItsName) {
  start(
      "CREATE TABLE posts (id int CONSTRAINT one PRIMARY KEY, title text);"
      "CREATE TABLE users (id int, a int, b int, c int, d int);\n",
      {"ALTER TABLE posts RENAME TO articles"});
  EXPECT_EQ(repair({.as_new = true}), "C0713");
  EXPECT_NE(error_.find("constraint public.articles.one has its name"), std::string::npos) << error_;
}

TEST_F(DataKept, AColumnThatWasRenamedIsNamedAsSuch) {
  start("CREATE TABLE t (id int, note text);\n",
        {"ALTER TABLE t RENAME note TO remark", "INSERT INTO t VALUES (1, 'a')"});
  pg::Connection connection = connect(url_);
  const auto told = engine::repair(project_.open(), connection, {});
  ASSERT_TRUE(told.has_value());
  ASSERT_EQ(told->likely_renames.size(), 1U);
  EXPECT_EQ(repair({.renames = {{"public.t.remark", "public.t.note"}}}), "true") << error_;
  EXPECT_EQ(value("SELECT note FROM t"), "a");
}

TEST_F(DataKept, ALedgerThatLostItsRowsStillHasItsEvents) {
  start("CREATE TABLE t (id int);\n", {});
  project_.write("2_rows.sql", "INSERT INTO t VALUES (1);\n");
  up();
  run("TRUNCATE candor.schema_migrations");
  EXPECT_EQ(repair(), "true") << error_;
  EXPECT_EQ(ledger_of(url_), "1 baselined, 2 baselined");
  run("DROP SCHEMA candor CASCADE");
  pg::Connection connection = connect(url_);
  const auto told = engine::repair(project_.open(), connection, {});
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->same_catalog.size(), 1U) << "nothing tells any more";
}

TEST_F(DataKept, ASecretThatStaysIsNoDoubt) {
  start(
      "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
      "CREATE USER MAPPING FOR public SERVER s OPTIONS (user 'x', password 'secret'); CREATE TABLE t (id int);\n",
      {"ALTER TABLE t DROP COLUMN id"});
  EXPECT_EQ(repair(), "true") << error_;
}

TEST_F(DataKept, AChildThatWasParted) {
  start("CREATE TABLE p (a int, CONSTRAINT positive CHECK (a > 0)); CREATE TABLE c (b int) INHERITS (p);\n",
        {"INSERT INTO c VALUES (1, 2)", "ALTER TABLE c NO INHERIT p"});
  EXPECT_EQ(repair(), "true") << error_;
  EXPECT_EQ(value("SELECT a FROM p"), "1");
}

/// A policy that is forced upon the owner hides rows from whoever counts them.
TEST_F(DataKept, WhatAPolicyHidesIsNotOverlooked) {
  run("DO $$ BEGIN CREATE ROLE keeper; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
  start(
      "CREATE TABLE t (v varchar(3)); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
      "ALTER TABLE t FORCE ROW LEVEL SECURITY; CREATE POLICY none ON t USING (false);\n",
      {"ALTER TABLE t ALTER v TYPE text", "INSERT INTO t VALUES ('abcdef')", "ALTER TABLE t OWNER TO keeper",
       "GRANT ALL ON SCHEMA candor, public TO keeper", "GRANT ALL ON ALL TABLES IN SCHEMA candor TO keeper"});
  EXPECT_NE(repair({}, "keeper"), "true");
  EXPECT_NE(error_.find("row-level security"), std::string::npos) << error_;
  EXPECT_EQ(value("SELECT v FROM t"), "abcdef");
}

TEST_F(DataKept, AWayBackTellsWhatItMakesAnew) {
  start(
      "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STORED); CREATE TYPE pair AS (a int);"
      "CREATE TABLE u (p pair); CREATE TABLE v (id int) PARTITION BY LIST (id);\n",
      {});
  project_.write("2_b.sql", "ALTER TABLE t ALTER b DROP EXPRESSION;\n");
  up();
  run("INSERT INTO t VALUES (1, 5)");
  EXPECT_EQ(down(), "column public.t.b: 1 value; ");
  run("DELETE FROM t");
  EXPECT_EQ(down(), "reverted") << error_;
  project_.write("2_b.sql", "ALTER TYPE pair ADD ATTRIBUTE b int CASCADE;\n");
  up();
  run("INSERT INTO u VALUES (ROW(1, 2))");
  EXPECT_EQ(down(), "drops the field \"b\" of composite_type public.pair: its values are lost: 1 value; ");
  run("DELETE FROM u");
  EXPECT_EQ(down(), "reverted") << error_;
  project_.write("2_b.sql", "DROP TABLE v; CREATE TABLE v (id int);\n");
  up();
  run("INSERT INTO v VALUES (1), (2)");
  EXPECT_EQ(down(), "table public.v: 2 rows, 8 kB; ");
}

TEST_F(DataKept, WhatNeedsAnExtensionGoesBeforeIt) {
  start("CREATE TABLE a (id int);\n", {});
  project_.write(
      "2_b.sql",
      "CREATE EXTENSION btree_gist; CREATE EXTENSION hstore; CREATE EXTENSION postgres_fdw;"
      "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw;"
      "CREATE TABLE t (v hstore, i int, EXCLUDE USING gist (i WITH =)); ALTER TABLE a ADD h hstore;\n");
  up();
  EXPECT_EQ(down(), "reverted") << error_;
}

}  // namespace
}  // namespace candor::test
