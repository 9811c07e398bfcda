/// Reading catalogs: what is read of real databases, whole and in part, on every major.
#include <gtest/gtest.h>

#include "catalog/read.h"
#include "catalog/diff.h"
#include "integration/server.h"
#include "pg/connection.h"

namespace candor::catalog {
namespace {

pg::Connection connect(std::optional<int> major = {}) {
  auto connection = pg::Connection::open({.url = test::test_url(major)});
  EXPECT_TRUE(connection.has_value()) << connection.error().message;
  return std::move(*connection);
}

TEST(Read, AnEmptyDatabaseHoldsTheSchemaPublic) {
  auto connection = connect();
  auto catalog = read(connection);
  ASSERT_TRUE(catalog.has_value()) << catalog.error().message << catalog.error().detail;
  ASSERT_EQ(catalog->size(), 1u);
  EXPECT_EQ(describe(catalog->objects()[0].id), "schema public");
}

}  // namespace
}  // namespace candor::catalog
