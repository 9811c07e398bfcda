/// What of a large schema has to be built to prove a plan.
#include "plan/slice.h"

#include <gtest/gtest.h>

#include "catalog/read.h"
#include "engine/prove_plan.h"
#include "integration/server.h"

namespace candor::test {
namespace {

/// Tables that refer each to the one before, with a view on every tenth.
std::string chain(int tables) {
  std::string sql = "CREATE TABLE t0 (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text);";
  for (int i = 1; i < tables; ++i) {
    sql += fmt::format(
        "CREATE TABLE t{0} (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, up int REFERENCES t{1}, note text, "
        "CONSTRAINT t{0}_positive CHECK (id > 0)); CREATE INDEX t{0}_up ON t{0} (up);",
        i, i - 1);
    if (i % 10 == 5) sql += fmt::format("CREATE VIEW v{0} AS SELECT id FROM t{0};", i);
  }
  return sql + "CREATE FUNCTION first() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM t0';";
}

struct Changed {
  catalog::Catalog from, to;
  plan::Plan plan;
};

/// The plan that repeats `change` on a chain.
Changed changed(int tables, const std::string& change) {
  pg::Connection connection = connect(test_url());
  const auto run = [&](const std::string& sql) {
    auto begun = must(pg::Transaction::begin(connection), "BEGIN");
    for (std::size_t at = 0, end; (end = sql.find(';', at)) != std::string::npos; at = end + 1)
      must(connection.query(sql.substr(at, end - at)), sql.substr(at, end - at));
    EXPECT_TRUE(begun.commit().has_value());
  };
  Changed result;
  run(chain(tables));
  result.from = must(catalog::read(connection), "reading");
  run(change);
  result.to = must(catalog::read(connection), "reading");
  result.plan = plan::make_plan(result.from, result.to, connection.major(), {.simple = true});
  return result;
}

/// The relations in a slice: "t6 t7 v5".
std::string relations_of(const catalog::Catalog& catalog) {
  std::string names;
  for (const catalog::Object& object : catalog.objects())
    if (object.id.kind == catalog::Kind::table || object.id.kind == catalog::Kind::view)
      names += fmt::format("{}{}", names.empty() ? "" : " ", object.id.name.view());
  return names;
}

std::string slice_after(const std::string& change) {
  const Changed changes = changed(12, change);
  return relations_of(slice_of(changes.from, changes.to, changes.plan).from);
}

TEST(Slice, HoldsWhatIsTouchedAndWhatThatNeeds) {
  // t7 refers to t6, t6 to t5, and t0's view, the function's text, to nothing else.
  EXPECT_EQ(slice_after("ALTER TABLE t6 ADD COLUMN more int;"), "t5 t6 t7");
  EXPECT_EQ(slice_after("ALTER TABLE t5 DROP COLUMN note;"), "t4 t5 t6 v5");
  EXPECT_EQ(slice_after("CREATE VIEW w AS SELECT up FROM t9;"), "t9");
  EXPECT_EQ(slice_after("CREATE TABLE alone (id int);"), "");
}

TEST(Slice, HoldsWhatHasANameThatThePlanWants) {
  EXPECT_EQ(slice_after("DROP INDEX t9_up;CREATE TABLE t9_up (id int);"), "t10 t8 t9");
  const Changed changes = changed(12, "CREATE TABLE more (id int);");
  plan::Plan plan = changes.plan;
  for (catalog::ObjectId* const id : {&plan.effects[0].id, &plan.transactions[0].steps[0].object})
    id->name = Text("t9_up");
  EXPECT_EQ(relations_of(slice_of(changes.from, changes.to, plan).from), "t8 t9");
}

TEST(Slice, AColumnOfATableThatIsOnlyNeededStaysInItsPlace) {
  const Changed changes = changed(12, "ALTER TABLE t6 ADD COLUMN more int;");
  const plan::Slice slice = slice_of(changes.from, changes.to, changes.plan);
  std::string parts;
  for (const catalog::Object& object : slice.from.objects())
    if (object.id.relation == Text("t5") || object.id.name == Text("t5_id_seq"))
      parts += fmt::format("{} ", describe(object.id));
  EXPECT_EQ(
      parts,
      "column public.t5.id column public.t5.note column public.t5.up constraint public.t5.t5_pkey sequence "
      "public.t5_id_seq ");
  EXPECT_EQ(slice.left_out, changes.from.size() - slice.from.size());
}

/// Of a large schema the proof builds the slice, and still finds what a plan does not do.
TEST(Slice, ProvesAPlanForALargeSchema) {
  Changed changes = changed(700, "ALTER TABLE t600 ADD COLUMN more int;ALTER TABLE t300 DROP COLUMN note;");
  ASSERT_GT(changes.from.size(), 5000U);
  pg::Connection connection = connect(test_url());
  const auto proof =
      must(engine::prove_plan(connection, changes.from, changes.to, changes.plan, {}), "proving");
  EXPECT_TRUE(proof.proven) << proof.why_not << "\n" << proof.detail;
  EXPECT_GT(proof.left_out, 4900U);
  EXPECT_LT(proof.objects, 100U);
  changes.plan.transactions.front().steps.pop_back();
  const auto less =
      must(engine::prove_plan(connection, changes.from, changes.to, changes.plan, {}), "proving");
  EXPECT_EQ(less.why_not, "the plan does not lead where it should");
}

}  // namespace
}  // namespace candor::test
