#include <fmt/format.h>

#include <deque>
#include <utility>

#include "pg/session.h"

namespace candor::pg {

namespace {

/// libpq sends by itself once 8 KiB are together; beyond this much we insist, reading results meanwhile, so
/// that neither side's buffer grows without bound and neither waits for the other for ever.
constexpr std::size_t unsent_bound = 256 << 10;
constexpr std::size_t frame_bytes = 100;  // of the messages around a statement, roughly

/// A message that brings one result. The server answers in the order of sending.
struct Reply {
  std::size_t statement = 0;  ///< 0-based, in order of add()
  std::string prepares;       ///< the name whose preparation it confirms; empty: the statement's own result
  Pipeline::Handler handler;
};

}  // namespace

struct Pipeline::State {
  explicit State(Session& on) : session(on) {}

  Session& session;
  std::deque<Reply> expected;
  std::size_t added = 0;
  std::size_t unsent = 0;  ///< at most this much is in libpq's buffer
  bool begun = false;
  bool incomplete = false;  ///< something could not be queued: what was queued must not take effect either
  bool has_result = false;  ///< of expected.front(); libpq ends it with a nullptr
  bool synced = false;
  std::optional<Error> error;
  std::size_t failed_at = 0;

  /// Only the first counts: what follows it is its consequence.
  void set_error(Error what, std::size_t statement) {
    if (error) return;
    error = std::move(what);
    failed_at = statement;
  }

  void refuse(Error what, std::size_t statement) {
    set_error(std::move(what), statement);
    incomplete = true;
  }

  /// Whether statement `index` can be queued.
  bool accepts(std::size_t index, std::string_view sql, const Params& params) {
    if (error) {
      incomplete = true;
      return false;
    }
    if (auto sendable = check_no_nul(sql, params); !sendable) refuse(std::move(sendable.error()), index);
    if (!begun && !error) begin(index);
    return !error;
  }

  void begin(std::size_t index) {
    if (auto ready = session.begin_exchange(); !ready) return refuse(std::move(ready.error()), index);
    if (PQenterPipelineMode(session.conn) != 1) return refuse(session.judged_libpq_failure(), index);
    begun = true;
  }

  /// Notes what a message will be answered with. `sent` is libpq's word on whether it was queued.
  void queued(int sent, std::size_t bytes, Reply reply) {
    if (sent != 1) return refuse(session.judged_libpq_failure(), reply.statement);
    expected.push_back(std::move(reply));
    unsent += bytes + frame_bytes;
    if (unsent >= unsent_bound) relieve();
  }

  /// Empties libpq's buffer, taking in the results that are there.
  void relieve() {
    while (PQflush(session.conn) == 1 && session.wait_to_send()) take_ready();
    if (PQconsumeInput(session.conn) == 1) take_ready();
    unsent = 0;
  }

  void take_ready() {
    while (!expected.empty() && !session.lost() && PQisBusy(session.conn) == 0) {
      if (!take(PQgetResult(session.conn))) return;
    }
  }

  /// False: libpq has nothing more to say.
  bool take(pg_result* result) {
    if (result == nullptr) return end_of_reply();
    Rows rows(result);
    const ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_PIPELINE_SYNC) {
      synced = true;
      return true;
    }
    has_result = true;
    if (expected.empty()) {  // the server ends the session, after the last statement and before the Sync
      set_error(session.judged(error_of(result)), added);
      return false;
    }
    Reply& reply = expected.front();
    const bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
    if (!done && !reply.prepares.empty()) session.prepared.erase(reply.prepares);
    if (done) {
      if (reply.prepares.empty()) handle(reply, std::move(rows));
    } else if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
      end_copy(reply.statement);
    } else if (status == PGRES_PIPELINE_ABORTED) {
      set_error(Error{.message = "the server skipped a statement", .hint = "report this"}, reply.statement);
    } else {
      set_error(session.judged(error_of(result)), reply.statement);
    }
    return true;
  }

  bool end_of_reply() {
    if (!has_result || expected.empty()) return false;
    has_result = false;
    expected.pop_front();
    return true;
  }

  void handle(Reply& reply, Rows rows) {
    if (!reply.handler || error) return;
    if (auto handled = reply.handler(std::move(rows)); !handled) {
      set_error(std::move(handled.error()), reply.statement);
    }
  }

  /// The protocol has no way back from a COPY among pipelined messages.
  void end_copy(std::size_t statement) {
    session.abandon();
    set_error(Error{.code = codes::query_failed,
                    .message = "COPY cannot run in a pipeline, and the connection had to be closed",
                    .hint = "report this",
                    .connection_lost = true},
              statement);
  }

  /// Makes the server undo what was queued, when that is a part only: without this, statements outside a
  /// transaction block would be committed by the Sync.
  void spoil() {
    const int sent =
        PQsendQueryParams(session.conn, "pipeline abandoned", 0, nullptr, nullptr, nullptr, nullptr, 0);
    if (sent == 1) expected.push_back({.statement = added});
  }

  /// Reads everything and leaves pipeline mode.
  void finish() {
    if (!begun) return;
    if (incomplete && !session.lost()) spoil();
    if (!session.lost() && PQpipelineSync(session.conn) != 1) session.abandon();
    while (!synced && take(session.next_result())) {
    }
    const std::size_t at = expected.empty() ? added : expected.front().statement;
    if (!synced) {
      set_error(session.judged_libpq_failure(), at);
      session.abandon();
    } else if (PQexitPipelineMode(session.conn) != 1) {
      set_error(session.judged_libpq_failure(), at);
      session.abandon();
    }
  }
};

Pipeline::Pipeline(Connection& connection) : state_(std::make_unique<State>(*connection.state_)) {}

Pipeline::~Pipeline() {
  if (!state_->begun) return;
  state_->set_error(Error{.message = "the pipeline was not run"},
                    state_->added);  // no handler is called any more
  state_->incomplete = true;
  state_->finish();
}

void Pipeline::add(std::string_view sql, const Params& params, Handler handler) {
  const std::size_t index = state_->added++;
  if (!state_->accepts(index, sql, params)) return;
  Session& session = state_->session;
  const ParamPointers values(params);
  const int sent = PQsendQueryParams(session.conn, session.c_string(sql), values.size(), nullptr,
                                     values.data(), nullptr, nullptr, 0);
  state_->queued(sent, sql.size() + values.bytes(), {.statement = index, .handler = std::move(handler)});
}

void Pipeline::add(const Prepared& statement, const Params& params, Handler handler) {
  if (is_pooled(state_->session.conn)) return add(statement.sql, params, std::move(handler));
  const std::size_t index = state_->added++;
  if (!state_->accepts(index, statement.sql, params)) return;
  Session& session = state_->session;
  const char* const name = statement.name.c_str();
  // Remembered at once, so that it is prepared once in this pipeline; forgotten again should that fail.
  if (session.prepared.insert(statement.name).second) {
    const int sent = PQsendPrepare(session.conn, name, statement.sql.c_str(), 0, nullptr);
    if (sent != 1) session.prepared.erase(statement.name);
    state_->queued(sent, statement.sql.size(), {.statement = index, .prepares = statement.name});
    if (state_->error) {
      state_->incomplete = true;
      return;
    }
  }
  const ParamPointers values(params);
  const int sent = PQsendQueryPrepared(session.conn, name, values.size(), values.data(), nullptr, nullptr, 0);
  state_->queued(sent, statement.name.size() + values.bytes(),
                 {.statement = index, .handler = std::move(handler)});
}

Result<> Pipeline::run(std::size_t* failed_at) {
  state_->finish();
  const std::unique_ptr<State> done = std::exchange(state_, std::make_unique<State>(state_->session));
  if (!done->error) return {};
  if (failed_at != nullptr) *failed_at = done->failed_at;
  return std::unexpected(std::move(*done->error));
}

}  // namespace candor::pg
