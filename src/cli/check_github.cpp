/// Workflow commands of GitHub Actions: each finding is shown at its line in the pull request.
#include <fmt/format.h>

#include "cli/check_report.h"

namespace candor::cli {
namespace {

/// `properties` also guards the characters that end a property.
std::string escaped(std::string_view text, bool properties) {
  std::string result;
  for (const char c : text) {
    const bool is_special = c == '%' || c == '\r' || c == '\n' || (properties && (c == ':' || c == ','));
    if (is_special)
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      result += c;
  }
  return result;
}

std::string_view command_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::notice:
      break;
  }
  return "notice";
}

}  // namespace

std::string write_github(const CheckReport& report) {
  std::string text;
  for (const Finding& finding : report.findings) {
    std::string place;
    if (finding.what.where) {
      place = fmt::format("file={},", escaped(file_of(report, finding), true));
      if (finding.what.where->line > 0) place += fmt::format("line={},", finding.what.where->line);
      if (finding.what.where->column > 0) place += fmt::format("col={},", finding.what.where->column);
    }
    text += fmt::format("::{} {}title={}::{}\n", command_of(finding.severity), place, finding.what.code.id,
                        escaped(text_of(finding), false));
  }
  return text;
}

}  // namespace candor::cli
