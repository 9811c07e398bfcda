#include "engine/script_mode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace candor::engine {

namespace {

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

bool contains_word(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) { return lower(a) == b; };
  return !std::ranges::search(text, word, same).empty();
}

std::string first_word(std::string_view text) {
  std::string word;
  for (const char c : text) {
    if (std::isalpha(static_cast<unsigned char>(c)) == 0) break;
    word += lower(c);
  }
  return word;
}

template <std::size_t N>
bool any_of(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

/// What a failed analysis would hide is only what these words can introduce.
constexpr std::array<std::string_view, 17> always{
    "begin",      "start",   "commit", "end",     "rollback", "abort",   "savepoint", "release", "prepare",
    "deallocate", "discard", "vacuum", "cluster", "reindex",  "execute", "set",       "reset"};
constexpr std::array<std::string_view, 3> sometimes{"create", "drop", "alter"};
constexpr std::array<std::string_view, 6> telling{"concurrently", "database",     "tablespace",
                                                  "system",       "subscription", "\\"};

}  // namespace

bool needs_analysis(std::string_view statement) {
  const std::string word = first_word(statement);
  if (any_of(always, word)) return true;
  if (!any_of(sometimes, word)) return word.empty();  // it starts with a comment or a parenthesis
  return std::ranges::any_of(telling, [&](std::string_view tell) { return contains_word(statement, tell); });
}

sql::Analysis analyse_if_needed(std::string_view statement) {
  if (needs_analysis(statement)) return sql::analyse(statement);
  sql::Analysis ordinary;
  ordinary.parsed = true;
  return ordinary;
}

Result<ScriptMode> mode_of(const history::Migration& migration, std::string_view text) {
  ScriptMode mode;
  std::size_t controls = 0, opened = 0;
  bool begins = false, ends = false, isolates = false;
  auto walked =
      sql::for_each_statement(text, migration.file, [&](const sql::Statement& statement) -> Result<> {
        const sql::Analysis analysis = analyse_if_needed(statement.text);
        ++mode.statements;
        if (analysis.control != sql::Control::none) {
          ++controls;
          if (analysis.control == sql::Control::begin) ++opened;
          if (mode.statements == 1) begins = analysis.control == sql::Control::begin;
        }
        ends = analysis.control == sql::Control::commit;
        isolates |= first_word(statement.text) == "set" && contains_word(statement.text, "isolation");
        mode.touches_prepared |= analysis.changes_session;
        if (analysis.outside_transaction && mode.reason.empty())
          mode.reason = fmt::format("line {} cannot run inside a transaction", statement.line);
        return {};
      });
  if (!walked) return pass(walked);
  mode.wrapped = (begins && ends && controls == 2 && !isolates) || (controls > 0 && opened == controls);
  if (migration.directives.no_transaction)
    mode.reason = "it says so";
  else if (controls > 0 && !mode.wrapped && mode.reason.empty())
    mode.reason = "it controls transactions itself";
  mode.transactional = mode.reason.empty();
  if (!mode.transactional) mode.wrapped = false;
  return mode;
}

}  // namespace candor::engine
