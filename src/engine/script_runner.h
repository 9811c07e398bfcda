/// engine/script_runner.h: sends a file's statements to the server in as few round trips as they allow.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "history/migration.h"
#include "pg/connection.h"
#include "sql/script.h"

namespace candor::engine {

/// A batch of statements: the file's, and Candor's own around them. Statements are pipelined; COPY data, and
/// more statements than are worth keeping in memory, end a round trip. A failure of one of the file's
/// statements is told with its place in the file (C0501, C0504 lock timeout, C0512 statement timeout, C0513
/// COPY).
class ScriptRunner {
 public:
  /// All are borrowed and outlive the runner.
  ScriptRunner(pg::Connection& connection, const history::Migration& migration, std::string_view text);

  /// Candor's own statements. Their errors are passed on as they are.
  void own(std::string_view sql, const pg::Params& params = {}, pg::Pipeline::Handler handler = {});
  void own(const pg::Prepared& statement, const pg::Params& params = {}, pg::Pipeline::Handler handler = {});
  /// Candor's own as well, but what fails in it is the file's doing: told with `code`, the file and `doing`.
  void ask(std::string_view sql, const Code& code, std::string doing, pg::Pipeline::Handler handler = {});
  /// For others that add statements of their own (catalog::Reader::ask).
  pg::Pipeline& pipeline();

  /// One of the file's statements. May end a round trip, and so fail for an earlier one.
  Result<> run(const sql::Statement& statement);
  /// All of the file's statements. `skip_control`: BEGIN and COMMIT are left out.
  Result<> run_all(bool skip_control);
  /// The same, each waited for before the next is sent: outside a transaction what came before stays.
  Result<> run_each();
  /// Waits for everything that was sent.
  Result<> finish();
  /// After a file that made or dropped prepared statements: drops all, ours too, which are then prepared
  /// anew.
  Result<> forget_prepared();

  /// From 1: the statement of the file that failed; 0: none.
  [[nodiscard]] int failed_statement() const { return failed_statement_; }

 private:
  pg::Connection& connection_;
  const history::Migration& migration_;
  std::string_view text_;
  std::unique_ptr<pg::Pipeline> pipeline_;
  std::size_t queued_ = 0;  ///< statements in the pipeline, ours included
  std::vector<std::pair<std::size_t, sql::Statement>> in_flight_;  ///< position in the pipeline, statement
  struct Question {
    std::size_t position;  ///< in the pipeline
    Code code;
    std::string doing;
  };
  Error located(Error error, const sql::Statement& statement) const;
  Error blamed(Error error, const Question& question) const;

  std::vector<Question> questions_;
  int sent_ = 0;  ///< of the file's statements
  int failed_statement_ = 0;
};

/// Back to the role that connected, whatever SET ROLE or SET SESSION AUTHORIZATION did. Allowed in a
/// transaction.
void reset_role(pg::Pipeline& pipeline);
/// Undoes what else a file may have left behind in the session: settings, cursors, listeners, temporary
/// tables. REQUIRES: no transaction is open when it runs; reset_role() came before.
void reset_session(pg::Pipeline& pipeline);
/// Both, at once; `prepared_too`: SQL-level prepared statements as well, which costs ours too.
Result<> reset_session(pg::Connection& connection, bool prepared_too);

}  // namespace candor::engine
