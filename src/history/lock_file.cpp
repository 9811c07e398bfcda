#include "history/lock_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "base/file.h"
#include "base/quoted.h"
#include "base/sha256.h"
#include "history/lock_format.h"

namespace candor::history {

namespace lock_format {

std::string chain_of(std::string_view before, std::string_view lines) {
  Sha256 sha;
  sha.update(before);
  sha.update("\n");
  sha.update(lines);
  return "sha256:" + hex(sha.finish());
}

std::string label(const Version& migration, std::string_view name) {
  std::string out;
  append_word(out, migration.text());
  if (!name.empty()) {
    out.push_back(' ');
    append_word(out, name);
  }
  return out;
}

}  // namespace lock_format

const LockEntry* LockFile::find(const Version& version) const {
  const auto at =
      std::lower_bound(entries.begin(), entries.end(), version,
                       [](const LockEntry& entry, const Version& wanted) { return entry.version < wanted; });
  if (at != entries.end() && at->version == version) return &*at;
  // Entries that a merge left out of order (compare_lock says so) are found all the same.
  const auto odd = std::find_if(entries.begin(), entries.end(),
                                [&](const LockEntry& entry) { return entry.version == version; });
  return odd == entries.end() ? nullptr : &*odd;
}

Result<LockFile> read_lock(const std::filesystem::path& path) {
  std::error_code ignored;  // what cannot be looked at fails to open below, with its reason
  if (std::filesystem::status(path, ignored).type() == std::filesystem::file_type::not_found)
    return fail(codes::lock_missing, fmt::format("there is no {}", printable(path.string())),
                "run `candor lock` and commit the file that it writes");
  auto text = FileText::open(path);
  if (!text) return failed("reading the lock file", text);
  return parse_lock(text->view(), path.string());
}

}  // namespace candor::history
