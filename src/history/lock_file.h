/// history/lock_file.h: candor.lock: what each migration is known to produce, committed beside them.
///
/// The file is text, one fact a line, the same bytes on any machine:
///
///     candor.lock 1
///     server 15
///     other-servers 17
///     + schema auth
///
///     migration 20260114093000 add_sessions
///     file 20260114093000_add_sessions.sql
///     checksum sha256:4be1…
///     + table public.sessions
///     + column public.sessions.id type=bigint not_null=true
///     ~ column public.users.email type="character varying(50)"->text
///     - index public.users.users_old_idx
///     tuples 15 pg_attribute=10/0/0 pg_class=3/0/0
///     form 17 view public.v definition=" SELECT id\n   FROM public.users;"
///     fingerprint sha256:…
///     chain sha256:…
///
///     end 1
///
/// Values, versions, names and files are words (base/quoted.h): bare, or JSON strings; `""` is "not set".
/// Effects are in the order of identities, but columns added side by side in that of their positions. `chain`
/// is SHA-256 over the chain before it and this entry's lines; before the first chain stands one over the
/// lines at the top. A `tuples` line holds the catalog tuples inserted/updated/deleted by the replay on that
/// major; a `form` line another major's text of an attribute. Effects at the top are those of [shadow] setup.
/// `end` counts the migrations: a file that does not end with it was cut. See docs/lock-file.md for the whole
/// grammar.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "catalog/catalog.h"
#include "catalog/diff.h"
#include "history/migration.h"

namespace candor::history {

/// Catalog tuples written, per system catalog: what a replay counted.
struct TupleCount {
  std::string catalog;  ///< "pg_class"
  long inserted = 0, updated = 0, deleted = 0;
  friend bool operator==(const TupleCount&, const TupleCount&) = default;
};

/// A printed attribute as another major prints it, where that differs from the lock's main major.
struct Form {
  catalog::ObjectId id;
  std::uint8_t attribute = 0;
  Text text;
};

struct LockEntry {
  Version version;
  std::string name;
  std::string file;
  std::string checksum;
  std::vector<catalog::Effect> effects;           ///< in canonical order
  std::map<int, std::vector<TupleCount>> tuples;  ///< by server major; without all-zero ones
  std::map<int, std::vector<Form>> forms;         ///< by server major, never the main one
  std::string fingerprint;                        ///< "sha256:…" of the catalog after it
  std::string chain;                              ///< filled by serialise() and parse()
};

struct LockFile {
  int server = 0;                      ///< the major that printed the effects
  std::vector<int> other_servers;      ///< majors for which forms and tuples are recorded too, ascending
  std::vector<catalog::Effect> given;  ///< what [shadow] setup makes before the first; in canonical order
  std::vector<LockEntry> entries;      ///< ascending versions

  [[nodiscard]] const LockEntry* find(const Version& version) const;
};

/// The file's bytes. Fills each entry's chain.
std::string serialise(LockFile& lock);
/// Errors: C0402 malformed or truncated, C0403 a chain or the end mark does not fit, C0404 newer, C0405
/// conflict markers, C0407 an entry follows another one than it was made after; with file:line. CRLF is read
/// as LF. Fast: a lock of 250,000 effects is read in a fraction of a second.
Result<LockFile> parse_lock(std::string_view text, std::string_view file);
/// Errors: C0401 there is none · C0004 · as parse_lock.
Result<LockFile> read_lock(const std::filesystem::path& path);

/// One effect as its line in the lock file, without newline.
std::string to_line(const catalog::Effect& effect);

/// What differs between the files and the lock: C0408 edited, C0409 not locked, C0410 removed or renamed,
/// C0407 a merge interleaved two branches (entries whose order in the lock is not that of their versions, or
/// files that sort before the lock's last entry), each naming the migrations. Empty: the lock is for these
/// files.
std::vector<Finding> compare_lock(const History& history, const LockFile& lock);

}  // namespace candor::history
