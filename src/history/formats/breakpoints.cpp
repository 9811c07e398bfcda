#include "history/formats/breakpoints.h"

#include <algorithm>
#include <cstdint>

#include "history/formats/reader.h"
#include "sql/script.h"

namespace candor::history {
namespace {

std::vector<std::size_t> marks_in(std::string_view text) {
  std::vector<std::size_t> marks;
  for (std::size_t at = text.find(breakpoint); at != std::string_view::npos;
       at = text.find(breakpoint, at + breakpoint.size()))
    marks.push_back(at);
  return marks;
}

/// Whether `at` is in a block comment of `text`, which holds nothing but comments and white space.
bool in_block_comment(std::string_view text, std::size_t at) {
  int depth = 0;
  for (std::size_t i = 0; i < at; ++i) {
    const std::string_view two = text.substr(i, 2);
    if (depth == 0 && two == "--") {
      i = text.find('\n', i);
      if (i == std::string_view::npos || i >= at) return false;
    } else if (two == "/*" || (depth > 0 && two == "*/")) {
      depth += two == "/*" ? 1 : -1;
      ++i;
    }
  }
  return depth > 0;
}

enum class Place : std::uint8_t { between, in_comment, in_statement, behind_statement };

struct Mark {
  std::size_t at = 0;
  Place place = Place::between;
};

/// Where the marks of `text` stand; nothing if it cannot be cut into statements, which lint tells.
std::vector<Mark> placed_marks(std::string_view text, std::string_view file) {
  std::vector<Mark> placed;
  const std::vector<std::size_t> marks = marks_in(text);
  auto mark = marks.begin();
  std::size_t done = 0;  // behind the last statement
  const auto gap = [&](std::size_t end) {
    for (; mark != marks.end() && *mark < end; ++mark) {
      const bool is_inside = in_block_comment(text.substr(done, end - done), *mark - done);
      placed.push_back({*mark, is_inside ? Place::in_comment : Place::between});
    }
  };
  const auto walked = sql::for_each_statement(text, file, [&](const sql::Statement& statement) -> Result<> {
    gap(statement.offset);
    done = statement.offset + statement.text.size();
    for (; mark != marks.end() && *mark < done; ++mark) {
      const bool is_whole = sql::analyse(text.substr(statement.offset, *mark - statement.offset)).parsed;
      placed.push_back({*mark, is_whole ? Place::behind_statement : Place::in_statement});
    }
    return {};
  });
  if (!walked) return {};
  gap(text.size());
  return placed;
}

}  // namespace

std::vector<Part> chunks_of(std::string_view text) {
  std::vector<Part> chunks;
  if (text.find(breakpoint) == std::string_view::npos) return chunks;
  const auto text_follows = [&](std::size_t mark) {
    const std::size_t begin = mark + breakpoint.size();
    return !trimmed(text.substr(begin, text.find('\n', begin) - begin)).empty();
  };
  if (!std::ranges::any_of(marks_in(text), text_follows)) return chunks;
  std::size_t begin = 0;
  for (const Mark& mark : placed_marks(text, "")) {
    if (mark.place != Place::between || !text_follows(mark.at)) continue;
    chunks.push_back({begin, mark.at});
    begin = mark.at + breakpoint.size();
  }
  if (begin > 0) chunks.push_back({begin, text.size()});
  return chunks;
}

void check_breakpoints(std::string_view text, std::string_view file, std::vector<Finding>& findings) {
  for (const auto& [at, place] : placed_marks(text, file)) {
    if (place == Place::between) continue;
    const bool lacks_semicolon = place == Place::behind_statement;
    findings.push_back(
        {Severity::error,
         Error{.code = codes::breakpoint_misplaced,
               .message = lacks_semicolon
                              ? "the statement above this breakpoint has no semicolon: Drizzle runs it, "
                                "everybody else reads it and the next one as one"
                          : place == Place::in_comment ? "Drizzle cuts the file here, inside a comment"
                                                       : "Drizzle cuts the file here, inside a statement",
               .where = sql::position_of(file, text, at),
               .hint = lacks_semicolon ? "end the statement with a semicolon"
                                       : "move the breakpoint between two statements, or remove it"}});
  }
}

}  // namespace candor::history
