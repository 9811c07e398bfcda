/// cli/print_error.h: errors and findings for people: what happened, the evidence, what to do.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "cli/output.h"

namespace candor::cli {

/// Colours a piece of text, or leaves it as it is.
using Paint = std::function<std::string(Style, std::string_view)>;

/// Several lines, without the last newline:
///
///     error C0501: migration 0007_x failed: column "y" does not exist
///       SQLSTATE 42703
///       migrations/0007_x.sql:3:12
///         3 | ALTER TABLE t DROP y;
///           |                    ^
///       hint: …
///
/// Whatever the texts contain, no control character of theirs reaches the terminal.
std::string format_error(const Error& error, const Paint& paint, std::string_view heading = "error",
                         Style style = Style::bad);
/// The same, headed by the finding's severity.
std::string format_finding(const Finding& finding, const Paint& paint);

std::string_view to_string(Severity severity);

/// Line breaks and tabs stay, other control characters and invalid bytes become \xNN.
std::string safe_text(std::string_view text);

}  // namespace candor::cli
