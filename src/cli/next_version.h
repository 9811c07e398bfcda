/// cli/next_version.h: the version and name of a migration that is about to be written.
#pragma once

#include <string>
#include <string_view>

#include "history/migration.h"

namespace candor::cli {

/// Greater than every version of `history`: the next number where the folder counts, else `now`
/// ("20260114093000", UTC) in the shape of the last version ("2026-01-14-093000"), or one more than the last
/// if the clock is behind it.
std::string next_version(const history::History& history, std::string_view now);

/// "Add users' e-mail" → "add_users_e_mail": [a-z0-9_], at most 100 characters, no underscore at either end.
/// Empty if nothing is left.
std::string file_name_of(std::string_view name);

}  // namespace candor::cli
