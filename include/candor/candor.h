/// candor/candor.h: Candor in a C++ program: apply and verify without the command line.
///
/// Thin over the engine that the command line uses: the same checks, the same proofs, the same codes. The
/// lock file is made with `candor lock` and committed; a program needs no shadow. Nothing here throws.
/// Functions may be called from any thread, also at once: two runners on one database wait for each other.
///
///   #include <candor/candor.h>
///
///   candor::Options options{.migrations = "migrations", .url = "postgresql://localhost/app"};
///   const auto result = candor::up(options);
///   if (!result) return report(result.error().code, result.error().message);
///   if (result->state.verdict != candor::Verdict::is_true) return report_state(result->state);
#pragma once

#include <cstddef>
#include <expected>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace candor {

/// Where the migrations and the database are. What is empty is found as the command line finds it.
struct Options {
  std::filesystem::path migrations;  ///< the folder; empty: candor.toml's, or the one that is there
  std::filesystem::path config;      ///< candor.toml; empty: the one in the current folder, if any
  std::string url;                   ///< libpq URI or key=value string; empty: DATABASE_URL, then candor.toml
};

/// What went wrong. `code` is stable: `candor explain C0101` prints its page.
struct Failure {
  std::string code;
  std::string message;           ///< what happened; never holds a password
  std::string detail;            ///< the evidence, one line per difference; may be empty
  std::string hint;              ///< what to do
  std::string sqlstate;          ///< of the server's error; may be empty
  bool retryable = false;        ///< the same call may succeed later
  bool commit_in_doubt = false;  ///< the connection broke during COMMIT and what became of it is not known
};

enum class Verdict { is_true, differs, unproven };

/// What a database is, compared with its history.
struct State {
  Verdict verdict = Verdict::unproven;
  std::size_t applied = 0, pending = 0;  ///< migrations
  std::size_t objects = 0;               ///< that were compared
  std::string version;                   ///< the last that the ledger claims; empty: none
  std::vector<std::string> differences;  ///< one line each: "column public.users.email: not_null expected …"
  std::vector<std::string> unproven;     ///< likewise: what could not be compared
  std::vector<Failure> findings;         ///< errors about files and ledger: edited, half done, unknown …
};

struct UpOptions {
  std::string to;  ///< apply up to and including this version; empty: all
  bool single_transaction = false;
  bool allow_out_of_order = false;
  std::function<void(const std::string& version)> on_applied;  ///< called after each migration is committed
};

struct UpResult {
  std::vector<std::string> applied;  ///< versions, each proven, in order
  State state;                       ///< the whole comparison at the end
};

/// Applies what is pending, each migration proven in its own transaction. A migration that fails or does not
/// do what candor.lock says is rolled back, and is the Failure; what was applied before it stays.
std::expected<UpResult, Failure> up(const Options& options, const UpOptions& up_options = {});

/// Compares the database with what its applied migrations produce; writes nothing. A difference is a result,
/// not a failure.
std::expected<State, Failure> verify(const Options& options);

}  // namespace candor
