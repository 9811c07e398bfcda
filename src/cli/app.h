/// cli/app.h: the `candor` program: its command line, the command that it names, and what the process exits
/// with.
#pragma once

namespace candor::cli {

/// Parses the command line, runs the command and prints what it has to say. Returns the process's exit code.
/// Passwords in `argv` are overwritten in place, so that a list of processes does not show them.
int run(int argc, char** argv);

}  // namespace candor::cli
