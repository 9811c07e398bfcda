#include "history/formats/formats.h"

#include "history/format.h"

namespace candor::history {

// Of equally sure formats the first one wins.
std::span<const Format* const> all_formats() {
  static constexpr const Format* formats[] = {&native, &updown};
  return formats;
}

}  // namespace candor::history
