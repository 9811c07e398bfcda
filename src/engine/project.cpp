#include "engine/project.h"

#include <algorithm>

#include "base/pattern.h"
#include "history/foreign_ledger.h"
#include "history/format.h"

namespace candor::engine {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view lock_name = "candor.lock";

/// A dangling link is there: reading it says what is wrong.
bool is_there(const fs::path& path) {
  std::error_code failure;
  return fs::symlink_status(path, failure).type() != fs::file_type::not_found;
}

/// Foreign ledgers are called as the formats of the same tool are.
bool stops_at_other_files(std::string_view tool) {
  const history::Format* const format = history::find_format(tool);
  return format != nullptr && format->alone_in_folder;
}

bool is_error(const Finding& finding) {
  return finding.severity == Severity::error;
}

Result<> first_error(const std::vector<Finding>& findings) {
  const auto at = std::ranges::find_if(findings, is_error);
  if (at == findings.end()) return {};
  return std::unexpected(at->what);
}

using Identities = std::unordered_set<catalog::ObjectId>;

/// What setup makes.
Identities given(const history::LockFile& lock) {
  Identities ids;
  for (const catalog::Effect& effect : lock.given) ids.insert(effect.id);
  return ids;
}

/// It is there for the shadow: a database has its own, and differs in it as it likes. Only what migrations
/// change of it is theirs.
Identities left_out(const history::LockFile& lock) {
  Identities ids = given(lock);
  if (ids.empty()) return ids;
  for (const history::LockEntry& entry : lock.entries)
    for (const catalog::Effect& effect : entry.effects) ids.erase(effect.id);
  return ids;
}

}  // namespace

catalog::CompareOptions Project::compare_options() const {
  const auto compares = [this](std::string_view what) {
    return std::ranges::find(settings.compare, what) != settings.compare.end();
  };
  return {.owners = compares("owners"),
          .grants = compares("grants"),
          .comments = compares("comments"),
          .ignore = settings.ignore,
          .left_out = lock ? left_out(*lock) : Identities(),
          .of_others = lock ? given(*lock) : Identities(),
          .varies = varying()};
}

std::vector<std::string> Project::varying() const {
  std::vector<std::string> patterns;
  for (const history::Migration& migration : history.migrations)
    patterns.insert(patterns.end(), migration.directives.varies.begin(), migration.directives.varies.end());
  return patterns;
}

fs::path lock_path_of(const Settings& settings, std::string_view tool) {
  fs::path usual = settings.dir / lock_name;
  const fs::path at_root = (settings.root / lock_name).lexically_normal();
  if (is_there(usual)) return usual;
  const bool elsewhere = stops_at_other_files(tool) || stops_at_other_files(settings.adopt.tool);
  return elsewhere || is_there(at_root) ? at_root : usual;
}

Result<Project> open_project(Settings settings) {
  if (settings.dir.empty()) {
    auto found = find_migrations(settings.root);
    if (!found) return pass(found);
    settings.dir = std::move(*found);
  }
  Project project{.settings = std::move(settings)};
  auto history = history::read_history(project.settings.dir, folder_options(project.settings));
  if (!history) return pass(history);
  project.history = std::move(*history);

  project.lock_path = lock_path_of(project.settings, project.history.format);
  if (is_there(project.lock_path)) {
    auto lock = history::read_lock(project.lock_path);
    if (!lock) return pass(lock);
    project.lock = std::move(*lock);
    project.lock_findings = compare_lock(project.history, *project.lock);
  }
  const AdoptedLedger& adopted = project.settings.adopt;
  if (!adopted.empty()) leave_out(project, history::belongings_of(adopted.tool, adopted.table));
  return project;
}

bool makes(const Project& project, std::string_view pattern) {
  return project.lock && std::ranges::any_of(project.lock->entries, [&](const history::LockEntry& entry) {
           return std::ranges::any_of(entry.effects, [&](const catalog::Effect& effect) {
             return matches(pattern, catalog::to_string(effect.id));
           });
         });
}

void leave_out(Project& project, std::vector<std::string> patterns) {
  for (std::string& pattern : patterns)
    if (!makes(project, pattern)) project.settings.ignore.push_back(std::move(pattern));
}

Result<> require_sound_files(const Project& project) {
  return first_error(project.history.findings);
}

Result<> require_lock(const Project& project) {
  if (!project.lock)
    return fail(codes::lock_missing, "there is no " + printable(project.lock_path.string()),
                "run `candor lock` and commit the lock file");
  return first_error(project.lock_findings);
}

}  // namespace candor::engine
