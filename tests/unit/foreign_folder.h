/// tests/unit/foreign_folder.h: folders of other tools as they are read: what is run of them, and what is
/// wrong with them.
#pragma once

#include "history/format.h"
#include "unit/folder.h"

namespace candor::test {

using namespace candor::history;

inline std::string squeezed(std::string_view text) {
  std::string result;
  for (const char c : text)
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
      result += c;
    else if (!result.empty() && result.back() != ' ')
      result += ' ';
  while (result.ends_with(' ')) result.pop_back();
  return result;
}

/// "VERSION NAME: what is run | what undoes it"
inline Lines runs_of(const History& history) {
  Lines lines;
  for (const Migration& migration : history.migrations) {
    const auto text = MigrationText::open(migration);
    std::string line = migration.version.text() + " " + migration.name + ": " +
                       (text ? squeezed(text->view()) : std::string(text.error().code.id));
    if (migration.directives.no_transaction) line += " (no transaction)";
    if (migration.down) {
      const auto down = MigrationText::open(inverse_of(migration));
      line += " | " + (down ? squeezed(down->view()) : std::string(down.error().code.id));
    }
    lines.push_back(line);
  }
  return lines;
}

struct Case {
  const char* name;
  Files files;
  const char* format;
  Lines runs;
  Lines findings;  ///< of reading, then of the format's check
  const char* below = "";
};

inline History must_read(const Folder& folder) {
  auto history = read_history(folder.path());
  if (history) return std::move(*history);
  ADD_FAILURE() << history.error().message;
  return {};
}

inline Lines everything(const History& history) {
  Lines lines = lines_of(history.findings);
  std::vector<Finding> more;
  const Format* const format = find_format(history.format);
  if (format != nullptr && format->check != nullptr) format->check(history, more);
  for (std::string& line : lines_of(more)) lines.push_back(std::move(line));
  return lines;
}

inline void run(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    const Folder folder(c.files, c.below);
    const auto history = read_history(folder.path(), {.placeholders = {{"schema", "app"}}});
    ASSERT_TRUE(history) << c.name << ": " << history.error().message;
    EXPECT_EQ(history->format, c.format) << c.name;
    EXPECT_EQ(runs_of(*history), c.runs) << c.name;
    Lines findings = everything(*history);
    for (std::string& line : findings)
      if (const auto at = line.find(folder.path().string()); at != std::string::npos)
        line.replace(at, folder.path().string().size(), "FOLDER");
    EXPECT_EQ(findings, c.findings) << c.name;
  }
}

}  // namespace candor::test
