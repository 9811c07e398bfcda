#include "engine/drizzle_wording.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/drizzle_snapshot.h"
#include "unit/objects.h"

namespace candor::engine::drizzle {
namespace {

using catalog::Kind;
using catalog::object;

/// What PostgreSQL has after generated().
Json orders() {
  return snapshot_of(catalog::Catalog(
      {
          object(Kind::table, "app.orders"),
          object(Kind::column, "app.orders.a",
                 {{"type", "integer"}, {"not_null", "true"}, {"position", "1"}}),
          object(Kind::column, "app.orders.b",
                 {{"type", "integer"}, {"not_null", "true"}, {"position", "2"}}),
          object(Kind::column, "app.orders.price",
                 {{"type", "numeric(5,0)"}, {"default", "'3'::numeric"}, {"position", "3"}}),
          object(Kind::column, "app.orders.at",
                 {{"type", "integer"}, {"default", "EXTRACT(epoch FROM now())"}, {"position", "4"}}),
          object(Kind::column, "app.orders.sum",
                 {{"type", "integer"}, {"generated", "stored"}, {"default", "(a + b)"}, {"position", "5"}}),
          object(Kind::constraint, "app.orders.pk", {{"type", "primary_key"}, {"columns", "a, b"}}),
          object(Kind::constraint, "app.orders.\"low price\"", {{"type", "check"}, {"check", "(price > 0)"}}),
          object(Kind::constraint, "app.orders.later", {{"type", "check"}, {"check", "(a <> b)"}}),
          object(Kind::index, "app.orders.i",
                 {{"columns", "a desc, lower(b) desc"}, {"where", "(a IS NULL)"}}),
          object(Kind::policy, "app.orders.p",
                 {{"command", "all"}, {"roles", "public"}, {"using", "(a = 1)"}, {"with_check", "(b = 1)"}}),
          object(Kind::view, "app.v", {{"columns", "a integer"}, {"definition", "SELECT a FROM app.orders"}}),
      },
      15));
}

constexpr std::string_view generated = R"~(CREATE TABLE "app"."orders" (
	"a" integer NOT NULL,
	"b" integer,
	"price" numeric(5) DEFAULT 3,
	"at" integer DEFAULT extract(epoch from now()) NOT NULL,
	"sum" integer GENERATED ALWAYS AS ("a" + "b") STORED,
	CONSTRAINT "pk" PRIMARY KEY("a","b"),
	CONSTRAINT "low price" CHECK ("app"."orders"."price" > 0)
);
--> statement-breakpoint
CREATE INDEX "i" ON "app"."orders" USING btree ("a" DESC NULLS FIRST,lower("b") desc) WHERE "app"."orders"."a" is null;--> statement-breakpoint
CREATE VIEW "app"."v" AS (select "a" from "app"."orders" where "a" > ';)');--> statement-breakpoint
ALTER TABLE "app"."orders" ADD CONSTRAINT "later" CHECK ("a" != "b");--> statement-breakpoint
CREATE POLICY "p" ON "app"."orders" AS PERMISSIVE FOR ALL TO public USING ("a" = 1) WITH CHECK (("b") = 1);)~";

Json worded(std::string_view sql) {
  return take_wording(orders(), Json::object(), orders(), sql);
}

TEST(DrizzleWording, TakesWhatDrizzleKitWrote) {
  const Json snapshot = worded(generated);
  const Json& table = snapshot["tables"]["app.orders"];
  const Json& columns = table["columns"];
  EXPECT_EQ(columns["a"]["notNull"], true);
  EXPECT_EQ(columns["b"]["notNull"], false) << "the key makes it so, not the declaration";
  EXPECT_EQ(columns["price"]["type"], "numeric(5)");
  EXPECT_EQ(columns["price"]["default"], 3);
  EXPECT_EQ(columns["at"]["default"], "extract(epoch from now())");
  EXPECT_EQ(columns["at"]["notNull"], false) << "the catalog says so";
  EXPECT_EQ(columns["sum"]["generated"]["as"], R"("a" + "b")");
  EXPECT_EQ(table["checkConstraints"]["low price"]["value"], R"("app"."orders"."price" > 0)");
  EXPECT_EQ(table["checkConstraints"]["later"]["value"], R"("a" != "b")");
  EXPECT_EQ(table["indexes"]["i"]["where"], R"("app"."orders"."a" is null)");
  EXPECT_EQ(table["indexes"]["i"]["columns"].dump(),
            R"~([{"expression":"a","isExpression":false,"asc":false,"nulls":"first"},)~"
            R"~({"expression":"lower(\"b\") desc","isExpression":true,"asc":true,"nulls":"last"}])~");
  EXPECT_EQ(table["policies"]["p"]["using"], R"("a" = 1)");
  EXPECT_EQ(table["policies"]["p"]["withCheck"], R"~(("b") = 1)~");
  EXPECT_EQ(snapshot["views"]["app.v"]["definition"], R"~(select "a" from "app"."orders" where "a" > ';)')~");
}

TEST(DrizzleWording, LeavesWhatIsAsItWas) {
  EXPECT_EQ(take_wording(orders(), orders(), orders(), generated), orders());
}

TEST(DrizzleWording, PassesOverOtherSpellings) {
  EXPECT_EQ(worded("create table app.orders (a int, check (a <> b));"), orders());
  EXPECT_EQ(worded(R"~(ALTER TABLE "app"."other" ADD CONSTRAINT "later" CHECK (true);)~"), orders());
  EXPECT_EQ(worded(fmt::format("{}\n-- by hand", generated)), orders());
  EXPECT_EQ(worded(fmt::format("/* {} */", generated)), orders());
  EXPECT_EQ(worded(R"~(ALTER TABLE "app"."orders" ADD CONSTRAINT "later" CHECK ("a)~"), orders())
      << "cut off";
}

TEST(DrizzleWording, TakesNothingThatALaterStatementTouches) {
  const Json snapshot = worded(fmt::format(
      "{}\nALTER TABLE \"app\".\"orders\" ALTER COLUMN \"price\" SET DEFAULT 3;"
      "\nALTER TABLE \"app\".\"orders\" DROP CONSTRAINT \"later\";\nALTER POLICY \"p\" ON \"app\".\"orders\" "
      "TO public USING (true);\nDROP INDEX \"app\".\"i\";",
      generated));
  const Json& table = snapshot["tables"]["app.orders"];
  const Json expected = orders();
  const Json& told = expected["tables"]["app.orders"];
  EXPECT_EQ(table["columns"]["price"], told["columns"]["price"]);
  EXPECT_EQ(table["checkConstraints"]["later"], told["checkConstraints"]["later"]);
  EXPECT_EQ(table["policies"], told["policies"]);
  EXPECT_EQ(table["indexes"], told["indexes"]);
  EXPECT_EQ(table["columns"]["at"]["default"], "extract(epoch from now())");
}

}  // namespace
}  // namespace candor::engine::drizzle
