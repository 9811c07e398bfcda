/// cli/check_report.h: what `candor check` found, in the forms that other programs read. Each form is one
/// file (check_NAME.cpp) and one row in check_report.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "history/migration.h"

namespace candor::cli {

struct CheckReport {
  const history::History& history;
  const std::vector<Finding>& findings;
  bool strict = false;  ///< warnings count as failures
};

struct CheckForm {
  std::string_view name;
  std::string (*write)(const CheckReport& report);  ///< with its last newline
};

std::string write_sarif(const CheckReport& report);   ///< SARIF 2.1.0
std::string write_junit(const CheckReport& report);   ///< JUnit's XML: a test case for each migration
std::string write_github(const CheckReport& report);  ///< workflow commands of GitHub Actions

std::span<const CheckForm> check_forms();

/// The file of a finding as seen from the current folder ("migrations/1_a.sql"), the migrations folder where
/// the finding names no file.
std::string file_of(const CheckReport& report, const Finding& finding);
/// What happened, the evidence and what to do, in as many lines.
std::string text_of(const Finding& finding);

}  // namespace candor::cli
