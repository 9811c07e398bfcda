/// engine/apply.h: `candor up`: applies what is pending, each migration proven in its own transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/compare.h"
#include "engine/project.h"
#include "engine/verify.h"
#include "pg/advisory.h"
#include "pg/connection.h"

namespace candor::engine {

struct ApplyOptions {
  std::optional<history::Version> to;  ///< apply up to and including this one
  bool dry_run = false;                ///< says what would be run and checked; leaves nothing written
  bool rehearse = true;                ///< dry run: run it as well, in a transaction that is rolled back
  bool single_transaction = false;     ///< all pending or nothing
  bool allow_out_of_order = false;
  bool unlocked = false;  ///< apply without a lock file; the result is unproven
};

/// How an applied migration was proven.
enum class Proof : std::uint8_t {
  counted,   ///< touched objects were read, and the catalog's tuple counters equal the replay's
  read,      ///< the whole catalog was read before and after
  unproven,  ///< there was no expectation (--unlocked), or text of another major could not be compared
};

struct Applied {
  history::Version version;
  std::string name;
  std::string file;
  std::vector<catalog::Effect> effects;  ///< as the lock knows them, or (unlocked) as they were read back
  Proof proof{};
  std::size_t compared = 0;  ///< objects that were compared
  std::size_t varying = 0;
  std::size_t unproven = 0;        ///< texts of another major
  std::size_t present_before = 0;  ///< effects that were there already (IF NOT EXISTS)
  bool transactional = true;
  bool resumed = false;
  int attempts = 1;                   ///< more than one: locks were waited for
  double total_ms = 0, proof_ms = 0;  ///< proof_ms: what reading back and comparing took of it
};

/// Told as things happen, in order; every call returns quickly. Abstract because the command line prints and
/// the library's users and tests do not.
class ApplyObserver {
 public:
  virtual ~ApplyObserver() = default;
  virtual void waiting_for(const pg::Holder&) {}
  virtual void warned(const Finding&) {}
  virtual void starting(const history::Migration&, std::size_t /*index*/, std::size_t /*total*/) {}
  virtual void retrying(const history::Migration&, int /*attempt*/, const Error&) {}
  virtual void applied(const Applied&) {}
  /// Dry run: it was run and proven, and will be rolled back.
  virtual void rehearsed(const Applied&) {}
  /// Dry run: a statement as it would be sent.
  virtual void would_run(const history::Migration&, std::string_view /*statement*/) {}
};

struct ApplyResult {
  std::vector<Applied> applied;
  std::vector<const history::Migration*> would_apply;  ///< dry run
  std::size_t rehearsed = 0;                           ///< how many of them, from the front, were rehearsed
  Verification final;  ///< the whole comparison at the end (dry run: at the start)
  std::string run_id;
  double total_ms = 0;
};

/// What failed, with what had been applied before it.
struct ApplyFailure {
  Error error;
  std::vector<Applied> applied;
};

/// Errors: C03xx, C04xx about files and lock · C02xx ledger · C0205 another runner · C0501 statement failed ·
/// C0502 the catalog differs · C0503 · C0504 · C0505 / C0506 connection lost during COMMIT · C0507 … C0513.
/// Whatever happens, a migration that is not completed has left nothing behind, or (non-transactional) a
/// `running` row that counts what is done.
std::expected<ApplyResult, ApplyFailure> apply(const Project& project, pg::Connection& connection,
                                               const ApplyOptions& options, ApplyObserver& observer);

}  // namespace candor::engine
