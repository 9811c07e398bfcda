/// sql/first_words.h: what a statement is, judged by its words alone.
///
/// For statements that PostgreSQL 15's grammar does not know (the server may be newer) or that are too large
/// to be worth a parse tree.
#pragma once

#include <string_view>

#include "sql/script.h"

namespace candor::sql {

/// True if `statement` begins like one that only reads or writes rows.
bool is_row_statement(std::string_view statement);

/// Fills control, outside_transaction, changes_session and the fields of a concurrent index build.
void judge_by_words(std::string_view statement, Analysis& analysis);

}  // namespace candor::sql
