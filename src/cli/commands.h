/// cli/commands.h: the commands; each is defined in its own file in commands/.
#pragma once

#include "cli/command.h"

namespace candor::cli {

extern const Command init_command;
extern const Command new_command;
extern const Command lock_command;
extern const Command check_command;
extern const Command status_command;
extern const Command up_command;
extern const Command verify_command;
extern const Command diagnose_command;
extern const Command baseline_command;
extern const Command adopt_command;
extern const Command repair_command;
extern const Command down_command;
extern const Command diff_command;
extern const Command capture_command;
extern const Command exec_command;
extern const Command with_server_command;
extern const Command explain_command;
extern const Command completions_command;

}  // namespace candor::cli
