#include "plan/dependencies.h"

#include <gtest/gtest.h>

#include <set>

#include "catalog/read.h"
#include "integration/server.h"
#include "integration/zoo.h"
#include "sql/script.h"

namespace candor {
namespace {

/// What names objects across relations, and what only its own relation's columns are named by.
constexpr std::string_view more = R"sql(
create table app.orders (a int, b int default 1, check (a < b), c int generated always as (a + b) stored);
create index orders_sum on app.orders ((a + b)) where b > 0;
create view app.order_sums as select a, count(*) from app.orders group by a;
create function app.orders() returns int language sql begin atomic select count(*)::int from app.orders; end;
)sql";

TEST(Dependencies, WhoDependsIsTheInverseOfWhatIsNeeded) {
  pg::Connection connection = test::connect(test::test_url(15));
  for (const std::string_view script : {test::zoo, more})
    ASSERT_TRUE(sql::for_each_statement(script, "zoo", [&](const sql::Statement& statement) -> Result<> {
      test::must(connection.query(statement.text), statement.text);
      return {};
    }));
  const catalog::Catalog catalog = test::must(catalog::read(connection), "reading the catalog");
  const catalog::World world(catalog, 15);
  const plan::Dependencies dependencies(world);
  std::vector<std::set<plan::Place>> expected(catalog.size());
  std::size_t links = 0;
  for (plan::Place place = 0; place < catalog.size(); ++place)
    for (const auto& needs : {dependencies.needs(place).hard, dependencies.needs(place).late})
      for (const plan::Place need : needs) links += expected[need].insert(place).second ? 1 : 0;
  EXPECT_GT(links, catalog.size());
  for (plan::Place place = 0; place < catalog.size(); ++place)
    EXPECT_EQ(dependencies.dependents(place),
              std::vector<plan::Place>(expected[place].begin(), expected[place].end()))
        << catalog::describe(dependencies.object(place).id);
}

}  // namespace
}  // namespace candor
