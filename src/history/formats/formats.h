/// history/formats/formats.h: the formats, one file each. A new one is declared here and listed in
/// formats.cpp.
#pragma once

#include "history/format.h"

namespace candor::history {

extern const Format native;
extern const Format updown;

}  // namespace candor::history
