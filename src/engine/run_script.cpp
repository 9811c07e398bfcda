#include "engine/run_script.h"

#include "engine/script_mode.h"
#include "engine/script_runner.h"

namespace candor::engine {

namespace {

Result<> in_transaction(pg::Connection& connection, const history::Migration& script, std::string_view text,
                        const ScriptMode& mode) {
  ScriptRunner runner(connection, script, text);
  runner.own("BEGIN");
  if (auto sent = runner.run_all(mode.wrapped); !sent) return sent;
  if (mode.touches_prepared)
    if (auto forgotten = runner.forget_prepared(); !forgotten) return forgotten;
  runner.ask("SET CONSTRAINTS ALL IMMEDIATE", codes::statement_failed, "deferred constraints");
  reset_role(runner.pipeline());
  if (auto finished = runner.finish(); !finished) return finished;
  auto committed = connection.query("COMMIT");
  if (!committed) return pass(committed);
  return {};
}

}  // namespace

Result<> run_script(pg::Connection& connection, const history::Migration& script) {
  auto text = history::MigrationText::open(script);
  if (!text) return pass(text);
  return run_script(connection, script, text->view());
}

Result<> run_script(pg::Connection& connection, const history::Migration& script, std::string_view text) {
  auto mode = mode_of(script, text);
  if (!mode) return pass(mode);
  auto ran = mode->transactional ? in_transaction(connection, script, text, *mode)
                                 : ScriptRunner(connection, script, text).run_each();
  if (!ran && !connection.lost()) (void)connection.query_ignoring_interrupt("ROLLBACK");
  if (!ran) return ran;
  return reset_session(connection, true);
}

}  // namespace candor::engine
