#include "history/formats/liquibase_header.h"

#include <algorithm>

#include "history/formats/reader.h"
#include "sql/lexer.h"

namespace candor::history {
namespace {

/// The word behind the dashes of a comment line, and what follows it.
struct Comment {
  std::string_view word, rest;
};

std::optional<Comment> read_comment(std::string_view line) {
  line = trimmed(line);
  if (!line.starts_with("--")) return std::nullopt;
  line = trimmed(line.substr(2));
  const std::size_t end = std::min(line.find_first_of(" \t:"), line.size());
  return Comment{line.substr(0, end), line.substr(end)};
}

/// A word or "several words", taken from the front of `text`, up to `stop`.
std::string take_word(std::string_view& text, std::string_view stop) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  if (text.starts_with('"')) {
    const std::size_t close = text.find('"', 1);
    if (close != std::string_view::npos) {
      std::string word(text.substr(1, close - 1));
      text.remove_prefix(close + 1);
      return word;
    }
  }
  const std::size_t end = std::min(text.find_first_of(stop), text.size());
  std::string word(trimmed(text.substr(0, end)));
  text.remove_prefix(end);
  return word;
}

LiquibaseMark read_changeset(std::string_view rest) {
  LiquibaseMark mark{.kind = LiquibaseMark::Kind::malformed};
  mark.author = take_word(rest, ":");
  if (!rest.starts_with(':')) return mark;
  rest.remove_prefix(1);
  mark.id = take_word(rest, " \t");
  if (mark.author.empty() || mark.id.empty()) return mark;
  for (rest = trimmed(rest); !rest.empty(); rest = trimmed(rest)) {
    std::string key = take_word(rest, ": \t");
    std::string value;
    if (rest.starts_with(':')) {
      rest.remove_prefix(1);
      value = take_word(rest, " \t");
    }
    mark.attributes.emplace_back(std::move(key), std::move(value));
  }
  mark.kind = LiquibaseMark::Kind::changeset;
  return mark;
}

bool names_postgres(std::string_view list) {
  bool only_others = false;
  while (!list.empty()) {
    std::string word = take_word(list, ",");
    if (!list.empty()) list.remove_prefix(1);
    if (word.empty()) continue;
    const bool is_not = word.front() == '!';
    const std::string_view name = is_not ? std::string_view(word).substr(1) : std::string_view(word);
    const bool is_ours = sql::is_word(name, "postgresql") || sql::is_word(name, "all");
    if (is_not && is_ours) return false;
    if (!is_not && is_ours) return true;
    only_others = only_others || !is_not;
  }
  return !only_others;
}

}  // namespace

bool is_formatted_sql(std::string_view head) {
  for (const Line& line : lines_of(head)) {
    if (trimmed(line.text).empty()) continue;
    const auto comment = read_comment(line.text);
    return comment && sql::is_word(comment->word, "liquibase") &&
           begins_with_word(trimmed(comment->rest), "formatted");
  }
  return false;
}

std::optional<LiquibaseMark> read_mark(std::string_view line) {
  using Kind = LiquibaseMark::Kind;
  constexpr std::string_view harmless[] = {"liquibase", "comment", "validchecksum"};
  constexpr std::string_view unsupported[] = {"preconditions",
                                              "precondition",
                                              "precondition-sql-check",
                                              "ignorelines",
                                              "precondition-table-exists",
                                              "precondition-view-exists",
                                              "property",
                                              "ignore"};
  const auto comment = read_comment(line);
  if (!comment) return std::nullopt;
  if (sql::is_word(comment->word, "changeset")) return read_changeset(comment->rest);
  if (sql::is_word(comment->word, "rollback")) {
    const std::string_view sql = trimmed(comment->rest);
    return LiquibaseMark{.kind = sql.empty() ? Kind::harmless : Kind::rollback,
                         .name = std::string(sql),
                         .value_at = sql.empty() ? 0 : static_cast<std::size_t>(sql.data() - line.data())};
  }
  for (const std::string_view word : harmless)
    if (sql::is_word(comment->word, word)) return LiquibaseMark{.kind = Kind::harmless};
  for (const std::string_view word : unsupported)
    if (sql::is_word(comment->word, word))
      return LiquibaseMark{.kind = Kind::unsupported, .name = std::string(word)};
  return std::nullopt;
}

std::string author_of(std::string_view file, std::string_view id, std::size_t begin) {
  std::string author;
  for (const Line& line : lines_of(file)) {
    const auto mark = read_mark(line.text);
    if (!mark || mark->kind != LiquibaseMark::Kind::changeset || mark->id != id) continue;
    author = mark->author;
    if (line.next == begin) break;
  }
  return author;
}

bool is_rollback_comment(std::string_view line) {
  line = trimmed(line);
  if (!line.starts_with("/*")) return false;
  line = trimmed(line.substr(2));
  return begins_with_word(line, "liquibase") && begins_with_word(trimmed(line.substr(9)), "rollback");
}

LiquibaseAttribute judge_attribute(std::string_view key, std::string_view value) {
  const auto is = [&](std::string_view name) { return sql::is_word(key, name); };
  const bool on = sql::is_word(value, "true");
  if (is("runonchange") || is("runalways"))
    return on ? LiquibaseAttribute::unsupported : LiquibaseAttribute::nothing;
  if (is("runintransaction")) return on ? LiquibaseAttribute::nothing : LiquibaseAttribute::no_transaction;
  if (is("failonerror")) return on ? LiquibaseAttribute::nothing : LiquibaseAttribute::swallows;
  if (is("ignore")) return on ? LiquibaseAttribute::not_run : LiquibaseAttribute::nothing;
  if (is("dbms")) return names_postgres(value) ? LiquibaseAttribute::nothing : LiquibaseAttribute::not_run;
  if (is("context") || is("contextfilter") || is("labels")) return LiquibaseAttribute::depends;
  if (is("enddelimiter")) return value == ";" ? LiquibaseAttribute::nothing : LiquibaseAttribute::unsupported;
  constexpr std::string_view harmless[] = {
      "splitstatements",       "stripcomments", "logicalfilepath",      "runorder",
      "objectquotingstrategy", "created",       "rollbackenddelimiter", "rollbacksplitstatements"};
  for (const std::string_view name : harmless)
    if (is(name)) return LiquibaseAttribute::nothing;
  return LiquibaseAttribute::unsupported;
}

}  // namespace candor::history
