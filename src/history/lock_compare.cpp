#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "base/file.h"
#include "history/lock_file.h"
#include "history/lock_format.h"

namespace candor::history {

namespace {

std::string label(const LockEntry& entry) {
  return lock_format::label(entry.version, entry.name);
}
std::string label(const Migration& migration) {
  return lock_format::label(migration.version, migration.name);
}

/// What is collected while entries and files are walked side by side.
struct Walk {
  std::vector<Finding> findings;
  std::vector<const LockEntry*> gone;      ///< entries without a file of their version
  std::vector<const Migration*> unlocked;  ///< files without an entry of their version

  void add(const Code& code, std::string message, std::string hint) {
    findings.push_back(
        {Severity::error, Error{.code = code, .message = std::move(message), .hint = std::move(hint)}});
  }
};

void compare_texts(Walk& walk, const LockEntry& entry, const Migration& migration) {
  if (entry.checksum != migration.checksum)
    walk.add(codes::file_edited,
             fmt::format("{} was edited after it was locked: its checksum is {}, the lock has {}",
                         printable(migration.file), migration.checksum, entry.checksum),
             migration.version.repeatable()
                 ? "run `candor lock`: what is repeatable may change, and runs again"
                 : "restore the file, or run `candor lock` to see whether it still does the same");
}

/// Where versions are positions, a file that comes in between gets the version of another, which stands
/// elsewhere now.
bool has_moved(const History& history, const LockEntry& entry, const Migration& migration) {
  return entry.file != migration.file && entry.checksum != migration.checksum &&
         std::ranges::find(history.migrations, entry.file, &Migration::file) != history.migrations.end();
}

/// Both have the same version.
void compare_one(Walk& walk, const LockEntry& entry, const Migration& migration) {
  if (entry.file != migration.file)
    walk.add(codes::migration_removed,
             fmt::format("migration {} was locked as {} and its file is now {}", label(entry),
                         printable(entry.file), printable(migration.file)),
             "give the file its name back, or run `candor lock` to accept the new one");
  compare_texts(walk, entry, migration);
}

/// Whether the entry's file has another version now; then that is told.
bool report_moved(Walk& walk, const LockEntry& entry) {
  const auto moved = std::ranges::find(walk.unlocked, entry.file, &Migration::file);
  if (moved == walk.unlocked.end()) return false;
  walk.add(codes::lock_merged,
           fmt::format("migration {} has the version {} now: {} stands elsewhere in the order of the files",
                       label(entry), (*moved)->version.text(), printable(entry.file)),
           "take out the file that was put before it, or run `candor lock` if no database has applied it");
  compare_texts(walk, entry, **moved);
  walk.unlocked.erase(moved);
  return true;
}

/// A removed migration and a new one with the same content are one that was renamed.
void report_gone(Walk& walk) {
  for (const LockEntry* entry : walk.gone) {
    if (report_moved(walk, *entry)) continue;
    const auto renamed =
        std::find_if(walk.unlocked.begin(), walk.unlocked.end(),
                     [entry](const Migration* migration) { return migration->checksum == entry->checksum; });
    if (renamed == walk.unlocked.end()) {
      walk.add(codes::migration_removed,
               fmt::format("migration {} is locked, but its file {} is gone", label(*entry),
                           printable(entry->file)),
               "restore the file, or run `candor lock` if no database has applied it");
    } else {
      walk.add(codes::migration_removed,
               fmt::format("migration {} was renamed: {} is now {}", label(*entry), printable(entry->file),
                           printable((*renamed)->file)),
               "give the file its name back, or run `candor lock` if no database has applied it");
      walk.unlocked.erase(renamed);
    }
  }
}

/// `last`: the locked migration with the greatest version but for repeatable ones, or nullptr.
void report_unlocked(Walk& walk, const LockEntry* last) {
  for (const Migration* migration : walk.unlocked) {
    if (last != nullptr && migration->version < last->version) {
      walk.add(codes::lock_merged,
               fmt::format("migration {} is not locked, and sorts before {}, which is", label(*migration),
                           label(*last)),
               "run `candor lock` to replay both in one order, or give the newer one the greater version");
    } else {
      walk.add(codes::migration_not_locked,
               fmt::format("migration {} is not in the lock file", label(*migration)),
               "run `candor lock` and commit the lock file");
    }
  }
}

void report_order(Walk& walk, const std::vector<LockEntry>& entries) {
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (entries[i - 1].version < entries[i].version) continue;
    walk.add(codes::lock_merged,
             fmt::format("the lock has migration {} before {}, against the order of their versions",
                         label(entries[i - 1]), label(entries[i])),
             "run `candor lock` to replay them in one order");
  }
}

}  // namespace

std::vector<Finding> compare_lock(const History& history, const LockFile& lock) {
  std::vector<const LockEntry*> entries;
  for (const LockEntry& entry : lock.entries) entries.push_back(&entry);
  std::stable_sort(entries.begin(), entries.end(),
                   [](const LockEntry* a, const LockEntry* b) { return a->version < b->version; });

  Walk walk;
  report_order(walk, lock.entries);
  auto entry = entries.begin();
  auto migration = history.migrations.begin();
  while (entry != entries.end() || migration != history.migrations.end()) {
    if (migration == history.migrations.end() ||
        (entry != entries.end() && (*entry)->version < migration->version)) {
      walk.gone.push_back(*entry++);
    } else if (entry == entries.end() || migration->version < (*entry)->version) {
      walk.unlocked.push_back(&*migration++);
    } else if (has_moved(history, **entry, *migration)) {
      walk.gone.push_back(*entry++);
      walk.unlocked.push_back(&*migration++);
    } else {
      compare_one(walk, **entry++, *migration++);
    }
  }
  report_gone(walk);
  const auto last = std::ranges::find_if(entries.rbegin(), entries.rend(),
                                         [](const LockEntry* one) { return !one->version.repeatable(); });
  report_unlocked(walk, last == entries.rend() ? nullptr : *last);
  return std::move(walk.findings);
}

}  // namespace candor::history
