/// base/quoted.h: JSON strings and words, as identities, fingerprints and the lock file print them.
///
/// Both ways are exact: what is taken must be spelled as it would be printed, so that a text has one
/// spelling.
#pragma once

#include <string>
#include <string_view>

namespace candor {

/// Appends `text` as a JSON string. Escaped are quotes, backslashes, and whatever breaks a line or is
/// invisible (control characters, line separators, zero-width and bidirectional marks); the rest stays UTF-8.
void append_quoted(std::string& out, std::string_view text);

/// True if `text` is printed without quotes as a word: one or more of [A-Za-z0-9_.()[],:/+*-].
bool is_bare(std::string_view text);
/// Appends `text` bare where it can be, else quoted.
void append_word(std::string& out, std::string_view text);

/// Takes a JSON string from the front of `text`. `value` points into `text` or into `scratch`. False (and
/// `text` is unchanged) if there is none or append_quoted would have spelled it otherwise.
bool take_quoted(std::string_view& text, std::string& scratch, std::string_view& value);
/// Takes a word likewise: quoted, or the longest bare run. A word that ends in '-' before '>' leaves the
/// "->".
bool take_word(std::string_view& text, std::string& scratch, std::string_view& value);

}  // namespace candor
