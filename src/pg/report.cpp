/// What the server reports about a statement, as an Error.
#include <fmt/format.h>

#include "pg/session.h"

namespace candor::pg {

namespace {

std::string field(const pg_result* result, int which) {
  const char* value = PQresultErrorField(result, which);
  return value != nullptr ? value : "";
}

void append_line(std::string& text, std::string_view label, std::string_view value) {
  if (value.empty()) return;
  if (!text.empty()) text += '\n';
  text += label;
  text += value;
}

/// The severity decides, not the SQLSTATE: 08001 is also what dblink reports about a connection of its own.
bool ends_connection(std::string_view severity) {
  return severity == "FATAL" || severity == "PANIC";
}

bool may_be_retried(std::string_view sqlstate) {
  return sqlstate == "55P03" || sqlstate == "40P01" || sqlstate == "40001";
}

void classify(Error& error, std::string_view severity) {
  if (error.sqlstate.empty() || ends_connection(severity)) {
    // Without a SQLSTATE it is libpq that speaks: there is no answer of the server to rely on.
    error.code = codes::connection_lost;
    error.connection_lost = true;
    error.hint = "check the server and its log, then run the command again";
  } else if (error.sqlstate == "42501") {
    error.code = codes::insufficient_rights;
    error.hint = "connect as a role that has the right, or grant it";
  } else if (error.sqlstate == "25006") {
    error.code = codes::read_only_server;
    error.hint = "connect to the primary server";
  } else if (error.sqlstate == "3F000") {
    error.code = codes::query_failed;
    error.hint =
        "create the schema: in a migration, or, if it is taken for granted, in [shadow] setup and by hand";
  } else {
    error.code = codes::query_failed;
    error.hint = "read the server's message and correct the statement or the database";
  }
  error.retryable = may_be_retried(error.sqlstate);
  if (error.retryable) error.hint = "run it again";
}

int number(const std::string& digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

}  // namespace

Error error_of(const pg_result* result) {
  Error error{.message = field(result, PG_DIAG_MESSAGE_PRIMARY),
              .sqlstate = field(result, PG_DIAG_SQLSTATE),
              .detail = field(result, PG_DIAG_MESSAGE_DETAIL),
              .position = number(field(result, PG_DIAG_STATEMENT_POSITION))};
  append_line(error.detail, "context: ", field(result, PG_DIAG_CONTEXT));
  append_line(error.detail, "server's hint: ", field(result, PG_DIAG_MESSAGE_HINT));
  if (error.message.empty()) error.message = PQresultErrorMessage(result);
  while (!error.message.empty() && error.message.back() == '\n') error.message.pop_back();
  if (error.message.empty()) error.message = "the connection to the server was lost";
  const std::string severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);  // poolers leave it out
  classify(error, severity.empty() ? field(result, PG_DIAG_SEVERITY) : severity);
  return error;
}

}  // namespace candor::pg
