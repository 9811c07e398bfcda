#include "catalog/catalog.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "objects.h"

namespace candor::catalog {
namespace {

std::vector<std::string> listed(const Catalog& catalog) {
  std::vector<std::string> result;
  for (const Object& object : catalog.objects()) result.push_back(describe(object.id));
  return result;
}

const std::vector<std::string> in_order = {
    "extension citext",
    "schema public",
    "function public.f(integer, text)",
    "view public.grown_ups",
    "table public.users",
    "column public.users.email",
    "column public.users.id",
    "constraint public.users.users_pkey",
    "index public.users.users_email_idx",
};

TEST(Catalog, ListsObjectsInOrderHoweverTheyCame) {
  auto objects = small_schema();
  std::mt19937 random(3);
  for (int round = 0; round < 50; ++round) {
    std::shuffle(objects.begin(), objects.end(), random);
    const Catalog catalog(objects, 15);
    EXPECT_EQ(listed(catalog), in_order);
    EXPECT_EQ(catalog.major, 15);
  }
}

TEST(Catalog, SortsAsTheOrderOfIdentitiesSays) {
  // Names that sit between a schema's, a relation's and their members' names.
  std::vector<Object> objects;
  for (const char* schema : {"a", "a_b", "b", "\"\""}) {
    objects.push_back(object(Kind::schema, schema));
    objects.push_back(object(Kind::extension, schema));
    for (const char* table : {"a", "a_b", "b", "\"\""}) {
      const std::string name = std::string(schema) + "." + table;
      objects.push_back(object(Kind::table, name));
      objects.push_back(object(Kind::function, name + "()"));
      objects.push_back(object(Kind::column, name + ".a"));
      objects.push_back(object(Kind::index, name + ".\"\""));
    }
  }
  auto sorted = objects;
  std::sort(sorted.begin(), sorted.end(), [](const Object& a, const Object& b) { return a.id < b.id; });
  std::mt19937 random(5);
  for (int round = 0; round < 50; ++round) {
    std::shuffle(objects.begin(), objects.end(), random);
    EXPECT_EQ(Catalog(objects).objects(), sorted);
  }
}

TEST(Catalog, FindsWhatItHolds) {
  const Catalog catalog(small_schema());
  for (const Object& object : small_schema()) {
    const Object* found = catalog.find(object.id);
    ASSERT_NE(found, nullptr) << describe(object.id);
    EXPECT_EQ(*found, object);
  }
  for (const char* absent : {"public.a", "public.user", "public.users2", "zoo.users"})
    EXPECT_EQ(catalog.find(id_of(Kind::table, absent)), nullptr) << absent;
  EXPECT_EQ(catalog.find(id_of(Kind::view, "public.users")), nullptr);
  EXPECT_EQ(Catalog().find(id_of(Kind::schema, "public")), nullptr);
}

}  // namespace
}  // namespace candor::catalog
