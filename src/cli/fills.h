/// cli/fills.h: `--fill table.column=SQL`: values for rows that are there when a column comes; and `--rename
/// old=new`.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace candor::cli {

/// By "public.users.password". `users.password='…'` and `public.users.password='…'` mean the same. Errors:
/// C0001 one of them gives no column a value.
Result<std::map<std::string, std::string>> parse_fills(const std::vector<std::string>& texts);

/// `--rename old=new`. Errors: C0001 one of them has no two sides.
Result<std::vector<std::pair<std::string, std::string>>> parse_renames(const std::vector<std::string>& texts);

}  // namespace candor::cli
