/// cli/command.h: a command of the program: one file in commands/ and one row in commands.cpp.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "base/error.h"

namespace candor::cli {

class Context;
class OptionSet;

/// Runs a command whose options have been parsed; what it returns is the process's exit code.
using Runner = std::function<Result<int>(Context&)>;

struct Command {
  std::string_view name;
  std::string_view help;              ///< one line, as in the list of commands
  std::string_view details;           ///< what follows the options in --help: an example at least
  Runner (*add_options)(OptionSet&);  ///< declares the command's options and arguments
  enum class Program { none, required } program = Program::none;  ///< whether `-- CMD ARGS…` belongs to it
};

/// All commands, in the order in which --help lists them.
std::span<const Command> all_commands();

inline int code_of(Exit exit) {
  return static_cast<int>(exit);
}

}  // namespace candor::cli
