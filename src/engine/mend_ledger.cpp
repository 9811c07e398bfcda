#include "engine/mend_ledger.h"

#include "sql/script.h"

namespace candor::engine {

namespace {

constexpr std::string_view order = "run: ";
constexpr int most = 100;  ///< damages; a remedy that does not help must not be tried for ever

}  // namespace

Result<std::vector<std::string>> mend_ledger(pg::Connection& connection, const history::Ledger& ledger) {
  std::vector<std::string> statements;
  std::string before;
  for (int i = 0; i < most; ++i) {
    auto shape = ledger.inspect(connection);
    if (!shape) return pass(shape);
    if (shape->shape != history::Shape::damaged) return statements;
    if (!shape->remedy.starts_with(order) || shape->damage.front() == before)
      return fail(codes::ledger_damaged, "the ledger cannot be mended: " + shape->damage.front(),
                  shape->remedy);
    before = shape->damage.front();
    auto ran = sql::for_each_statement(std::string_view(shape->remedy).substr(order.size()), "the remedy",
                                       [&](const sql::Statement& statement) -> Result<> {
                                         statements.emplace_back(statement.text);
                                         auto done = connection.query(statement.text);
                                         if (!done) return failed("mending the ledger: " + before, done);
                                         return {};
                                       });
    if (!ran) return pass(ran);
  }
  return fail(codes::ledger_damaged, "the ledger cannot be mended: " + before,
              "restore its schema from a backup");
}

}  // namespace candor::engine
