/// base/text.h: Text, an interned immutable string: one pointer wide, compared by pointer.
///
/// A catalog of 10,000 tables holds a quarter of a million objects whose names and attributes repeat
/// endlessly; two such catalogs are compared at every start. Interning makes a value 8 bytes and equality one
/// comparison. The pool is process-wide and is never emptied: it holds each distinct string once, and the
/// number of distinct strings in schemas is small. Thread-safe.
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace candor {

class Text {
 public:
  Text() noexcept : string_(&empty_) {}
  /// Looks `text` up in the pool, adding it on first sight.
  explicit Text(std::string_view text) : string_(text.empty() ? &empty_ : intern(text)) {}

  [[nodiscard]] std::string_view view() const noexcept { return *string_; }
  [[nodiscard]] const std::string& str() const noexcept { return *string_; }
  [[nodiscard]] bool empty() const noexcept { return string_ == &empty_; }

  /// Same string, by pointer.
  friend bool operator==(Text a, Text b) noexcept { return a.string_ == b.string_; }
  friend bool operator==(Text a, std::string_view b) noexcept { return a.view() == b; }
  /// Bytewise order (the C collation), whatever the locale.
  friend std::strong_ordering operator<=>(Text a, Text b) noexcept {
    return a.string_ == b.string_ ? std::strong_ordering::equal : a.view() <=> b.view();
  }

  /// A hash of the identity; stable within one run only.
  [[nodiscard]] std::size_t hash() const noexcept { return std::hash<const void*>{}(string_); }

 private:
  static const std::string* intern(std::string_view text);
  static const std::string empty_;
  const std::string* string_;
};

}  // namespace candor

template <>
struct std::hash<candor::Text> {
  std::size_t operator()(candor::Text text) const noexcept { return text.hash(); }
};
