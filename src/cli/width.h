/// cli/width.h: how wide text is on a terminal: tabs, wide and combining characters.
#pragma once

#include <string>
#include <string_view>

namespace candor::cli {

/// A source line as it is shown, and the blanks that put a caret under its `column`-th character (from 1).
/// Control characters are shown as \xNN; tabs stay tabs in both, so that they line up whatever the terminal's
/// stops are.
struct MarkedLine {
  std::string text;
  std::string indent;
};
MarkedLine mark_column(std::string_view line, int column);

/// Columns that `text` takes on a terminal. REQUIRES: no tabs.
std::size_t display_width(std::string_view text);
/// The front of `text` that fits into `columns`, never a part of a character.
std::string_view cut_to_width(std::string_view text, std::size_t columns);

}  // namespace candor::cli
