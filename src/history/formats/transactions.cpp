#include "history/formats/transactions.h"

#include <string>

#include "sql/lexer.h"
#include "sql/script.h"

namespace candor::history {
namespace {

std::string_view first_word(std::string_view statement) {
  sql::Lexer lexer(statement);
  return lexer.text(lexer.next());
}

bool ends_transaction(std::string_view statement) {
  const std::string_view word = first_word(statement);
  constexpr std::string_view enders[] = {"commit", "rollback", "end", "abort"};
  for (const std::string_view ender : enders)
    if (sql::is_word(word, ender)) {
      const auto control = sql::analyse(statement).control;
      return control == sql::Control::commit || control == sql::Control::rollback;
    }
  return false;
}

bool begins_transaction(std::string_view statement) {
  const std::string_view word = first_word(statement);
  return (sql::is_word(word, "begin") || sql::is_word(word, "start")) &&
         sql::analyse(statement).control == sql::Control::begin;
}

}  // namespace

void check_commits(std::string_view text, std::string_view file, std::string_view consequence,
                   std::vector<Finding>& findings) {
  bool is_open = false;  // by the file itself
  bool told = false;
  const auto walked = sql::for_each_statement(text, file, [&](const sql::Statement& statement) -> Result<> {
    if (begins_transaction(statement.text)) is_open = true;
    if (!ends_transaction(statement.text)) return {};
    if (!is_open && !told)
      findings.push_back(
          {Severity::warning, Error{.code = codes::ends_transaction,
                                    .message = "this ends the transaction that the tool opened",
                                    .detail = std::string(consequence),
                                    .where = sql::position_of(file, text, statement.offset),
                                    .hint = "remove it; put what must be committed first into a "
                                            "migration of its own"}});
    told = told || !is_open;
    is_open = false;
    return {};
  });
  static_cast<void>(walked);  // a text that cannot be split is told by lint
}

}  // namespace candor::history
