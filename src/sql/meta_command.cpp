#include "sql/meta_command.h"

#include <algorithm>

#include "sql/lexer.h"
#include "sql/script.h"

namespace candor::sql {
namespace {

struct Advice {
  std::string_view name;
  std::string_view hint;
};

constexpr std::string_view inline_file = "put the text of the included file here";
constexpr std::string_view no_connecting =
    "remove the line: the database is chosen with --url or DATABASE_URL";
constexpr std::string_view write_value = "write the value itself into the SQL";
constexpr std::string_view raise = "remove the line, or use RAISE NOTICE in a DO block";
constexpr std::string_view branch = "write the condition as IF in a DO block";
constexpr std::string_view dump_guard = "remove the line: pg_dump writes it for psql alone";
constexpr std::string_view semicolon = "end the statement with a semicolon";

constexpr Advice advices[] = {
    {"i", inline_file},
    {"ir", inline_file},
    {"include", inline_file},
    {"include_relative", inline_file},
    {"c", no_connecting},
    {"connect", no_connecting},
    {"set", write_value},
    {"unset", write_value},
    {"gset", write_value},
    {"getenv", write_value},
    {"prompt", write_value},
    {"echo", raise},
    {"qecho", raise},
    {"warn", raise},
    {"if", branch},
    {"elif", branch},
    {"else", branch},
    {"endif", branch},
    {"restrict", dump_guard},
    {"unrestrict", dump_guard},
    {"g", semicolon},
    {"gx", semicolon},
    {";", semicolon},
    {"copy", "write COPY … FROM stdin; with the data on the lines below it"},
    {".", "remove the line: it ends COPY … FROM stdin data, and no COPY stands before it"},
    {"gexec",
     "write the statements out that it generates, or EXECUTE them in a DO block; databases are made outside "
     "of the migrations"},
    {"encoding", "remove the line: migrations are UTF-8"},
    {"password", "use ALTER ROLE … PASSWORD, outside of migrations"},
};

/// Variables that psql itself reads: setting them changes nothing of the SQL.
constexpr Advice own_variables[] = {
    {"ON_ERROR_STOP", "remove the line: Candor stops at the first error"},
    {"ON_ERROR_ROLLBACK", "remove the line: Candor stops at the first error"},
    {"AUTOCOMMIT", "remove the line: Candor runs each migration in a transaction of its own"},
    {"ECHO", "remove the line: psql alone reads this variable"},
    {"QUIET", "remove the line: psql alone reads this variable"},
    {"VERBOSITY", "remove the line: psql alone reads this variable"},
};

std::string_view first_word(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\f\v";
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_first_of(blanks));
}

bool reads_data(std::string_view line) {
  constexpr std::string_view source = "stdin";
  if (line.find("\\copy") == std::string_view::npos) return false;
  for (std::size_t at = 0; at + source.size() <= line.size(); ++at)
    if (is_word(line.substr(at, source.size()), source)) return true;
  return false;
}

std::size_t behind_line(std::string_view text, std::size_t at) {
  const std::size_t end = text.find('\n', at);
  return end == std::string_view::npos ? text.size() : end + 1;
}

/// Behind the line of a meta-command, which begins at `at`, and behind the data that it reads.
std::size_t behind_command(std::string_view text, std::size_t at) {
  const std::size_t next = behind_line(text, at);
  if (!reads_data(text.substr(at, next - at))) return next;
  const std::size_t mark = text.find("\n\\.", next - 1);
  return mark == std::string_view::npos ? text.size() : behind_line(text, mark + 1);
}

}  // namespace

MetaCommands meta_commands(std::string_view text, std::string_view file, std::size_t most) {
  MetaCommands commands;
  std::size_t begin = 0;  // of a line: one that holds a meta-command ends there, whatever it holds
  for (int lines = 0; begin < text.size();) {
    const auto walked =
        for_each_statement(text.substr(begin), file, [](const Statement&) -> Result<> { return {}; });
    if (walked || walked.error().code.id != codes::psql_command.id) break;
    Error command = walked.error();
    std::size_t at = begin;
    for (int line = 1; line < command.where->line; ++line) at = text.find('\n', at) + 1;
    command.where->line += lines;
    if (++commands.count <= most) commands.first.push_back(std::move(command));
    const std::size_t next = behind_command(text, at);
    lines += static_cast<int>(std::ranges::count(text.substr(begin, next - begin), '\n'));
    begin = next;
  }
  return commands;
}

std::string_view instead_of(std::string_view name, std::string_view arguments) {
  if (name == "set")
    for (const Advice& variable : own_variables)
      if (variable.name == first_word(arguments)) return variable.hint;
  for (const Advice& advice : advices)
    if (advice.name == name) return advice.hint;
  return "remove the line: only psql itself understands it";
}

}  // namespace candor::sql
