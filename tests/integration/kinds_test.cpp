/// Each kind of object: every attribute changed once, on every major, and what is read changes in it alone.
#include <gtest/gtest.h>

#include "catalog/diff.h"
#include "catalog/read.h"
#include "integration/kind_changes.h"
#include "integration/server.h"
#include "sql/script.h"

namespace candor::catalog {
namespace {

using test::connect;
using test::must;

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
    lines += fmt::format("{} {}", static_cast<char>(effect.change), describe(effect.id));
    for (const AttributeChange& change : effect.attributes)
      lines += fmt::format("{}{}", &change == &effect.attributes.front() ? ": " : ", ",
                           attributes_of(effect.id.kind)[change.attribute].name);
    lines += '\n';
  }
  return lines;
}

class KindOn : public testing::TestWithParam<std::tuple<int, test::KindChange>> {};

TEST_P(KindOn, EachAttributeIsSeen) {
  const auto& [major, change] = GetParam();
  if (major < change.from) return;
  auto connection = connect(test::test_url(major));
  run(connection, change.setup);
  const Catalog before = must(read(connection), "reading");
  run(connection, change.change);
  const Catalog after = must(read(connection), "reading");
  const auto effects = diff(before, after);
  EXPECT_EQ(listed(effects), change.expected);

  // What a migration's proof reads is the same.
  std::vector<ObjectId> ids;
  for (const Effect& effect : effects) ids.push_back(effect.id);
  must(connection.query("BEGIN"), "beginning");
  const Reading part = must(read_in_transaction(connection, Scope::of(ids)), "reading a part");
  for (const ObjectId& id : ids) {
    const Object* const whole = after.find(id);
    const Object* const alone = part.catalog.find(id);
    ASSERT_EQ(whole == nullptr, alone == nullptr) << describe(id);
    if (whole != nullptr) {
      EXPECT_EQ(*whole, *alone) << describe(id);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Read, KindOn,
                         testing::Combine(testing::Values(13, 15, 18), testing::ValuesIn(test::kind_changes)),
                         [](const auto& tested) {
                           return fmt::format("{}_on_{}", std::get<1>(tested.param).name,
                                              std::get<0>(tested.param));
                         });

}  // namespace
}  // namespace candor::catalog
