/// repair --history: the snapshots of a Drizzle folder, made in a shadow, and their chain.
#include "engine/mend_snapshots.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "engine/mend_journal.h"
#include "history/formats/drizzle_snapshots.h"
#include "integration/project.h"

namespace candor::engine {
namespace {

namespace fs = std::filesystem;
using test::must;
using test::TestProject;
using test::told;
using Json = nlohmann::ordered_json;

constexpr std::string_view zero = "00000000-0000-0000-0000-000000000000";

/// A folder of drizzle-kit whose shadow is a scratch database of the test's own server.
class Folder : public TestProject {
 public:
  Folder() {
    fs::create_directories(folder() / "meta");
    settings.shadow_url = test::test_cluster(test::home_major).url();
  }

  /// Writes the migration, and lists it.
  void list(const std::string& tag, std::string_view sql) {
    write(tag + ".sql", sql);
    entries_ += fmt::format(R"({}{{"idx":{},"version":"7","when":{},"tag":"{}","breakpoints":true}})",
                            count_ == 0 ? "" : ",", count_, 1700000000000 + count_, tag);
    ++count_;
    write("meta/_journal.json",
          fmt::format(R"({{"version":"7","dialect":"postgresql","entries":[{}]}})", entries_));
  }

  [[nodiscard]] std::string text(const std::string& file) const {
    return must(read_file(folder() / file), "reading");
  }
  [[nodiscard]] Json snapshot(const std::string& prefix) const {
    return Json::parse(text(fmt::format("meta/{}_snapshot.json", prefix)));
  }

  [[nodiscard]] JournalMending plan() const { return must(plan_journal(open(), nullptr), "planning"); }
  [[nodiscard]] std::string refusal() const {
    const auto planned = plan_journal(open(), nullptr);
    return planned ? "it was planned" : told(planned.error());
  }
  void mend() const {
    const auto mended = mend_journal(plan(), nullptr, {});
    EXPECT_TRUE(mended) << told(mended.error());
  }

  /// "+0000 ~0001": what is made and what is linked anew.
  [[nodiscard]] std::string changes() const {
    std::string line;
    for (const SnapshotMending& one : plan().snapshots.files)
      line += fmt::format("{}{}{}", line.empty() ? "" : " ", one.before ? "~" : "+", one.file.substr(5, 4));
    return line;
  }

 private:
  std::string entries_;
  int count_ = 0;
};

/// The least that drizzle-kit takes for a snapshot.
std::string plain_snapshot(std::string_view id, std::string_view previous) {
  return fmt::format(R"({{"id":"{}",   "prevId" :"{}","version":"7","dialect":"postgresql","tables":{{}}}})",
                     id, previous);
}

void three_tables(Folder& folder) {
  folder.list("0000_a", "CREATE TABLE a (id serial PRIMARY KEY);");
  folder.list("0001_b", "CREATE TABLE b (id int);\n--> statement-breakpoint\nCREATE TABLE bb (id int);");
  folder.list("0002_c", "CREATE TABLE c (id int); DROP TABLE bb;");
}

TEST(MendSnapshots, MakesEachOfTheStateAfterItsMigration) {
  Folder folder;
  three_tables(folder);
  EXPECT_EQ(folder.changes(), "+0000 +0001 +0002");
  EXPECT_FALSE(fs::exists(folder.folder() / "meta/0000_snapshot.json")) << "a plan writes nothing";
  folder.mend();
  std::string previous(zero);
  const std::vector<std::string> tables[] = {
      {"public.a"}, {"public.a", "public.b", "public.bb"}, {"public.a", "public.b", "public.c"}};
  for (int i = 0; i < 3; ++i) {
    const Json snapshot = folder.snapshot(fmt::format("000{}", i));
    EXPECT_EQ(snapshot["prevId"], previous);
    previous = snapshot["id"];
    std::vector<std::string> names;
    for (const auto& [name, table] : snapshot["tables"].items()) names.push_back(name);
    EXPECT_EQ(names, tables[i]);
  }
  EXPECT_EQ(folder.snapshot("0002")["tables"]["public.a"]["columns"]["id"]["type"], "serial");
  EXPECT_EQ(folder.changes(), "");
}

TEST(MendSnapshots, GivesTheSameBytesAfterAnInterruption) {
  Folder folder;
  three_tables(folder);
  folder.mend();
  std::vector<std::string> texts;
  for (int i = 0; i < 3; ++i) texts.push_back(folder.text(fmt::format("meta/000{}_snapshot.json", i)));
  for (const int lost : {0, 1, 2}) {
    fs::remove(folder.folder() / fmt::format("meta/000{}_snapshot.json", lost));
    EXPECT_EQ(folder.changes(), fmt::format("+000{}", lost));
    folder.mend();
    for (int i = 0; i < 3; ++i)
      EXPECT_EQ(folder.text(fmt::format("meta/000{}_snapshot.json", i)), texts[static_cast<std::size_t>(i)]);
  }
}

TEST(MendSnapshots, ChangesNothingButThePrevIdOfWhatIsThere) {
  Folder folder;
  three_tables(folder);
  folder.write("meta/0000_snapshot.json", plain_snapshot("a", zero));
  folder.write("meta/0001_snapshot.json", plain_snapshot("b", "lost"));
  folder.write("meta/0002_snapshot.json", plain_snapshot("c", "b"));
  folder.settings.shadow_url = "host=/nowhere";  // nothing is missing: no shadow is asked for
  EXPECT_EQ(folder.changes(), "~0001");
  folder.mend();
  EXPECT_EQ(folder.text("meta/0001_snapshot.json"), plain_snapshot("b", "a"));
  EXPECT_EQ(folder.text("meta/_0001_snapshot.json.bak"), plain_snapshot("b", "lost"));
  EXPECT_EQ(folder.text("meta/0002_snapshot.json"), plain_snapshot("c", "b"));
  EXPECT_EQ(folder.changes(), "");
}

TEST(MendSnapshots, KeepsTheWordsOfTheSnapshotBefore) {
  Folder folder;
  folder.list("0000_a", "CREATE TABLE a (n int CONSTRAINT low CHECK (n > 0));");
  folder.list("0001_b", "ALTER TABLE a ADD COLUMN m int;");
  folder.mend();
  Json first = folder.snapshot("0000");
  first["tables"]["public.a"]["checkConstraints"]["low"]["value"] = R"("a"."n" > 0)";
  folder.write("meta/0000_snapshot.json", first.dump(2));
  fs::remove(folder.folder() / "meta/0001_snapshot.json");
  folder.mend();
  const Json table = folder.snapshot("0001")["tables"]["public.a"];
  EXPECT_EQ(table["checkConstraints"]["low"]["value"], R"("a"."n" > 0)");
  EXPECT_TRUE(table["columns"].contains("m"));
}

TEST(MendSnapshots, TakesTheWordsOfAGeneratedFile) {
  Folder folder;
  folder.list("0000_a", "CREATE TABLE \"a\" (\n\t\"n\" integer\n);\n");
  folder.list("0001_b", "ALTER TABLE \"a\" ADD CONSTRAINT \"low\" CHECK (\"a\".\"n\" > 0);");
  folder.mend();
  EXPECT_EQ(folder.snapshot("0001")["tables"]["public.a"]["checkConstraints"]["low"]["value"],
            R"("a"."n" > 0)");
}

TEST(MendSnapshots, TheLastNameTellsTheEndWhateverTheOrderOfTheList) {
  Folder folder;
  folder.list("0000_a", "CREATE TABLE a (id int);");
  folder.list("0002_c", "CREATE TABLE c (id int);");
  folder.write("0001_b.sql", "CREATE TABLE b (id int);");
  EXPECT_EQ(folder.changes(), "+0000 +0001 +0002");
  folder.mend();
  EXPECT_EQ(folder.snapshot("0001")["prevId"], folder.snapshot("0000")["id"]);
  EXPECT_EQ(folder.snapshot("0002")["prevId"], folder.snapshot("0001")["id"]);
  EXPECT_EQ(folder.snapshot("0002")["tables"].size(), 3U) << "drizzle-kit generates from this one";
  std::vector<Finding> findings;
  history::check_snapshots(folder.folder(), must(history::read_journal(folder.folder()), "reading"),
                           findings);
  EXPECT_TRUE(findings.empty()) << told(findings.front().what);
}

/// Without a server: the lock knows what the migrations make.
TEST(MendSnapshots, ALastSnapshotThatLacksSomethingIsNoticedByTheLock) {
  Folder folder;
  three_tables(folder);
  folder.mend();
  EXPECT_FALSE(engine::check_last_snapshot(folder.open())) << "there is no lock yet";
  folder.lock();
  EXPECT_FALSE(engine::check_last_snapshot(folder.open()));
  Json last = folder.snapshot("0002");
  last["tables"].erase("public.c");
  folder.write("meta/0002_snapshot.json", last.dump(2));
  const auto finding = engine::check_last_snapshot(folder.open());
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->severity, Severity::notice);
  EXPECT_NE(finding->what.message.find("meta/0002_snapshot.json, which does not tell of public.c,"),
            std::string::npos)
      << finding->what.message;
}

TEST(MendSnapshots, SaysWhatTheLastSnapshotDoesNotTell) {
  Folder folder;
  folder.list("0000_a", "CREATE TABLE a (id int);");
  folder.list("0002_c", "CREATE TABLE c (id int);");
  folder.mend();
  EXPECT_EQ(folder.plan().snapshots.notes, std::vector<std::string>());
  folder.write("0001_b.sql", "CREATE TABLE b (id int); ALTER TABLE a ADD COLUMN n int;");
  EXPECT_EQ(folder.changes(), "+0001 ~0002");
  for (int run = 0; run < 2; ++run) {  // as long as it is so
    const auto notes = folder.plan().snapshots.notes;
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_NE(notes.front().find("meta/0002_snapshot.json, which does not tell of public.a.n, public.b;"),
              std::string::npos)
        << notes.front();
    folder.mend();
    EXPECT_EQ(folder.snapshot("0002")["tables"].size(), 2U) << "it stays as it is";
  }
  fs::remove(folder.folder() / "meta/0002_snapshot.json");
  folder.mend();
  EXPECT_EQ(folder.snapshot("0002")["tables"].size(), 3U);
  EXPECT_EQ(folder.plan().snapshots.notes, std::vector<std::string>());
}

TEST(MendSnapshots, WritesNothingWhereAMigrationFails) {
  Folder folder;
  folder.list("0000_a", "CREATE TABLE a (id int);");
  folder.list("0001_b", "CREATE TABLE a (id int);");
  folder.write("0002_c.sql", "SELECT 1;");
  const std::string journal = folder.text("meta/_journal.json");
  const std::string refusal = folder.refusal();
  EXPECT_TRUE(refusal.starts_with("C0411 ")) << refusal;
  EXPECT_NE(refusal.find("replaying 0001_b.sql"), std::string::npos) << refusal;
  EXPECT_EQ(folder.text("meta/_journal.json"), journal);
  EXPECT_FALSE(fs::exists(folder.folder() / "meta/0000_snapshot.json"));
}

/// All that is listed has its snapshot; a file of the same number as 0001 is not listed.
void with_a_stray(Folder& folder, std::string_view stray) {
  folder.list("0000_init", "CREATE TABLE a (x int); CREATE TABLE b (y int);");
  folder.list("0001_more", "ALTER TABLE a ADD COLUMN z int;");
  folder.list("0002_drop", "DROP TABLE b;");
  folder.list("0003_twice", "ALTER TABLE a ADD COLUMN twice int;");
  folder.mend();
  folder.write("0001_abandoned.sql", stray);
}

TEST(MendJournal, AnOrderThatDoesNotRunIsRefused) {
  Folder folder;
  with_a_stray(folder, "ALTER TABLE a ADD COLUMN twice int NOT NULL;");
  const std::string refusal = folder.refusal();
  EXPECT_TRUE(refusal.starts_with("C0411")) << refusal;
  EXPECT_NE(refusal.find("0001_abandoned.sql"), std::string::npos) << refusal;
}

TEST(MendJournal, AFileWithTheTextOfAListedOneIsLeftOut) {
  Folder folder;
  with_a_stray(folder, "ALTER TABLE a ADD COLUMN twice int;");
  const JournalMending mending = folder.plan();
  EXPECT_TRUE(mending.nothing_to_do());
  EXPECT_EQ(mending.notes,
            (std::vector<std::string>{
                "0001_abandoned.sql has the text of 0003_twice.sql, which is listed: remove it"}));
}

TEST(MendJournal, ASnapshotIsThatOfTheListedFile) {
  Folder folder;
  with_a_stray(folder, "CREATE TABLE stray (id int);");
  const JournalMending mending = folder.plan();
  ASSERT_EQ(mending.changes.size(), 1U);
  ASSERT_EQ(mending.snapshots.notes.size(), 1U);
  const std::string& note = mending.snapshots.notes.front();
  EXPECT_NE(note.find("does not tell of public.stray;"), std::string::npos) << note;
}

TEST(MendSnapshots, RefusesWhatItCannotRead) {
  Folder folder;
  three_tables(folder);
  folder.write("meta/0001_snapshot.json", R"({"id": "b")");
  EXPECT_EQ(folder.refusal().substr(0, 6), "C0324 ");
  folder.write("meta/0001_snapshot.json", R"({"id":"b"})");
  EXPECT_EQ(folder.refusal().substr(0, 6), "C0324 ");
  folder.write("meta/0001_snapshot.json", plain_snapshot("same", zero));
  folder.write("meta/0002_snapshot.json", plain_snapshot("same", zero));
  EXPECT_EQ(folder.refusal().substr(0, 6), "C0324 ");
  EXPECT_FALSE(fs::exists(folder.folder() / "meta/0000_snapshot.json"));
}

TEST(MendSnapshots, LeavesWhatDrizzleKitHasToRaiseFirst) {
  Folder folder;
  three_tables(folder);
  const std::string old = R"({"id":"old","prevId":"lost","version":"6","dialect":"postgresql"})";
  folder.write("meta/0001_snapshot.json", old);
  EXPECT_EQ(folder.changes(), "+0000 +0002");
  EXPECT_EQ(folder.plan().snapshots.notes.size(), 1U);
  folder.mend();
  EXPECT_EQ(folder.text("meta/0001_snapshot.json"), old);
  EXPECT_EQ(folder.snapshot("0002")["prevId"], "old");
}

}  // namespace
}  // namespace candor::engine
