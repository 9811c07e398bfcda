/// history/ledgers/programs.h: tools whose migrations are programs: their files' names become those of the
/// SQL that was captured from them.
#pragma once

#include "history/captured.h"
#include "history/foreign_tool.h"

namespace candor::history {

/// The ending that most keys have: ".js", ".ts" …
std::string usual_ending(const std::vector<ForeignRecord>& records, std::string_view otherwise);
/// `stem` with the separators that the keys have: the SQL that was captured from "1-a-b.js" is "1_a_b.sql".
std::string in_the_style_of(const std::vector<ForeignRecord>& records, std::string stem);
/// Keys are names with the ending of the tool's own files. A file that was not captured, among captured ones
/// that had to be numbered, has none.
Result<std::vector<ForeignFile>> files_with_ending(const History& history,
                                                   const std::vector<ForeignRecord>& records);
/// The same, with names without any ending.
Result<std::vector<ForeignFile>> files_by_stem(const History& history,
                                               const std::vector<ForeignRecord>& records);

}  // namespace candor::history
