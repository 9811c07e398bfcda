/// SARIF 2.1.0, as code scanning reads it: a rule for each code, a result for each finding.
#include <algorithm>
#include <vector>

#include "base/version.h"
#include "cli/check_report.h"
#include "cli/json.h"

namespace candor::cli {
namespace {

std::string_view level_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::notice:
      break;
  }
  return "note";
}

/// A path as a relative reference of RFC 3986.
std::string uri_of(std::string_view path) {
  constexpr std::string_view digits = "0123456789ABCDEF", plain = "-._~/@+,=!";
  std::string uri;
  for (const char c : path) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          plain.find(c) != std::string_view::npos;
    if (is_plain) {
      uri += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    uri += '%';
    uri += digits[byte >> 4U];
    uri += digits[byte & 15U];
  }
  return uri;
}

Json rule_of(const Code& code) {
  return {{"id", code.id}, {"shortDescription", {{"text", code.title}}}};
}

Json result_of(const CheckReport& report, const Finding& finding, std::size_t rule) {
  Json place = {{"artifactLocation", {{"uri", uri_of(file_of(report, finding))}}}};
  if (const auto& where = finding.what.where; where && where->line > 0) {
    place["region"]["startLine"] = where->line;
    if (where->column > 0) place["region"]["startColumn"] = where->column;
  }
  return {{"ruleId", finding.what.code.id},
          {"ruleIndex", rule},
          {"level", level_of(finding.severity)},
          {"message", {{"text", text_of(finding)}}},
          {"locations", Json::array({{{"physicalLocation", place}}})}};
}

}  // namespace

std::string write_sarif(const CheckReport& report) {
  std::vector<std::string_view> ids;
  Json rules = Json::array(), results = Json::array();
  for (const Finding& finding : report.findings) {
    const auto known = std::ranges::find(ids, finding.what.code.id);
    const auto rule = static_cast<std::size_t>(known - ids.begin());
    if (known == ids.end()) {
      ids.push_back(finding.what.code.id);
      rules.push_back(rule_of(finding.what.code));
    }
    results.push_back(result_of(report, finding, rule));
  }
  const Json driver = {{"name", "candor"}, {"version", tool_version()}, {"rules", rules}};
  const Json run = {
      {"tool", {{"driver", driver}}}, {"columnKind", "unicodeCodePoints"}, {"results", results}};
  const Json document = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                         {"version", "2.1.0"},
                         {"runs", Json::array({run})}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace candor::cli
