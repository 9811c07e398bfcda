/// cli/command_line.h: the program's arguments, and what is done to them before anything parses them.
#pragma once

#include <string>
#include <vector>

namespace candor::cli {

struct CommandLine {
  std::vector<std::string> arguments;  ///< without the program's name, up to `--`
  std::vector<std::string> program;    ///< what stands behind `--`: it belongs to the program that is started
  bool has_separator = false;
};

/// Copies the arguments, then overwrites in `argv` the passwords of --url and --shadow-url, so that
/// /proc/PID/cmdline and `ps` do not show them.
CommandLine take_arguments(int argc, char** argv);

}  // namespace candor::cli
