#include <fmt/format.h>

#include <utility>

#include "pg/connection.h"

namespace candor::pg {

Result<Transaction> Transaction::begin(Connection& connection, std::string_view mode) {
  if (auto begun = connection.query(fmt::format("BEGIN {}", mode)); !begun) return pass(begun);
  return Transaction(connection);
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

Transaction::~Transaction() {
  if (connection_ != nullptr && !connection_->lost()) [[maybe_unused]]
    auto undone = rollback();
}

Result<> Transaction::commit() {
  if (connection_ == nullptr)
    return fail(codes::internal, "the transaction has ended already", "report this");
  const bool sent = !connection_->lost();
  auto done = connection_->query("COMMIT");
  if (!done) {
    done.error().commit_in_doubt = sent && done.error().connection_lost;
    if (!done.error().sqlstate.empty())
      connection_ = nullptr;  // the server answered: the transaction has ended
    return pass(done);        // else the destructor rolls back
  }
  connection_ = nullptr;
  // COMMIT of an aborted transaction succeeds as a ROLLBACK; only the tag tells.
  if (done->command_tag() != "COMMIT") {
    return fail(codes::query_failed, "the server rolled the transaction back instead of committing it",
                "look for the statement in it that failed");
  }
  return {};
}

Result<> Transaction::rollback() {
  if (connection_ == nullptr) return {};
  auto done = std::exchange(connection_, nullptr)->query_ignoring_interrupt("ROLLBACK");
  if (!done) return pass(done);
  return {};
}

}  // namespace candor::pg
