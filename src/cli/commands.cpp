#include "cli/commands.h"

#include "cli/command.h"

namespace candor::cli {

namespace {

const Command commands[] = {
    init_command,        new_command,     lock_command,        check_command,    status_command,
    up_command,          verify_command,  diagnose_command,    baseline_command, adopt_command,
    repair_command,      down_command,    diff_command,        capture_command,  exec_command,
    with_server_command, explain_command, completions_command,
};

}  // namespace

std::span<const Command> all_commands() {
  return commands;
}

}  // namespace candor::cli
