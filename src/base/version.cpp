#include "base/version.h"

namespace candor {

std::string_view tool_version() {
  return CANDOR_VERSION;
}

}  // namespace candor
