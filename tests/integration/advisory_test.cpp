#include "pg/advisory.h"

#include <gtest/gtest.h>

#include <thread>

#include "integration/server.h"

namespace candor::pg {
namespace {

using std::chrono::milliseconds;
using test::connect;
using test::value_of;

const std::string& shared_url() {
  static const std::string url = test::test_url();
  return url;
}

TEST(Advisory, KeysNeverChange) {
  // printf 'candor/run/candor' | sha256sum | cut -c1-16, as a signed 64-bit number. A failure here means that
  // two versions of Candor would run at once.
  const LockKeys keys = lock_keys("candor");
  EXPECT_EQ(keys.run, std::int64_t{5576631923226988312});
  EXPECT_EQ(keys.step, std::int64_t{-5041934550100764170});
  EXPECT_NE(lock_keys("other").run, keys.run);
}

TEST(Advisory, ASecondRunnerWaitsAndIsToldForWhom) {
  Connection first = connect(shared_url());
  Connection second = connect(shared_url());
  for (const char* schema : {"candor", "other", "a third"}) {  // keys of either sign
    const LockKeys keys = lock_keys(schema);
    auto held = RunLock::acquire(first, keys, milliseconds(0));
    ASSERT_TRUE(held) << held.error().message;
    std::vector<Holder> seen;
    auto refused =
        RunLock::acquire(second, keys, milliseconds(1300), [&](const Holder& h) { seen.push_back(h); });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code.id, "C0205");
    const std::string who = fmt::format("pid {} (candor, user {}, since ", first.backend_pid(), first.user());
    EXPECT_EQ(refused.error().message.find(who), 0u) << refused.error().message;
    ASSERT_EQ(seen.size(), 2u) << "about once a second";
    EXPECT_EQ(seen[0].pid, first.backend_pid());
  }
}

TEST(Advisory, IsReleasedAtTheEndOfTheScopeAndOfTheSession) {
  Connection first = connect(shared_url());
  Connection second = connect(shared_url());
  const LockKeys keys = lock_keys("candor");
  { auto held = RunLock::acquire(first, keys, milliseconds(0)); }
  { EXPECT_TRUE(RunLock::acquire(second, keys, milliseconds(0))); }
  EXPECT_EQ(value_of(first, "select count(*) from pg_locks where locktype = 'advisory'"), "0");

  auto held = RunLock::acquire(first, keys, milliseconds(0));
  ASSERT_TRUE(held);
  std::thread ending([&] {
    std::this_thread::sleep_for(milliseconds(200));
    Connection killer = connect(shared_url());
    value_of(killer, fmt::format("select pg_terminate_backend({})", first.backend_pid()));
  });
  auto taken = RunLock::acquire(second, keys, milliseconds(10000));
  ending.join();
  EXPECT_TRUE(taken) << taken.error().message;
}

TEST(Advisory, DatabasesDoNotMeet) {
  Connection here = connect(shared_url());
  Connection there = connect(test::test_url());
  auto held = RunLock::acquire(here, lock_keys("candor"), milliseconds(0));
  EXPECT_TRUE(RunLock::acquire(there, lock_keys("candor"), milliseconds(0)));
}

}  // namespace
}  // namespace candor::pg
