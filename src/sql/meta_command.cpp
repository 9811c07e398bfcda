#include "sql/meta_command.h"

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
    {"gexec", "write the generated statements out, or EXECUTE them in a DO block"},
    {"encoding", "remove the line: migrations are UTF-8"},
    {"password", "use ALTER ROLE … PASSWORD, outside of migrations"},
};

}  // namespace

std::string_view instead_of(std::string_view name) {
  for (const Advice& advice : advices)
    if (advice.name == name) return advice.hint;
  return "remove the line: only psql itself understands it";
}

}  // namespace candor::sql
