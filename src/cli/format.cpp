#include "cli/format.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "base/file.h"

namespace candor::cli {

std::string duration(double milliseconds) {
  if (milliseconds < 1) return "<1 ms";
  if (milliseconds < 999.5) return fmt::format("{:.0f} ms", milliseconds);
  if (milliseconds < 59'950) return fmt::format("{:.1f} s", milliseconds / 1000);
  const auto seconds = std::llround(milliseconds / 1000);
  return fmt::format("{} min {} s", seconds / 60, seconds % 60);
}

std::string label(const history::Version& version, std::string_view name) {
  if (name.empty()) return printable(version.text());
  return printable(version.text()) + "_" + printable(name);
}

std::string effect_summary(const std::vector<catalog::Effect>& effects) {
  if (effects.empty()) return "no effects";
  constexpr std::array changes = {catalog::Change::added, catalog::Change::altered, catalog::Change::dropped};
  std::string summary;
  for (const catalog::Change change : changes) {
    for (const catalog::Kind kind : catalog::all_kinds()) {
      std::size_t count = 0;
      for (const catalog::Effect& effect : effects)
        count += effect.change == change && effect.id.kind == kind ? 1u : 0u;
      if (count == 0) continue;
      std::string noun(catalog::name_of(kind));
      for (char& c : noun) c = c == '_' ? ' ' : c;
      if (!summary.empty()) summary += ' ';
      summary += static_cast<char>(change) + counted(count, noun);
    }
  }
  return summary;
}

Result<std::chrono::milliseconds> parse_wait(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::int64_t milliseconds;
  };
  static constexpr Unit units[] = {{"ms", 1},       {"s", 1000},   {"", 1000},
                                   {"min", 60'000}, {"m", 60'000}, {"h", 3'600'000}};
  constexpr std::int64_t longest = std::int64_t{366} * 24 * 3'600'000;

  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  for (const Unit& known : units) {
    if (error != std::errc() || number < 0 || unit != known.name || number > longest / known.milliseconds)
      continue;
    return std::chrono::milliseconds(number * known.milliseconds);
  }
  return fail(codes::usage, fmt::format("\"{}\" is not a time to wait", printable(text)),
              "write a number and ms, s, min or h: 60s");
}

}  // namespace candor::cli
