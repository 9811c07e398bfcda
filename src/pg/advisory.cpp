#include "pg/advisory.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <optional>
#include <random>
#include <thread>
#include <utility>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/sha256.h"

namespace candor::pg {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds first_pause{20};
constexpr milliseconds longest_pause{250};
constexpr std::chrono::seconds between_words{1};

/// The first eight bytes of SHA-256(purpose + schema), big-endian, as PostgreSQL's bigint.
///
/// This never changes: two versions of Candor that derived different keys would not see each other.
std::int64_t key_of(std::string_view purpose, std::string_view schema) {
  const Digest digest = sha256(fmt::format("{}{}", purpose, schema));
  std::uint64_t key = 0;
  for (int i = 0; i < 8; ++i) key = key << 8 | digest[static_cast<std::size_t>(i)];
  return static_cast<std::int64_t>(key);
}

/// A jitter of up to a half keeps many runners that started together from asking together.
milliseconds with_jitter(milliseconds pause) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  return pause - milliseconds(std::uniform_int_distribution<long>(0, pause.count() / 2)(random));
}

/// Sleeps, but not through a Ctrl-C; the next statement reports it.
void sleep_for(milliseconds pause) {
  if (interrupted() || interrupt_fd() == -1) return std::this_thread::sleep_for(pause);
  pollfd polled{.fd = interrupt_fd(), .events = POLLIN, .revents = 0};
  ::poll(&polled, 1, static_cast<int>(pause.count()));
}

/// pg_locks shows a 64-bit key as its two halves, with objsubid 1. No row: it was released meanwhile.
Result<std::optional<Holder>> holder_of(Connection& connection, std::int64_t key) {
  auto rows = connection.query(
      "select l.pid, coalesce(a.application_name, ''), coalesce(a.usename, ''), "
      "coalesce(extract(epoch from pg_catalog.clock_timestamp() - a.backend_start)::pg_catalog.int8, 0) "
      "from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid "
      "where l.locktype = 'advisory' and l.granted and l.objsubid = 1 "
      "and l.classid = (($1::pg_catalog.int8 >> 32) & 4294967295)::pg_catalog.oid "
      "and l.objid = ($1::pg_catalog.int8 & 4294967295)::pg_catalog.oid "
      "and l.database = (select d.oid from pg_catalog.pg_database d "
      "where d.datname = pg_catalog.current_database())",
      {std::to_string(key)});
  if (!rows) return pass(rows);
  if (rows->empty()) return std::optional<Holder>();
  const int pid = static_cast<int>(rows->number(0, 0));
  return Holder{.pid = pid,
                .description = printable(fmt::format("pid {} ({}, user {}, since {} s)", pid, rows->at(0, 1),
                                                     rows->at(0, 2), rows->number(0, 3)))};
}

Result<bool> try_in_session(Connection& connection, std::int64_t key) {
  auto rows =
      connection.query("select pg_catalog.pg_try_advisory_lock($1::pg_catalog.int8)", {std::to_string(key)});
  if (!rows) return pass(rows);
  return rows->flag(0, 0);
}

/// The transaction stays open where it has the lock. It is idle for as long as the run takes, so it must not
/// keep the snapshot of the question: that stays with the unnamed portal until the next statement takes its
/// place.
Result<bool> try_in_transaction(Connection& connection, std::int64_t key) {
  if (auto begun = connection.query("begin"); !begun) return pass(begun);
  auto rows = connection.query("select pg_catalog.pg_try_advisory_xact_lock($1::pg_catalog.int8)",
                               {std::to_string(key)});
  if (!rows) return pass(rows);
  const bool locked = rows->flag(0, 0);
  auto after = connection.query(locked ? "set local idle_in_transaction_session_timeout = 0" : "rollback");
  if (!after) return pass(after);
  return locked;
}

std::unexpected<Error> busy(const std::optional<Holder>& holder, milliseconds patience) {
  return std::unexpected(
      Error{.code = codes::runner_busy,
            .message = fmt::format("{} held the lock for the whole {:.1f} s of waiting",
                                   holder ? holder->description : "another session",
                                   std::chrono::duration<double>(patience).count()),
            .hint = "wait until it has finished, or end its session and run the command again",
            .retryable = true});
}

}  // namespace

LockKeys lock_keys(std::string_view ledger_schema) {
  return {.run = key_of("candor/run/", ledger_schema), .step = key_of("candor/step/", ledger_schema)};
}

Result<RunLock> RunLock::acquire(Connection& connection, LockKeys keys, milliseconds patience,
                                 const std::function<void(const Holder&)>& waiting) {
  const auto start = Clock::now();
  auto next_word = start;
  std::optional<Holder> holder;
  std::optional<Connection> own;
  if (connection.pooled()) {
    auto opened = Connection::open(connection.options());
    if (!opened) return failed("connecting for the lock of the run", opened);
    own = std::move(*opened);
  }
  for (milliseconds pause = first_pause;; pause = std::min(2 * pause, longest_pause)) {
    auto locked = own ? try_in_transaction(*own, keys.run) : try_in_session(connection, keys.run);
    if (!locked) return failed("taking the lock for the run", locked);
    if (*locked) return own ? RunLock(std::move(*own)) : RunLock(connection, keys.run);

    const auto now = Clock::now();
    const bool patient = now - start < patience;
    if (!patient || now >= next_word) {
      auto found = holder_of(connection, keys.run);
      if (!found) return failed("looking for who holds the lock", found);
      if (*found) holder = *found;
      if (*found && patient && waiting) waiting(**found);
      next_word = now + between_words;
    }
    if (!patient) return busy(holder, patience);
    sleep_for(std::min(with_jitter(pause), std::chrono::ceil<milliseconds>(start + patience - now)));
  }
}

RunLock::RunLock(RunLock&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)), key_(other.key_), own_(std::move(other.own_)) {}

RunLock::~RunLock() {
  if (connection_ == nullptr || connection_->lost()) return;
  // Should this fail, the lock goes with the session.
  [[maybe_unused]] auto released = connection_->query_ignoring_interrupt(
      "select pg_catalog.pg_advisory_unlock($1::pg_catalog.int8)", {std::to_string(key_)});
}

}  // namespace candor::pg
