#include "catalog/compare.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "objects.h"

namespace candor::catalog {
namespace {

using Nature = Difference::Nature;
using Lines = std::vector<std::string>;

std::string_view name(Nature nature) {
  switch (nature) {
    case Nature::missing:
      return "missing";
    case Nature::extra:
      return "extra";
    case Nature::altered:
      return "altered";
    case Nature::unproven:
      return "unproven";
    case Nature::notice:
      return "notice";
  }
  return "?";
}

/// Everything a comparison says, a line each.
Lines lines(const Comparison& comparison) {
  Lines result;
  for (const auto* list : {&comparison.differences, &comparison.unproven, &comparison.notices})
    for (const Difference& d : *list)
      result.push_back(d.attribute.empty() && d.expected.empty()
                           ? fmt::format("{} {}", name(d.nature), describe(d.id))
                           : fmt::format("{} {} {}: {}, not {}", name(d.nature), describe(d.id), d.attribute,
                                         d.found, d.expected));
  return result;
}

struct Case {
  const char* name;
  std::vector<Object> expected;
  std::vector<Object> live;
  Verdict verdict;
  Lines lines;
  CompareOptions options = {};
  std::size_t varying = 0;
};

const auto table = [](std::string_view id, const AttributeValues& values = {}) {
  return object(Kind::table, id, values);
};
const auto column = [](std::string_view id, const AttributeValues& values = {}) {
  return object(Kind::column, id, values);
};

TEST(Compare, WithinOneMajor) {
  const Case cases[] = {
      {"nothing and nothing", {}, {}, Verdict::is_true, {}},
      {"the same", small_schema(), small_schema(), Verdict::is_true, {}},
      {"a missing table and its column",
       {table("a.t"), column("a.t.x")},
       {},
       Verdict::differs,
       {"missing table a.t", "missing column a.t.x"}},
      {"an extra column",
       {table("a.t")},
       {table("a.t"), column("a.t.x")},
       Verdict::differs,
       {"extra column a.t.x"}},
      {"another kind of the same name",
       {table("a.t")},
       {object(Kind::view, "a.t")},
       Verdict::differs,
       {"missing table a.t", "extra view a.t"}},
      {"an altered attribute",
       {column("a.t.x", {{"type", "integer"}})},
       {column("a.t.x", {{"type", "bigint"}})},
       Verdict::differs,
       {"altered column a.t.x type: bigint, not integer"}},
      {"an INVALID index",
       {object(Kind::index, "a.t.i", {{"columns", "x"}})},
       {object(Kind::index, "a.t.i", {{"columns", "x"}, {"invalid", "true"}})},
       Verdict::differs,
       {"altered index a.t.i invalid: true, not "}},
      {"columns in another physical order",
       {column("a.t.x", {{"position", "1"}})},
       {column("a.t.x", {{"position", "2"}})},
       Verdict::is_true,
       {"notice column a.t.x position: 2, not 1"}},
      {"a comment, by default", {table("a.t", {{"comment", "x"}})}, {table("a.t")}, Verdict::is_true, {}},
      {"a comment, when asked for",
       {table("a.t", {{"comment", "x"}})},
       {table("a.t")},
       Verdict::differs,
       {"altered table a.t comment: , not x"},
       {.comments = true}},
      {"an owner, by default", {table("a.t", {{"owner", "x"}})}, {table("a.t")}, Verdict::is_true, {}},
      {"an owner, when asked for",
       {table("a.t", {{"owner", "x"}})},
       {table("a.t")},
       Verdict::differs,
       {"altered table a.t owner: , not x"},
       {.owners = true}},
      {"grants, when comments are asked for",
       {table("a.t", {{"grants", "x"}})},
       {table("a.t")},
       Verdict::is_true,
       {},
       {.comments = true}},
      {"grants, when asked for",
       {table("a.t", {{"grants", "x"}})},
       {table("a.t")},
       Verdict::differs,
       {"altered table a.t grants: , not x"},
       {.grants = true}},
  };
  for (const Case& c : cases) {
    const auto result = compare(Catalog(c.expected, 15), Catalog(c.live, 15), {}, c.options);
    EXPECT_EQ(result.verdict(), c.verdict) << c.name;
    EXPECT_EQ(lines(result), c.lines) << c.name;
    EXPECT_EQ(result.varying, c.varying) << c.name;
  }
}

TEST(Compare, IgnoredAndVaryingObjects) {
  const std::vector<Object> spatial = {table("public.spatial_ref_sys"), column("public.spatial_ref_sys.srid"),
                                       object(Kind::index, "public.spatial_ref_sys.pk")};
  const Case cases[] = {
      {"an ignored table takes its columns along",
       {},
       spatial,
       Verdict::is_true,
       {},
       {.ignore = {"public.spatial_ref_sys"}}},
      {"ignored on the expected side",
       spatial,
       {},
       Verdict::is_true,
       {},
       {.ignore = {"public.spatial_ref_sys"}}},
      {"an ignored column leaves its table",
       {},
       spatial,
       Verdict::differs,
       {"extra table public.spatial_ref_sys", "extra index public.spatial_ref_sys.pk"},
       {.ignore = {"*.srid"}}},
      {"an ignored alteration",
       {column("a.t.x", {{"type", "integer"}})},
       {column("a.t.x", {{"type", "bigint"}})},
       Verdict::is_true,
       {},
       {.ignore = {"a.*"}}},
      {"a pattern that fits nothing",
       {},
       {table("a.t")},
       Verdict::differs,
       {"extra table a.t"},
       {.ignore = {"a.t2"}}},
      {"partitions of another day",
       {table("a.p_1"), column("a.p_1.x")},
       {table("a.p_2"), column("a.p_2.x")},
       Verdict::is_true,
       {},
       {.varies = {"a.p_*"}},
       4},
      {"a varying value",
       {column("a.t.x", {{"default", "1"}})},
       {column("a.t.x", {{"default", "2"}})},
       Verdict::is_true,
       {},
       {.varies = {"a.t.x"}},
       1},
      {"varying objects that are the same",
       {table("a.p_1")},
       {table("a.p_1")},
       Verdict::is_true,
       {},
       {.varies = {"a.p_*"}}},
      {"others vary not",
       {table("a.q_1")},
       {table("a.p_2")},
       Verdict::differs,
       {"missing table a.q_1"},
       {.varies = {"a.p_*"}},
       1},
      {"a varying object whose comment alone differs",
       {table("a.p_1", {{"comment", "x"}})},
       {table("a.p_1")},
       Verdict::is_true,
       {},
       {.varies = {"a.p_*"}},
       0},
  };
  for (const Case& c : cases) {
    const auto result = compare(Catalog(c.expected, 15), Catalog(c.live, 15), {}, c.options);
    EXPECT_EQ(result.verdict(), c.verdict) << c.name;
    EXPECT_EQ(lines(result), c.lines) << c.name;
    EXPECT_EQ(result.varying, c.varying) << c.name;
  }
}

struct PrintedCase {
  const char* name;
  Kind kind;
  const char* id;
  const char* attribute;
  const char* expected;
  const char* live;
  int expected_major;
  int live_major;
  const char* form;  ///< or nullptr
  Verdict verdict;
  Lines lines;
};

TEST(Compare, TextsOfOtherMajors) {
  const PrintedCase cases[] = {
      {"equal text of a query",
       Kind::view,
       "a.v",
       "definition",
       "q",
       "q",
       15,
       16,
       nullptr,
       Verdict::is_true,
       {}},
      {"other text of a query",
       Kind::view,
       "a.v",
       "definition",
       "q",
       "r",
       15,
       16,
       nullptr,
       Verdict::unproven,
       {"unproven view a.v definition: r, not q"}},
      {"other text within the major",
       Kind::view,
       "a.v",
       "definition",
       "q",
       "r",
       15,
       15,
       nullptr,
       Verdict::differs,
       {"altered view a.v definition: r, not q"}},
      {"the known form", Kind::view, "a.v", "definition", "q", "r", 15, 16, "r", Verdict::is_true, {}},
      {"not the known form",
       Kind::view,
       "a.v",
       "definition",
       "q",
       "r",
       15,
       16,
       "s",
       Verdict::differs,
       {"altered view a.v definition: r, not s"}},
      {"a form is no excuse within the major",
       Kind::view,
       "a.v",
       "definition",
       "q",
       "r",
       15,
       15,
       "r",
       Verdict::differs,
       {"altered view a.v definition: r, not q"}},
      {"an expression on majors that print alike",
       Kind::column,
       "a.t.x",
       "default",
       "1",
       "2",
       15,
       18,
       nullptr,
       Verdict::differs,
       {"altered column a.t.x default: 2, not 1"}},
      {"an expression across 14",
       Kind::column,
       "a.t.x",
       "default",
       "1",
       "2",
       13,
       15,
       nullptr,
       Verdict::unproven,
       {"unproven column a.t.x default: 2, not 1"}},
      {"an expression where none should be",
       Kind::column,
       "a.t.x",
       "default",
       "",
       "2",
       13,
       15,
       nullptr,
       Verdict::differs,
       {"altered column a.t.x default: 2, not "}},
      {"structure is compared on every major",
       Kind::column,
       "a.t.x",
       "type",
       "integer",
       "bigint",
       12,
       18,
       nullptr,
       Verdict::differs,
       {"altered column a.t.x type: bigint, not integer"}},
  };
  for (const PrintedCase& c : cases) {
    Forms forms;
    if (c.form != nullptr) forms[id_of(c.kind, c.id)] = {{attribute(c.kind, c.attribute), Text(c.form)}};
    const auto result =
        compare(Catalog({object(c.kind, c.id, {{c.attribute, c.expected}})}, c.expected_major),
                Catalog({object(c.kind, c.id, {{c.attribute, c.live}})}, c.live_major), forms, {});
    EXPECT_EQ(result.verdict(), c.verdict) << c.name;
    EXPECT_EQ(lines(result), c.lines) << c.name;
  }
}

TEST(Compare, WhatIsNotReadableIsUnprovenAndNeverMissing) {
  const Catalog expected({table("a.t"), object(Kind::policy, "a.t.p"), object(Kind::policy, "a.t.q")}, 15);
  Catalog live({table("a.t")}, 15);
  live.unreadable.push_back({Kind::policy, "permission denied for table pg_policy"});
  auto result = compare(expected, live, {}, {});
  EXPECT_EQ(result.verdict(), Verdict::unproven);
  EXPECT_TRUE(result.differences.empty());
  ASSERT_EQ(result.unproven.size(), 1U);
  EXPECT_EQ(result.unproven[0].id.kind, Kind::policy);
  EXPECT_EQ(result.unproven[0].expected, "2 objects");
  EXPECT_EQ(result.unproven[0].found, "permission denied for table pg_policy");
  EXPECT_EQ(result.objects, 3U);

  // Even where none is expected: one might be there.
  result = compare(Catalog({table("a.t")}, 15), live, {}, {});
  EXPECT_EQ(result.verdict(), Verdict::unproven);
  ASSERT_EQ(result.unproven.size(), 1U);
  EXPECT_EQ(result.unproven[0].expected, "0 objects");

  // A difference that is known decides.
  result = compare(Catalog({}, 15), live, {}, {});
  EXPECT_EQ(result.verdict(), Verdict::differs);
}

TEST(Compare, CountsWhatTookPart) {
  const Catalog expected({table("a.t"), column("a.t.x"), table("a.p_1"), table("b.t")}, 15);
  const Catalog live({table("a.t"), column("a.t.y"), table("a.p_2"), table("c.t")}, 15);
  const auto result = compare(expected, live, {}, {.ignore = {"b.*"}, .varies = {"a.p_*"}});
  EXPECT_EQ(result.objects, 4U);  // a.t, a.t.x, a.t.y, c.t
  EXPECT_EQ(result.varying, 2U);
}

}  // namespace
}  // namespace candor::catalog
