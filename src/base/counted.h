/// base/counted.h: how many there are of something, in words.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace candor {

/// "1 table", "3 tables", "2 indexes", "0 policies".
std::string counted(std::size_t count, std::string_view noun);

}  // namespace candor
