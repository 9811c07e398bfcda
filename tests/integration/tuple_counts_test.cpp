#include "engine/tuple_counts.h"

#include <gtest/gtest.h>

#include "integration/server.h"

namespace candor::engine {
namespace {

class TupleCountsOn : public testing::TestWithParam<int> {};

TEST_P(TupleCountsOn, EveryOidIsThatOfItsCatalog) {
  pg::Connection connection = test::connect(test::test_url(GetParam()));
  for (const CountedCatalog& counted : counted_catalogs()) {
    const std::string oid = test::value_of(
        connection,
        fmt::format("SELECT pg_catalog.to_regclass('pg_catalog.{}')::pg_catalog.oid", counted.name));
    const bool later = GetParam() < 15 && counted.name == "pg_publication_namespace";
    EXPECT_EQ(oid, later ? "" : std::to_string(counted.oid)) << counted.name;
  }
}

TEST_P(TupleCountsOn, TellsWhatIsInsertedUpdatedAndDeleted) {
  pg::Connection connection = test::connect(test::test_url(GetParam()));
  const auto run = [&](std::initializer_list<const char*> statements) {
    for (const char* const statement : statements) test::must(connection.query(statement), statement);
  };
  run({"CREATE TABLE t (a int)", "COMMENT ON TABLE t IS 'first'", "BEGIN"});
  const auto counters = [&] {
    return read_tuple_counters(test::must(connection.query(tuple_counts_query()), "counting"));
  };
  const TupleCounters before = counters();
  run({"ALTER TABLE t RENAME a TO b", "COMMENT ON TABLE t IS NULL", "CREATE SCHEMA s"});
  const auto written = written_between(before, counters());
  ASSERT_TRUE(written);
  EXPECT_EQ(*written,
            (std::vector<history::TupleCount>{
                {"pg_attribute", 0, 1, 0}, {"pg_description", 0, 0, 1}, {"pg_namespace", 1, 0, 0}}));
}

INSTANTIATE_TEST_SUITE_P(Majors, TupleCountsOn, testing::Values(13, 15, 18),
                         [](const auto& tested) { return std::to_string(tested.param); });

}  // namespace
}  // namespace candor::engine
