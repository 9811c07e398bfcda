/// Reading a tool's rows: all of them, as they are, or an error.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "history/foreign_tool.h"

namespace candor::history {

namespace {

constexpr std::string_view state_names[] = {"applied",     "unexecuted",  "failed",
                                            "in progress", "rolled back", "unknown"};

struct Word {
  std::string_view word;
  ForeignState state;
};
constexpr Word words[] = {{"success", ForeignState::applied},
                          {"succeeded", ForeignState::applied},
                          {"completed", ForeignState::applied},
                          {"complete", ForeignState::applied},
                          {"done", ForeignState::applied},
                          {"applied", ForeignState::applied},
                          {"executed", ForeignState::applied},
                          {"ok", ForeignState::applied},
                          {"failed", ForeignState::failed},
                          {"failure", ForeignState::failed},
                          {"error", ForeignState::failed},
                          {"running", ForeignState::in_progress},
                          {"pending", ForeignState::in_progress},
                          {"started", ForeignState::in_progress},
                          {"in_progress", ForeignState::in_progress},
                          {"rolling_back", ForeignState::in_progress},
                          {"rolled_back", ForeignState::rolled_back},
                          {"reverted", ForeignState::rolled_back},
                          {"undone", ForeignState::rolled_back},
                          {"skipped", ForeignState::unexecuted},
                          {"baseline", ForeignState::unexecuted},
                          {"baselined", ForeignState::unexecuted},
                          {"faked", ForeignState::unexecuted},
                          {"manual", ForeignState::unexecuted},
                          {"mark_ran", ForeignState::unexecuted}};

/// A column that is NULL in all rows has no value; text is what all others become.
std::string as_text(const std::string& expression) {
  return fmt::format("({})::pg_catalog.text", expression);
}

std::string query_of(const ForeignLedger& ledger, const ForeignFields& fields) {
  return fmt::format(
      "SELECT {}, {}, {}, {}, {}, {}, {}, pg_catalog.to_jsonb(t)::pg_catalog.text FROM {} AS t{}{}{}"
      " ORDER BY {}",
      as_text(fields.key), as_text(fields.version), as_text(fields.name), as_text(fields.checksum),
      as_text(fields.state), as_text(fields.applied_at), as_text(fields.error), ledger.table.sql(),
      fields.from, fields.where.empty() ? "" : " WHERE ", fields.where,
      fields.order.empty() ? fields.key : fields.order);
}

/// '', 'manual' and zeros were written by hand: nothing can be compared with them.
std::string checksum_of_row(std::string_view stored) {
  if (stored.find_first_not_of('0') == std::string_view::npos || stored.starts_with("manual")) return {};
  return std::string(stored);
}

Error unreadable(const ForeignLedger& ledger, Error error, std::string_view lock_timeout) {
  const std::string table = ledger.table.identity();
  error.message = fmt::format("{} ({}) cannot be read: {}", table, ledger.tool->title, error.message);
  if (error.sqlstate == "55P03") {
    error.hint =
        fmt::format("wait until the session that holds it is done: it was waited for {}", lock_timeout);
  } else if (error.sqlstate == "42501" && ledger.table.readable) {
    error.hint = fmt::format("connect as the owner of {}: a row-level policy would hide rows", table);
  } else if (error.sqlstate == "42501") {
    error.hint =
        fmt::format("run as its owner: GRANT SELECT ON {} TO the role that runs Candor", ledger.table.sql());
  } else if (error.connection_lost || error.code.id == codes::interrupted.id) {
    return error;
  } else {
    error.hint = "compare the table with one that the tool made in an empty database";
  }
  error.code = codes::foreign_unreadable;
  return error;
}

ForeignRecord record_of(const pg::Rows& rows, int r) {
  const auto text = [&](int column) { return std::string(rows.at(r, column)); };
  return {.key = text(0),
          .version = text(1),
          .name = text(2),
          .checksum = checksum_of_row(rows.at(r, 3)),
          .state = rows.is_null(r, 4) ? ForeignState::unknown : state_of_word(rows.at(r, 4)),
          .applied_at = text(5),
          .error = text(6),
          .raw = text(7)};
}

}  // namespace

std::string_view to_string(ForeignState state) {
  return state_names[static_cast<std::size_t>(state)];
}

ForeignState state_of_word(std::string_view word) {
  std::string lower(word);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return c == ' ' || c == '-' ? '_' : std::tolower(c); });
  const auto at = std::ranges::find(words, std::string_view(lower), &Word::word);
  return at == std::end(words) ? ForeignState::unknown : at->state;
}

Result<std::vector<ForeignRecord>> read_foreign_ledger(pg::Connection& connection,
                                                       const ForeignLedger& ledger,
                                                       std::string_view lock_timeout) {
  auto transaction = pg::Transaction::begin(connection, "ISOLATION LEVEL REPEATABLE READ READ ONLY");
  if (!transaction) return pass(transaction);
  // With row_security off a policy that would hide rows is an error.
  auto set = connection.query(
      "SELECT pg_catalog.set_config('lock_timeout', $1::pg_catalog.text, true),"
      " pg_catalog.set_config('row_security', 'off', true)",
      {std::string(lock_timeout)});
  if (!set) return pass(set);
  auto rows = connection.query(query_of(ledger, ledger.tool->fields(ledger.table)));
  if (!rows) return std::unexpected(unreadable(ledger, std::move(rows.error()), lock_timeout));
  std::vector<ForeignRecord> records;
  for (int r = 0; r < rows->size(); ++r) records.push_back(record_of(*rows, r));
  if (auto done = transaction->rollback(); !done) return pass(done);
  return records;
}

}  // namespace candor::history
