#include "engine/drizzle_snapshot.h"

#include <gtest/gtest.h>

#include "engine/drizzle_values.h"
#include "unit/objects.h"

namespace candor::engine::drizzle {
namespace {

using catalog::Kind;
using catalog::object;

catalog::Catalog with_enums() {
  std::vector<catalog::Object> objects;
  objects.push_back(object(Kind::enum_type, "public.mood", {{"labels", R"~("ok", "it's")~"}}));
  objects.push_back(object(Kind::enum_type, "app.\"Level\"", {{"labels", R"~("low")~"}}));
  return catalog::Catalog(std::move(objects), 15);
}

TEST(DrizzleSnapshot, NamesTypesAsDrizzleDoes) {
  const catalog::Catalog catalog = with_enums();
  struct Case {
    std::string_view printed, text, schema;
  };
  const Case cases[] = {
      {"integer", "integer", ""},
      {"character varying(255)", "varchar(255)", ""},
      {"character varying", "varchar", ""},
      {"character(3)", "char(3)", ""},
      {"numeric(10,2)", "numeric(10, 2)", ""},
      {"timestamp without time zone", "timestamp", ""},
      {"timestamp(3) with time zone", "timestamp (3) with time zone", ""},
      {"time(3) without time zone", "time(3)", ""},
      {"text[]", "text[]", ""},
      {"interval(6)", "interval(6)", ""},
      {"public.mood", "mood", "public"},
      {"public.mood[]", "mood[]", "public"},
      {"app.\"Level\"", "Level", "app"},
      {"public.vector(3)", "vector(3)", ""},
      {"ext.citext", "ext.citext", ""},
  };
  for (const Case& one : cases) {
    const Type type = type_of(one.printed, catalog);
    EXPECT_EQ(type.text, one.text) << one.printed;
    EXPECT_EQ(type.schema, one.schema) << one.printed;
    EXPECT_EQ(type.array, one.printed.ends_with("[]")) << one.printed;
  }
}

TEST(DrizzleSnapshot, WritesDefaultsAsDrizzleDoes) {
  const catalog::Catalog catalog = with_enums();
  struct Case {
    std::string_view type, printed, json;
  };
  const Case cases[] = {
      {"text", "'it''s'::text", R"~("'it''s'")~"},
      {"text", R"~(E'a\\b'::text)~", R"~("'a\\b'")~"},
      {"text", "''::text", R"~("''")~"},
      {"text", "'a::b'::text", R"~("'a::b'")~"},
      {"text", "lower('A'::text)", R"~("lower('A'::text)")~"},
      {"text", "('a'::text || 'b'::text)", R"~("('a'::text || 'b'::text)")~"},
      {"text", "NULL::text", R"~("NULL")~"},
      {"character varying(3)", "'abc'::character varying", R"~("'abc'")~"},
      {"integer", "5", "5"},
      {"integer", "'-1'::integer", "-1"},
      {"integer", "(1 + 1)", R"~("(1 + 1)")~"},
      {"bigint", "'9007199254740991'::bigint", "9007199254740991"},
      {"double precision", "1.5", "1.5"},
      {"double precision", "'-0.25'::numeric", "-0.25"},
      {"numeric(10,2)", "0.00", R"~("'0.00'")~"},
      {"numeric", "'-12.5'::numeric", R"~("'-12.5'")~"},
      {"boolean", "true", "true"},
      {"boolean", "false", "false"},
      {"timestamp with time zone", "now()", R"~("now()")~"},
      {"date", "'2020-02-03'::date", R"~("'2020-02-03'")~"},
      {"interval", "'1 day'::interval", R"~("'1 day'")~"},
      {"jsonb", R"~('{"k": "it''s", "n": [1, 2]}'::jsonb)~", R"~("'{\"k\":\"it''s\",\"n\":[1,2]}'::jsonb")~"},
      {"json", R"~('{"a":1}'::json)~", R"~("'{\"a\":1}'::json")~"},
      {"public.mood", "'ok'::public.mood", R"~("'ok'")~"},
      {"text[]", "'{}'::text[]", R"~("'{}'")~"},
      {"text[]", R"~('{a,"b c"}'::text[])~", R"~("'{\"a\",\"b c\"}'")~"},
      {"text[]", "'{a,NULL}'::text[]", R"~("'{a,NULL}'")~"},
      {"integer[]", "'{1,-2}'::integer[]", R"~("'{1,-2}'")~"},
      {"boolean[]", "'{t,f}'::boolean[]", R"~("'{true,false}'")~"},
      {"public.mood[]", "'{ok}'::public.mood[]", R"~("'{\"ok\"}'")~"},
      {"text[]", "ARRAY['a'::text]", R"~("ARRAY['a'::text]")~"},
  };
  for (const Case& one : cases)
    EXPECT_EQ(default_of(one.printed, type_of(one.type, catalog)).dump(), one.json) << one.printed;
}

TEST(DrizzleSnapshot, FindsTheSequenceOfASerial) {
  EXPECT_EQ(sequence_in("nextval('public.users_id_seq'::regclass)"), "users_id_seq");
  EXPECT_EQ(sequence_in("nextval('app.\"It''s \"\"one\"\"\"'::regclass)"), "It's \"one\"");
  EXPECT_EQ(sequence_in("nextval('s'::regclass)"), "s");
  EXPECT_EQ(sequence_in("(nextval('s'::regclass) + 1)"), std::nullopt);
  EXPECT_EQ(sequence_in("now()"), std::nullopt);
}

/// A table of every part that a snapshot can tell, and some that it cannot.
std::vector<catalog::Object> shop() {
  return {
      object(Kind::schema, "public"),
      object(Kind::schema, "app"),
      object(Kind::enum_type, "public.mood", {{"labels", R"~("ok", "so, so", "it's")~"}}),
      object(Kind::table, "public.users", {{"row_security", "true"}}),
      object(Kind::column, "public.users.id",
             {{"type", "integer"},
              {"not_null", "true"},
              {"default", "nextval('public.users_id_seq'::regclass)"},
              {"position", "1"}}),
      object(Kind::sequence, "public.users_id_seq", {{"type", "integer"}, {"owned_by", "public.users.id"}}),
      object(Kind::column, "public.users.\"Na me\"", {{"type", "text"}, {"position", "2"}}),
      object(Kind::column, "public.users.sum",
             {{"type", "integer"}, {"generated", "stored"}, {"default", "(id + 1)"}, {"position", "3"}}),
      object(Kind::column, "public.users.maybe",
             {{"type", "integer"}, {"generated", "virtual"}, {"default", "(id + 2)"}, {"position", "4"}}),
      object(Kind::constraint, "public.users.users_pkey", {{"type", "primary_key"}, {"columns", "id"}}),
      object(Kind::constraint, "public.users.u",
             {{"type", "unique"}, {"columns", R"~("Na me", id)~"}, {"nulls_not_distinct", "true"}}),
      object(Kind::constraint, "public.users.c", {{"type", "check"}, {"check", "((id > 0) AND (id < 9))"}}),
      object(Kind::constraint, "public.users.x", {{"type", "exclude"}, {"exclude", "gist (id) with ="}}),
      object(Kind::index, "public.users.i",
             {{"unique", "true"},
              {"columns", R"~("Na me" collate C desc, id public.my_ops nulls first, lower(a, b), (id + 1))~"},
              {"where", "(id > 1)"},
              {"method", "gin"},
              {"options", "fastupdate=off, fillfactor=70, kind=soft"}}),
      object(Kind::policy, "public.users.p",
             {{"command", "select"}, {"restrictive", "true"}, {"roles", "z, app"}, {"using", "(id = 1)"}}),
      object(Kind::trigger, "public.users.t"),
      object(Kind::table, "app.posts", {{"partition_by", "RANGE (a)"}}),
      object(Kind::column, "app.posts.a",
             {{"type", "bigint"}, {"not_null", "true"}, {"identity", "by_default"}, {"position", "1"}}),
      object(Kind::sequence, "app.posts_a_seq",
             {{"type", "bigint"},
              {"owned_by", "app.posts.a"},
              {"identity", "true"},
              {"increment", "-2"},
              {"max", "-5"},
              {"cycle", "true"}}),
      object(Kind::column, "app.posts.b", {{"type", "integer"}, {"position", "2"}}),
      object(Kind::constraint, "app.posts.pk", {{"type", "primary_key"}, {"columns", "b, a"}}),
      object(Kind::constraint, "app.posts.fk",
             {{"type", "foreign_key"},
              {"columns", "b"},
              {"references", "public.users (id)"},
              {"on_delete", "set null"}}),
      object(Kind::constraint, "app.posts.self",
             {{"type", "foreign_key"}, {"columns", "b, a"}, {"references", "app.posts (b, a)"}}),
      object(Kind::table, "app.posts_1", {{"partition_of", "app.posts"}, {"bound", "FOR VALUES"}}),
      object(Kind::sequence, "app.free", {{"type", "smallint"}, {"cache", "7"}}),
      object(Kind::view, "public.v",
             {{"columns", "id integer, \"m m\" public.mood"},
              {"definition", " SELECT users.id,\n    users.m\n   FROM users;"},
              {"options", "check_option=local, security_barrier=true, unheard_of=1"}}),
      object(Kind::materialized_view, "public.mv",
             {{"columns", "id integer"}, {"definition", "SELECT 1"}, {"options", "fillfactor=80"}}),
      object(Kind::function, "public.f()"),
  };
}

Json written(std::vector<catalog::Object> objects) {
  return snapshot_of(catalog::Catalog(std::move(objects), 15));
}

TEST(DrizzleSnapshot, TellsATable) {
  const Json users = written(shop())["tables"]["public.users"];
  EXPECT_EQ(users["schema"], "");
  EXPECT_EQ(users["isRLSEnabled"], true);
  EXPECT_EQ(users["columns"].dump(),
            R"~({"id":{"name":"id","type":"serial","primaryKey":true,"notNull":true},)~"
            R"~("Na me":{"name":"Na me","type":"text","primaryKey":false,"notNull":false},)~"
            R"~("sum":{"name":"sum","type":"integer","primaryKey":false,"notNull":false,)~"
            R"~("generated":{"as":"id + 1","type":"stored"}},)~"
            R"~("maybe":{"name":"maybe","type":"integer","primaryKey":false,"notNull":false}})~");
  EXPECT_EQ(users["uniqueConstraints"].dump(),
            R"~({"u":{"name":"u","nullsNotDistinct":true,"columns":["Na me","id"]}})~");
  EXPECT_EQ(users["checkConstraints"].dump(), R"~({"c":{"name":"c","value":"(id > 0) AND (id < 9)"}})~");
  EXPECT_EQ(users["policies"].dump(),
            R"~({"p":{"name":"p","as":"RESTRICTIVE","for":"SELECT","to":["app","z"],"using":"(id = 1)"}})~");
  EXPECT_EQ(users["compositePrimaryKeys"].dump(), "{}");
  EXPECT_EQ(users["foreignKeys"].dump(), "{}");
}

TEST(DrizzleSnapshot, TellsAnIndex) {
  const Json index = written(shop())["tables"]["public.users"]["indexes"]["i"];
  EXPECT_EQ(index["columns"].dump(),
            R"~([{"expression":"\"Na me\" COLLATE \"C\"","isExpression":true,"asc":false,"nulls":"first"},)~"
            R"~({"expression":"id","isExpression":false,"asc":true,"nulls":"first","opclass":"my_ops"},)~"
            R"~({"expression":"lower(a, b)","isExpression":true,"asc":true,"nulls":"last"},)~"
            R"~({"expression":"(id + 1)","isExpression":true,"asc":true,"nulls":"last"}])~");
  EXPECT_EQ(index["isUnique"], true);
  EXPECT_EQ(index["where"], "(id > 1)");
  EXPECT_EQ(index["method"], "gin");
  EXPECT_EQ(index["with"].dump(), R"~({"fastupdate":false,"fillfactor":70,"kind":"soft"})~");
}

TEST(DrizzleSnapshot, TellsKeysAndIdentityOfAnotherSchema) {
  const Json posts = written(shop())["tables"]["app.posts"];
  EXPECT_EQ(posts["schema"], "app");
  EXPECT_EQ(posts["columns"]["a"]["primaryKey"], false);
  EXPECT_EQ(posts["columns"]["a"]["identity"].dump(),
            R"~({"type":"byDefault","name":"posts_a_seq","schema":"app","increment":"-2","startWith":"-5",)~"
            R"~("minValue":"-9223372036854775808","maxValue":"-5","cache":"1","cycle":true})~");
  EXPECT_EQ(posts["compositePrimaryKeys"].dump(), R"~({"pk":{"name":"pk","columns":["b","a"]}})~");
  EXPECT_EQ(
      posts["foreignKeys"].dump(),
      R"~({"fk":{"name":"fk","tableFrom":"posts","tableTo":"users","columnsFrom":["b"],)~"
      R"~("columnsTo":["id"],"onDelete":"set null","onUpdate":"no action"},)~"
      R"~("self":{"name":"self","tableFrom":"posts","tableTo":"posts","schemaTo":"app",)~"
      R"~("columnsFrom":["b","a"],"columnsTo":["b","a"],"onDelete":"no action","onUpdate":"no action"}})~");
}

TEST(DrizzleSnapshot, TellsTheRest) {
  const Json all = written(shop());
  EXPECT_EQ(all["version"], "7");
  EXPECT_EQ(all["dialect"], "postgresql");
  EXPECT_EQ(all["tables"].size(), 2U) << "a partition is not told";
  EXPECT_EQ(all["enums"].dump(),
            R"~({"public.mood":{"name":"mood","schema":"public","values":["ok","so, so","it's"]}})~");
  EXPECT_EQ(all["schemas"].dump(), R"~({"app":"app"})~");
  EXPECT_EQ(all["sequences"].dump(),
            R"~({"app.free":{"name":"free","schema":"app","increment":"1","startWith":"1","minValue":"1",)~"
            R"~("maxValue":"32767","cache":"7","cycle":false}})~");
  EXPECT_EQ(all["views"].size(), 2U);
  const Json view = all["views"]["public.v"];
  EXPECT_EQ(view["definition"], "SELECT users.id, users.m FROM users");
  EXPECT_EQ(view["with"].dump(), R"~({"checkOption":"local","securityBarrier":true})~");
  EXPECT_EQ(view["materialized"], false);
  EXPECT_EQ(view["columns"]["m m"].dump(),
            R"~({"name":"m m","type":"mood","typeSchema":"public","primaryKey":false,"notNull":false})~");
  EXPECT_EQ(all["views"]["public.mv"]["with"].dump(), R"~({"fillfactor":80})~");
  EXPECT_EQ(all["_meta"].dump(), R"~({"schemas":{},"tables":{},"columns":{}})~");
}

/// drizzle-kit's own words of shop(), and a role that no catalog tells.
Json in_its_words() {
  Json known = written(shop());
  known["tables"]["public.users"]["checkConstraints"]["c"]["value"] = R"~("users"."id" between 1 and 8)~";
  known["tables"]["public.users"]["columns"]["sum"]["generated"]["as"] = R"~("users"."id" + 1)~";
  known["tables"].erase("app.posts");  // made by hand
  known["roles"]["app"] = {{"name", "app"}};
  known["_meta"]["tables"]["old"] = "users";
  return known;
}

TEST(DrizzleSnapshot, KeepsTheWordsOfWhatDidNotChange) {
  const Json was = written(shop());
  const Json known = in_its_words();
  Json expected = known;
  expected["_meta"]["tables"] = Json::object();  // it was renamed then, not now
  EXPECT_EQ(keep_wording(was, was, known), expected);
}

TEST(DrizzleSnapshot, TellsWhatChangedAsItIs) {
  auto objects = shop();
  for (catalog::Object& one : objects) {
    if (one.id == catalog::id_of(Kind::constraint, "public.users.c"))
      one = object(Kind::constraint, "public.users.c", {{"type", "check"}, {"check", "(id > 5)"}});
    if (one.id == catalog::id_of(Kind::column, "public.users.sum"))
      one = object(Kind::column, "public.users.sum",
                   {{"type", "integer"},
                    {"not_null", "true"},
                    {"generated", "stored"},
                    {"default", "(id + 1)"},
                    {"position", "3"}});
  }
  std::erase_if(objects, [](const auto& one) { return one.id.kind == Kind::policy; });
  objects.push_back(object(Kind::table, "public.new"));
  objects.push_back(object(Kind::column, "app.posts.c", {{"type", "integer"}, {"position", "3"}}));
  const Json kept = keep_wording(written(std::move(objects)), written(shop()), in_its_words());
  const Json& users = kept["tables"]["public.users"];
  EXPECT_EQ(users["checkConstraints"]["c"]["value"], "id > 5");
  EXPECT_EQ(users["columns"]["sum"]["notNull"], true);
  EXPECT_EQ(users["columns"]["sum"]["generated"]["as"], R"~("users"."id" + 1)~")
      << "this field did not change";
  EXPECT_EQ(users["policies"].size(), 0U);
  EXPECT_TRUE(kept["tables"].contains("public.new"));
  EXPECT_FALSE(kept["tables"].contains("app.posts")) << "schema.ts has no word of it: generate would drop it";
}

}  // namespace
}  // namespace candor::engine::drizzle
