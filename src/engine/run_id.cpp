#include "engine/run_id.h"

#include <fmt/format.h>

#include <random>

namespace candor::engine {

std::string random_uuid() {
  std::random_device device;
  const auto word = [&] { return device(); };
  const unsigned a = word(), b = word(), c = word(), d = word();
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:04x}{:08x}", a, b >> 16, b & 0xfff,
                     (c >> 16 & 0x3fff) | 0x8000, c & 0xffff, d);
}

}  // namespace candor::engine
