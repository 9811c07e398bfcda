/// history/formats/breakpoints.h: the mark at which Drizzle cuts a file, wherever it stands.
#pragma once

#include <string_view>
#include <vector>

#include "history/migration.h"

namespace candor::history {

constexpr std::string_view breakpoint = "--> statement-breakpoint";

/// What is around the marks that text follows on their line: Drizzle runs that text, which for SQL is a
/// comment. Marks inside statements and comments stay. Empty: the file can be run as it is.
std::vector<Part> chunks_of(std::string_view text);

/// Adds C0329 for every mark that stands inside a statement or a block comment, where Drizzle cuts it in two,
/// and for one behind a statement without a semicolon.
void check_breakpoints(std::string_view text, std::string_view file, std::vector<Finding>& findings);

}  // namespace candor::history
