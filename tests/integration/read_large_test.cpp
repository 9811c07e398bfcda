/// Large catalogs are read on two connections where two can be had, and come out the same.
#include <gtest/gtest.h>

#include "catalog/read.h"
#include "integration/project.h"

namespace candor::catalog {
namespace {

using test::connect;
using test::must;
using test::value_of;

/// Enough columns for a second connection to be worth it, with everything that is printed.
void make_large(pg::Connection& db) {
  must(
      db.query(
          "DO $$ BEGIN FOR n IN 1..400 LOOP EXECUTE (SELECT pg_catalog.format('CREATE TABLE large_%s (%s,"
          " CHECK (c1 > %s))', n, pg_catalog.string_agg(pg_catalog.format('c%s int DEFAULT %s', c, c), ', '), n)"
          " FROM pg_catalog.generate_series(1, 100) c); EXECUTE pg_catalog.format('CREATE INDEX ON large_%s"
          " (c2) WHERE c3 > %s', n, n); END LOOP; END $$"),
      "making a large schema");
}

std::string sessions_of(pg::Connection& db) {
  return value_of(db, "SELECT sessions FROM pg_stat_database WHERE datname = current_database()");
}

TEST(ReadLarge, OnTwoConnectionsAsOnOne) {
  const std::string url = test::home_url();
  auto db = connect(url);
  make_large(db);
  auto transaction = must(pg::Transaction::begin(db), "beginning");
  const Catalog on_one = std::move(must(read_in_transaction(db), "reading on one").catalog);
  ASSERT_TRUE(transaction.commit());
  const std::string before = sessions_of(db);
  const Catalog on_two = must(read(db), "reading on two");
  EXPECT_GT(on_two.size(), 41'000U);
  EXPECT_EQ(on_one.objects(), on_two.objects());
  EXPECT_TRUE(test::eventually([&] { return sessions_of(db) != before; })) << "a second connection was made";
}

TEST(ReadLarge, OnOneWhereASecondIsRefused) {
  const std::string url = test::home_url();
  auto db = connect(url);
  make_large(db);
  const Catalog all = must(read(db), "reading");
  const std::string role = "single_" + db.database();
  must(db.query(fmt::format("CREATE ROLE {} LOGIN CONNECTION LIMIT 1", role)), "making a role");
  auto single = connect(url + " user=" + role);
  const Catalog seen = must(read(single), "reading on the only connection");
  EXPECT_TRUE(seen.unreadable.empty());
  EXPECT_EQ(seen.size(), all.size());
}

}  // namespace
}  // namespace candor::catalog
