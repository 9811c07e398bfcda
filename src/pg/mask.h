/// pg/mask.h: lines of other people's files, shown without the passwords that may stand in them.
#pragma once

#include <string>
#include <string_view>

namespace candor::pg {

/// `line` with "***" for what stands between "://USER:" and the last '@' behind it, and for all behind
/// "password=": connection strings that cannot be parsed are hidden, too, and rather too much than too
/// little.
std::string mask_passwords(std::string_view line);

}  // namespace candor::pg
