#include "cli/check_report.h"

#include <fmt/format.h>

#include "cli/print_error.h"

namespace candor::cli {

std::span<const CheckForm> check_forms() {
  static constexpr CheckForm forms[] = {
      {"sarif", write_sarif}, {"junit", write_junit}, {"github", write_github}};
  return forms;
}

// Migrations are named from their folder; the lock file and the settings from where Candor was started.
std::string file_of(const CheckReport& report, const Finding& finding) {
  const std::filesystem::path& folder = report.history.folder;
  if (!finding.what.where) return folder.lexically_normal().string();
  const std::filesystem::path file = finding.what.where->file;
  std::error_code failure;
  const bool is_below = std::filesystem::exists(folder / file, failure);
  return (is_below ? folder / file : file).lexically_normal().string();
}

std::string text_of(const Finding& finding) {
  std::string text = safe_text(finding.what.message);
  if (!finding.what.detail.empty()) text += fmt::format("\n{}", safe_text(finding.what.detail));
  if (!finding.what.hint.empty()) text += fmt::format("\nhint: {}", safe_text(finding.what.hint));
  return text;
}

}  // namespace candor::cli
