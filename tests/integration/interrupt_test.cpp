/// Ctrl-C while the server works: the statement is cancelled, said once, and cleaning up still runs.
#include "base/interrupt.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "integration/server.h"
#include "pg/advisory.h"

namespace candor::pg {
namespace {

using test::connect;
using test::value_of;

class Interrupt : public testing::Test {
 protected:
  void SetUp() override {
    url = test::test_url();
    ::signal(SIGINT, SIG_DFL);  // a shell's background job begins with it ignored, and then it stays so
    install_interrupt_handlers();
    start = std::chrono::steady_clock::now();
  }
  void TearDown() override {
    if (sender.joinable()) sender.join();
    restore_interrupt_handlers();
    install_interrupt_handlers();  // forgets the signal, which other tests must not see
    restore_interrupt_handlers();
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5))
        << "cancelled, not waited for";
  }
  void press_ctrl_c_in(int milliseconds) {
    sender = std::thread([milliseconds] {
      usleep(static_cast<useconds_t>(milliseconds) * 1000);
      kill(getpid(), SIGINT);
    });
  }

  std::string url;
  std::thread sender;
  std::chrono::steady_clock::time_point start;
};

TEST_F(Interrupt, CancelsTheStatementAndTheConnectionStaysUsable) {
  Connection db = connect(url);
  {
    auto transaction = Transaction::begin(db);
    value_of(db, "create table half_done (a int)");
    press_ctrl_c_in(200);
    auto rows = db.query("select pg_sleep(30)");
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().code.id, "C0008");
    EXPECT_FALSE(rows.error().connection_lost);
  }
  EXPECT_EQ(value_of(db, "select to_regclass('half_done') is null"), "t") << "rolled back";
}

TEST_F(Interrupt, BetweenStatementsTheNextOneIsNotSent) {
  Connection db = connect(url);
  kill(getpid(), SIGINT);
  ASSERT_TRUE(interrupted());
  EXPECT_TRUE(db.query_ignoring_interrupt("create table cleaned_up (a int)"));
  auto rows = db.query("create table not_sent (a int)");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code.id, "C0008");
  EXPECT_EQ(value_of(db, "select to_regclass('not_sent') is null and to_regclass('cleaned_up') is not null"),
            "t");
  EXPECT_EQ(Connection::open({.url = url}).error().code.id, "C0008");
  EXPECT_TRUE(Connection::open({.url = url, .ignore_interrupt = true}));
}

TEST_F(Interrupt, CancelsAPipeline) {
  Connection db = connect(url);
  Pipeline pipeline(db);
  pipeline.add("select 1");
  pipeline.add("select pg_sleep(30)");
  pipeline.add("select 2");
  press_ctrl_c_in(200);
  std::size_t failed_at = 99;
  auto ran = pipeline.run(&failed_at);
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().code.id, "C0008");
  EXPECT_EQ(failed_at, 1u);
  EXPECT_EQ(value_of(db, "select 1"), "1");
}

TEST_F(Interrupt, CancelsACopyThatTheServerDoesNotTake) {
  Connection db = connect(url);
  value_of(db, "create table slow (a text)");
  value_of(db,
           "create function sleep() returns trigger language plpgsql as "
           "$$ begin perform pg_sleep(30); return new; end $$");
  value_of(db, "create trigger t before insert on slow for each row execute function sleep()");
  press_ctrl_c_in(200);
  std::string data;
  while (data.size() < 20u << 20) data += std::string(999, 'x') + '\n';
  auto rows = db.copy_in("copy slow from stdin", data);
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code.id, "C0008") << rows.error().message;
  EXPECT_EQ(value_of(db, "select count(*) from slow"), "0");
}

TEST_F(Interrupt, EndsTheWaitingForTheRunLock) {
  Connection holder = connect(url);
  Connection db = connect(url);
  auto held = RunLock::acquire(holder, lock_keys("candor"), std::chrono::seconds(1));
  ASSERT_TRUE(held);
  press_ctrl_c_in(200);
  auto lock = RunLock::acquire(db, lock_keys("candor"), std::chrono::seconds(30));
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code.id, "C0008");
}

TEST_F(Interrupt, ASecondCtrlCEndsTheProcessAtOnce) {
  const pid_t child = fork();
  ASSERT_NE(child, -1);
  if (child == 0) {
    raise(SIGINT);
    raise(SIGINT);
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130);
}

}  // namespace
}  // namespace candor::pg
