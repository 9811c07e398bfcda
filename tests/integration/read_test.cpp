/// Reading catalogs: what is read of real databases, whole and in part, on every major.
#include "catalog/read.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "catalog/diff.h"
#include "integration/server.h"
#include "integration/zoo.h"
#include "pg/connection.h"
#include "sql/script.h"

namespace candor::catalog {
namespace {

using test::connect;
using test::must;
using test::value_of;

void run(pg::Connection& connection, std::string_view script) {
  auto done = sql::for_each_statement(script, "script", [&](const sql::Statement& statement) -> Result<> {
    auto ran = connection.query(statement.text);
    EXPECT_TRUE(ran) << statement.text << ": " << ran.error().message;
    return {};
  });
  ASSERT_TRUE(done) << done.error().message;
}

std::string listed(const std::vector<Effect>& effects) {
  std::string lines;
  for (const Effect& effect : effects) {
    lines += fmt::format("{} {}\n", static_cast<char>(effect.change), describe(effect.id));
    for (const AttributeChange& change : effect.attributes)
      lines += fmt::format("    {}: {} -> {}\n", attributes_of(effect.id.kind)[change.attribute].name,
                           change.from.view(), change.to.view());
  }
  return lines;
}

TEST(Read, AnEmptyDatabaseHoldsTheSchemaPublic) {
  auto connection = connect(test::test_url());
  auto catalog = read(connection);
  ASSERT_TRUE(catalog.has_value()) << catalog.error().message << catalog.error().detail;
  ASSERT_EQ(catalog->size(), 1u);
  EXPECT_EQ(describe(catalog->objects()[0].id), "schema public");
}

class ReadOn : public testing::TestWithParam<int> {
 protected:
  pg::Connection connection_ = connect(test::test_url(GetParam()));
};

TEST_P(ReadOn, PartsTogetherAreTheWhole) {
  run(connection_, test::zoo);
  const Catalog whole = must(read(connection_), "reading the whole");
  std::set<Kind> kinds;
  std::vector<ObjectId> ids;
  for (const Object& object : whole.objects()) {
    kinds.insert(object.id.kind);
    ids.push_back(object.id);
  }
  EXPECT_EQ(kinds.size(), all_kinds().size()) << "every kind";

  must(connection_.query("BEGIN"), "beginning");
  const Reading parts = must(read_in_transaction(connection_, Scope::of(ids)), "reading the parts");
  EXPECT_EQ(listed(diff(whole, parts.catalog)), "");

  for (const ObjectId& id : ids) {
    const Reading part = must(read_in_transaction(connection_, Scope::of({id})), "reading a part");
    const Object* const alone = part.catalog.find(id);
    ASSERT_NE(alone, nullptr) << describe(id);
    EXPECT_EQ(*alone, *whole.find(id)) << describe(id);
  }
  must(connection_.query("ROLLBACK"), "ending");
}

TEST_P(ReadOn, SettingsOfTheSessionDoNotShow) {
  run(connection_, test::zoo);
  const Catalog plain = must(read(connection_), "reading");
  run(connection_,
      "SET search_path = app; SET DateStyle = 'German'; SET TimeZone = 'Asia/Kolkata'; SET IntervalStyle ="
      " 'iso_8601'; SET quote_all_identifiers = on; SET extra_float_digits = 0; SET bytea_output = 'escape';"
      " SET standard_conforming_strings = off; SET enable_indexscan = off;");
  EXPECT_EQ(listed(diff(plain, must(read(connection_), "reading"))), "");
  EXPECT_EQ(value_of(connection_, "SHOW DateStyle"), "German, DMY") << "the session keeps its own";
}

TEST_P(ReadOn, WhatIsBrokenOrSwitchedOffShows) {
  run(connection_,
      "CREATE TABLE t (id int, CONSTRAINT positive CHECK (id > 0));"
      "CREATE UNIQUE INDEX t_id ON t (id);"
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
      "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();");
  const Catalog before = must(read(connection_), "reading");
  run(connection_,
      "INSERT INTO t VALUES (1), (2);"
      "DROP INDEX t_id;"
      "ALTER TABLE t DROP CONSTRAINT positive;"
      "INSERT INTO t VALUES (1);"
      "ALTER TABLE t ADD CONSTRAINT positive CHECK (id > 0) NOT VALID;"
      "ALTER TABLE t DISABLE TRIGGER tr;");
  EXPECT_FALSE(connection_.query("CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id)")) << "1 is there twice";
  ASSERT_EQ(value_of(connection_, "SELECT indisvalid FROM pg_index WHERE indrelid = 't'::regclass"), "f");
  const Catalog after = must(read(connection_), "reading");
  std::string changed;
  for (const Effect& effect : diff(before, after)) {
    EXPECT_EQ(effect.change, Change::altered) << describe(effect.id);
    changed += describe(effect.id) + '\n';
  }
  EXPECT_EQ(changed, "constraint public.t.positive\nindex public.t.t_id\ntrigger public.t.tr\n");
}

TEST_P(ReadOn, ACatalogThatMayNotBeReadIsNotEmpty) {
  run(connection_, test::zoo);
  const std::string role = fmt::format("blind_{}", connection_.database());
  run(connection_, fmt::format("CREATE ROLE {};"
                               "REVOKE SELECT ON pg_catalog.pg_proc FROM PUBLIC; SET ROLE {};",
                               role, role));
  const Catalog catalog = must(read(connection_), "reading");
  std::set<Kind> unreadable;
  for (const Unreadable& one : catalog.unreadable) {
    unreadable.insert(one.kind);
    EXPECT_NE(one.reason.find("pg_proc"), std::string::npos) << one.reason;
  }
  EXPECT_TRUE(unreadable.contains(Kind::function));
  EXPECT_TRUE(unreadable.contains(Kind::procedure));
  EXPECT_TRUE(unreadable.contains(Kind::aggregate));
  EXPECT_FALSE(unreadable.contains(Kind::table));
  EXPECT_TRUE(std::ranges::any_of(catalog.objects(), [](const Object& object) {
    return object.id.kind == Kind::table;
  })) << "the rest is read";
}

TEST_P(ReadOn, ARoleWithoutRightsReadsAllButSecrets) {
  run(connection_, test::zoo);
  const Catalog whole = must(read(connection_), "reading");
  const std::string role = fmt::format("plain_{}", connection_.database());
  run(connection_, fmt::format("CREATE ROLE {}; SET SESSION AUTHORIZATION {};", role, role));
  const Catalog seen = must(read(connection_), "reading");
  EXPECT_TRUE(seen.unreadable.empty());

  // What belonged to the role that made it has an owner now, and the user of its mapping a name.
  const Comparison comparison =
      compare(whole, seen, {}, {.ignore = {"*on app_server", "tables in app*", "functions*"}});
  for (const Difference& difference : comparison.differences)
    ADD_FAILURE() << describe(difference.id) << ": " << difference.attribute << ' ' << difference.expected
                  << " -> " << difference.found;
  const Object* const mapping =
      seen.find({.kind = Kind::user_mapping, .relation = Text("app_server"), .name = Text("public")});
  ASSERT_NE(mapping, nullptr);
  EXPECT_EQ(mapping->values.front(), not_readable);
  EXPECT_EQ(compare(whole, seen, {},
                    {.ignore = {"postgres on*", "current_user on*", "tables in app*", "functions*"}})
                .verdict(),
            Verdict::unproven)
      << "hidden options are neither the same nor others";
}

INSTANTIATE_TEST_SUITE_P(Read, ReadOn, testing::Values(13, 15, 18),
                         [](const auto& tested) { return fmt::format("on_{}", tested.param); });

}  // namespace
}  // namespace candor::catalog
