#include "cli/print_verification.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "cli/format.h"
#include "cli/print_difference.h"

namespace candor::cli {

namespace {

using catalog::Verdict;

/// Objects that are there although the migration that makes them is pending.
std::size_t ahead_in(const catalog::Comparison& comparison) {
  return static_cast<std::size_t>(
      std::ranges::count_if(comparison.notices, [](const auto& notice) { return notice.attribute.empty(); }));
}

std::string true_line(const engine::Verification& verification) {
  const catalog::Comparison& comparison = verification.comparison;
  const std::size_t ahead = ahead_in(comparison);
  const std::size_t objects = comparison.objects - std::min(ahead, comparison.objects);
  std::string line = fmt::format("true: {} {} what {} {}", counted(objects, "object"),
                                 objects == 1 ? "is" : "are", counted(verification.applied, "migration"),
                                 verification.applied == 1 ? "produces" : "produce");
  if (comparison.varying > 0)
    line += fmt::format("; {} {} as declared", counted(comparison.varying, "object"),
                        comparison.varying == 1 ? "varies" : "vary");
  if (ahead > 0) line += fmt::format("; {} of pending migrations already there", counted(ahead, "object"));
  return line;
}

Style style_of(Verdict verdict) {
  return verdict == Verdict::is_true   ? Style::good
         : verdict == Verdict::differs ? Style::bad
                                       : Style::doubtful;
}

void print_differences(Context& context, const std::vector<catalog::Difference>& differences) {
  for (const catalog::Difference& difference : differences)
    context.out.line(format_difference(difference, context.paint()));
}

std::string_view why_not_compared(const engine::Verification& verification) {
  return verification.lock_major == 0 ? "there is no candor.lock"
                                      : "candor.lock does not know what the ledger records";
}

}  // namespace

std::string verdict_line(const engine::Verification& verification) {
  const catalog::Comparison& comparison = verification.comparison;
  const std::string objects = counted(comparison.objects, "object");
  switch (verification.verdict) {
    case Verdict::is_true:
      return true_line(verification);
    case Verdict::differs:
      return fmt::format("differs: {} in {}", counted(comparison.differences.size(), "difference"), objects);
    case Verdict::unproven:
      break;
  }
  if (!verification.compared)
    return fmt::format("unproven: nothing was compared: {}", why_not_compared(verification));
  if (comparison.unproven.empty())
    return fmt::format("unproven: {} compared, but not everything was", objects);
  return fmt::format("unproven: {} in {} could not be compared", counted(comparison.unproven.size(), "text"),
                     objects);
}

std::string comparison_line(const engine::Verification& verification) {
  if (!verification.compared) return fmt::format("compared nothing: {}", why_not_compared(verification));
  const std::string at = verification.version
                             ? fmt::format("at version {}", printable(verification.version->text()))
                             : std::string("before its first migration");
  return fmt::format("compared {} with candor.lock {} in {}",
                     counted(verification.comparison.objects, "object"), at,
                     duration(verification.milliseconds));
}

void print_verification(Context& context, const engine::Verification& verification) {
  context.fields["verification"] = to_json(verification);
  context.report(verification.findings);
  print_differences(context, verification.comparison.differences);
  print_differences(context, verification.comparison.unproven);
  print_differences(context, verification.comparison.notices);
  const std::string line = verdict_line(verification);
  const std::string_view verdict = to_string(verification.verdict);
  context.out.line(context.out.paint(style_of(verification.verdict), verdict) + line.substr(verdict.size()));
}

int exit_code_of(const engine::Verification& verification, const engine::Settings& settings) {
  const bool error = has_error(verification.findings);
  const bool good = verification.verdict == Verdict::is_true ||
                    (verification.verdict == Verdict::unproven && settings.accept_unproven);
  return good && !error ? 0 : 1;
}

}  // namespace candor::cli
