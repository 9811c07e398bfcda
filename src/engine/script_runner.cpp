#include "engine/script_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "engine/script_mode.h"
#include "sql/lexer.h"

namespace candor::engine {

namespace {

/// A round trip per so many statements keeps little in memory and costs nothing.
constexpr std::size_t statements_per_round_trip = 512;

/// COPY, whichever way: the protocol has no place for it among pipelined statements.
bool is_copy(const sql::Statement& statement) {
  constexpr std::string_view word = "copy";
  return statement.is_copy_in ||
         (statement.text.size() > word.size() && sql::is_word(statement.text.substr(0, word.size()), word));
}

}  // namespace

ScriptRunner::ScriptRunner(pg::Connection& connection, const history::Migration& migration,
                           std::string_view text)
    : connection_(connection), migration_(migration), text_(text) {}

void ScriptRunner::ask(std::string_view sql, const Code& code, std::string doing,
                       pg::Pipeline::Handler handler) {
  questions_.push_back({queued_, code, std::move(doing)});
  own(sql, {}, std::move(handler));
}

pg::Pipeline& ScriptRunner::pipeline() {
  if (!pipeline_) pipeline_ = std::make_unique<pg::Pipeline>(connection_);
  return *pipeline_;
}

void ScriptRunner::own(std::string_view sql, const pg::Params& params, pg::Pipeline::Handler handler) {
  pipeline().add(sql, params, std::move(handler));
  ++queued_;
}

void ScriptRunner::own(const pg::Prepared& statement, const pg::Params& params,
                       pg::Pipeline::Handler handler) {
  pipeline().add(statement, params, std::move(handler));
  ++queued_;
}

Result<> ScriptRunner::run(const sql::Statement& statement) {
  if (is_copy(statement)) {
    if (auto before = finish(); !before) return before;
    ++sent_;
    auto copied = statement.is_copy_in ? connection_.copy_in(statement.text, statement.copy_data)
                                       : connection_.query(statement.text);
    if (copied) return {};
    failed_statement_ = sent_;
    return std::unexpected(located(std::move(copied.error()), statement));
  }
  pipeline().add(statement.text);
  in_flight_.emplace_back(queued_++, statement);
  ++sent_;
  return in_flight_.size() >= statements_per_round_trip ? finish() : Result<>{};
}

Result<> ScriptRunner::run_all(bool skip_control) {
  return sql::for_each_statement(text_, migration_.file, [&](const sql::Statement& statement) -> Result<> {
    if (skip_control && analyse_if_needed(statement.text).control != sql::Control::none) {
      ++sent_;
      return {};
    }
    return run(statement);
  });
}

Result<> ScriptRunner::run_each() {
  return sql::for_each_statement(text_, migration_.file, [this](const sql::Statement& statement) -> Result<> {
    if (auto sent = run(statement); !sent) return sent;
    return finish();
  });
}

Result<> ScriptRunner::finish() {
  if (!pipeline_) return {};
  std::size_t failed_at = 0;
  auto done = pipeline_->run(&failed_at);
  pipeline_.reset();
  const auto statements = std::exchange(in_flight_, {});
  const auto questions = std::exchange(questions_, {});
  queued_ = 0;
  if (done) return {};
  const auto question = std::ranges::find(questions, failed_at, &Question::position);
  if (question != questions.end()) return std::unexpected(blamed(std::move(done.error()), *question));
  const auto culprit =
      std::ranges::find(statements, failed_at, [](const auto& entry) { return entry.first; });
  if (culprit == statements.end()) return done;
  failed_statement_ = sent_ - static_cast<int>(std::distance(culprit, statements.end())) + 1;
  return std::unexpected(located(std::move(done.error()), culprit->second));
}

Result<> ScriptRunner::forget_prepared() {
  own("DEALLOCATE ALL");
  auto done = finish();
  connection_.forget_prepared();
  return done;
}

Error ScriptRunner::blamed(Error error, const Question& question) const {
  if (error.connection_lost || error.sqlstate.empty()) return error;
  error.code = question.code;
  error.message = fmt::format("{}: {}: {}", migration_.file, question.doing, error.message);
  error.hint = "correct the file or the data, and run the command again";
  return error;
}

Error ScriptRunner::located(Error error, const sql::Statement& statement) const {
  if (error.connection_lost || error.code.id == codes::interrupted.id) return error;
  // The server counts characters of the statement.
  std::size_t offset = statement.offset;
  if (error.position > 0) {
    int characters = 0;
    std::size_t at = 0;
    for (; at < statement.text.size(); ++at) {
      if ((static_cast<unsigned char>(statement.text[at]) & 0xC0) == 0x80) continue;
      if (++characters == error.position) break;
    }
    offset += at;
  }
  error.where = sql::position_of(migration_.file, text_, offset);
  if (error.sqlstate == "55P03") {
    error.code = codes::lock_timeout;
    error.hint =
        "find who holds the lock (pg_stat_activity, pg_locks), or raise it with `-- candor:lock-timeout 30s`";
  } else if (error.sqlstate == "57014") {
    error.code = codes::statement_timeout;
    error.hint =
        "raise it with `-- candor:statement-timeout 10min` in the file, or make the statement cheaper";
  } else {
    error.code = statement.is_copy_in ? codes::copy_failed : codes::statement_failed;
    if (error.hint.empty()) error.hint = "correct the statement and run the command again";
  }
  return error;
}

void reset_role(pg::Pipeline& pipeline) {
  pipeline.add("RESET SESSION AUTHORIZATION");
  pipeline.add("RESET ROLE");
}

void reset_session(pg::Pipeline& pipeline) {
  for (const std::string_view sql : {"RESET ALL", "CLOSE ALL", "UNLISTEN *", "DISCARD TEMP"})
    pipeline.add(sql);
}

Result<> reset_session(pg::Connection& connection, bool prepared_too) {
  pg::Pipeline pipeline(connection);
  reset_role(pipeline);
  reset_session(pipeline);
  if (prepared_too) pipeline.add("DEALLOCATE ALL");
  auto done = pipeline.run();
  if (prepared_too) connection.forget_prepared();
  return done;
}

}  // namespace candor::engine
