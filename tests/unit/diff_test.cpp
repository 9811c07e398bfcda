#include "catalog/diff.h"

#include <gtest/gtest.h>

#include <random>

#include "history/lock_file.h"
#include "objects.h"

namespace candor::catalog {
namespace {

std::vector<std::string> lines(const std::vector<Effect>& effects) {
  std::vector<std::string> result;
  for (const Effect& effect : effects) result.push_back(history::to_line(effect));
  return result;
}

using Lines = std::vector<std::string>;

TEST(Diff, NamesWhatWasAddedDroppedAndAltered) {
  const Catalog from({
      object(Kind::table, "public.a"),
      object(Kind::table, "public.b"),
      object(Kind::column, "public.b.x", {{"type", "integer"}, {"not_null", "true"}}),
      object(Kind::column, "public.b.y", {{"type", "integer"}}),
  });
  const Catalog to({
      object(Kind::table, "public.b"),
      object(Kind::column, "public.b.x", {{"type", "bigint"}, {"default", "0"}}),
      object(Kind::column, "public.b.y", {{"type", "integer"}}),
      object(Kind::column, "public.b.z", {{"type", "text"}}),
  });
  EXPECT_EQ(lines(diff(from, to)),
            (Lines{
                "- table public.a",
                R"(~ column public.b.x type=integer->bigint not_null=true->"" default=""->0)",
                "+ column public.b.z type=text",
            }));
  EXPECT_EQ(lines(diff(from, from)), Lines{});
}

TEST(Diff, SeesAttributesThatDoNotCountInAVerdict) {
  const Catalog from({object(Kind::table, "public.a", {{"comment", "old"}})});
  const Catalog to({object(Kind::table, "public.a", {{"comment", "new"}})});
  EXPECT_EQ(lines(diff(from, to)), Lines{"~ table public.a comment=old->new"});
}

/// A random part of the small schema with random values.
Catalog random_catalog(std::mt19937& random) {
  std::vector<Object> objects;
  for (Object object : small_schema()) {
    if (random() % 3 == 0) continue;
    for (Text& value : object.values)
      if (random() % 4 == 0) value = Text(std::string(random() % 3, 'v'));
    objects.push_back(std::move(object));
  }
  return Catalog(std::move(objects), 15);
}

TEST(Diff, EffectsLeadFromOneCatalogToTheOther) {
  std::mt19937 random(11);
  for (int round = 0; round < 2000; ++round) {
    const Catalog from = random_catalog(random);
    const Catalog to = random_catalog(random);
    const auto there = catalog::apply(from, diff(from, to));
    ASSERT_TRUE(there.has_value());
    ASSERT_EQ(there->objects(), to.objects());
    EXPECT_EQ(there->major, 15);
  }
}

TEST(Diff, ManySetsOfEffectsFoldIntoOneCatalog) {
  std::mt19937 random(13);
  CatalogBuilder builder(15);
  Catalog current({}, 15);
  for (int round = 0; round < 200; ++round) {
    const Catalog next = random_catalog(random);
    ASSERT_TRUE(builder.apply(diff(current, next)));
    current = next;
  }
  EXPECT_EQ(std::move(builder).build().objects(), current.objects());
}

TEST(Apply, ErrorsOfLogicHaveNoResult) {
  const Catalog from({object(Kind::column, "public.a.x", {{"type", "integer"}})});
  const ObjectId here = id_of(Kind::column, "public.a.x");
  const ObjectId elsewhere = id_of(Kind::column, "public.a.y");
  const auto type = attribute(Kind::column, "type");
  const std::vector<Text> values(attributes_of(Kind::column).size());
  const AttributeChange change{type, Text("integer"), Text("bigint")};
  const std::pair<const char*, Effect> cases[] = {
      {"adds what is there", {Change::added, here, values, {}}},
      {"adds without values", {Change::added, elsewhere, {}, {}}},
      {"drops what is not there", {Change::dropped, elsewhere, {}, {}}},
      {"alters what is not there", {Change::altered, elsewhere, {}, {change}}},
      {"alters from another value", {Change::altered, here, {}, {{type, Text("text"), Text("bigint")}}}},
      {"alters an attribute that is none", {Change::altered, here, {}, {{200, Text(), Text("x")}}}},
  };
  for (const auto& [name, effect] : cases) EXPECT_FALSE(catalog::apply(from, {effect}).has_value()) << name;
  EXPECT_TRUE(catalog::apply(from, {{Change::altered, here, {}, {change}}}).has_value());
}

TEST(Apply, KeepsWhatWasNotReadable) {
  Catalog from;
  from.unreadable.push_back({Kind::policy, "permission denied"});
  const auto to = catalog::apply(from, {});
  ASSERT_TRUE(to.has_value());
  ASSERT_EQ(to->unreadable.size(), 1U);
  EXPECT_EQ(to->unreadable[0].reason, "permission denied");
}

}  // namespace
}  // namespace candor::catalog
