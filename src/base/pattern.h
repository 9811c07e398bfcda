/// base/pattern.h: the patterns of settings and directives ("public.v1_dag_*").
#pragma once

#include <string_view>

namespace candor {

/// True if the whole of `text` fits `pattern`, in which '*' stands for any run of bytes, also an empty one.
/// Every other byte stands for itself.
bool matches(std::string_view pattern, std::string_view text);

}  // namespace candor
