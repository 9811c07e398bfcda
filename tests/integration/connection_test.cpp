#include "pg/connection.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

#include "integration/server.h"

namespace candor::pg {
namespace {

using test::connect;
using test::test_url;
using test::value_of;

const std::string& shared_url() {
  static const std::string url = test_url();
  return url;
}

/// Ends the backend of `victim` from another session and waits until it is gone.
void terminate(const Connection& victim) {
  Connection other = connect(victim.options().url);
  const std::string pid = std::to_string(victim.backend_pid());
  value_of(other, fmt::format("select pg_terminate_backend({})", pid));
  for (int i = 0; i < 500; ++i) {
    if (value_of(other, fmt::format("select count(*) from pg_stat_activity where pid = {}", pid)) == "0")
      return;
    usleep(10000);
  }
  FAIL() << "the backend did not end";
}

TEST(Connection, ValuesNullsNumbersAndTags) {
  Connection db = connect(shared_url());
  const Params params = {"7", std::nullopt, "é'\\", ""};
  auto rows = db.query("select $1::int8, $2::text, $3::text, $4::text, true, -5", params);
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 1);
  EXPECT_EQ(rows->columns(), 6);
  EXPECT_EQ(rows->number(0, 0), 7);
  EXPECT_TRUE(rows->is_null(0, 1));
  EXPECT_EQ(rows->at(0, 1), "");
  EXPECT_EQ(rows->at(0, 2), "é'\\");
  EXPECT_FALSE(rows->is_null(0, 3));
  EXPECT_TRUE(rows->flag(0, 4));
  EXPECT_EQ(rows->number(0, 5), -5);
  EXPECT_EQ(db.query("create temporary table tag (a int)")->command_tag(), "CREATE TABLE");
  EXPECT_EQ(db.query("insert into tag values (1), (2)")->command_tag(), "INSERT 0 2");
  EXPECT_TRUE(db.query("")->empty()) << "an empty statement is no error";
}

TEST(Connection, ArraysTravelWhateverTheyHold) {
  Connection db = connect(shared_url());
  const std::vector<std::string> elements = {"a", "", "NULL", "q\"uo,te", "back\\slash", "{}", "é\n"};
  auto rows = db.query("select $1::text[], cardinality($1::text[])", {array_literal(elements)});
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(parse_array(rows->at(0, 0)), elements);
  EXPECT_EQ(rows->number(0, 1), 7);
}

TEST(Connection, KnowsWhereItIs) {
  const std::string url = test_url();
  Connection db = connect(url);
  EXPECT_EQ(db.database(), value_of(db, "select current_database()"));
  EXPECT_EQ(db.user(), value_of(db, "select current_user"));
  EXPECT_EQ(std::to_string(db.backend_pid()), value_of(db, "select pg_backend_pid()"));
  EXPECT_EQ(std::to_string(db.server_version()), value_of(db, "show server_version_num"));
  EXPECT_EQ(value_of(db, "show application_name"), "candor");
  EXPECT_NE(db.target().find(db.database()), std::string::npos);
  EXPECT_EQ(db.options().url, url);
}

TEST(Connection, AFailedStatementTellsEverythingTheServerSaid) {
  Connection db = connect(shared_url());
  const struct {
    const char* name;
    const char* sql;
    const char* code;
    const char* sqlstate;
    int position;
    bool retryable;
  } cases[] = {
      {"syntax", "select é, frm", "C0109", "42703", 8, false},
      {"position counts characters", "select 'ééé', nothing", "C0109", "42703", 15, false},
      {"rights", "do $$ begin raise exception using errcode = '42501'; end $$", "C0110", "42501", 0, false},
      {"read-only", "do $$ begin raise exception using errcode = '25006'; end $$", "C0111", "25006", 0,
       false},
      {"lock timeout", "do $$ begin raise exception using errcode = '55P03'; end $$", "C0109", "55P03", 0,
       true},
      {"deadlock", "do $$ begin raise exception using errcode = '40P01'; end $$", "C0109", "40P01", 0, true},
      {"serialization", "do $$ begin raise exception using errcode = '40001'; end $$", "C0109", "40001", 0,
       true},
      {"dblink's own loss", "do $$ begin raise exception using errcode = '08001'; end $$", "C0109", "08001",
       0, false},
  };
  for (const auto& row : cases) {
    auto rows = db.query(row.sql);
    ASSERT_FALSE(rows) << row.name;
    EXPECT_EQ(rows.error().code.id, row.code) << row.name;
    EXPECT_EQ(rows.error().sqlstate, row.sqlstate) << row.name;
    EXPECT_EQ(rows.error().position, row.position) << row.name;
    EXPECT_EQ(rows.error().retryable, row.retryable) << row.name;
    EXPECT_FALSE(rows.error().connection_lost) << row.name;
    EXPECT_FALSE(rows.error().hint.empty()) << row.name;
  }
  auto rows = db.query("do $$ begin raise exception 'what' using detail = 'why', hint = 'how'; end $$");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().message, "what");
  EXPECT_EQ(rows.error().detail.find("why\ncontext: PL/pgSQL"), 0u) << rows.error().detail;
  EXPECT_NE(rows.error().detail.find("server's hint: how"), std::string::npos) << rows.error().detail;
  EXPECT_EQ(value_of(db, "select 1"), "1") << "the connection is usable";
}

TEST(Connection, ANulByteIsRefusedNotCut) {
  Connection db = connect(shared_url());
  EXPECT_EQ(db.query(std::string_view("select 1\0; garbage", 18)).error().code.id, "C0109");
  EXPECT_EQ(db.query("select $1::text", {std::string("a\0b", 3)}).error().code.id, "C0109");
}

TEST(Connection, LoginFailuresAreToldApart) {
  const std::string url = test_url();
  {
    Connection db = connect(url);
    value_of(db, "create role candor_barred nologin");
  }
  const struct {
    const char* name;
    std::string more, code, sqlstate;
  } cases[] = {
      {"unknown database", "dbname=no_such_db", "C0103", "3D000"},
      {"unknown role", "user=no_such_role", "C0102", "28000"},
      {"role without login", "user=candor_barred", "C0102", "28000"},
      {"no socket", "host=/nonexistent", "C0101", ""},
      {"no server", "host=127.0.0.1 port=1", "C0101", ""},
  };
  const std::string words = [&] {  // the url as key=value, to be overridden by what comes later
    std::string text;
    Connection db = connect(url);
    const std::string socket = value_of(db, "show unix_socket_directories");
    const std::string port = value_of(db, "show port");
    return fmt::format("host={} port={} user={} dbname={} ", socket, port, db.user(), db.database());
  }();
  for (const auto& row : cases) {
    auto opened = Connection::open({.url = words + row.more + " password=s3cret"});
    ASSERT_FALSE(opened) << row.name;
    EXPECT_EQ(opened.error().code.id, row.code) << row.name << ": " << opened.error().message;
    EXPECT_EQ(opened.error().sqlstate, row.sqlstate) << row.name << ": " << opened.error().message;
    EXPECT_EQ(opened.error().message.find("s3cret"), std::string::npos);
    EXPECT_EQ(opened.error().message.find("LOCATION"), std::string::npos);
    EXPECT_FALSE(opened.error().hint.empty());
  }
}

/// A name that libpq's `options` have to be told with care.
TEST(Connection, HasASearchPathFromTheStart) {
  const std::string url = test_url();
  Connection db =
      test::must(Connection::open({.url = url, .search_path = R"("a b\'c", "public")"}), "connecting");
  EXPECT_EQ(value_of(db, "SHOW search_path"), R"("a b\'c", "public")");
  test::must(db.query("SET search_path = pg_catalog"), "another");
  test::must(db.query("RESET ALL"), "as it was");
  EXPECT_EQ(value_of(db, "SHOW search_path"), R"("a b\'c", "public")");
}

TEST(Connection, PgoptionsGoFirstToo) {
  const std::string url = test_url();
  ::setenv("PGOPTIONS", "-csearch_path=mine -cwork_mem=1MB", 1);
  Connection db = test::must(Connection::open({.url = url, .search_path = "\"a\tb\""}), "connecting");
  ::setenv("PGOPTIONS", "-cwork_mem=1MB", 1);
  Connection other = test::must(Connection::open({.url = url, .search_path = "\"a\tb\""}), "connecting");
  ::unsetenv("PGOPTIONS");
  EXPECT_EQ(value_of(db, "SHOW search_path"), "mine");
  EXPECT_EQ(value_of(db, "SHOW work_mem"), "1MB");
  EXPECT_EQ(value_of(other, "SHOW search_path"), "\"a\tb\"");
  EXPECT_EQ(value_of(other, "SHOW work_mem"), "1MB");
}

TEST(Connection, TheUrlsOwnSearchPathGoesFirst) {
  const std::string words = [] {
    Connection db = connect(test_url());
    return fmt::format("host={} port={} user={} dbname={} options='-csearch_path=mine -cwork_mem=1MB'",
                       value_of(db, "show unix_socket_directories"), value_of(db, "show port"), db.user(),
                       db.database());
  }();
  Connection db = test::must(Connection::open({.url = words, .search_path = "yours"}), "connecting");
  EXPECT_EQ(value_of(db, "SHOW search_path"), "mine");
  EXPECT_EQ(value_of(db, "SHOW work_mem"), "1MB");
}

TEST(Connection, AWrongPasswordIsALoginRefused) {
  const std::string url = test_url();
  Connection server = connect(url);
  value_of(server, "drop role if exists candor_login");
  value_of(server, "set password_encryption = 'scram-sha-256'");
  value_of(server, "create role candor_login login password 'right'");
  value_of(server, "create temporary table hba (n serial, line text)");
  value_of(server, "insert into hba (line) values ('local all candor_login scram-sha-256')");
  value_of(server,
           "insert into hba (line) select regexp_split_to_table(pg_read_file(current_setting('hba_file')), "
           "E'\\n')");
  value_of(server,
           fmt::format("copy (select line from hba order by n) to '{}'", value_of(server, "show hba_file")));
  value_of(server, "select pg_reload_conf()");
  value_of(server, "select pg_sleep(0.5)");

  const std::string words = fmt::format("host={} port={} dbname={} user=candor_login ",
                                        value_of(server, "show unix_socket_directories"),
                                        value_of(server, "show port"), server.database());
  const auto wrong = Connection::open({.url = words + "password=s3cret"});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code.id, "C0102") << wrong.error().message;
  EXPECT_EQ(wrong.error().sqlstate, "28P01");
  EXPECT_EQ(wrong.error().message.find("s3cret"), std::string::npos) << wrong.error().message;
  EXPECT_FALSE(wrong.error().retryable);
  const auto none = Connection::open({.url = words});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code.id, "C0102") << none.error().message;
  auto right = Connection::open({.url = words + "password=right"});
  ASSERT_TRUE(right) << right.error().message;
  EXPECT_EQ(right->target().find("right"), std::string::npos);
}

TEST(Connection, AServerThatNeverAnswersIsGivenUp) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);  // accepts in its backlog, never speaks
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(listener, 1), 0);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  const auto start = std::chrono::steady_clock::now();
  auto opened = Connection::open({.url = fmt::format("host=127.0.0.1 port={}", ntohs(address.sin_port)),
                                  .timeout = std::chrono::milliseconds(300)});
  close(listener);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code.id, "C0101");
  EXPECT_TRUE(opened.error().retryable);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

TEST(Connection, NoticesAreKeptInOrderAndBounded) {
  Connection db = connect(shared_url());
  value_of(db, "do $$ begin raise notice 'one'; raise warning 'two'; end $$");
  auto notices = db.take_notices();
  ASSERT_EQ(notices.size(), 2u);
  EXPECT_EQ(notices[0].message, "one");
  EXPECT_EQ(notices[1].severity, "WARNING");
  EXPECT_TRUE(db.take_notices().empty());
  value_of(db, "do $$ begin for i in 1..5000 loop raise notice '%', i; end loop; end $$");
  notices = db.take_notices();
  EXPECT_LT(notices.size(), 2000u);
  EXPECT_EQ(notices.front().message, "1");
  EXPECT_NE(notices.back().message.find("4000 more"), std::string::npos) << notices.back().message;
}

TEST(Connection, PreparedStatementsSurviveDiscardWhenForgotten) {
  Connection db = connect(shared_url());
  const Prepared add{"candor_add", "select $1::int + $2::int"};
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 3; ++i) EXPECT_EQ(db.query(add, {"1", "2"})->number(0, 0), 3);
    EXPECT_EQ(value_of(db, "select count(*) from pg_prepared_statements where name = 'candor_add'"), "1");
    value_of(db, "discard all");
    db.forget_prepared();
  }
  const Prepared broken{"candor_broken", "select frm"};
  EXPECT_FALSE(db.query(broken));
  EXPECT_EQ(db.query(broken).error().sqlstate, "42703") << "a failed preparation is not remembered";
}

TEST(Connection, SqlAsciiWithForeignBytesIsAnErrorNotACrash) {
  Connection server = connect(shared_url());
  value_of(server, "drop database if exists ascii");
  value_of(server,
           "create database ascii encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' template template0");
  ConnectOptions options{.url = test::test_cluster().url("ascii")};
  auto db = Connection::open(options);
  ASSERT_TRUE(db) << db.error().message;
  EXPECT_EQ(db->query("select convert_from('\\xe9'::bytea, 'SQL_ASCII')").error().sqlstate, "22021");
  EXPECT_EQ(value_of(*db, "select 1"), "1");
}

TEST(Connection, MuleInternalIsRefusedByItsCode) {
  Connection server = connect(shared_url());
  value_of(server, "drop database if exists mule");
  value_of(server,
           "create database mule encoding 'MULE_INTERNAL' lc_collate 'C' lc_ctype 'C' template template0");
  auto db = Connection::open({.url = test::test_cluster().url("mule")});
  ASSERT_FALSE(db);
  EXPECT_EQ(db.error().code.id, "C0113") << db.error().sqlstate << ' ' << db.error().message;
}

TEST(Connection, CopyInSendsEverything) {
  Connection db = connect(shared_url());
  value_of(db, "create temporary table copied (a int, b text)");
  auto rows = db.copy_in("copy copied from stdin", "1\tone\n2\ttwo\n");
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(rows->command_tag(), "COPY 2");
  EXPECT_EQ(value_of(db, "select string_agg(b, ',' order by a) from copied"), "one,two");
  EXPECT_EQ(db.copy_in("copy copied from stdin", "")->command_tag(), "COPY 0");
}

TEST(Connection, Copies50Megabytes) {
  Connection db = connect(shared_url());
  value_of(db, "create temporary table bulk (a text)");
  std::string data;
  while (data.size() < 50u << 20) data += std::string(1023, 'x') + '\n';
  auto rows = db.copy_in("copy bulk from stdin", data);
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(value_of(db, "select sum(length(a) + 1) from bulk"), std::to_string(data.size()));
}

TEST(Connection, CopyThatFailsOrIsMisusedLeavesTheConnectionUsable) {
  Connection db = connect(shared_url());
  value_of(db, "create temporary table numbers (a int)");
  auto bad_row = db.copy_in("copy numbers from stdin", "1\nx\n" + std::string(3 << 20, '1'));
  ASSERT_FALSE(bad_row);
  EXPECT_EQ(bad_row.error().sqlstate, "22P02");
  EXPECT_NE(bad_row.error().detail.find("line 2"), std::string::npos) << bad_row.error().detail;
  EXPECT_EQ(db.copy_in("select 1", "1\n").error().code.id, "C0109") << "data for no COPY";
  EXPECT_EQ(db.query("copy numbers from stdin").error().code.id, "C0109") << "COPY without data";
  EXPECT_EQ(db.query("copy numbers to stdout").error().code.id, "C0109") << "nobody to send to";
  EXPECT_EQ(
      db.query("copy (select repeat('x', 1000) from generate_series(1, 1000000)) to stdout").error().code.id,
      "C0109");
  EXPECT_EQ(value_of(db, "select count(*) from numbers"), "0");
  EXPECT_FALSE(db.lost());
}

TEST(Connection, ATerminatedBackendIsALostConnection) {
  Connection db = connect(shared_url());
  terminate(db);
  auto rows = db.query("select 1");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code.id, "C0105");
  EXPECT_TRUE(rows.error().connection_lost);
  EXPECT_FALSE(rows.error().retryable);
  EXPECT_TRUE(db.lost());
  EXPECT_EQ(db.query("select 1").error().code.id, "C0105") << "and stays one";
}

TEST(Connection, ABackendThatEndsItselfMidQueryIsALostConnection) {
  Connection db = connect(shared_url());
  auto rows = db.query("select pg_terminate_backend(pg_backend_pid()), pg_sleep(5)");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code.id, "C0105");
  EXPECT_TRUE(rows.error().connection_lost);
  EXPECT_EQ(rows.error().sqlstate, "57P01");
}

TEST(Transaction, CommitsAndRollsBack) {
  Connection db = connect(test_url());
  {
    auto transaction = Transaction::begin(db);
    ASSERT_TRUE(transaction);
    value_of(db, "create table kept (a int)");
    ASSERT_TRUE(transaction->commit());
  }
  {
    auto transaction = Transaction::begin(db, "ISOLATION LEVEL REPEATABLE READ");
    value_of(db, "create table dropped (a int)");
  }
  {
    auto transaction = Transaction::begin(db, "READ ONLY");
    EXPECT_EQ(db.query("create table refused (a int)").error().code.id, "C0111");
  }
  EXPECT_EQ(value_of(db, "select string_agg(tablename, ',') from pg_tables where schemaname = 'public'"),
            "kept");
}

TEST(Transaction, CommitOfAnAbortedTransactionIsAnError) {
  Connection db = connect(shared_url());
  auto transaction = Transaction::begin(db);
  EXPECT_FALSE(db.query("select frm"));
  auto committed = transaction->commit();
  ASSERT_FALSE(committed) << "the server answers COMMIT with ROLLBACK here, and calls it a success";
  EXPECT_FALSE(committed.error().commit_in_doubt);
}

TEST(Transaction, ACommitThatTheServerRefusesIsNotInDoubt) {
  Connection db = connect(test_url());
  value_of(db, "create table p (a int primary key)");
  value_of(db, "create table c (a int references p deferrable initially deferred)");
  auto transaction = Transaction::begin(db);
  value_of(db, "insert into c values (1)");
  auto committed = transaction->commit();
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().sqlstate, "23503");
  EXPECT_FALSE(committed.error().commit_in_doubt);
}

TEST(Transaction, ACommitWithoutAnAnswerIsInDoubt) {
  Connection db = connect(test_url());
  value_of(db, "create table t (a int)");
  value_of(db,
           "create function die() returns trigger language plpgsql as $$ begin perform "
           "pg_terminate_backend(pg_backend_pid()); perform pg_sleep(5); return null; end $$");
  value_of(db,
           "create constraint trigger dies after insert on t deferrable initially deferred "
           "for each row execute function die()");
  auto transaction = Transaction::begin(db);
  value_of(db, "insert into t values (1)");
  auto committed = transaction->commit();
  ASSERT_FALSE(committed);
  EXPECT_TRUE(committed.error().commit_in_doubt);
  EXPECT_TRUE(committed.error().connection_lost);

  Connection again = connect(db.options().url);
  auto second = Transaction::begin(again);
  terminate(again);
  ASSERT_FALSE(again.query("select 1"));
  auto never_sent = second->commit();
  ASSERT_FALSE(never_sent);
  EXPECT_FALSE(never_sent.error().commit_in_doubt) << "the loss was known before COMMIT was sent";
}

}  // namespace
}  // namespace candor::pg
