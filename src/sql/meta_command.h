/// sql/meta_command.h: what to do instead of a psql meta-command.
#pragma once

#include <string_view>

namespace candor::sql {

/// One order for whoever wrote `\name`; `name` is given without the backslash.
std::string_view instead_of(std::string_view name);

}  // namespace candor::sql
