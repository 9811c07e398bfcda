#include "cli/write_migration.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <system_error>

#include "base/file.h"
#include "cli/new_files.h"
#include "cli/next_version.h"
#include "engine/replay.h"
#include "history/lock_file.h"

namespace candor::cli {

namespace {

namespace fs = std::filesystem;

}  // namespace

Result<fs::path> write_migration(const engine::Project& project, const std::string& name,
                                 const std::string& sql) {
  const std::string stem = file_name_of(name);
  if (stem.empty())
    return fail(codes::usage, fmt::format("\"{}\" holds no letter or digit", printable(name)),
                "name what the migration does: add_sessions");
  const std::string now = fmt::format("{:%Y%m%d%H%M%S}", fmt::gmtime(std::time(nullptr)));
  const auto files = new_files(project.history, next_version(project.history, now) + "_" + stem, sql, "");
  if (!files) return std::unexpected(files.error());
  const NewFile& file = files->front();
  const fs::path& path = file.path;
  std::error_code failure;
  if (fs::exists(fs::symlink_status(path, failure)))
    return fail(codes::already_exists, fmt::format("{} exists already", printable(path.string())),
                "run the command again");
  fs::create_directories(path.parent_path(), failure);  // what goes wrong is told by the write
  if (auto written = write_file_atomically(path, file.text); !written) return pass(written);
  return path;
}

Result<> update_lock(Context& context, std::optional<int> server) {
  auto project = context.project();
  if (!project) return pass(project);
  if (server && !project->lock) project->lock.emplace().server = *server;
  context.out.progress("starting the shadow");
  auto replayed = engine::replay(*project, {});
  if (!replayed) return pass(replayed);
  context.report(replayed->findings);
  const std::string bytes = history::serialise(replayed->lock);
  if (auto written = write_file_atomically(project->lock_path, bytes); !written) return pass(written);
  context.out.line(fmt::format("wrote {}", printable(project->lock_path.string())));
  return {};
}

Result<> lock_or_take_back(Context& context, const std::filesystem::path& written) {
  auto locked = update_lock(context);
  if (locked) return {};
  std::error_code failure;
  if (!std::filesystem::remove(written, failure))
    locked.error().hint += fmt::format("; {} was written, and could not be removed", written.string());
  return locked;
}

}  // namespace candor::cli
