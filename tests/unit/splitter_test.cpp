#include <gtest/gtest.h>
#include <pg_query.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "sql/lexer.h"
#include "sql/script.h"

using namespace candor;
using namespace candor::sql;

namespace {

using Texts = std::vector<std::string>;

Texts texts_of(std::string_view text) {
  const auto statements = split(text, "m.sql");
  if (!statements) return {statements.error().code.id.data() + (": " + statements.error().message)};
  Texts texts;
  for (const Statement& statement : *statements) texts.emplace_back(statement.text);
  return texts;
}

struct SplitCase {
  const char* name;
  std::string text;
  Texts statements;
};

const SplitCase split_cases[] = {
    {"nothing", "", {}},
    {"white space and comments alone", " \n-- a;\n/* b; */ ; ;\n", {}},
    {"two statements", "select 1; select 2;", {"select 1", "select 2"}},
    {"no final semicolon", "select 1;\nselect 2", {"select 1", "select 2"}},
    {"comments around a statement are not its text",
     "-- a\nselect /* b */ 1 -- c\n; -- d",
     {"select /* b */ 1"}},
    {"CRLF", "select 1;\r\nselect 2\r\n;\r\n", {"select 1", "select 2"}},
    {"byte-order mark", "\xEF\xBB\xBFselect 1;", {"select 1"}},
    {"semicolon in a string", "select ';';", {"select ';'"}},
    {"doubled quote", "select 'it''s; ok'; select 2", {"select 'it''s; ok'", "select 2"}},
    {"a backslash is nothing special in a plain string",
     R"(select 'a\'; select 2)",
     {R"(select 'a\')", "select 2"}},
    {"a backslash escapes in E''", R"(select E'a\';b'; select 2)", {R"(select E'a\';b')", "select 2"}},
    {"a word that ends in e is no E''", R"(select false'\'; select 2)", {R"(select false'\')", "select 2"}},
    {"an E'' goes on over a newline", "select E'a'\n'\\';'; select 2", {"select E'a'\n'\\';'", "select 2"}},
    {"an E'' goes on over a comment",
     "select E'a' -- c\n'\\';'; select 2",
     {"select E'a' -- c\n'\\';'", "select 2"}},
    {"an E'' does not go on in its own line",
     R"(select E'a' '\'; select 2)",
     {R"(select E'a' '\')", "select 2"}},
    {"unicode, bit and hex strings",
     R"(select U&'\;', B'1;', X'f;'; select 0)",
     {R"(select U&'\;', B'1;', X'f;')", "select 0"}},
    {"quoted identifier", R"(select ";""'" ; select 0)", {R"(select ";""'")", "select 0"}},
    {"dollar quotes", "do $$ a; b $$; select 0", {"do $$ a; b $$", "select 0"}},
    {"tagged dollar quotes", "do $a$ $$ ; $b$ ; $a$; select 0", {"do $a$ $$ ; $b$ ; $a$", "select 0"}},
    {"a tag with letters beyond ASCII", "do $é$ ; $é$; select 0", {"do $é$ ; $é$", "select 0"}},
    {"dollars in an identifier open nothing", "select a$$ ; select b$$;", {"select a$$", "select b$$"}},
    {"parameters open nothing", "select $1 ; select $1$", {"select $1", "select $1$"}},
    {"nested comments", "/* a /* b; */ c; */ select 1; select 0", {"select 1", "select 0"}},
    {"a comment ends where stars do", "/***/ select 1 /* * / **/; select 0", {"select 1", "select 0"}},
    {"a comment begins inside an operator",
     "select 1 +/* ; */ 2; select 0",
     {"select 1 +/* ; */ 2", "select 0"}},
    {"a line comment begins inside an operator",
     "select 1 +-- ;\n 2; select 0",
     {"select 1 +-- ;\n 2", "select 0"}},
    {"single minus and slash", "select 1 - 2 / 3; select 0", {"select 1 - 2 / 3", "select 0"}},
    {"a quote in a comment", "-- it's\nselect 1; /* \" */ select 0", {"select 1", "select 0"}},
    {"parentheses hold a rule together",
     "create rule r as on insert to t do (select 1; select 2); select 0",
     {"create rule r as on insert to t do (select 1; select 2)", "select 0"}},
    {"a closing parenthesis too many", "select 1); select 0", {"select 1)", "select 0"}},
    {"an atomic body",
     "create function f() returns int begin atomic select 1; select case when a then 1 end; end; select 0",
     {"create function f() returns int begin atomic select 1; select case when a then 1 end; end",
      "select 0"}},
    {"a procedure's atomic body",
     "CREATE OR REPLACE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC; INSERT INTO t VALUES (1); END; select 0",
     {"CREATE OR REPLACE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC; INSERT INTO t VALUES (1); END",
      "select 0"}},
    {"labels named end and case do not count in an atomic body",
     "create function f() begin atomic select t.end, 1 as case, 2 as end; end; select 0",
     {"create function f() begin atomic select t.end, 1 as case, 2 as end; end", "select 0"}},
    {"a function named begin",
     "create function begin() language sql as 'a'; select 0",
     {"create function begin() language sql as 'a'", "select 0"}},
    {"BEGIN alone is a statement",
     "begin; create function f() as 'x'; end; select 0",
     {"begin", "create function f() as 'x'", "end", "select 0"}},
    {"COPY to stdout and from a file have no data",
     "copy t to stdout; copy t from 'stdin'; select 0",
     {"copy t to stdout", "copy t from 'stdin'", "select 0"}},
    {"a string over a megabyte",
     "select '" + std::string(2'000'000, 'x') + ";'; select 0",
     {"select '" + std::string(2'000'000, 'x') + ";'", "select 0"}},
    {"NUL and invalid UTF-8 are carried along",
     std::string("select '\0\xff'; select 0", 21),
     {{"select '\0\xff'", 11}, "select 0"}},
};

TEST(Splitter, Statements) {
  for (const SplitCase& c : split_cases) EXPECT_EQ(texts_of(c.text), c.statements) << c.name;
}

TEST(Splitter, OffsetsAndLines) {
  const std::string_view text = "-- one\nselect 1;\r\n\n  select\n 2; select 3;";
  const auto statements = split(text, "m.sql");
  ASSERT_TRUE(statements);
  ASSERT_EQ(statements->size(), 3u);
  EXPECT_EQ((*statements)[0].line, 2);
  EXPECT_EQ((*statements)[1].line, 4);
  EXPECT_EQ((*statements)[2].line, 5);
  for (const Statement& statement : *statements)
    EXPECT_EQ(text.substr(statement.offset, statement.text.size()), statement.text);
}

TEST(Splitter, AFailureOfTheReaderStopsTheWalk) {
  int seen = 0;
  const auto done = for_each_statement("a; b; c", "m.sql", [&](const Statement&) -> Result<> {
    if (++seen == 2) return fail(codes::statement_failed, "no");
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "no");
  EXPECT_EQ(seen, 2);
}

struct CopyCase {
  const char* name;
  const char* text;
  const char* data;
};

const CopyCase copy_cases[] = {
    {"data", "copy t from stdin;\n1\ta;\n2\t'\n\\.\nselect 1;", "1\ta;\n2\t'\n"},
    {"no data", "COPY t (a, b) FROM STDIN;\n\\.\nselect 1;", ""},
    {"options", "copy t from stdin with (format csv, header);\n1\n\\.\nselect 1;", "1\n"},
    {"binary of old", "copy binary t from stdin;\n1\n\\.\nselect 1", "1\n"},
    {"CRLF", "copy t from stdin;\r\n1\r\n\\.\r\nselect 1;", "1\r\n"},
    {"lines that only look like the end", "copy t from stdin;\n\\.x\n \\.\n\\..\n\\N\n\\.\nselect 1;",
     "\\.x\n \\.\n\\..\n\\N\n"},
    {"a comment behind the semicolon", "copy t from stdin; -- data\n1\n\\.\nselect 1;", "1\n"},
};

TEST(Splitter, CopyData) {
  for (const CopyCase& c : copy_cases) {
    const auto statements = split(c.text, "m.sql");
    ASSERT_TRUE(statements) << c.name << ": " << statements.error().message;
    ASSERT_EQ(statements->size(), 2u) << c.name;
    EXPECT_TRUE((*statements)[0].is_copy_in) << c.name;
    EXPECT_EQ((*statements)[0].copy_data, c.data) << c.name;
    EXPECT_EQ((*statements)[1].text, "select 1") << c.name;
    EXPECT_FALSE((*statements)[1].is_copy_in) << c.name;
  }
}

TEST(Splitter, CopyDataMayEndTheFile) {
  for (const char* text :
       {"copy t from stdin;\n1\n\\.", "copy t from stdin;\n1\n\\.\r", "copy t from stdin;\n1\n\\.\n"}) {
    const auto statements = split(text, "m.sql");
    ASSERT_TRUE(statements) << text;
    EXPECT_EQ(statements->at(0).copy_data, "1\n");
  }
}

struct ErrorCase {
  const char* name;
  const char* text;
  std::string_view code;
  int line, column;
  const char* says;  ///< in message or hint
};

const ErrorCase error_cases[] = {
    {"string", "select 1;\n select 'a; b", "C0309", 2, 9, "string"},
    {"escape string", "select E'a\\'", "C0309", 1, 8, "string"},
    {"escape string that ends in a backslash", "select E'a\\", "C0309", 1, 8, "string"},
    {"identifier", "select \"a", "C0309", 1, 8, "identifier"},
    {"dollar quote", "do $a$ x $b$", "C0309", 1, 4, "close it with $a$"},
    {"comment", "select 1 /* /* */", "C0309", 1, 10, "comment"},
    {"comment before anything", "/*", "C0309", 1, 1, "comment"},
    {"COPY without end", "select 1;\ncopy t from stdin;\n1\n\\.x\n", "C0309", 2, 1, "\\."},
    {"COPY at the end of the file", "copy t from stdin", "C0309", 1, 1, "\\."},
    {"text behind COPY", "copy t from stdin; select 1;\n1\n\\.\n", "C0310", 1, 20, "below"},
    {"include", "\\i other.sql\n", "C0306", 1, 1, "put the text of the included file here"},
    {"connect", "select 1;\n\\c db\n", "C0306", 2, 1, "--url"},
    {"set", "\\set x `id`", "C0306", 1, 1, "\\set"},
    {"set of psql's own", "\\set ON_ERROR_STOP 1\n", "C0306", 1, 1, "remove the line"},
    {"set to something", "\\set ON_ERROR_STOPS 1\n", "C0306", 1, 1, "write the value itself"},
    {"gexec", "select 'create database x' \\gexec", "C0306", 1, 28, "outside of the migrations"},
    {"copy", "  \\copy t from 'x'", "C0306", 1, 3, "COPY … FROM stdin"},
    {"end of data alone", "select 1;\n\\.\n", "C0306", 2, 1, "no COPY stands before it"},
    {"instead of a semicolon", "select 1 \\gexec", "C0306", 1, 10, "\\gexec"},
    {"inside parentheses", "select (1 \\g)", "C0306", 1, 11, "\\g"},
    {"unknown", "\\frobnicate", "C0306", 1, 1, "\\frobnicate"},
    {"hostile", "\\\x1b[2J", "C0306", 1, 1, "\\x1B"},
    {"nothing behind it", "\\", "C0306", 1, 1, "psql"},
};

TEST(Splitter, Errors) {
  for (const ErrorCase& c : error_cases) {
    const auto statements = split(c.text, "m.sql");
    ASSERT_FALSE(statements) << c.name;
    const Error& error = statements.error();
    EXPECT_EQ(error.code.id, c.code) << c.name;
    ASSERT_TRUE(error.where) << c.name;
    EXPECT_EQ(error.where->line, c.line) << c.name;
    EXPECT_EQ(error.where->column, c.column) << c.name;
    EXPECT_FALSE(error.hint.empty()) << c.name;
    std::string all = error.message + " | " + error.hint;
    std::string says = c.says;
    const auto lower = [](std::string& s) {
      std::ranges::transform(s, s.begin(), [](unsigned char x) { return std::tolower(x); });
    };
    lower(all), lower(says);
    EXPECT_NE(all.find(says), std::string::npos) << c.name << ": " << all;
  }
}

// Our boundaries against those of PostgreSQL's own parser, or its scanner where the parser refuses the text.

struct Comparison {
  int files = 0, by_parser = 0, by_scanner = 0, statements = 0, incomparable = 0;
  Texts differing;
};

/// The tokens of a statement, one space between them: white space and comments at the edges do not matter.
std::string canonical(std::string_view statement) {
  std::string tokens;
  Lexer lexer(statement);
  for (Token token = lexer.next(); token.kind != Token::Kind::end; token = lexer.next())
    tokens.append(lexer.text(token)) += ' ';
  return tokens;
}

Texts split_by_postgres(const std::string& text, bool by_parser, bool& usable) {
  const PgQuerySplitResult result =
      by_parser ? pg_query_split_with_parser(text.c_str()) : pg_query_split_with_scanner(text.c_str());
  Texts texts;
  usable = result.error == nullptr;
  for (int i = 0; usable && i < result.n_stmts; ++i) {
    std::string one =
        canonical(std::string_view(text).substr(result.stmts[i]->stmt_location, result.stmts[i]->stmt_len));
    if (!one.empty()) texts.push_back(std::move(one));
  }
  pg_query_free_split_result(result);
  return texts;
}

void compare(const std::string& name, const std::string& text, Comparison& sum) {
  ++sum.files;
  const auto ours = split(text, name);
  if (!ours || std::ranges::any_of(*ours, &Statement::is_copy_in)) {
    ++sum.incomparable;  // meta-commands and inline data: no SQL grammar knows them
    return;
  }
  Texts mine;
  for (const Statement& statement : *ours) mine.push_back(canonical(statement.text));
  bool usable = false;
  Texts theirs = split_by_postgres(text, true, usable);
  if (usable) {
    ++sum.by_parser;
  } else {
    theirs = split_by_postgres(text, false, usable);
    if (!usable) {
      ++sum.incomparable;
      return;
    }
    ++sum.by_scanner;
  }
  sum.statements += static_cast<int>(mine.size());
  if (mine == theirs) return;
  std::size_t at = 0;
  while (at < mine.size() && at < theirs.size() && mine[at] == theirs[at]) ++at;
  sum.differing.push_back(name + ": ours «" + (at < mine.size() ? mine[at].substr(0, 300) : "") +
                          "» theirs «" + (at < theirs.size() ? theirs[at].substr(0, 300) : "") + "»");
}

TEST(Splitter, AgreesWithPostgresOnTheCasesAbove) {
  Comparison sum;
  for (const SplitCase& c : split_cases)
    if (c.text.find('\0') == std::string::npos && !c.text.starts_with("\xEF")) compare(c.name, c.text, sum);
  EXPECT_GT(sum.by_parser, 3);
  EXPECT_GT(sum.by_scanner, 3);
  // libpg_query's scanner does not know BEGIN ATOMIC bodies; its parser, which does, accepts only whole
  // files.
  std::erase_if(sum.differing, [](const std::string& text) {
    return text.find("atomic") != std::string::npos || text.starts_with("a closing parenthesis too many");
  });
  EXPECT_EQ(sum.differing, Texts{});
}

TEST(Splitter, AgreesWithPostgresOnACorpus) {
  const char* folder = std::getenv("CANDOR_CORPUS");
  if (folder == nullptr) return;  // by hand: a folder of .sql files
  Comparison sum;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".sql") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::stringstream content;
    content << file.rdbuf();
    compare(entry.path().string(), content.str(), sum);
  }
  std::cout << sum.files << " files, " << sum.statements << " statements, " << sum.by_parser
            << " by the parser, " << sum.by_scanner << " by the scanner, " << sum.incomparable
            << " not comparable, " << sum.differing.size() << " differing\n";
  for (const std::string& difference : sum.differing) std::cout << difference << '\n';
  EXPECT_GT(sum.files, 0);
}

}  // namespace
