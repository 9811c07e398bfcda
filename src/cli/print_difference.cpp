#include "cli/print_difference.h"

#include <fmt/format.h>

#include "base/file.h"
#include "cli/width.h"

namespace candor::cli {

namespace {

using catalog::Difference;
using Nature = catalog::Difference::Nature;

constexpr std::size_t longest_inline = 60;

Style style_of(Nature nature) {
  switch (nature) {
    case Nature::unproven:
      return Style::doubtful;
    case Nature::notice:
      return Style::dim;
    default:
      return Style::bad;
  }
}

bool fits_a_line(std::string_view value) {
  return value.find('\n') == std::string_view::npos && display_width(value) <= longest_inline;
}

std::string value_of(std::string_view value) {
  return value.empty() ? "not set" : printable(value);
}

std::string block(std::string_view heading, std::string_view value) {
  std::string out = fmt::format("\n  {}\n    ", heading);
  if (value.empty()) return out + "(not set)";
  const std::string safe = safe_text(value);
  for (const char c : safe) {
    out += c;
    if (c == '\n') out += "    ";
  }
  return out;
}

/// A catalog that the role may not read is reported by its kind alone.
bool is_whole_kind(const Difference& difference) {
  return difference.id.schema.empty() && difference.id.relation.empty() && difference.id.name.empty() &&
         difference.id.arguments.empty();
}

}  // namespace

std::string_view to_string(Nature nature) {
  switch (nature) {
    case Nature::missing:
      return "missing";
    case Nature::extra:
      return "extra";
    case Nature::altered:
      return "altered";
    case Nature::unproven:
      return "unproven";
    case Nature::notice:
      break;
  }
  return "notice";
}

std::string format_difference(const Difference& difference, const Paint& paint) {
  // As a notice, a whole object is one that a pending migration will make.
  const bool ahead = difference.nature == Nature::notice && difference.attribute.empty();
  const std::string_view nature = ahead ? "ahead" : to_string(difference.nature);
  std::string out = paint(style_of(difference.nature), nature) + std::string(10 - nature.size(), ' ');
  if (is_whole_kind(difference)) {
    return out + fmt::format("{} of kind {} cannot be read: {}", safe_text(difference.expected),
                             catalog::name_of(difference.id.kind), safe_text(difference.found));
  }
  out += catalog::describe(difference.id);
  if (difference.attribute.empty()) return out;
  if (fits_a_line(difference.expected) && fits_a_line(difference.found)) {
    return out + fmt::format(": {} is {}, expected {}", difference.attribute, value_of(difference.found),
                             value_of(difference.expected));
  }
  return out + ": " + difference.attribute + block("expected", difference.expected) +
         block("found", difference.found);
}

}  // namespace candor::cli
