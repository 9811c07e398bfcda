#include "history/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>
#include <string_view>

namespace candor::history {
namespace {

constexpr long largest_number = 9'999'999;  // above this a version is a date or a time, not a running number
constexpr long widest_gap = 99;             // numbers; behind more of them a block begins, 2000 after 1002

void report(History& history, Severity severity, const Code& code, std::string message, std::string hint) {
  history.findings.push_back(
      {severity, Error{.code = code, .message = std::move(message), .hint = std::move(hint)}});
}

/// A running number, behind what stands before it: "1_11" is number 11 of "1_". Number -1: it is none.
struct Place {
  std::string_view series;
  long number = -1;
};

Place place_of(const Version& version) {
  const std::string_view text = version.text();
  const std::size_t separator = text.find_last_of("._-");
  const std::size_t at = separator == std::string_view::npos ? 0 : separator + 1;
  Place place{.series = text.substr(0, at)};
  long number = 0;
  const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number <= largest_number)
    place.number = number;
  return place;
}

/// Whether the last of several groups counts in this history: 1.9, 1.10, 1.12 do, the releases 2.5.2, 2.5.4
/// and 4.99 do not.
bool counts_in_groups(const History& history) {
  std::ptrdiff_t groups = 0;
  for (const Migration& migration : history.migrations) {
    const auto more = std::ranges::count_if(migration.version.text(), [](char c) {
      return std::string_view("._-").find(c) != std::string_view::npos;
    });
    if (more == 0) continue;
    if (groups != 0 && more != groups) return false;
    groups = more;
  }
  return true;
}

/// Fourteen digits that begin with a year of ours, and name no moment.
bool is_no_time(const Version& version) {
  const std::string& text = version.text();
  if (text.size() != 14 || text.find_first_not_of("0123456789") != std::string::npos) return false;
  const auto part = [&](std::size_t at, std::size_t size) { return std::stoi(text.substr(at, size)); };
  if (part(0, 4) < 1990 || part(0, 4) > 2099) return false;
  const std::chrono::year_month_day day(std::chrono::year(part(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(part(4, 2))),
                                        std::chrono::day(static_cast<unsigned>(part(6, 2))));
  return !day.ok() || part(8, 2) > 23 || part(10, 2) > 59 || part(12, 2) > 59;
}

struct Gap {
  const Migration* before;
  const Migration* after;
  long first, last;  ///< the numbers that are missing
};

/// The gaps, unless the numbers are not meant to be consecutive (10, 20, 30, or mostly leaps).
std::vector<Gap> find_gaps(const History& history) {
  std::vector<Gap> gaps;
  std::size_t neighbours = 0;
  long smallest = std::numeric_limits<long>::max(), largest = 0;
  const bool in_groups = counts_in_groups(history);
  for (std::size_t i = 1; i < history.migrations.size(); ++i) {
    const Migration &before = history.migrations[i - 1], &after = history.migrations[i];
    const Place here = place_of(before.version), there = place_of(after.version);
    const long from = here.number, to = there.number;
    if (from < 0 || to < 0 || from == to || here.series != there.series) continue;
    if ((!in_groups && !here.series.empty()) || to - from - 1 > widest_gap) continue;
    if (to - from == 1)
      ++neighbours;
    else
      gaps.push_back({&before, &after, from + 1, to - 1});
    smallest = std::min(smallest, to - from);
    largest = std::max(largest, to - from);
  }
  const bool goes_in_leaps = smallest >= 5 && smallest == largest;
  if (goes_in_leaps || gaps.size() > neighbours + 1) gaps.clear();
  return gaps;
}

}  // namespace

void check_times(const History& history, std::vector<Finding>& findings) {
  for (const Migration& migration : history.migrations)
    if (is_no_time(migration.version))
      findings.push_back(
          {Severity::notice,
           Error{.code = codes::no_such_time,
                 .message = fmt::format("the version of {} is no moment that ever was", migration.file),
                 .hint = "leave it, if it was applied; let `candor new` name the next one"}});
}

void check_series(History& history) {
  // What keeps a tool's own list from being read has been told: the folder is not empty for all that.
  const bool told = has_error(history.findings);
  if (history.migrations.empty() && !told)
    report(history, Severity::error, codes::history_empty,
           fmt::format("{} holds no migration", printable(history.folder.string())),
           "write the first one with candor new NAME, or name the right folder with --dir");
  for (std::size_t i = 1; i < history.migrations.size(); ++i) {
    const Migration &one = history.migrations[i - 1], &other = history.migrations[i];
    if (one.version == other.version)
      report(history, Severity::error, codes::duplicate_version,
             fmt::format("{} and {} have the same version", one.file, other.file),
             "give the one that was applied nowhere a new version");
  }
  for (const Gap& gap : find_gaps(history)) {
    const std::string missing = gap.first == gap.last
                                    ? fmt::format("number {} is", gap.first)
                                    : fmt::format("numbers {} to {} are", gap.first, gap.last);
    report(history, Severity::warning, codes::version_gap,
           fmt::format("{} missing between {} and {}", missing, gap.before->file, gap.after->file),
           "find out whether a migration was lost, for instance in a merge");
  }
}

}  // namespace candor::history
