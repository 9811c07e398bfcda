#include "engine/snapshot.h"

#include <algorithm>
#include <string_view>

#include "catalog/read.h"

namespace candor::engine {

namespace {

constexpr int attempts = 5;

catalog::ReadOptions options_for(const history::Ledger& ledger) {
  return {.excluded_schemas = {ledger.schema()}};
}

Result<> read_ledger(pg::Connection& connection, const history::Ledger& ledger, Snapshot& snapshot) {
  auto shape = ledger.require_usable(connection);
  if (!shape) return pass(shape);
  snapshot.shape = std::move(*shape);
  if (snapshot.shape.shape == history::Shape::absent) return {};
  auto rows = ledger.rows(connection, snapshot.shape);
  if (!rows) return pass(rows);
  snapshot.rows = std::move(*rows);
  return {};
}

/// `ledger_read`: how far it came before it failed.
Result<Snapshot> read_at_once(pg::Connection& connection, const history::Ledger& ledger, bool& ledger_read) {
  auto transaction = catalog::begin_snapshot(connection);
  if (!transaction) return pass(transaction);
  Snapshot snapshot;
  if (auto read = read_ledger(connection, ledger, snapshot); !read) return pass(read);
  ledger_read = true;
  auto reading = catalog::read_in_snapshot(connection, options_for(ledger));
  if (!reading) return pass(reading);
  if (auto done = transaction->commit(); !done) return pass(done);
  snapshot.catalog = std::move(reading->catalog);
  return snapshot;
}

Result<Snapshot> read_ledger_alone(pg::Connection& connection, const history::Ledger& ledger) {
  auto transaction = catalog::begin_snapshot(connection);
  if (!transaction) return pass(transaction);
  Snapshot snapshot;
  if (auto read = read_ledger(connection, ledger, snapshot); !read) return pass(read);
  if (auto done = transaction->commit(); !done) return pass(done);
  return snapshot;
}

/// catalog::read finds out what may be read, in transactions of its own. The ledger changes with the catalog:
/// where it is the same before and after, the catalog belongs to it.
Result<Snapshot> read_by_parts(pg::Connection& connection, const history::Ledger& ledger) {
  for (int attempt = 1;; ++attempt) {
    auto before = read_ledger_alone(connection, ledger);
    if (!before) return before;
    auto catalog = catalog::read(connection, options_for(ledger));
    if (!catalog) return pass(catalog);
    auto after = read_ledger_alone(connection, ledger);
    if (!after) return after;
    if (before->shape.layout == after->shape.layout && before->rows == after->rows) {
      after->catalog = std::move(*catalog);
      return after;
    }
    if (attempt == attempts)
      return fail(codes::ledger_race, "the ledger changes faster than the catalog can be read",
                  "wait until the other runner is done");
  }
}

}  // namespace

Result<Snapshot> take_snapshot(pg::Connection& connection, const history::Ledger& ledger) {
  for (int attempt = 1;; ++attempt) {
    bool ledger_read = false;
    auto snapshot = read_at_once(connection, ledger, ledger_read);
    if (snapshot) return snapshot;
    if (ledger_read && snapshot.error().code.id == codes::insufficient_rights.id)
      return read_by_parts(connection, ledger);
    if (attempt == attempts || !catalog::relation_vanished(snapshot.error())) return snapshot;
  }
}

Result<Snapshot> take_snapshot_as_is(pg::Connection& connection, const history::Ledger& ledger) {
  constexpr std::string_view about_the_ledger[] = {codes::ledger_damaged.id, codes::ledger_newer.id,
                                                   codes::ledger_unexpected_row.id,
                                                   codes::insufficient_rights.id};
  auto whole = take_snapshot(connection, ledger);
  if (whole || std::ranges::find(about_the_ledger, whole.error().code.id) == std::end(about_the_ledger))
    return whole;
  Snapshot snapshot{.ledger_error = std::move(whole.error())};
  if (auto shape = ledger.inspect(connection)) snapshot.shape = std::move(*shape);
  auto catalog = catalog::read(connection, options_for(ledger));
  if (!catalog) return pass(catalog);
  snapshot.catalog = std::move(*catalog);
  return snapshot;
}

}  // namespace candor::engine
