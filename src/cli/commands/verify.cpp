/// candor verify: the comparison alone.
#include "engine/verify.h"

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/option_set.h"
#include "cli/print_verification.h"

namespace candor::cli {

namespace {

Result<int> verify(Context& context) {
  const auto settings = context.settings_with_folder();
  if (!settings) return std::unexpected(settings.error());
  auto connection = context.connect(*settings);
  if (!connection) return pass(connection);
  context.fields["target"] = connection->target();
  const auto verified = engine::open_and_verify(*settings, *connection);
  if (!verified) return std::unexpected(verified.error());
  print_verification(context, verified->verification);
  return exit_code_of(verified->verification, *settings);
}

Runner add_options(OptionSet&) {
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
