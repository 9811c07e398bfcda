#include "base/suggest.h"

#include <algorithm>
#include <vector>

namespace candor {
namespace {

/// Edit distance in which two neighbours swapped are one edit.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return lowered;
}

}  // namespace

std::string closest(std::string_view word, std::span<const std::string_view> candidates) {
  constexpr std::size_t longest = 100;  // nobody means an option by more than that
  if (word.empty() || word.size() > longest) return {};
  std::string_view best;
  std::size_t nearest = std::max<std::size_t>(word.size() / 3, 1) + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t edits = distance(lower(word), lower(candidate));
    if (edits >= nearest || edits >= candidate.size()) continue;
    nearest = edits;
    best = candidate;
  }
  return std::string(best);
}

}  // namespace candor
