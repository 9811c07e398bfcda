#include "base/counted.h"

#include <fmt/format.h>

namespace candor {

std::string counted(std::size_t count, std::string_view noun) {
  if (count == 1) return fmt::format("1 {}", noun);
  if (noun.ends_with('y')) return fmt::format("{} {}ies", count, noun.substr(0, noun.size() - 1));
  if (noun.ends_with('s') && !noun.ends_with("ss"))
    return fmt::format("{} {}", count, noun);  // a plural already
  return fmt::format("{} {}{}", count, noun, noun.ends_with('x') || noun.ends_with("ss") ? "es" : "s");
}

}  // namespace candor
