/// check --round-trip: a way down that does not lead back is named, planned or written.
#include "engine/round_trip.h"

#include <gtest/gtest.h>

#include "integration/project.h"

namespace candor::test {
namespace {

class RoundTrips : public testing::Test {
 protected:
  void SetUp() override { project_.settings.shadow_url = test_cluster(home_major).url(); }
  /// "1 planned, 2, 3 C0717".
  std::string check() {
    const engine::Project project = project_.open();
    const engine::RoundTrips trips = must(engine::round_trip(project), "checking");
    std::string text;
    for (const engine::RoundTrip& trip : trips.trips) {
      text += fmt::format("{}{}{}", text.empty() ? "" : ", ", trip.migration->version.text(),
                          trip.planned ? " planned" : "");
      if (!trip.problem) continue;
      text += fmt::format(" {}", trip.problem->code.id);
      told_ += told(*trip.problem) + "\n";
      EXPECT_FALSE(trip.problem->hint.empty());
    }
    return text;
  }
  TestProject project_;
  std::string told_;
};

TEST_F(RoundTrips, EachWayDownLeadsBackOrIsNamed) {
  project_.write("1_a.up.sql", "CREATE TABLE a (id int PRIMARY KEY);\n");
  project_.write("1_a.down.sql", "DROP TABLE a;\n");
  project_.write("2_b.up.sql", "ALTER TABLE a ADD COLUMN b text;\nCREATE INDEX a_b ON a (b);\n");
  project_.write("2_b.down.sql", "DROP INDEX a_b;\n");
  project_.write("3_c.up.sql", "CREATE TABLE c (id int REFERENCES a, b text CHECK (b <> ''));\n");
  project_.write("4_d.up.sql", "CREATE INDEX CONCURRENTLY c_id ON c (id);\n");
  project_.write("4_d.down.sql", "DROP INDEX CONCURRENTLY c_id;\n");
  project_.write("5_e.up.sql", "INSERT INTO a (id) VALUES (1);\n");
  project_.write("6_f.up.sql", "CREATE TABLE f (id int);\n");
  project_.write("6_f.down.sql", "DROP TABLE g;\n");
  project_.write("7_g.up.sql", "ALTER TABLE c ALTER COLUMN id TYPE bigint;\nALTER TABLE c DROP COLUMN b;\n");
  EXPECT_EQ(check(), "1, 2 C0717, 3 planned, 4, 5 planned C0717, 6 C0717, 7 planned");
  EXPECT_NE(told_.find("column public.a.b: there, and not expected"), std::string::npos) << told_;
  EXPECT_NE(told_.find("cannot be applied again"), std::string::npos) << told_;
  EXPECT_NE(told_.find("table \"g\" does not exist"), std::string::npos) << told_;
}

TEST_F(RoundTrips, AnUpThatLeadsElsewhereTheSecondTimeIsNamed) {
  project_.write("1_a.up.sql",
                 "CREATE SCHEMA IF NOT EXISTS kept;\nCREATE SEQUENCE s;\n"
                 "DO $$ BEGIN IF to_regclass('public.first') IS NULL THEN CREATE TABLE first (id int); ELSE"
                 " CREATE TABLE second (id int); END IF; END $$;\n");
  project_.write("1_a.down.sql", "DROP SCHEMA kept; DROP SEQUENCE s;\n");
  EXPECT_EQ(check(), "1 C0717");
}

}  // namespace
}  // namespace candor::test
