/// candor new: an empty migration, named so that it sorts behind all others.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <filesystem>
#include <memory>
#include <system_error>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/new_files.h"
#include "cli/next_version.h"
#include "cli/option_set.h"

namespace candor::cli {

namespace {

namespace fs = std::filesystem;

Result<> write_new(const NewFile& file) {
  std::error_code failure;
  if (fs::exists(fs::symlink_status(file.path, failure)))
    return fail(codes::already_exists, fmt::format("{} exists already", printable(file.path.string())),
                "run `candor new` again");
  fs::create_directories(file.path.parent_path(), failure);  // what goes wrong is told by the write
  return write_file_atomically(file.path, file.text);
}

Result<int> create(Context& context, const std::string& name) {
  const std::string stem = file_name_of(name);
  if (stem.empty())
    return fail(codes::usage, fmt::format("\"{}\" holds no letter or digit", printable(name)),
                "name what the migration does: candor new add_sessions");
  auto settings = context.settings_with_folder();
  if (!settings) return pass(settings);
  auto history = history::read_history(settings->dir, engine::folder_options(*settings));
  if (!history) return pass(history);

  const std::string now = fmt::format("{:%Y%m%d%H%M%S}", fmt::gmtime(std::time(nullptr)));
  const std::string version = next_version(*history, now);
  context.fields["version"] = version;
  context.fields["files"] = Json::array();
  const auto files = new_files(*history, version + "_" + stem, fmt::format("-- {}\n\n", stem),
                               fmt::format("-- undoes {}\n\n", stem));
  if (!files) return std::unexpected(files.error());
  for (const NewFile& file : *files) {
    if (auto written = write_new(file); !written) return pass(written);
    context.fields["files"].push_back(file.path.string());
    context.out.raw(printable(file.path.string()) + "\n");
  }
  return 0;
}

Runner add_options(OptionSet& set) {
  auto name = std::make_shared<std::string>();
  set.value("NAME", *name, "", "what the migration does: add_sessions").required();
  return [name](Context& context) { return create(context, *name); };
}

}  // namespace

constinit const Command new_command{
    .name = "new",
    .help = "create an empty migration and print its path",
    .details =
        "Example:\n"
        "  candor new add_sessions\n"
        "  migrations/20260114093000_add_sessions.sql",
    .add_options = add_options,
};

}  // namespace candor::cli
