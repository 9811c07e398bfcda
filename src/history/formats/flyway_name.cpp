#include "history/formats/flyway_name.h"

#include <algorithm>

#include "sql/lexer.h"

namespace candor::history {
namespace {

bool is_callback(std::string_view stem) {
  constexpr std::string_view events[] = {"Migrate",     "EachMigrate", "EachMigrateStatement",
                                         "Repeatables", "Versioned",   "Undo",
                                         "EachUndo",    "Clean",       "Info",
                                         "Validate",    "Baseline",    "Repair",
                                         "Connect",     "CreateSchema"};
  const std::string_view event = stem.substr(0, stem.find("__"));
  for (const std::string_view when : {"before", "after"}) {
    if (!event.starts_with(when)) continue;
    std::string_view rest = event.substr(when.size());
    for (const std::string_view outcome : {"Error", "OperationFinish", "Applied"})
      if (rest.ends_with(outcome)) rest.remove_suffix(outcome.size());
    if (std::ranges::find(events, rest) != std::end(events)) return true;
  }
  return event == "createSchema";
}

/// Digits joined by single '.' or '_'; '_' as '.'.
std::optional<std::string> dotted(std::string_view version) {
  std::string text(version);
  std::ranges::replace(text, '_', '.');
  const bool sound = !text.empty() && text.find_first_not_of("0123456789.") == std::string::npos &&
                     text.front() != '.' && text.back() != '.' && text.find("..") == std::string::npos;
  return sound ? std::optional(text) : std::nullopt;
}

}  // namespace

std::optional<FlywayName> read_flyway_name(std::string_view file) {
  constexpr std::string_view ending = ".sql";
  if (file.size() <= ending.size() || !sql::is_word(file.substr(file.size() - ending.size()), ending))
    return std::nullopt;
  const std::string_view stem = file.substr(0, file.size() - ending.size());
  if (is_callback(stem)) return FlywayName{.kind = 'C', .what = "a callback"};
  const char kind = stem.front();
  if (std::string_view("VURB").find(kind) == std::string_view::npos) return std::nullopt;
  const std::size_t separator = std::min(stem.find("__"), stem.size());
  const std::size_t behind = std::min(separator + 2, stem.size());
  FlywayName name{.kind = kind, .description = std::string(stem.substr(behind)), .what = "a baseline"};
  const std::string_view version = stem.substr(1, separator - 1);
  if (kind == 'R') return version.empty() && separator < stem.size() ? std::optional(name) : std::nullopt;
  const auto read = dotted(version);
  if (!read) return std::nullopt;
  name.version = *read;
  return name;
}

}  // namespace candor::history
