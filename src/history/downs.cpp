#include "history/downs.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/counted.h"
#include "base/file.h"

namespace candor::history {
namespace {

constexpr std::size_t most_listed = 20;

/// Files in the order of the history; one of several migrations is named once.
std::string list_of(std::vector<std::string> files) {
  const auto repeated = std::ranges::unique(files);
  files.erase(repeated.begin(), repeated.end());
  std::string list;
  for (std::size_t i = 0; i < files.size() && i < most_listed; ++i)
    list += fmt::format("{}{}", i > 0 ? ", " : "", printable(files[i]));
  if (files.size() > most_listed) list += fmt::format(" and {} more", files.size() - most_listed);
  return list;
}

void notice(const Code& code, std::string message, std::string hint, std::vector<Finding>& findings) {
  findings.push_back(
      {Severity::notice, Error{.code = code, .message = std::move(message), .hint = std::move(hint)}});
}

}  // namespace

void check_downs(const History& history, const std::vector<Emptiness>& empty,
                 std::vector<Finding>& findings) {
  std::size_t sections = 0;  // below the migration, in the same file
  std::vector<std::string> bare, lacking;
  for (std::size_t i = 0; i < history.migrations.size(); ++i) {
    const Migration& migration = history.migrations[i];
    sections += migration.down == migration.path ? 1 : 0;
    if (empty[i].up) continue;
    if (!migration.down)
      lacking.push_back(migration.file);
    else if (empty[i].down)
      bare.push_back(inverse_of(migration).file);
  }
  const std::size_t all = history.migrations.size(), without = lacking.size();
  const std::string_view kind = sections > 0 ? "section" : "file";
  if (!bare.empty())
    notice(codes::empty_migration,
           fmt::format("{} {} no statement: {}", counted(bare.size(), fmt::format("down {}", kind)),
                       bare.size() == 1 ? "holds" : "hold", list_of(bare)),
           "write what takes the migration back", findings);
  const bool told = std::ranges::any_of(
      findings, [](const Finding& finding) { return finding.what.code.id == codes::no_way_back.id; });
  if (without == 0 || without * 2 >= all || told) return;
  notice(codes::no_way_back,
         fmt::format("{} of {} {} no down {}: {}", without, counted(all, "migration"),
                     without == 1 ? "has" : "have", kind, list_of(lacking)),
         "write one, unless the way back that `candor down` plans will do", findings);
}

}  // namespace candor::history
