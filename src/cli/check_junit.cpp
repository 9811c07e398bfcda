/// JUnit's XML: a test case for each file, failed if it has errors (with --strict: warnings, too).
#include <fmt/format.h>

#include <map>

#include "cli/check_report.h"
#include "cli/print_error.h"

namespace candor::cli {
namespace {

/// XML 1.0 has no U+FFFE and U+FFFF, whichever way they are written.
std::string without_noncharacters(std::string_view text) {
  std::string result(text);
  for (const std::string_view none : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"})
    for (std::size_t at = 0; (at = result.find(none, at)) != std::string::npos;)
      result.replace(at, none.size(), "\xEF\xBF\xBD");
  return result;
}

std::string escaped(std::string_view raw) {
  const std::string text = without_noncharacters(raw);
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '"')
      result += "&quot;";
    else if (c == '\n')
      result += "&#10;";
    else
      result += c;
  }
  return result;
}

struct TestCase {
  std::string failures, remarks;
  std::string first;  ///< of the failures
};

std::string written(const std::string& name, const TestCase& test) {
  std::string text =
      fmt::format("  <testcase classname=\"candor.check\" name=\"{}\"", escaped(safe_text(name)));
  if (test.failures.empty() && test.remarks.empty()) return text + "/>\n";
  text += ">\n";
  if (!test.failures.empty())
    text += fmt::format("    <failure message=\"{}\">{}</failure>\n", escaped(test.first),
                        escaped(test.failures));
  if (!test.remarks.empty()) text += fmt::format("    <system-out>{}</system-out>\n", escaped(test.remarks));
  return text + "  </testcase>\n";
}

}  // namespace

std::string write_junit(const CheckReport& report) {
  std::map<std::string, TestCase> tests;
  tests[report.history.folder.lexically_normal().string()];
  for (const history::Migration& migration : report.history.migrations)
    tests[(report.history.folder / migration.file).lexically_normal().string()];
  for (const Finding& finding : report.findings) {
    TestCase& test = tests[file_of(report, finding)];
    const bool fails =
        finding.severity == Severity::error || (report.strict && finding.severity == Severity::warning);
    const std::string place = finding.what.where && finding.what.where->line > 0
                                  ? fmt::format(" line {}", finding.what.where->line)
                                  : "";
    std::string& into = fails ? test.failures : test.remarks;
    into += fmt::format("{}{} {}{}: {}", into.empty() ? "" : "\n\n", to_string(finding.severity),
                        finding.what.code.id, place, text_of(finding));
    if (fails && test.first.empty())
      test.first = fmt::format("{}: {}", finding.what.code.id, safe_text(finding.what.message));
  }
  std::size_t failed = 0;
  std::string body;
  for (const auto& [name, test] : tests) {
    failed += test.failures.empty() ? 0 : 1;
    body += written(name, test);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"candor check\" tests=\"{}\" "
      "failures=\"{}\">\n{}</testsuite>\n",
      tests.size(), failed, body);
}

}  // namespace candor::cli
