// The documents of --json, as docs/json.md describes them.
#include <gtest/gtest.h>

#include "base/version.h"
#include "cli/json.h"

namespace candor::cli {
namespace {

using catalog::Change;
using catalog::Kind;

TEST(Json, SharedFieldsComeFirst) {
  const Error error{.code = codes::statement_failed,
                    .message = "failed",
                    .sqlstate = "42703",
                    .where = SourcePosition{.file = "a.sql", .line = 3, .column = 7, .text = "x"},
                    .hint = "correct it"};
  const std::vector<Finding> findings = {
      {Severity::warning, Error{.code = codes::version_gap, .message = "a gap"}}};
  const Json fields = {{"dry_run", true}};
  EXPECT_EQ(
      serialise({.command = "up", .exit = 1, .error = &error, .findings = &findings, .fields = &fields}),
      "{\"candor\":\"" + std::string(tool_version()) +
          "\",\"command\":\"up\",\"exit\":1,\"ok\":false,"
          "\"error\":{\"code\":\"C0501\",\"title\":\"a migration's statement failed\",\"message\":\"failed\","
          "\"sqlstate\":\"42703\",\"detail\":null,\"file\":\"a.sql\",\"line\":3,\"column\":7,"
          "\"hint\":\"correct it\"},"
          "\"findings\":[{\"severity\":\"warning\",\"code\":\"C0308\","
          "\"title\":\"a number is missing from the series\",\"message\":\"a gap\",\"sqlstate\":null,"
          "\"detail\":null,\"file\":null,\"line\":null,\"column\":null,\"hint\":null}],"
          "\"dry_run\":true}");
}

TEST(Json, SuccessHasNoError) {
  const Json document = Json::parse(serialise({.command = "verify", .exit = 0}));
  EXPECT_EQ(document.at("ok"), true);
  EXPECT_TRUE(document.at("error").is_null());
  EXPECT_TRUE(document.at("findings").is_array());
  EXPECT_TRUE(document.at("findings").empty());
}

TEST(Json, BytesThatAreNotUtf8BreakNothing) {
  const Error error{.code = codes::invalid_text, .message = "bad \xFF byte"};
  const Json document = Json::parse(serialise({.command = "check", .exit = 1, .error = &error}));
  EXPECT_EQ(document.at("error").at("message"), "bad \uFFFD byte");
}

TEST(Json, UnprovenIsNeverTrue) {
  engine::Verification verification;
  EXPECT_EQ(to_json(verification).at("verdict"), "unproven");
  EXPECT_EQ(to_json(verification).at("compared"), false);
  verification.verdict = catalog::Verdict::differs;
  EXPECT_EQ(to_json(verification).at("verdict"), "differs");
}

TEST(Json, Effects) {
  const auto names = catalog::attributes_of(Kind::column);
  std::vector<Text> values(names.size());
  values[0] = Text("bigint");
  const catalog::ObjectId id{
      .kind = Kind::column, .schema = Text("public"), .relation = Text("t"), .name = Text("a")};
  const Json added = to_json(catalog::Effect{.change = Change::added, .id = id, .values = values});
  EXPECT_EQ(added.at("change"), "added");
  EXPECT_EQ(added.at("kind"), "column");
  EXPECT_EQ(added.at("object"), "public.t.a");
  EXPECT_EQ(added.at("attributes"), (Json{{"type", "bigint"}}));

  const Json altered =
      to_json(catalog::Effect{.change = Change::altered,
                              .id = id,
                              .attributes = {{.attribute = 0, .from = Text("integer"), .to = Text()}}});
  EXPECT_EQ(altered.at("change"), "altered");
  EXPECT_EQ(altered.at("attributes").at("type"), (Json{{"from", "integer"}, {"to", nullptr}}));
}

TEST(Json, AppliedMigrationsSayWhatProofCost) {
  const Json json = to_json(engine::Applied{.version = history::Version("7"),
                                            .name = "x",
                                            .file = "7_x.sql",
                                            .proof = engine::Proof::counted,
                                            .compared = 3,
                                            .total_ms = 12.5,
                                            .proof_ms = 1.25});
  EXPECT_EQ(json.at("proof"), "counted");
  EXPECT_EQ(json.at("total_ms"), 12.5);
  EXPECT_EQ(json.at("proof_ms"), 1.25);
  EXPECT_TRUE(json.at("effects").is_array());
}

}  // namespace
}  // namespace candor::cli
