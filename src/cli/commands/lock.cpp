/// candor lock: replays the history in a shadow and writes down what each migration does.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/format.h"
#include "cli/lock_changes.h"
#include "cli/option_set.h"
#include "cli/project_files.h"
#include "engine/keep_varying.h"
#include "engine/replay.h"

namespace candor::cli {

namespace {

using Nature = LockChange::Nature;

struct Options {
  bool check = false;
  bool accept_edited = false;
  std::string shadow_url;
  engine::ReplayOptions replay;
};

/// Errors that mean "write it anew". A newer Candor's file is not ours to overwrite.
bool may_be_rewritten(const Error& error) {
  return error.code.id == codes::lock_conflict.id || error.code.id == codes::lock_merged.id ||
         error.code.id == codes::lock_malformed.id || error.code.id == codes::lock_tampered.id;
}

/// An unusable lock is replaced, but what it said is lost: that is told, and edited files cannot be
/// recognised.
Result<> judge_old_lock(Context& context, const ProjectFiles& files, const Options& options) {
  if (!files.lock_error) return {};
  if (!may_be_rewritten(*files.lock_error) || options.check) return std::unexpected(*files.lock_error);
  Finding finding{Severity::warning, *files.lock_error};
  finding.what.hint = "review all of the new lock file: nothing could be compared with the old one";
  context.report(finding);
  return {};
}

/// C0407 says that branches met; replaying them in one order is what `lock` is for.
void explain_merge(Context& context, const engine::Project& project) {
  for (const Finding& finding : project.lock_findings) {
    if (finding.what.code.id != codes::lock_merged.id) continue;
    Finding told = finding;
    told.severity = Severity::warning;
    told.what.hint = "review the new entries: all are replayed in the order of their versions now";
    context.report(told);
  }
}

Result<engine::Replayed> replay(Context& context, const engine::Project& project, const Options& options) {
  const std::size_t total = project.history.migrations.size();
  std::size_t done = 0;
  context.out.progress("starting the shadow");
  return engine::replay(project, options.replay, [&](const history::LockEntry& entry) {
    context.out.progress(fmt::format("{}/{} {}", ++done, total, label(entry.version, entry.name)));
  });
}

void print_changes(Context& context, const std::vector<LockChange>& changes) {
  Json list = Json::array();
  for (const LockChange& change : changes) {
    const history::LockEntry& entry = change.after != nullptr ? *change.after : *change.before;
    list.push_back(
        {{"change", to_string(change.nature)}, {"version", entry.version.text()}, {"name", entry.name}});
    context.out.line(format_change(change, context.paint()));
  }
  context.fields["changes"] = std::move(list);
}

std::optional<Error> refused_edit(const std::vector<LockChange>& changes, const Options& options) {
  const auto edit = std::ranges::find_if(changes, [](const LockChange& change) {
    return change.nature == Nature::replaced && !change.after->version.repeatable();
  });
  if (edit == changes.end() || options.accept_edited) return std::nullopt;
  if (edit->before->file != edit->after->file)
    return Error{.code = codes::effects_changed,
                 .message = fmt::format("{} has the version {}, under which {} was locked",
                                        printable(edit->after->file), edit->after->version.text(),
                                        printable(edit->before->file)),
                 .detail = effects_side_by_side(*edit),
                 .hint =
                     "give the new file a name that comes after those that are locked; if no database that "
                     "matters has applied them, run `candor lock --accept-edited`"};
  return Error{
      .code = codes::effects_changed,
      .message = fmt::format("{} was edited after it was locked, and now has other effects",
                             printable(edit->after->file)),
      .detail = effects_side_by_side(*edit),
      .hint =
          "restore the file and put the difference into a new migration; if no database that matters has "
          "applied it, run `candor lock --accept-edited`"};
}

/// The first entry in which the two differ, for --check.
Error stale(const engine::Project& project, const std::vector<LockChange>& changes) {
  Error error{.code = codes::lock_stale,
              .message = fmt::format("{} is not what a replay gives", printable(project.lock_path.string())),
              .hint = "run `candor lock` and commit the file that it writes"};
  if (!project.lock) error.message = fmt::format("there is no {}", printable(project.lock_path.string()));
  if (!changes.empty()) {
    const Paint plain = [](Style, std::string_view text) { return std::string(text); };
    error.detail = "the first difference: " + format_change(changes.front(), plain);
  }
  return error;
}

std::size_t effects_in(const history::LockFile& lock) {
  std::size_t count = 0;
  for (const history::LockEntry& entry : lock.entries) count += entry.effects.size();
  return count;
}

Result<bool> differs_from_disk(const std::filesystem::path& path, const std::string& bytes) {
  std::error_code none;
  if (!std::filesystem::exists(path, none)) return true;
  const auto old = read_file(path);
  if (!old) return std::unexpected(old.error());
  return *old != bytes;
}

void print_summary(Context& context, const engine::Replayed& replayed) {
  const std::size_t effects = effects_in(replayed.lock);
  context.fields["migrations"] = replayed.lock.entries.size();
  context.fields["effects"] = effects;
  context.fields["server_major"] = replayed.lock.server;
  context.fields["shadow_ms"] = replayed.shadow_ms;
  context.fields["total_ms"] = replayed.total_ms;
  context.out.line(fmt::format("replayed {} on PostgreSQL {}: {} in {} (shadow ready in {})",
                               counted(replayed.lock.entries.size(), "migration"), replayed.lock.server,
                               counted(effects, "effect"), duration(replayed.total_ms),
                               duration(replayed.shadow_ms)));
}

Result<int> lock(Context& context, const Options& options) {
  auto files = open_files(context);
  if (!files) return pass(files);
  engine::Project& project = files->project;
  if (auto sound = engine::require_sound_files(project); !sound) return pass(sound);
  if (auto usable = judge_old_lock(context, *files, options); !usable) return pass(usable);
  if (!options.shadow_url.empty()) project.settings.shadow_url = options.shadow_url;
  explain_merge(context, project);

  auto replayed = replay(context, project, options);
  if (!replayed) return pass(replayed);
  if (project.lock) engine::keep_varying(project, *project.lock, replayed->lock);
  const std::string bytes = history::serialise(replayed->lock);
  context.report(replayed->findings);
  print_summary(context, *replayed);

  const history::LockFile nothing;
  const auto changes = changes_between(project.lock ? *project.lock : nothing, replayed->lock);
  const auto differs = differs_from_disk(project.lock_path, bytes);
  if (!differs) return std::unexpected(differs.error());
  context.fields["changed"] = *differs;
  context.fields["file"] = project.lock_path.string();
  if (*differs && options.check) return std::unexpected(stale(project, changes));
  if (auto refused = refused_edit(changes, options)) return std::unexpected(std::move(*refused));
  if (project.lock) print_changes(context, changes);

  const std::string shown = printable(project.lock_path.string());
  if (!*differs) {
    context.out.line(fmt::format("{} is unchanged", shown));
    return 0;
  }
  if (auto written = write_file_atomically(project.lock_path, bytes); !written) return pass(written);
  context.out.line(fmt::format("wrote {}", shown));
  return 0;
}

Runner add_options(OptionSet& set) {
  auto options = std::make_shared<Options>();
  set.flag("--check", options->check, "write nothing; exit 1 if the lock file is not up to date");
  set.flag("--accept-edited", options->accept_edited,
           "lock an edited migration although its effects are others");
  set.repeatable("--server", options->replay.other_servers, "N",
                 "record PostgreSQL N's printed forms, too (repeatable)");
  set.value("--shadow-url", options->shadow_url, "URL",
            "make the shadow as a scratch database on that server");
  return [options](Context& context) { return lock(context, *options); };
}

}  // namespace

constinit const Command lock_command{
    .name = "lock",
    .help = "replay the migrations and write what each one does to candor.lock",
    .details =
        "Examples:\n"
        "  candor lock                 # after every change to the migrations; commit candor.lock with them\n"
        "  candor lock --check         # in CI\n"
        "  candor lock --server 17     # also for databases on PostgreSQL 17",
    .add_options = add_options,
};

}  // namespace candor::cli
