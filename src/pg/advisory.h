/// pg/advisory.h: one runner at a time: advisory locks whose key covers database and ledger schema.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "pg/connection.h"

namespace candor::pg {

/// The two keys of a ledger. They are derived from the ledger schema's name (advisory locks are per database
/// already) and never change between versions of Candor. `run` is held by the session for a whole run, `step`
/// by each migration's transaction: they differ, so that behind a transaction pooler a runner cannot block
/// itself.
struct LockKeys {
  std::int64_t run = 0;
  std::int64_t step = 0;
};
LockKeys lock_keys(std::string_view ledger_schema);

/// Who holds a lock, for the waiting message: "pid 4711 (candor, user bob, since 12 s)".
struct Holder {
  int pid = 0;
  std::string description;
};

/// The lock for the whole run, taken by polling (a blocking wait would hold a snapshot and deadlock with
/// concurrent index builds), released at the end of the scope. A session's lock; behind a pooler, where a
/// session is not kept, the lock of a transaction that stays open on a connection of its own, and holds
/// neither snapshot nor other locks.
class RunLock {
 public:
  /// `waiting` is called about once a second while another session holds the lock.
  /// Errors: C0205 still held after `patience`, naming the holder · as Connection::query.
  static Result<RunLock> acquire(Connection& connection, LockKeys keys, std::chrono::milliseconds patience,
                                 const std::function<void(const Holder&)>& waiting = {});
  RunLock(RunLock&& other) noexcept;
  ~RunLock();

 private:
  RunLock(Connection& connection, std::int64_t key) : connection_(&connection), key_(key) {}
  explicit RunLock(Connection own) : own_(std::move(own)) {}
  Connection* connection_ = nullptr;  ///< where the session holds it
  std::int64_t key_ = 0;
  std::optional<Connection> own_;  ///< whose transaction holds it
};

}  // namespace candor::pg
