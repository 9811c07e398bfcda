/// Every kind from one database to another: read, planned from nothing, run, read again; and back to nothing.
#include <gtest/gtest.h>

#include "catalog/fingerprint.h"
#include "catalog/read.h"
#include "integration/server.h"
#include "integration/zoo.h"
#include "plan/plan.h"
#include "sql/script.h"

namespace candor::plan {
namespace {

using test::connect;
using test::must;

/// What differs, line by line; empty: nothing.
std::string differences(const catalog::Catalog& from, const catalog::Catalog& to) {
  std::string lines;
  for (const catalog::Effect& effect : catalog::diff(from, to)) {
    lines += fmt::format("{} {}\n", static_cast<char>(effect.change), describe(effect.id));
    for (const catalog::AttributeChange& change : effect.attributes)
      lines +=
          fmt::format("    {}: {} -> {}\n", catalog::attributes_of(effect.id.kind)[change.attribute].name,
                      change.from.view(), change.to.view());
  }
  return lines;
}

/// Runs a plan; the first statement that fails is told.
std::string run(pg::Connection& connection, const Plan& plan) {
  for (const Transaction& transaction : plan.transactions) {
    if (transaction.transactional) must(connection.query("BEGIN"), "beginning");
    for (const Step& step : transaction.steps)
      if (auto ran = connection.query(step.sql); !ran)
        return fmt::format("{}\n{}\n{}", step.sql, ran.error().message, ran.error().detail);
    if (transaction.transactional) must(connection.query("COMMIT"), "committing");
  }
  return {};
}

const std::string makeable_zoo = std::string(test::zoo) + std::string(test::without_secrets);

class PlanKindsOn : public testing::TestWithParam<int> {};

TEST_P(PlanKindsOn, FromNothingAndBack) {
  auto original = connect(test::test_url(GetParam()));
  const auto loaded =
      sql::for_each_statement(makeable_zoo, "zoo", [&](const sql::Statement& statement) -> Result<> {
        auto ran = original.query(statement.text);
        EXPECT_TRUE(ran) << statement.text << ": " << ran.error().message;
        return {};
      });
  ASSERT_TRUE(loaded.has_value());
  const catalog::Catalog wanted = must(catalog::read(original), "reading");

  auto copy = connect(test::test_url(GetParam()));
  const catalog::Catalog nothing = must(catalog::read(copy), "reading");
  ASSERT_EQ(run(copy, make_plan(nothing, wanted, GetParam(), {.simple = true})), "");
  const catalog::Catalog made = must(catalog::read(copy), "reading");
  EXPECT_EQ(differences(wanted, made), "");
  EXPECT_EQ(catalog::fingerprint(wanted), catalog::fingerprint(made));
  EXPECT_TRUE(make_plan(made, wanted, GetParam()).empty());

  ASSERT_EQ(run(copy, make_plan(made, nothing, GetParam(), {.simple = true})), "");
  EXPECT_EQ(differences(nothing, must(catalog::read(copy), "reading")), "");
}

INSTANTIATE_TEST_SUITE_P(Plan, PlanKindsOn, testing::Values(13, 15, 18),
                         [](const auto& tested) { return fmt::format("on_{}", tested.param); });

}  // namespace
}  // namespace candor::plan
