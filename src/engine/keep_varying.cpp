#include "engine/keep_varying.h"

#include <algorithm>

#include "engine/verify.h"

namespace candor::engine {

namespace {

using history::LockEntry;
using history::LockFile;

bool of_the_same_file(const LockEntry& a, const LockEntry& b) {
  return a.version == b.version && a.name == b.name && a.file == b.file && a.checksum == b.checksum;
}

std::vector<catalog::Effect> that_do_not_vary(std::vector<catalog::Effect> effects,
                                              const std::vector<std::string>& patterns) {
  std::erase_if(effects,
                [&](const catalog::Effect& effect) { return catalog::fits_any(patterns, effect.id); });
  return effects;
}

/// Whether the entries of `now` begin with those of `before`, but for what varies from some migration on.
bool continues(const Project& project, const LockFile& before, const LockFile& now) {
  if (before.server != now.server || before.other_servers != now.other_servers || before.given != now.given ||
      before.entries.size() > now.entries.size())
    return false;
  std::vector<std::string> patterns;
  for (std::size_t i = 0; i < before.entries.size(); ++i) {
    const LockEntry &old = before.entries[i], &entry = now.entries[i];
    if (!of_the_same_file(old, entry)) return false;
    if (const history::Migration* const migration = project.history.find(entry.version))
      std::ranges::copy(migration->directives.varies, std::back_inserter(patterns));
    if (old.effects != entry.effects &&
        that_do_not_vary(old.effects, patterns) != that_do_not_vary(entry.effects, patterns))
      return false;
  }
  return true;
}

bool fits_together(const LockFile& lock) {
  std::vector<const LockEntry*> entries;
  for (const LockEntry& entry : lock.entries) entries.push_back(&entry);
  catalog::Forms forms;
  return expected_catalog(lock, entries, lock.server, forms).has_value();
}

}  // namespace

void keep_varying(const Project& project, const LockFile& before, LockFile& now) {
  if (project.varying().empty() || !continues(project, before, now)) return;
  LockFile kept = now;
  std::ranges::copy(before.entries, kept.entries.begin());
  if (fits_together(kept)) now = std::move(kept);
}

}  // namespace candor::engine
