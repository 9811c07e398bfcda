/// The ledger on real servers: made once, upgraded in place, and every kind of damage named.
#include "history/ledger.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <thread>

#include "integration/server.h"

namespace candor::history {
namespace {

using test::connect;
using test::must;
using test::value_of;

void require(const Result<>& done) {
  ASSERT_TRUE(done) << done.error().code.id << ' ' << done.error().message;
}

constexpr const char* run_id = "4be1f6a0-0000-4000-8000-00000000000a";

std::string checksum(char digit) {
  return "sha256:" + std::string(64, digit);
}

LedgerRow row(const char* version, Status status = Status::completed) {
  return {.version = Version(version),
          .name = "add_sessions",
          .checksum = checksum('a'),
          .status = status,
          .execution_time_ms = 12,
          .fingerprint = "sha256:f",
          .tool_version = "0.1.0",
          .run_id = run_id};
}

void record(pg::Connection& connection, const Ledger& ledger, const LedgerRow& what, std::string_view event) {
  must(connection.query(ledger.record(), Ledger::record_parameters(what, event)), "recording");
}

Ledger made(pg::Connection& connection, const std::string& schema = "candor") {
  Ledger ledger(schema);
  const auto shape = must(ledger.require_usable(connection), "looking at the ledger");
  require(ledger.create_or_upgrade(connection, shape));
  return ledger;
}

std::vector<LedgerRow> rows_of(pg::Connection& connection, const Ledger& ledger) {
  return must(ledger.rows(connection, must(ledger.inspect(connection), "inspecting")), "reading the ledger");
}

Shape shape_of(pg::Connection& connection, const Ledger& ledger) {
  return must(ledger.inspect(connection), "inspecting").shape;
}

/// As hint of a damaged ledger: "run: " and statements for psql, run here one by one.
void follow(pg::Connection& connection, std::string hint) {
  ASSERT_TRUE(hint.starts_with("run: ")) << hint;
  hint.erase(0, 5);
  while (!hint.empty()) {
    std::size_t end = hint.size();
    for (const char* next : {"; UPDATE ", "; ALTER ", "; INSERT "}) end = std::min(end, hint.find(next));
    const auto done = connection.query(hint.substr(0, end));
    ASSERT_TRUE(done) << hint.substr(0, end) << ": " << done.error().message;
    hint.erase(0, end == hint.size() ? end : end + 2);
  }
}

TEST(Ledger, IsMadeOnEveryMajor) {
  std::set<int> majors;
  for (const pg::Binaries& binaries : pg::find_binaries()) majors.insert(binaries.major);
  ASSERT_FALSE(majors.empty());
  for (const int major : majors) {
    SCOPED_TRACE(major);
    auto connection = connect(test::test_url(major));
    const Ledger ledger("candor");
    EXPECT_EQ(shape_of(connection, ledger), Shape::absent);
    made(connection);
    const auto shape = must(ledger.inspect(connection), "inspecting");
    EXPECT_EQ(shape.shape, Shape::current) << (shape.damage.empty() ? "" : shape.damage.front());
    EXPECT_EQ(shape.layout, 2);
    record(connection, ledger, row("1"), "applied");
    EXPECT_EQ(rows_of(connection, ledger).size(), 1U);
  }
}

TEST(Ledger, AnEmptySchemaIsNoLedger) {
  auto connection = connect(test::test_url());
  must(connection.query("CREATE SCHEMA candor"), "making a schema");
  EXPECT_EQ(shape_of(connection, Ledger("candor")), Shape::absent);
  made(connection);
  EXPECT_EQ(shape_of(connection, Ledger("candor")), Shape::current);
}

TEST(Ledger, WhatIsRecordedIsReadBack) {
  auto connection = connect(test::test_url());
  const Ledger ledger = made(connection);
  LedgerRow wanted = row("20260114093000", Status::failed);
  wanted.name = "we\"ird\n";
  wanted.error_code = "42P01";
  wanted.error_message = "relation \"x\" does not exist";
  wanted.failed_statement = 3;
  wanted.statements_done = 2;
  wanted.statement_hashes = {"a", "b,\"c\""};
  wanted.witnessed = R"({"major": 15, "forms": []})";
  record(connection, ledger, wanted, "failed");

  const auto rows = rows_of(connection, ledger);
  ASSERT_EQ(rows.size(), 1U);
  wanted.applied_by = connection.user();
  wanted.started_at = rows[0].started_at;
  wanted.finished_at = rows[0].finished_at;
  wanted.witnessed = rows[0].witnessed;  // jsonb orders keys in its own way
  EXPECT_EQ(rows[0], wanted);
  EXPECT_EQ(nullptr, std::strstr(rows[0].witnessed.c_str(), "null"));
  EXPECT_NE(rows[0].witnessed.find("\"major\": 15"), std::string::npos);
  for (const std::string& time : {rows[0].started_at, rows[0].finished_at}) {
    EXPECT_EQ(time.size(), std::string("2026-01-14T09:30:00.000Z").size()) << time;
    EXPECT_EQ(
        value_of(connection, "SELECT abs(extract(epoch FROM now() - '" + time + "'::timestamptz)) < 60"),
        "t");
  }
}

TEST(Ledger, RowsAscendByVersionAndNotByText) {
  auto connection = connect(test::test_url());
  const Ledger ledger = made(connection);
  for (const char* version : {"10", "9", "0011", "100", "1.2"})
    record(connection, ledger, row(version), "applied");
  std::string order;
  for (const LedgerRow& one : rows_of(connection, ledger)) order += one.version.text() + " ";
  EXPECT_EQ(order, "1.2 9 10 0011 100 ");
}

TEST(Ledger, ARowIsOneAndItsEventsAreMany) {
  auto connection = connect(test::test_url());
  const Ledger ledger = made(connection);
  record(connection, ledger, row("1", Status::running), "started");
  const std::string started = rows_of(connection, ledger)[0].started_at;
  EXPECT_EQ(rows_of(connection, ledger)[0].finished_at, "");
  EXPECT_EQ(must(connection.query(ledger.count_statement(), {"1", "hash one"}), "counting").at(0, 0), "1");
  EXPECT_EQ(must(connection.query(ledger.count_statement(), {"1", "hash two"}), "counting").at(0, 0), "2");
  EXPECT_EQ(rows_of(connection, ledger)[0].statement_hashes,
            (std::vector<std::string>{"hash one", "hash two"}));
  EXPECT_EQ(rows_of(connection, ledger)[0].statements_done, 2);
  record(connection, ledger, row("1"), "applied");
  const LedgerRow done = rows_of(connection, ledger)[0];
  EXPECT_EQ(done.started_at, started);
  EXPECT_NE(done.finished_at, "");
  EXPECT_EQ(done.status, Status::completed);

  EXPECT_TRUE(must(connection.query(ledger.count_statement(), {"1", "x"}), "counting").empty());
  const auto state = must(connection.query(ledger.state_of(), {"1"}), "asking");
  EXPECT_EQ(state.at(0, 0), "completed");
  EXPECT_EQ(state.at(0, 1), run_id);
  EXPECT_EQ(value_of(connection,
                     "SELECT string_agg(event || ':' || (detail ->> 'status'), ' ' ORDER BY id)"
                     " FROM candor.migration_events"),
            "started:running applied:completed");
}

/// The layout before statements were hashed and texts witnessed, as it was made then.
void make_layout_1(pg::Connection& connection) {
  for (
      const char* sql :
      {"CREATE SCHEMA candor",
       "CREATE TABLE candor.schema_migrations (version text PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,"
       " status text NOT NULL, started_at timestamptz NOT NULL, finished_at timestamptz,"
       " execution_time_ms bigint NOT NULL, error_code text, error_message text, failed_statement integer,"
       " statements_done integer NOT NULL, fingerprint text, applied_by text NOT NULL, tool_version text NOT NULL,"
       " run_id uuid NOT NULL)",
       "CREATE TABLE candor.migration_events (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
       " at timestamptz NOT NULL DEFAULT clock_timestamp(), run_id uuid NOT NULL, version text NOT NULL,"
       " event text NOT NULL, detail jsonb, applied_by text NOT NULL, tool_version text NOT NULL)",
       "CREATE TABLE candor.ledger_layout (layout integer PRIMARY KEY)",
       "INSERT INTO candor.ledger_layout VALUES (1)",
       "INSERT INTO candor.schema_migrations VALUES ('1', 'a', '', 'completed', now(), now(), 1, NULL, NULL, NULL, 0,"
       " NULL, 'bob', '0.0.1', gen_random_uuid()), ('2', 'b', '', 'failed', now(), now(), 1, '42P01', 'no', 1, 0,"
       " NULL, 'bob', '0.0.1', gen_random_uuid())"})
    must(connection.query(sql), sql);
}

TEST(Ledger, LayoutOneIsReadAsItIsAndUpgradedWithItsRows) {
  auto connection = connect(test::test_url());
  make_layout_1(connection);
  const Ledger ledger("candor");
  const auto before = must(ledger.require_usable(connection), "looking");
  EXPECT_EQ(before.shape, Shape::older);
  EXPECT_EQ(before.layout, 1);
  const auto old_rows = must(ledger.rows(connection, before), "reading the older layout");
  ASSERT_EQ(old_rows.size(), 2U);
  EXPECT_EQ(old_rows[1].error_message, "no");

  require(ledger.create_or_upgrade(connection, before));
  EXPECT_EQ(shape_of(connection, ledger), Shape::current);
  EXPECT_EQ(rows_of(connection, ledger), old_rows);
  record(connection, ledger, row("2"), "applied");
  EXPECT_EQ(rows_of(connection, ledger)[1].status, Status::completed);
  EXPECT_EQ(value_of(connection, "SELECT count(*) FROM candor.ledger_layout"), "1");
}

TEST(Ledger, ANewerLayoutIsRefused) {
  auto connection = connect(test::test_url());
  const Ledger ledger = made(connection);
  must(connection.query("UPDATE candor.ledger_layout SET layout = 3"), "ageing");
  must(connection.query("ALTER TABLE candor.schema_migrations DROP COLUMN status"), "changing");
  EXPECT_EQ(shape_of(connection, ledger), Shape::newer);
  const auto refused = ledger.require_usable(connection);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code.id, "C0202");
}

struct Damage {
  const char* name;
  const char* sql;
  const char* said;
  bool mendable = true;  ///< following the hint makes the ledger current again, rows and all
};

const Damage damages[] = {
    {"a column is gone", "ALTER TABLE candor.schema_migrations DROP COLUMN status",
     "table candor.schema_migrations lacks column \"status\" (text)"},
    {"a column of newer layouts is gone", "ALTER TABLE candor.schema_migrations DROP COLUMN statement_hashes",
     "table candor.schema_migrations lacks column \"statement_hashes\" (text[])"},
    {"a time is gone", "ALTER TABLE candor.schema_migrations DROP COLUMN started_at",
     "table candor.schema_migrations lacks column \"started_at\" (timestamptz)"},
    {"the key is gone", "ALTER TABLE candor.schema_migrations DROP CONSTRAINT schema_migrations_pkey",
     "table candor.schema_migrations lacks its primary key (version)"},
    {"the key is another",
     "ALTER TABLE candor.schema_migrations DROP CONSTRAINT schema_migrations_pkey, ADD PRIMARY KEY (version, name)",
     "table candor.schema_migrations has another primary key than (version)", false},
    {"a type is another", "ALTER TABLE candor.schema_migrations ALTER run_id TYPE text",
     "column \"run_id\" of table candor.schema_migrations has type text instead of uuid"},
    {"a type is somebody's own",
     "ALTER TABLE candor.schema_migrations ALTER fingerprint TYPE public.text USING NULL::public.text",
     "column \"fingerprint\" of table candor.schema_migrations has type public.text instead of text", false},
    {"null is allowed", "ALTER TABLE candor.schema_migrations ALTER status DROP NOT NULL",
     "column \"status\" of table candor.schema_migrations allows null"},
    {"null is not allowed", "ALTER TABLE candor.schema_migrations ALTER fingerprint SET NOT NULL",
     "column \"fingerprint\" of table candor.schema_migrations does not allow null"},
    {"an unknown column must be filled",
     "DO $$BEGIN ALTER TABLE candor.schema_migrations ADD COLUMN \"te\"\"nant\" text NOT NULL DEFAULT '';"
     " ALTER TABLE candor.schema_migrations ALTER \"te\"\"nant\" DROP DEFAULT; END$$",
     "table candor.schema_migrations has an unknown column \"te\\\"nant\" that is NOT NULL without a default"},
    {"the events are gone", "DROP TABLE candor.migration_events", "table candor.migration_events is missing"},
    {"an event's column is gone", "ALTER TABLE candor.migration_events DROP COLUMN run_id",
     "table candor.migration_events lacks column \"run_id\" (uuid)"},
    {"the events no longer number themselves", "ALTER TABLE candor.migration_events ALTER id DROP IDENTITY",
     "column \"id\" of table candor.migration_events is not filled by itself (GENERATED ALWAYS AS IDENTITY)",
     false},
    {"the layout is gone", "DROP TABLE candor.ledger_layout", "table candor.ledger_layout is missing"},
    {"the layout holds nothing", "DELETE FROM candor.ledger_layout",
     "table candor.ledger_layout holds no row"},
    {"the layout is two", "INSERT INTO candor.ledger_layout VALUES (1)",
     "table candor.ledger_layout holds more than one row"},
    {"the layout is nonsense", "UPDATE candor.ledger_layout SET layout = -1",
     "table candor.ledger_layout holds layout -1"},
    {"the rows are gone", "DROP TABLE candor.schema_migrations", "table candor.schema_migrations is missing",
     false},
    {"a view took the table's place",
     "DO $$BEGIN ALTER TABLE candor.schema_migrations RENAME TO kept;"
     " CREATE VIEW candor.schema_migrations AS SELECT * FROM candor.kept; END$$",
     "table candor.schema_migrations is not a table", false},
};

TEST(Ledger, EachKindOfDamageIsNamedAndTheHintMendsIt) {
  for (const Damage& damage : damages) {
    SCOPED_TRACE(damage.name);
    auto connection = connect(test::test_url());
    const Ledger ledger = made(connection);
    must(connection.query("CREATE DOMAIN public.text AS integer"), "making a type");
    record(connection, ledger, row("1"), "applied");
    const auto rows = rows_of(connection, ledger);
    must(connection.query(damage.sql), damage.sql);

    const auto shape = must(ledger.inspect(connection), "inspecting");
    EXPECT_EQ(shape.shape, Shape::damaged);
    ASSERT_EQ(shape.damage.size(), 1U) << (shape.damage.empty() ? "none" : shape.damage[1]);
    EXPECT_EQ(shape.damage[0].substr(0, std::string_view(damage.said).size()), damage.said);
    const auto refused = ledger.require_usable(connection);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code.id, "C0201");
    EXPECT_EQ(refused.error().detail, shape.damage[0]);
    EXPECT_FALSE(refused.error().hint.empty());
    if (!damage.mendable) continue;
    follow(connection, refused.error().hint);
    const auto mended = must(ledger.inspect(connection), "inspecting");
    EXPECT_EQ(mended.shape, Shape::current)
        << refused.error().hint << (mended.damage.empty() ? "" : mended.damage[0]);
    EXPECT_EQ(rows_of(connection, ledger), rows);
  }
}

TEST(Ledger, AllFaultsAreNamedAtOnce) {
  auto connection = connect(test::test_url());
  must(connection.query("CREATE SCHEMA candor"), "making a schema");
  must(connection.query(
           "CREATE TABLE candor.schema_migrations (version varchar(20) PRIMARY KEY, applied boolean)"),
       "making somebody's table");
  const auto refused = Ledger("candor").require_usable(connection);
  ASSERT_FALSE(refused);
  const std::string& detail = refused.error().detail;
  for (const char* said :
       {"column \"version\" of table candor.schema_migrations has type character varying(20) instead of text",
        "lacks column \"status\" (text)", "lacks column \"run_id\" (uuid)",
        "table candor.migration_events is missing", "table candor.ledger_layout is missing"})
    EXPECT_NE(detail.find(said), std::string::npos) << said << "\nin\n" << detail;
  EXPECT_NE(refused.error().message.find("and 16 more"), std::string::npos) << refused.error().message;
}

TEST(Ledger, SchemaNamesMayBeHostile) {
  for (const std::string& schema :
       {std::string("we\"ird"), std::string("a'; DROP TABLE x; --"), std::string(63, 'x'),
        std::string("UPPER case"), std::string("line\nbreak"), std::string("\xF0\x9F\x90\x98 {}{0} %s $1")}) {
    SCOPED_TRACE(schema);
    auto connection = connect(test::test_url());
    const Ledger ledger = made(connection, schema);
    EXPECT_EQ(shape_of(connection, ledger), Shape::current);
    record(connection, ledger, row("1"), "applied");
    EXPECT_EQ(rows_of(connection, ledger).size(), 1U);
    const pg::Identifier name(schema);
    must(connection.query(fmt::format("ALTER TABLE {}.schema_migrations DROP COLUMN status", name)),
         "damaging");
    const auto refused = ledger.require_usable(connection);
    ASSERT_FALSE(refused);
    follow(connection, refused.error().hint);
    EXPECT_EQ(shape_of(connection, ledger), Shape::current);
  }
}

const std::pair<const char*, const char*> nonsense[] = {
    {"UPDATE candor.schema_migrations SET status = 'done'", "the status is \"done\""},
    {"UPDATE candor.schema_migrations SET status = 'COMPLETED'", "the status is \"COMPLETED\""},
    {"UPDATE candor.schema_migrations SET version = 'one'", "the version is not a number"},
    {"UPDATE candor.schema_migrations SET version = ''", "the version is not a number"},
    {"UPDATE candor.schema_migrations SET version = '1.'", "the version is not a number"},
    {"UPDATE candor.schema_migrations SET checksum = 'md5:12'", "the checksum is \"md5:12\""},
    {"UPDATE candor.schema_migrations SET statements_done = -1", "a count is negative"},
    {"INSERT INTO candor.schema_migrations SELECT (jsonb_populate_record(m, '{\"version\": \"001\"}')).*"
     " FROM candor.schema_migrations m",
     "two rows of one version: \"1\" and \"001\""},
};

TEST(Ledger, RowsThatMakeNoSenseStop) {
  for (const auto& [sql, said] : nonsense) {
    SCOPED_TRACE(sql);
    auto connection = connect(test::test_url());
    const Ledger ledger = made(connection);
    record(connection, ledger, row("1"), "applied");
    must(connection.query(sql), sql);
    const auto rows = ledger.rows(connection, must(ledger.inspect(connection), "inspecting"));
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().code.id, "C0209");
    EXPECT_NE(rows.error().message.find(said), std::string::npos) << rows.error().message;
  }
}

/// A role, made once per server, and a connection as that role.
pg::Connection connect_as(const std::string& url, pg::Connection& owner, const std::string& role) {
  must(owner.query(fmt::format("CREATE ROLE {} LOGIN", role)), "making a role");
  auto connection = connect(url);
  must(connection.query(fmt::format("SET SESSION AUTHORIZATION {}", role)), "becoming the role");
  return connection;
}

TEST(Ledger, ARoleThatMayOnlyReadCanLook) {
  const std::string url = test::test_url();
  auto owner = connect(url);
  const Ledger ledger = made(owner);
  record(owner, ledger, row("1"), "applied");
  auto reader = connect_as(url, owner, "ledger_reader");

  const auto refused = ledger.inspect(reader);
  ASSERT_FALSE(refused) << "a ledger that may not be read is not absent";
  EXPECT_EQ(refused.error().code.id, "C0110");

  must(owner.query("GRANT USAGE ON SCHEMA candor TO ledger_reader"), "granting");
  must(owner.query("GRANT SELECT ON ALL TABLES IN SCHEMA candor TO ledger_reader"), "granting");
  EXPECT_EQ(shape_of(reader, ledger), Shape::current);
  EXPECT_EQ(rows_of(reader, ledger).size(), 1U);
}

TEST(Ledger, ARoleThatMayNotCreateIsToldWhatToGrant) {
  const std::string url = test::test_url();
  auto owner = connect(url);
  auto user = connect_as(url, owner, "ledger_maker");
  const Ledger ledger("candor");
  const auto refused = ledger.create_or_upgrade(user, must(ledger.require_usable(user), "looking"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code.id, "C0110");
  EXPECT_NE(refused.error().hint.find("CREATE SCHEMA IF NOT EXISTS \"candor\""), std::string::npos);
  EXPECT_EQ(shape_of(owner, ledger), Shape::absent);

  // As the hint says: rights on the schema are enough.
  must(owner.query("CREATE SCHEMA candor"), "making the schema");
  must(owner.query("GRANT USAGE, CREATE ON SCHEMA candor TO ledger_maker"), "granting");
  made(user);
  EXPECT_EQ(shape_of(user, ledger), Shape::current);
}

/// 20 at once, from nothing and from layout 1: all succeed, and one ledger stands.
TEST(Ledger, TwentyAtOnceMakeOne) {
  for (const bool from_layout_1 : {false, true}) {
    const std::string url = test::test_url();
    auto connection = connect(url);
    if (from_layout_1) make_layout_1(connection);
    std::vector<pg::Connection> connections;
    for (int i = 0; i < 20; ++i) connections.push_back(connect(url));
    const Ledger ledger("candor");
    const auto found = must(ledger.require_usable(connection), "looking");
    std::vector<std::string> failures(connections.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < connections.size(); ++i)
      threads.emplace_back([&, i] {
        const auto done = ledger.create_or_upgrade(connections[i], found);
        if (!done) failures[i] = done.error().message;
      });
    for (std::thread& thread : threads) thread.join();
    for (const std::string& failure : failures) EXPECT_EQ(failure, "");
    EXPECT_EQ(shape_of(connection, ledger), Shape::current);
    EXPECT_EQ(value_of(connection, "SELECT count(*) || ':' || max(layout) FROM candor.ledger_layout"), "1:2");
  }
}

}  // namespace
}  // namespace candor::history
