#include "base/text.h"

#include <mutex>
#include <string_view>
#include <unordered_set>

namespace candor {

namespace {

/// Lets the pool be asked for a string_view without building a string first.
struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

struct Pool {
  std::mutex mutex;
  std::unordered_set<std::string, Hash, std::equal_to<>> strings;  // node-based: addresses stay
};

Pool& pool() {
  static Pool* const the_pool = new Pool;  // never destroyed: Texts in static objects outlive main
  return *the_pool;
}

}  // namespace

const std::string Text::empty_;

const std::string* Text::intern(std::string_view text) {
  Pool& p = pool();
  const std::lock_guard lock(p.mutex);
  auto found = p.strings.find(text);
  if (found == p.strings.end()) found = p.strings.emplace(text).first;
  return &*found;
}

}  // namespace candor
