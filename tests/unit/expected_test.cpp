/// What a lock expects after a set of migrations, and what of it a ledger witnessed.
#include <gtest/gtest.h>

#include <chrono>

#include "engine/prover.h"
#include "engine/verify.h"

namespace candor::engine {
namespace {

using catalog::Change;
using catalog::Effect;
using catalog::Kind;
using catalog::ObjectId;
using history::LockEntry;
using history::Version;

std::size_t attribute(Kind kind, std::string_view name) {
  const auto attributes = catalog::attributes_of(kind);
  for (std::size_t i = 0; i < attributes.size(); ++i)
    if (attributes[i].name == name) return i;
  ADD_FAILURE() << "no attribute " << name;
  return 0;
}

ObjectId view(std::string_view name) {
  return {.kind = Kind::view, .schema = Text("public"), .name = Text(name)};
}

Effect added(const ObjectId& id, std::string_view name = {}, std::string_view value = {}) {
  Effect effect{.change = Change::added, .id = id};
  effect.values.resize(catalog::attributes_of(id.kind).size());
  if (!name.empty()) effect.values[attribute(id.kind, name)] = Text(value);
  return effect;
}

Effect altered(const ObjectId& id, std::string_view name, std::string_view from, std::string_view to) {
  return {.change = Change::altered,
          .id = id,
          .attributes = {{static_cast<std::uint8_t>(attribute(id.kind, name)), Text(from), Text(to)}}};
}

Effect dropped(const ObjectId& id) {
  return {.change = Change::dropped, .id = id};
}

history::Form form(const ObjectId& id, std::string_view text) {
  return {id, static_cast<std::uint8_t>(attribute(id.kind, "definition")), Text(text)};
}

LockEntry entry(const char* version, std::vector<Effect> effects) {
  return {.version = Version(version), .name = "m", .effects = std::move(effects)};
}

std::vector<const LockEntry*> all(const history::LockFile& lock) {
  std::vector<const LockEntry*> entries;
  for (const LockEntry& one : lock.entries) entries.push_back(&one);
  return entries;
}

std::string text_of(const catalog::Forms& forms, const ObjectId& id) {
  const auto at = forms.find(id);
  return at == forms.end() || at->second.empty() ? "none" : at->second.front().second.str();
}

TEST(Expected, BeforeTheFirstMigrationThereIsTheSchemaPublic) {
  catalog::Forms forms;
  const auto expected = expected_catalog({.server = 15}, {}, 15, forms);
  ASSERT_TRUE(expected);
  ASSERT_EQ(expected->size(), 1U);
  EXPECT_EQ(describe(expected->objects()[0].id), "schema public");
  EXPECT_EQ(expected->major, 15);
}

TEST(Expected, EffectsAddUpInTheOrderGiven) {
  history::LockFile lock{.server = 15};
  lock.entries = {entry("1", {added(view("a"), "definition", "one"), added(view("b"))}),
                  entry("2", {altered(view("a"), "definition", "one", "two"), dropped(view("b"))}),
                  entry("3", {added(view("b"), "definition", "again")})};
  catalog::Forms forms;
  const auto expected = expected_catalog(lock, all(lock), 15, forms);
  ASSERT_TRUE(expected) << expected.error().message;
  EXPECT_EQ(expected->size(), 3U);
  ASSERT_NE(expected->find(view("a")), nullptr);
  EXPECT_EQ(expected->find(view("a"))->values[attribute(Kind::view, "definition")], "two");
  EXPECT_EQ(expected->find(view("b"))->values[attribute(Kind::view, "definition")], "again");
}

TEST(Expected, ASubsetIsJustTheEffectsOfItsEntries) {
  history::LockFile lock{.server = 15};
  lock.entries = {entry("1", {added(view("a"))}), entry("2", {added(view("b"))}),
                  entry("3", {added(view("c"))})};
  catalog::Forms forms;
  const auto expected = expected_catalog(lock, {&lock.entries[0], &lock.entries[2]}, 15, forms);
  ASSERT_TRUE(expected);
  EXPECT_NE(expected->find(view("a")), nullptr);
  EXPECT_EQ(expected->find(view("b")), nullptr);
  EXPECT_NE(expected->find(view("c")), nullptr);
}

TEST(Expected, TheSchemaPublicCanBeDropped) {
  history::LockFile lock{.server = 15};
  lock.entries = {entry("1", {dropped({.kind = Kind::schema, .name = Text("public")})})};
  catalog::Forms forms;
  const auto expected = expected_catalog(lock, all(lock), 15, forms);
  ASSERT_TRUE(expected);
  EXPECT_EQ(expected->size(), 0U);
}

TEST(Expected, WhatDoesNotFitIsNamed) {
  history::LockFile lock{.server = 15};
  lock.entries = {entry("1", {added(view("a"), "definition", "one")}),
                  entry("2", {added(view("b")), altered(view("a"), "definition", "other", "two")})};
  catalog::Forms forms;
  const auto expected = expected_catalog(lock, all(lock), 15, forms);
  ASSERT_FALSE(expected);
  EXPECT_EQ(expected.error().code.id, "C0402");
  EXPECT_NE(expected.error().message.find("\"2\""), std::string::npos);
  EXPECT_NE(expected.error().detail.find("~ view public.a definition=other->two"), std::string::npos)
      << expected.error().detail;
}

TEST(Expected, AnEntryThatTheLockLacksIsAnError) {
  catalog::Forms forms;
  const auto expected = expected_catalog({.server = 15}, {nullptr}, 15, forms);
  ASSERT_FALSE(expected);
  EXPECT_EQ(expected.error().code.id, "C0203");
}

TEST(Expected, FormsOfTheMajorAreCollectedAndForgottenWithTheirText) {
  history::LockFile lock{.server = 15, .other_servers = {17}};
  lock.entries = {entry("1", {added(view("a"), "definition", "one"), added(view("b"), "definition", "b")}),
                  entry("2", {altered(view("a"), "definition", "one", "two")})};
  lock.entries[0].forms[17] = {form(view("a"), "one on 17"), form(view("b"), "b on 17")};
  lock.entries[0].forms[18] = {form(view("a"), "one on 18")};

  catalog::Forms first;
  ASSERT_TRUE(expected_catalog(lock, {&lock.entries[0]}, 17, first));
  EXPECT_EQ(text_of(first, view("a")), "one on 17");

  catalog::Forms both;
  ASSERT_TRUE(expected_catalog(lock, all(lock), 17, both));
  EXPECT_EQ(text_of(both, view("a")), "none");
  EXPECT_EQ(text_of(both, view("b")), "b on 17");

  catalog::Forms same_major;
  ASSERT_TRUE(expected_catalog(lock, all(lock), 15, same_major));
  EXPECT_TRUE(same_major.empty());
}

history::LedgerRow row(const char* version, std::string witnessed) {
  return {
      .version = Version(version), .status = history::Status::completed, .witnessed = std::move(witnessed)};
}

TEST(Witnessed, WhatIsWrittenIsReadBack) {
  const ObjectId odd = view("we\"ird\nname");
  catalog::Forms forms;
  const auto read =
      add_witnessed({row("1", witnessed_json({form(odd, " SELECT 1\n  \\ \"é\";")}, 17))}, {}, 17, forms);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(text_of(forms, odd), " SELECT 1\n  \\ \"é\";");
}

TEST(Witnessed, FormsOfAnotherMajorSayNothing) {
  catalog::Forms forms;
  ASSERT_TRUE(add_witnessed({row("1", witnessed_json({form(view("a"), "x")}, 16))}, {}, 17, forms));
  EXPECT_TRUE(forms.empty());
}

TEST(Witnessed, LaterRowsOutrankEarlierOnes) {
  catalog::Forms forms;
  ASSERT_TRUE(add_witnessed({row("1", witnessed_json({form(view("a"), "old")}, 17)),
                             row("2", witnessed_json({form(view("a"), "new")}, 17))},
                            {}, 17, forms));
  EXPECT_EQ(text_of(forms, view("a")), "new");
  EXPECT_EQ(forms.at(view("a")).size(), 1U);
}

/// A column was renamed: the view prints otherwise, but its own row was not written, so nothing was
/// witnessed.
TEST(Witnessed, ATextThatALaterMigrationChangedIsForgotten) {
  history::LockFile lock{.server = 15};
  lock.entries = {entry("1", {added(view("a"), "definition", "one")}),
                  entry("2", {altered(view("a"), "definition", "one", "two")}),
                  entry("3", {altered(view("b"), "definition", "x", "y")})};
  const std::vector<history::LedgerRow> rows = {
      row("1", witnessed_json({form(view("a"), "one on 17"), form(view("b"), "x on 17")}, 17)),
      row("3", witnessed_json({form(view("b"), "y on 17")}, 17))};
  catalog::Forms forms;
  ASSERT_TRUE(add_witnessed(rows, all(lock), 17, forms));
  EXPECT_EQ(text_of(forms, view("a")), "none");
  EXPECT_EQ(text_of(forms, view("b")), "y on 17");
}

TEST(Witnessed, RowsThatAreNotAppliedSayNothing) {
  auto failed = row("1", witnessed_json({form(view("a"), "x")}, 17));
  failed.status = history::Status::failed;
  catalog::Forms forms;
  ASSERT_TRUE(add_witnessed({failed}, {}, 17, forms));
  EXPECT_TRUE(forms.empty());
}

TEST(Witnessed, WhatCannotBeReadIsAnError) {
  const char* const malformed[] = {
      "nonsense",
      "[]",
      "{}",
      R"({"major": "17", "forms": []})",
      R"({"major": 17, "forms": {}})",
      R"({"major": 17, "forms": [1]})",
      R"({"major": 17, "forms": [{"kind": "view", "object": "public.a", "attribute": "definition"}]})",
      R"({"major": 17, "forms": [{"kind": "vew", "object": "public.a", "attribute": "definition", "text": "x"}]})",
      R"({"major": 17, "forms": [{"kind": "view", "object": "a b", "attribute": "definition", "text": "x"}]})",
      R"({"major": 17, "forms": [{"kind": "view", "object": "public.a", "attribute": "colour", "text": "x"}]})",
  };
  for (const char* text : malformed) {
    catalog::Forms forms;
    const auto read = add_witnessed({row("1", text)}, {}, 17, forms);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code.id, "C0209") << text;
  }
}

/// One migration with 250,000 effects, and as many in a thousand: in proportion to the effects, not to their
/// square.
TEST(Expected, LargeHistoriesAreQuick) {
  history::LockFile lock{.server = 15};
  for (int e = 0; e < 1000; ++e) {
    std::vector<Effect> effects;
    for (int i = 0; i < 50; ++i) effects.push_back(added(view("v" + std::to_string(e * 50 + i))));
    lock.entries.push_back(entry(std::to_string(e + 1).c_str(), std::move(effects)));
  }
  catalog::Forms forms;
  const auto start = std::chrono::steady_clock::now();
  const auto expected = expected_catalog(lock, all(lock), 15, forms);
  ASSERT_TRUE(expected);
  EXPECT_EQ(expected->size(), 50'001U);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace candor::engine
