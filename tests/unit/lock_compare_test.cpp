#include <gtest/gtest.h>

#include "history/lock_file.h"

namespace candor::history {
namespace {

LockEntry entry(const std::string& version, const std::string& name) {
  LockEntry result;
  result.version = Version(version);
  result.name = name;
  result.file = version + "_" + name + ".sql";
  result.checksum = "sha256:" + version;
  return result;
}

Migration migration(const LockEntry& entry) {
  Migration result;
  result.version = entry.version;
  result.name = entry.name;
  result.file = entry.file;
  result.checksum = entry.checksum;
  return result;
}

struct CompareCase {
  const char* name;
  std::vector<LockEntry> entries;
  std::vector<Migration> files;
  std::vector<std::string> findings;
};

TEST(CompareLock, SaysWhatDiffers) {
  const LockEntry one = entry("0001", "one");
  const LockEntry two = entry("0002", "two");
  const LockEntry three = entry("0003", "three");
  Migration edited = migration(two);
  edited.checksum = "sha256:other";
  Migration renamed = migration(two);
  renamed.file = "0002_zwei.sql";
  renamed.name = "zwei";
  Migration renumbered = migration(three);
  renumbered.version = Version("0009");
  renumbered.file = "0009_three.sql";
  const auto at = [](const char* version, Migration moved) {
    moved.version = Version(version);
    return moved;
  };
  Migration between = migration(entry("0001", "between"));
  between.checksum = "sha256:new";
  const CompareCase cases[] = {
      {"nothing", {}, {}, {}},
      {"the same", {one, two}, {migration(one), migration(two)}, {}},
      {"an edited file",
       {one, two},
       {migration(one), edited},
       {"C0408 0002_two.sql was edited after it was locked: its checksum is sha256:other, the lock has "
        "sha256:0002"}},
      {"a new file",
       {one},
       {migration(one), migration(two)},
       {"C0409 migration 0002 two is not in the lock file"}},
      {"a file in between, where versions are positions",
       {one, two},
       {between, at("0002", migration(one)), at("0003", migration(two))},
       {"C0407 migration 0001 one has the version 0002 now: 0001_one.sql stands elsewhere in the order of the files",
        "C0407 migration 0002 two has the version 0003 now: 0002_two.sql stands elsewhere in the order of the files",
        "C0407 migration 0001 between is not locked, and sorts before 0002 two, which is"}},
      {"a removed file",
       {one, two},
       {migration(one)},
       {"C0410 migration 0002 two is locked, but its file 0002_two.sql is gone"}},
      {"a renamed file",
       {one, two},
       {migration(one), renamed},
       {"C0410 migration 0002 two was locked as 0002_two.sql and its file is now 0002_zwei.sql"}},
      {"a file with another version",
       {one, three},
       {migration(one), renumbered},
       {"C0410 migration 0003 three was renamed: 0003_three.sql is now 0009_three.sql"}},
      {"a file that sorts before the last locked one",
       {one, three},
       {migration(one), migration(two), migration(three)},
       {"C0407 migration 0002 two is not locked, and sorts before 0003 three, which is"}},
      {"entries against the order of versions",
       {one, three, two},
       {migration(one), migration(two), migration(three)},
       {"C0407 the lock has migration 0003 three before 0002 two, against the order of their versions"}},
      {"an entry twice",
       {one, one},
       {migration(one)},
       {"C0407 the lock has migration 0001 one before 0001 one, against the order of their versions",
        "C0410 migration 0001 one is locked, but its file 0001_one.sql is gone"}},
  };
  for (const CompareCase& c : cases) {
    LockFile lock;
    lock.entries = c.entries;
    History history;
    history.migrations = c.files;
    std::vector<std::string> findings;
    for (const Finding& finding : compare_lock(history, lock)) {
      findings.push_back(std::string(finding.what.code.id) + " " + finding.what.message);
      EXPECT_EQ(finding.severity, Severity::error);
      EXPECT_FALSE(finding.what.hint.empty());
    }
    EXPECT_EQ(findings, c.findings) << c.name;
  }
}

}  // namespace
}  // namespace candor::history
