#include "cli/print_error.h"

#include <fmt/format.h>

#include "base/file.h"
#include "cli/width.h"

namespace candor::cli {

namespace {

/// `text` with every line after the first moved in.
std::string continued(std::string_view text, std::string_view indent) {
  std::string moved;
  const std::string safe = safe_text(text);
  for (const char c : safe) {
    moved += c;
    if (c == '\n') moved += indent;
  }
  return moved;
}

std::string place_of(const SourcePosition& where) {
  std::string place = printable(where.file);
  if (where.line > 0) place += fmt::format(":{}", where.line);
  if (where.line > 0 && where.column > 0) place += fmt::format(":{}", where.column);
  return place;
}

void append_source(std::string& out, const SourcePosition& where, const Paint& paint) {
  out += fmt::format("\n  {}", place_of(where));
  if (where.line <= 0 || where.text.empty()) return;
  const MarkedLine marked = mark_column(where.text, where.column);
  const std::string number = fmt::format("{}", where.line);
  out += fmt::format("\n    {} | {}", number, marked.text);
  if (where.column > 0)
    out += fmt::format("\n    {:{}} | {}{}", "", number.size(), marked.indent, paint(Style::bad, "^"));
}

}  // namespace

std::string safe_text(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of("\n\t");
    safe += printable(text.substr(0, end));
    if (end == std::string_view::npos) break;
    safe += text[end];
    text.remove_prefix(end + 1);
  }
  return safe;
}

std::string format_error(const Error& error, const Paint& paint, std::string_view heading, Style style) {
  std::string out = paint(style, fmt::format("{} {}", heading, error.code.id));
  out += ": " + continued(error.message, "  ");
  if (!error.sqlstate.empty()) out += fmt::format("\n  SQLSTATE {}", printable(error.sqlstate));
  if (!error.detail.empty()) out += "\n  " + continued(error.detail, "  ");
  if (error.where) append_source(out, *error.where, paint);
  if (!error.hint.empty())
    out += fmt::format("\n  {} {}", paint(Style::bold, "hint:"), continued(error.hint, "  "));
  return out;
}

std::string format_finding(const Finding& finding, const Paint& paint) {
  const Style style = finding.severity == Severity::error     ? Style::bad
                      : finding.severity == Severity::warning ? Style::doubtful
                                                              : Style::dim;
  return format_error(finding.what, paint, to_string(finding.severity), style);
}

std::string_view to_string(Severity severity) {
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

}  // namespace candor::cli
