/// sql/meta_command.h: psql's meta-commands: where they stand, and what to do instead of them.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace candor::sql {

/// One order for whoever wrote `\name arguments`; `name` is given without the backslash, `arguments` is the
/// rest of the line.
std::string_view instead_of(std::string_view name, std::string_view arguments);

struct MetaCommands {
  std::vector<Error> first;  ///< as for_each_statement would report them (C0306)
  std::size_t count = 0;     ///< of lines that have one
};

/// The lines of `text` that have a meta-command, at most `most` of them with their places. Ends early where
/// something else is not closed. What \copy … from stdin reads is passed over.
MetaCommands meta_commands(std::string_view text, std::string_view file, std::size_t most);

}  // namespace candor::sql
