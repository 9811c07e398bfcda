/// pg/literal.h: statements with their parameters written out, for people who want to see what would be run.
#pragma once

#include <string>
#include <string_view>

#include "pg/connection.h"

namespace candor::pg {

/// 'it''s', NULL. Right under standard_conforming_strings = on, and with backslashes under any setting.
std::string literal(const Param& value);

/// `sql` with each $n outside quotes replaced by that parameter's literal. REQUIRES: there are enough of
/// them.
std::string with_parameters(std::string_view sql, const Params& params);

}  // namespace candor::pg
