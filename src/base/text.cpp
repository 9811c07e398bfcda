#include "base/text.h"

#include <deque>
#include <mutex>
#include <string_view>
#include <vector>

namespace candor {

namespace {

/// The pool: an open-addressing table (linear probing, at most half full) of pointers into a deque, whose
/// elements never move. A hit costs one hash, one probe and one comparison.
class Pool {
 public:
  const std::string* intern(std::string_view text) {
    const std::size_t hash = std::hash<std::string_view>{}(text);
    const std::lock_guard lock(mutex_);
    std::size_t at = hash & (slots_.size() - 1);
    for (; slots_[at].string != nullptr; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].hash == hash && *slots_[at].string == text) return slots_[at].string;
    }
    const std::string* added = &strings_.emplace_back(text);
    slots_[at] = {hash, added};
    if (2 * strings_.size() > slots_.size()) grow();
    return added;
  }

 private:
  struct Slot {
    std::size_t hash = 0;
    const std::string* string = nullptr;
  };

  void grow() {
    std::vector<Slot> old(2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.string == nullptr) continue;
      std::size_t at = slot.hash & (slots_.size() - 1);
      while (slots_[at].string != nullptr) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = slot;
    }
  }

  std::mutex mutex_;
  std::deque<std::string> strings_;
  std::vector<Slot> slots_{4096};  // a power of two
};

Pool& pool() {
  static Pool* const the_pool = new Pool;  // never destroyed: Texts in static objects outlive main
  return *the_pool;
}

}  // namespace

constinit const std::string Text::empty_;  // ready before any static Text is built

const std::string* Text::intern(std::string_view text) {
  return pool().intern(text);
}

}  // namespace candor
