// Durations, counts, effect summaries and names of new migrations, as people read and type them.
#include <gtest/gtest.h>

#include "cli/format.h"
#include "cli/next_version.h"

namespace candor::cli {
namespace {

using catalog::Change;
using catalog::Effect;
using catalog::Kind;

TEST(Format, Durations) {
  const std::pair<double, std::string_view> cases[] = {
      {0, "<1 ms"},     {0.99, "<1 ms"}, {1, "1 ms"},        {12.4, "12 ms"},       {999.4, "999 ms"},
      {999.5, "1.0 s"}, {1440, "1.4 s"}, {59'949, "59.9 s"}, {59'950, "1 min 0 s"}, {123'400, "2 min 3 s"},
  };
  for (const auto& [milliseconds, text] : cases) EXPECT_EQ(duration(milliseconds), text) << milliseconds;
}

TEST(Format, Counts) {
  EXPECT_EQ(counted(0, "table"), "0 tables");
  EXPECT_EQ(counted(1, "index"), "1 index");
  EXPECT_EQ(counted(2, "index"), "2 indexes");
  EXPECT_EQ(counted(3, "policy"), "3 policies");
}

TEST(Format, EffectsAreSummedByChangeAndKind) {
  const auto effect = [](Change change, Kind kind, std::string_view name) {
    return Effect{.change = change, .id = {.kind = kind, .name = Text(name)}};
  };
  const std::vector<Effect> effects = {
      effect(Change::dropped, Kind::index, "i"),  effect(Change::added, Kind::column, "a"),
      effect(Change::added, Kind::table, "t"),    effect(Change::added, Kind::column, "b"),
      effect(Change::altered, Kind::column, "c"), effect(Change::added, Kind::materialized_view, "m"),
  };
  EXPECT_EQ(effect_summary(effects), "+1 table +1 materialized view +2 columns ~1 column -1 index");
  EXPECT_EQ(effect_summary({}), "no effects");
}

TEST(Format, LabelsAreSafeToPrint) {
  EXPECT_EQ(label(history::Version("0007"), "add_teams"), "0007_add_teams");
  EXPECT_EQ(label(history::Version("0007"), ""), "0007");
  EXPECT_EQ(label(history::Version("1"), "a\033[2Jb\n"), "1_a\\x1B[2Jb\\x0A");
}

TEST(Format, TimesToWait) {
  const std::pair<std::string_view, int> good[] = {
      {"60s", 60'000}, {"60", 60'000}, {"500ms", 500}, {"2min", 120'000}, {"1h", 3'600'000}, {"0", 0},
  };
  for (const auto& [text, milliseconds] : good) {
    const auto wait = parse_wait(text);
    ASSERT_TRUE(wait) << text;
    EXPECT_EQ(wait->count(), milliseconds) << text;
  }
  for (const std::string_view text :
       {"", "s", "-1s", "60 s", "1.5s", "60sec", "99999999999999999999", "9999999h"}) {
    const auto wait = parse_wait(text);
    ASSERT_FALSE(wait) << text;
    EXPECT_EQ(wait.error().code.id, codes::usage.id);
  }
}

history::History history_of(std::string_view last_version) {
  history::History history;
  history.migrations.push_back({.version = history::Version(std::string(last_version))});
  return history;
}

TEST(NextVersion, FollowsTheLastOne) {
  constexpr std::string_view now = "20260114093000";
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"0029", "0030"},
      {"9", "10"},
      {"0999", "1000"},
      {"999", "1000"},
      {"20250101000000", now},
      {"20260114093000", "20260114093001"},  // twice within a second
      {"20300101000000", "20300101000001"},  // made where the clock is ahead
      {"2025-01-01-000000", "2026-01-14-093000"},
      {"2030-01-01-000009", "2030-01-01-000010"},
  };
  for (const auto& [last, next] : cases) {
    const std::string version = next_version(history_of(last), now);
    EXPECT_EQ(version, next) << "after " << last;
    EXPECT_LT(history::Version(std::string(last)), history::Version(version));
  }
  EXPECT_EQ(next_version({}, now), now);
}

TEST(NextVersion, NamesBecomeFileNames) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"add_sessions", "add_sessions"},
      {"Add users' e-mail", "add_users_e_mail"},
      {"../../etc/passwd", "etc_passwd"},
      {"  a  ", "a"},
      {"größe", "gr_e"},
      {"__", ""},
      {"", ""},
  };
  for (const auto& [name, file] : cases) EXPECT_EQ(file_name_of(name), file) << name;
  EXPECT_EQ(file_name_of(std::string(300, 'x')).size(), 100u);
}

}  // namespace
}  // namespace candor::cli
