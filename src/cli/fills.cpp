#include "cli/fills.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"

namespace candor::cli {

Result<std::map<std::string, std::string>> parse_fills(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> fills;
  for (const std::string& text : texts) {
    const auto equals = text.find('=');
    std::string column = text.substr(0, equals);
    const auto dots = std::ranges::count(column, '.');
    if (equals == std::string::npos || equals + 1 == text.size() || (dots != 1 && dots != 2))
      return fail(codes::usage, fmt::format("\"{}\" gives no column a value", printable(text)),
                  "write --fill table.column=\"'…'\": an SQL expression");
    if (dots == 1) column.insert(0, "public.");
    fills[column] = text.substr(equals + 1);
  }
  return fills;
}

Result<std::vector<std::pair<std::string, std::string>>> parse_renames(
    const std::vector<std::string>& texts) {
  std::vector<std::pair<std::string, std::string>> renames;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == text.size())
      return fail(codes::usage, fmt::format("--rename {} has no two sides", printable(text)),
                  "write --rename old=new");
    renames.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return renames;
}

}  // namespace candor::cli
