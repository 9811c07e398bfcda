/// SQL that nobody would write: statements lie within their file, in order, and nothing crashes.
#include <gtest/gtest.h>

#include "fuzz/mutate.h"
#include "history/migration.h"
#include "sql/script.h"

namespace candor::fuzz {
namespace {

const std::vector<std::string> seeds{
    "-- candor:lock-timeout 3s\nCREATE TABLE a (id int PRIMARY KEY, t text DEFAULT 'it''s');\nSELECT 1;\n",
    "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $body$ BEGIN RETURN 1; END $body$;\nSELECT f();",
    "COPY a (id, t) FROM stdin;\n1\tone\n2\t\\N\n\\.\nSELECT 2;\n",
    "CREATE FUNCTION g(a int) RETURNS int BEGIN ATOMIC SELECT a; SELECT CASE WHEN a > 1 THEN 2 END; END;\n",
    "BEGIN; /* a /* nested */ comment */ INSERT INTO \"we;ird\" VALUES (E'\\'', U&'d\\0061', B'01'); COMMIT;",
    "CREATE RULE r AS ON INSERT TO a DO ALSO (SELECT 1; SELECT 2);\nDO $$ BEGIN NULL; END $$;\n\\echo x\n"};
const std::vector<std::string> words{"'",
                                     "\"",
                                     "$$",
                                     "$x$",
                                     "--",
                                     "/*",
                                     "*/",
                                     ";",
                                     "(",
                                     ")",
                                     "BEGIN ATOMIC ",
                                     "E'",
                                     "\\",
                                     "\n",
                                     "\r\n",
                                     "\\.\n",
                                     "END;",
                                     "COPY t FROM stdin;\n",
                                     "\xEF\xBB\xBF",
                                     "é"};

TEST(FuzzScript, StatementsLieInTheirFileInOrder) {
  try_many(seeds, words, [](const std::string& text, std::uint64_t seed) {
    const char* last = text.data();
    bool sound = true;
    const auto walked =
        sql::for_each_statement(text, "fuzz.sql", [&](const sql::Statement& statement) -> Result<> {
          const char* const begin = statement.text.data();
          sound = sound && begin >= last && begin + statement.text.size() <= text.data() + text.size() &&
                  !statement.text.empty() &&
                  statement.offset == static_cast<std::size_t>(begin - text.data());
          last = begin + statement.text.size();
          return {};
        });
    EXPECT_TRUE(sound) << "seed " << seed;
    EXPECT_TRUE(walked || (walked.error().where && !walked.error().hint.empty())) << "seed " << seed;
    return sound;
  });
}

TEST(FuzzScript, AnyStatementIsAnalysed) {
  try_many(seeds, words, [runs = 0](const std::string& text, std::uint64_t seed) mutable {
    (void)sql::for_each_statement(text, "fuzz.sql", [&](const sql::Statement& statement) -> Result<> {
      const sql::Analysis analysis = sql::analyse(statement.text);
      EXPECT_TRUE(analysis.parsed || !analysis.parse_error.empty()) << "seed " << seed;
      EXPECT_LE(analysis.parse_error_at, statement.text.size()) << "seed " << seed;
      return {};
    });
    return ++runs < 4000;  // the grammar is a hundred times slower than the splitter
  });
}

TEST(FuzzScript, DirectivesAreReadOrNamed) {
  try_many(seeds, words, [](const std::string& text, std::uint64_t seed) {
    std::vector<Finding> findings;
    (void)history::read_directives(text, "fuzz.sql", findings);
    for (const Finding& finding : findings) EXPECT_TRUE(finding.what.where) << "seed " << seed;
    return true;
  });
}

}  // namespace
}  // namespace candor::fuzz
