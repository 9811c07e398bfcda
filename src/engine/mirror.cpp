#include "engine/mirror.h"

#include <fmt/format.h>

#include "base/file.h"

namespace candor::engine {

Result<std::optional<ForeignHistory>> open_mirror(const Project& project, pg::Connection& connection) {
  if (!project.settings.adopt.mirror) return std::nullopt;
  const std::string named = printable(project.settings.adopt.table);
  if (named.empty())
    return fail(codes::mirror_broken, "[adopt] mirror is set, and no table is named",
                "run `candor adopt --mirror`, or remove the setting");
  auto histories = read_foreign_histories(project, connection);
  if (!histories) return pass(histories);
  if (!histories->chosen)
    return fail(codes::mirror_broken, fmt::format("there is no {} to be mirrored", named),
                "bring the table back, or set mirror = false under [adopt] in candor.toml");
  ForeignHistory& mine = histories->all[*histories->chosen];
  if (mine.unreadable) {
    Error error = *mine.unreadable;
    error.code = codes::mirror_broken;
    return std::unexpected(std::move(error));
  }
  if (!history::can_mark(mine.ledger))
    return fail(codes::mirror_unsupported,
                fmt::format("the rows of {} in {} cannot be written by Candor",
                            history::title_of(mine.ledger), named),
                "set mirror = false under [adopt] in candor.toml");
  return std::optional<ForeignHistory>(std::move(mine));
}

}  // namespace candor::engine
