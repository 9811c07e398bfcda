/// candor verify: the comparison alone.
#include "engine/verify.h"

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/print_verification.h"

namespace candor::cli {

namespace {

Result<int> verify(Context& context) {
  auto project = context.project();
  if (!project) return pass(project);
  auto connection = context.connect(project->settings);
  if (!connection) return pass(connection);
  context.fields["target"] = connection->target();
  const auto verification = engine::verify(*project, *connection);
  if (!verification) return std::unexpected(verification.error());
  print_verification(context, *verification);
  return exit_code_of(*verification, project->settings);
}

Runner add_options(CLI::App&) {
  return verify;
}

}  // namespace

constinit const Command verify_command{
    .name = "verify",
    .help = "compare the database with what its migrations produce",
    .details =
        "Example:\n"
        "  candor verify\n"
        "  true: 412 objects are what 29 migrations produce\n\n"
        "Exit 0 true, 1 differs or unproven. Writes nothing.",
    .add_options = add_options,
};

}  // namespace candor::cli
