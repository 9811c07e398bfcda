#include "catalog/fingerprint.h"

#include <gtest/gtest.h>

#include <set>

#include "objects.h"

namespace candor::catalog {
namespace {

TEST(Fingerprint, IsTheHashOfTheObjectsHashes) {
  const Catalog catalog({
      object(Kind::table, "public.t", {{"comment", "not counted"}}),
      object(Kind::column, "public.t.x",
             {{"type", "character varying(50)"}, {"not_null", "true"}, {"position", "1"}}),
  });
  EXPECT_EQ(canonical_line(catalog.objects()[0]), "table public.t");
  EXPECT_EQ(canonical_line(catalog.objects()[1]),
            "column public.t.x type=\"character varying(50)\" not_null=true");
  std::string digests;
  for (const Object& object : catalog.objects()) {
    const Digest digest = sha256(canonical_line(object));
    digests.append(digest.begin(), digest.end());
  }
  EXPECT_EQ(fingerprint(catalog), "sha256:" + hex(sha256(digests)));
  EXPECT_EQ(fingerprint(Catalog()), "sha256:" + hex(sha256("")));
}

TEST(Fingerprint, ChangesWithEveryAttributeThatCounts) {
  for (const Kind kind : all_kinds()) {
    const char* const ids[] = {"a", "a.b", "a.b.c", "a.b()"};
    ObjectId id;
    for (const char* text : ids)
      if (parse_id(kind, text, id)) break;
    const auto attributes = attributes_of(kind);
    const Object bare{id, std::vector<Text>(attributes.size())};
    std::set<std::string> seen = {fingerprint(Catalog({bare}))};
    for (std::size_t i = 0; i < attributes.size(); ++i) {
      Object object = bare;
      object.values[i] = Text("true");
      const bool fresh = seen.insert(fingerprint(Catalog({object}))).second;
      EXPECT_EQ(fresh, attributes[i].compare == Compare::always)
          << name_of(kind) << " " << attributes[i].name;
    }
  }
}

TEST(Fingerprint, ValuesCannotPoseAsAttributes) {
  const Catalog one({object(Kind::column, "a.b.c", {{"type", "text not_null=true"}})});
  const Catalog other({object(Kind::column, "a.b.c", {{"type", "text"}, {"not_null", "true"}})});
  EXPECT_NE(fingerprint(one), fingerprint(other));
}

TEST(Fingerprinter, HashesOnlyWhatChanged) {
  auto objects = small_schema();
  Fingerprinter fingerprinter;
  const auto expect = [&](std::size_t hashed) {
    const Catalog catalog(objects);
    EXPECT_EQ(fingerprinter(catalog), fingerprint(catalog));
    EXPECT_EQ(fingerprinter.hashed(), hashed);
  };
  expect(objects.size());
  expect(0);
  objects[2].values[attribute(Kind::column, "type")] = Text("integer");
  expect(1);
  objects.push_back(object(Kind::table, "public.new"));
  expect(1);
  objects.erase(objects.begin());
  expect(0);
  objects.clear();
  expect(0);
  objects = small_schema();
  expect(objects.size());
}

}  // namespace
}  // namespace candor::catalog
