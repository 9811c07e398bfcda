/// fuzz/mutate.h: inputs that nobody would write: seeds, damaged in random ways.
///
/// CANDOR_FUZZ_RUNS (default 20000) says how many inputs each test tries, CANDOR_FUZZ_SEED where the random
/// numbers start; a failure names its seed, so that it can be played again.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace candor::fuzz {

class Mutator {
 public:
  /// `words`: pieces of the language that is being damaged.
  Mutator(std::vector<std::string> seeds, std::vector<std::string> words, std::uint64_t seed)
      : seeds_(std::move(seeds)), words_(std::move(words)), random_(seed) {}

  std::string next() {
    std::string text = pick(seeds_);
    for (auto left = below(8); left > 0; --left) damage(text);
    return text;
  }

  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
  }
  /// Up to `length` characters, as names have them in a UTF-8 database: any but NUL.
  std::string characters(std::size_t length) {
    std::string text;
    for (auto left = below(length + 1); left > 0; --left) {
      const std::size_t kind = below(8);
      if (kind == 0)
        text += pick(wide_);
      else
        text += static_cast<char>(below(127) + 1);
    }
    return text;
  }
  /// Up to `length` bytes of any value but NUL.
  std::string bytes(std::size_t length) {
    std::string text(below(length + 1), '\0');
    for (char& c : text) c = static_cast<char>(below(255) + 1);
    return text;
  }

 private:
  const std::string& pick(const std::vector<std::string>& list) { return list[below(list.size())]; }

  void damage(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t length = std::min(below(40), text.size() - at);
    switch (below(6)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, text.substr(at, length));
        break;
      case 2:
        text.insert(at, pick(words_));
        break;
      case 3:
        if (at < text.size()) text[at] = static_cast<char>(below(256));
        break;
      case 4: {
        const std::string& other = pick(seeds_);
        const std::size_t from = below(other.size() + 1);
        text.insert(at, other.substr(from, below(60)));
        break;
      }
      default:
        text.resize(at);
    }
  }

  std::vector<std::string> seeds_, words_;
  std::vector<std::string> wide_{"é", "ß", "Ж", "表", "🐘", "\xC2\x85", "\xE2\x80\xAE", "\xEF\xBB\xBF"};
  std::mt19937_64 random_;
};

inline std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// Calls `each` with as many mutations as asked for; stops when it says false.
inline void try_many(const std::vector<std::string>& seeds, const std::vector<std::string>& words,
                     const std::function<bool(const std::string& input, std::uint64_t seed)>& each) {
  const std::uint64_t runs = number_from("CANDOR_FUZZ_RUNS", 20000);
  const std::uint64_t first = number_from("CANDOR_FUZZ_SEED", 1);
  for (std::uint64_t seed = first; seed < first + runs; ++seed)
    if (!each(Mutator(seeds, words, seed).next(), seed)) return;
}

}  // namespace candor::fuzz
