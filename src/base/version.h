/// base/version.h: the version of this program.
#pragma once

#include <string_view>

namespace candor {

/// "0.1.0"
std::string_view tool_version();

}  // namespace candor
