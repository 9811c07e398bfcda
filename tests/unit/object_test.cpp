#include "catalog/object.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <unordered_set>

#include "objects.h"

namespace candor::catalog {
namespace {

const std::string longest(63, 'x');
const std::vector<std::string> hostile_names = {
    "users",   "_a$1",  "Users",
    "1st",     "a b",   "a.b",
    "a\"b",    "a\\b",  "a\nb",
    "a\r\nb",  "🐘",     "ünï",
    longest,   "a(b)",  "(",
    ")",       "a=b",   "a->b",
    "",        "\"",    "\"\"",
    ".",       " ",     "--",
    "+ table", "\x01",  "\xe2\x80\xae",
    "$a",      "a\tb",  "null",
    "'",       "a,b",   "x\xe2\x80\xa8y",
    "+",       "<->",   "current_user",
    " on a",   " in a",
};
const std::vector<std::string> hostile_arguments = {
    "",
    "integer",
    "integer, text",
    "character varying, public.t[]",
    "VARIADIC \"any\"",
    "\"char\"",
    "public.\"A b\"",
    "a)b",
    "(",
    "line\nbreak",
    "numeric(3)",
    "\"a,b\", \"c\\d\"",
    " ",
    "public.\"🐘\"",
};

const std::vector<std::string> hostile_methods = {"btree", "Btree",       "a b",    " using x",
                                                  "\"",    "tables in a", "a for b"};

/// Every combination of hostile parts that the kind has: one of these identities tells which.
std::vector<ObjectId> hostile_ids(Kind kind) {
  ObjectId sample;
  for (const char* text :
       {"a.b.c", "a.b(c)", "a.b using c", "a on b", "a in b for c", "a(b)", "(a)", "a.b", "a"})
    if (parse_id(kind, text, sample)) break;
  const std::vector<std::string> none = {""};
  const bool privileges = kind == Kind::default_privileges;
  const bool method = kind == Kind::operator_class || kind == Kind::operator_family;
  std::vector<ObjectId> ids;
  for (const auto& schema : sample.schema.empty() ? none : hostile_names)
    for (const auto& relation : sample.relation.empty() ? none : hostile_names)
      for (const auto& name : sample.name.empty() ? none : hostile_names)
        for (const auto& arguments : sample.arguments.empty() ? none
                                     : privileges || method   ? hostile_methods
                                                              : hostile_arguments)
          ids.push_back({kind, Text(schema), Text(relation), Text(name), Text(arguments)});
  return ids;
}

class EveryKind : public ::testing::TestWithParam<Kind> {};

INSTANTIATE_TEST_SUITE_P(Object, EveryKind, ::testing::ValuesIn(all_kinds().begin(), all_kinds().end()),
                         [](const auto& kind) { return std::string(name_of(kind.param)); });

TEST_P(EveryKind, IdentitiesComeBackAsTheyWere) {
  std::unordered_set<std::string> printed;
  for (const ObjectId& id : hostile_ids(GetParam())) {
    const std::string text = to_string(id);
    EXPECT_EQ(text.find('\n'), std::string::npos);
    EXPECT_TRUE(printed.insert(text).second) << "two identities are printed as " << text;
    ObjectId back;
    ASSERT_TRUE(parse_id(GetParam(), text, back)) << text;
    ASSERT_EQ(back, id) << text;
  }
}

TEST_P(EveryKind, WhatIsParsedIsPrintedTheSame) {
  // Damaged identities either fail or are another identity's one spelling.
  std::mt19937 random(1);
  const std::string alphabet = "ab.\"\\() ,[]nu0A$\n";
  const auto ids = hostile_ids(GetParam());
  for (int round = 0; round < 20000; ++round) {
    std::string text = to_string(ids[random() % ids.size()]);
    text.insert(random() % (text.size() + 1), 1, alphabet[random() % alphabet.size()]);
    ObjectId id;
    if (parse_id(GetParam(), text, id)) {
      ASSERT_EQ(to_string(id), text);
    }
  }
}

TEST(Object, IdentitiesArePrinted) {
  const std::tuple<Kind, std::string_view, ObjectId> cases[] = {
      {Kind::schema, "public", {Kind::schema, {}, {}, Text("public"), {}}},
      {Kind::extension, R"("uuid-ossp")", {Kind::extension, {}, {}, Text("uuid-ossp"), {}}},
      {Kind::table, R"(public."Users")", {Kind::table, Text("public"), {}, Text("Users"), {}}},
      {Kind::column, "public.users.email", {Kind::column, Text("public"), Text("users"), Text("email"), {}}},
      {Kind::function,
       "public.f(integer, text)",
       {Kind::function, Text("public"), {}, Text("f"), Text("integer, text")}},
      {Kind::procedure, "public.p()", {Kind::procedure, Text("public"), {}, Text("p"), {}}},
      {Kind::aggregate,
       R"x(public.a("\"char\""))x",
       {Kind::aggregate, Text("public"), {}, Text("a"), Text("\"char\"")}},
      {Kind::operator_,
       R"x(public."+"(integer, integer))x",
       {Kind::operator_, Text("public"), {}, Text("+"), Text("integer, integer")}},
      {Kind::cast, "(text as integer)", {Kind::cast, {}, {}, {}, Text("text as integer")}},
      {Kind::transform,
       "plperl(public.hstore)",
       {Kind::transform, {}, {}, Text("plperl"), Text("public.hstore")}},
      {Kind::operator_class,
       "app.box_ops using gist",
       {Kind::operator_class, Text("app"), {}, Text("box_ops"), Text("gist")}},
      {Kind::user_mapping, "app on files", {Kind::user_mapping, {}, Text("files"), Text("app"), {}}},
      {Kind::user_mapping, "current_user on files", {Kind::user_mapping, {}, Text("files"), {}, {}}},
      {Kind::user_mapping,
       R"("current_user" on files)",
       {Kind::user_mapping, {}, Text("files"), Text("current_user"), {}}},
      {Kind::default_privileges, "tables", {Kind::default_privileges, {}, {}, {}, Text("tables")}},
      {Kind::default_privileges,
       "tables in app for owner",
       {Kind::default_privileges, Text("app"), {}, Text("owner"), Text("tables")}},
  };
  for (const auto& [kind, text, id] : cases) {
    EXPECT_EQ(to_string(id), text);
    EXPECT_EQ(describe(id), std::string(name_of(kind)) + " " + std::string(text));
  }
}

TEST(Object, MalformedIdentitiesAreRefused) {
  const std::pair<Kind, std::string_view> cases[] = {
      {Kind::schema, ""},
      {Kind::schema, "a.b"},
      {Kind::schema, "A"},
      {Kind::schema, "\"a\""},
      {Kind::table, "a"},
      {Kind::table, "a.b.c"},
      {Kind::table, "a."},
      {Kind::table, ".b"},
      {Kind::table, "a.b "},
      {Kind::table, "a.\"b"},
      {Kind::column, "a.b"},
      {Kind::function, "a.b"},
      {Kind::function, "a.b("},
      {Kind::function, "a.b(integer"},
      {Kind::function, "a.b(\"integer\")"},
      {Kind::function, "a.b(\"a\" )"},
      {Kind::function, "a.b(numeric(3))"},
      {Kind::function, "a.b() "},
      {Kind::cast, "()x"},
      {Kind::cast, "text as integer"},
      {Kind::operator_class, "a.b"},
      {Kind::operator_class, "a.b using "},
      {Kind::user_mapping, "a on"},
      {Kind::user_mapping, "\"\" on a"},
      {Kind::user_mapping, "\"a\" on b"},
      {Kind::default_privileges, "tables in "},
      {Kind::default_privileges, "tables in \"\""},
      {Kind::default_privileges, "tables for a in b"},
  };
  for (const auto& [kind, text] : cases) {
    ObjectId id;
    EXPECT_FALSE(parse_id(kind, text, id)) << name_of(kind) << " " << text;
  }
}

TEST(Object, TakingAnIdentityLeavesTheRest) {
  std::string_view text = "public.f(integer, text) returns=integer";
  ObjectId id;
  ASSERT_TRUE(take_id(Kind::function, text, id));
  EXPECT_EQ(text, " returns=integer");
}

TEST(Object, OrderGroupsWhatBelongsToARelation) {
  const std::vector<ObjectId> ordered = {
      id_of(Kind::extension, "citext"),
      id_of(Kind::extension, "zombie"),
      id_of(Kind::schema, "app"),
      id_of(Kind::table, "app.b"),
      id_of(Kind::column, "app.b.id"),
      id_of(Kind::schema, "public"),
      id_of(Kind::view, R"(public."Z")"),  // bytewise: capitals first, as in the C locale
      id_of(Kind::table, "public.a"),
      id_of(Kind::column, "public.a.x"),
      id_of(Kind::column, "public.a.y"),
      id_of(Kind::constraint, "public.a.a_pkey"),
      id_of(Kind::index, "public.a.a_idx"),
      id_of(Kind::function, "public.a()"),
      id_of(Kind::function, "public.a(integer)"),
      id_of(Kind::enum_type, "public.a_kind"),
      id_of(Kind::table, "public.ab"),
      id_of(Kind::column, "public.ab.id"),
      id_of(Kind::table, R"(public."ä")"),
  };
  for (std::size_t i = 0; i < ordered.size(); ++i)
    for (std::size_t j = 0; j < ordered.size(); ++j)
      EXPECT_EQ(ordered[i] <=> ordered[j], i <=> j)
          << describe(ordered[i]) << " and " << describe(ordered[j]);
}

TEST(Object, OrderIsTotal) {
  // Also for identities with parts that their kinds do not have.
  const Text parts[] = {Text(), Text("a"), Text("b")};
  std::vector<ObjectId> ids;
  for (const Kind kind : {Kind::schema, Kind::extension, Kind::table, Kind::column, Kind::function})
    for (const Text schema : parts)
      for (const Text relation : parts)
        for (const Text name : parts)
          for (const Text arguments : parts) ids.push_back({kind, schema, relation, name, arguments});
  std::shuffle(ids.begin(), ids.end(), std::mt19937(7));
  std::sort(ids.begin(), ids.end());
  for (std::size_t i = 0; i < ids.size(); ++i)
    for (std::size_t j = 0; j < ids.size(); ++j) {
      ASSERT_EQ(ids[i] <=> ids[j], i <=> j);
      ASSERT_EQ(ids[i] == ids[j], i == j);
    }
}

TEST(Object, TextsAreComparableBetweenMajorsThatPrintAlike) {
  struct Case {
    Printed printed;
    int a, b;
    bool comparable;
  };
  const Case cases[] = {
      {Printed::no, 12, 18, true},          {Printed::expression, 15, 15, true},
      {Printed::expression, 14, 18, true},  {Printed::expression, 12, 13, true},
      {Printed::expression, 13, 14, false}, {Printed::expression, 18, 12, false},
      {Printed::query, 15, 15, true},       {Printed::query, 15, 16, false},
      {Printed::query, 16, 17, false},
  };
  for (const Case& c : cases)
    EXPECT_EQ(comparable(c.printed, c.a, c.b), c.comparable) << c.a << " and " << c.b;
}

TEST(Object, EqualIdentitiesHashAlike) {
  const std::hash<ObjectId> hash;
  EXPECT_EQ(hash(id_of(Kind::table, "a.b")), hash(id_of(Kind::table, "a.b")));
  EXPECT_NE(hash(id_of(Kind::table, "a.b")), hash(id_of(Kind::table, "b.a")));
  EXPECT_NE(hash(id_of(Kind::table, "a.b")), hash(id_of(Kind::view, "a.b")));
}

}  // namespace
}  // namespace candor::catalog
