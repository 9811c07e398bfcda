/// base/suggest.h: what was probably meant by a word that nobody knows.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace candor {

/// The candidate that `word` is most likely a slip of (letters wrong, missing, added or swapped); empty if
/// none is near. The first of equally near ones wins.
std::string closest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace candor
