/// pg/connection.h: libpq in RAII: a connection, its results, and pipelines of statements.
///
/// Every statement goes through the extended protocol, one statement a message, values as parameters; results
/// are text. All waiting is interruptible: Ctrl-C (base/interrupt.h) cancels the running statement. Each
/// connection reports one C0008 and then works on as usual, so that ROLLBACK and other cleaning up still run.
/// A Connection is not thread-safe; different connections may be used by different threads.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

struct pg_conn;
struct pg_result;

namespace candor::pg {

/// A statement's result. Values are views that live as long as the Rows.
class Rows {
 public:
  Rows() = default;
  explicit Rows(pg_result* result) : result_(result, &clear) {}

  [[nodiscard]] int size() const;
  [[nodiscard]] int columns() const;
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] bool is_null(int row, int column) const;
  /// The value as text; empty for NULL.
  [[nodiscard]] std::string_view at(int row, int column) const;
  /// As a number; 0 for NULL. REQUIRES: the column is of an integer type.
  [[nodiscard]] std::int64_t number(int row, int column) const;
  /// REQUIRES: a boolean column.
  [[nodiscard]] bool flag(int row, int column) const { return at(row, column) == "t"; }
  /// "CREATE TABLE", "INSERT 0 1" …
  [[nodiscard]] std::string_view command_tag() const;

 private:
  static void clear(pg_result* result);
  std::unique_ptr<pg_result, void (*)(pg_result*)> result_{nullptr, &clear};
};

/// A parameter: text, or NULL.
using Param = std::optional<std::string>;
using Params = std::vector<Param>;

/// {"a","b"}: an array literal for a text[] parameter, whatever the elements contain.
std::string array_literal(const std::vector<std::string>& elements);
/// The elements of a one-dimensional array as the server prints it; NULL elements become empty strings.
std::vector<std::string> parse_array(std::string_view literal);

/// A notice that the server sent.
struct Notice {
  std::string severity, sqlstate, message;
};

/// SQL that is worth preparing once per connection. `name` identifies it on the server ("candor_…").
struct Prepared {
  std::string name;
  std::string sql;
};

struct ConnectOptions {
  std::string url;          ///< libpq URI or key=value string; empty: libpq's environment
  std::string search_path;  ///< as SET takes it: "app", "public"; empty: what the server and the url say
  std::string application_name = "candor";
  std::chrono::milliseconds timeout{10000};  ///< for reaching the server
  bool ignore_interrupt = false;             ///< for finding out, after Ctrl-C, what became of a COMMIT
};

class Connection {
 public:
  /// Errors: C0101 unreachable · C0102 login · C0103 database · C0104 url · C0106 version outside 12–18 ·
  /// C0113. No message ever contains a password.
  static Result<Connection> open(const ConnectOptions& options);
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  /// Runs one statement. Errors: C0109 with sqlstate (C0110 for 42501, C0111 for 25006) · C0105 connection
  /// lost · C0008 interrupted.
  Result<Rows> query(std::string_view sql, const Params& params = {});
  Result<Rows> query(const Prepared& statement, const Params& params = {});
  /// As query, for undoing and releasing things: Ctrl-C neither prevents nor ends it, and stays to be
  /// reported.
  Result<Rows> query_ignoring_interrupt(std::string_view sql, const Params& params = {});
  /// COPY … FROM stdin with its inline data, sent in chunks; `data` is not copied as a whole.
  Result<Rows> copy_in(std::string_view sql, std::string_view data);

  [[nodiscard]] int server_version() const;  ///< 150020
  [[nodiscard]] int major() const { return server_version() / 10000; }
  [[nodiscard]] int backend_pid() const;
  /// Whether a pooler seems to stand between (PgBouncer, Odyssey …), so that one transaction's session need
  /// not be the next one's. Statements are then not prepared under names. Poolers make up the process id that
  /// a client is told; one that happens to look like a real one is taken for a server's, and named statements
  /// then fail with SQLSTATE 42P05 or 26000.
  [[nodiscard]] bool pooled() const;
  [[nodiscard]] bool lost() const;
  /// What the server said since the last call.
  std::vector<Notice> take_notices();
  /// "database app on localhost:5432 as user bob": for people; without secrets.
  [[nodiscard]] std::string target() const;
  [[nodiscard]] std::string database() const;
  [[nodiscard]] std::string user() const;
  /// What was given to open(), to open another one alike.
  [[nodiscard]] const ConnectOptions& options() const;
  /// Forgets which statements were prepared (after DISCARD ALL, DEALLOCATE ALL); they are prepared anew when
  /// used.
  void forget_prepared();

 private:
  friend class Pipeline;
  struct State;
  explicit Connection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Statements that are sent without waiting for each one's result: one round trip for all. When one fails,
/// the server skips the rest. Memory is bounded: results are read while statements are still being sent.
class Pipeline {
 public:
  explicit Pipeline(Connection& connection);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /// Called with each result in order of add(); its failure does not stop the server from doing the rest, but
  /// is what run() returns.
  using Handler = std::function<Result<>(Rows)>;

  /// Queues a statement. `sql` is copied into libpq's buffer at once unless it is larger than 64 KiB, in
  /// which case it must stay alive until run() returns. A null handler drops the result.
  void add(std::string_view sql, const Params& params = {}, Handler handler = {});
  void add(const Prepared& statement, const Params& params = {}, Handler handler = {});

  /// Sends what is still unsent and reads all results. On failure `failed_at` (0-based, in order of add())
  /// names the statement; the connection is out of pipeline mode again either way. A transaction that was
  /// open stays open (aborted): the caller rolls back. Errors: as Connection::query.
  Result<> run(std::size_t* failed_at = nullptr);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// BEGIN now, ROLLBACK at the end of the scope unless commit() was called.
class Transaction {
 public:
  /// `mode`: "" or e.g. "ISOLATION LEVEL REPEATABLE READ READ ONLY".
  static Result<Transaction> begin(Connection& connection, std::string_view mode = {});
  Transaction(Transaction&& other) noexcept;
  ~Transaction();
  /// Errors: as query; `commit_in_doubt` is set when the connection broke during COMMIT.
  Result<> commit();
  Result<> rollback();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

/// `url` with its password replaced by "***", for people. Anything that cannot be parsed becomes "(connection
/// string)".
std::string without_password(std::string_view url);

}  // namespace candor::pg
