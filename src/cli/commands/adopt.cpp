/// candor adopt: takes a database over from the tool that migrated it so far.
#include "engine/adopt.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/format.h"
#include "cli/option_set.h"
#include "cli/print_foreign.h"
#include "engine/replay.h"

namespace candor::cli {

namespace {

struct Options {
  engine::AdoptOptions adopt;
  std::string wait;
};

std::string name_of(const history::LockEntry* entry) {
  return label(entry->version, entry->name);
}

Json versions(const std::vector<const history::LockEntry*>& entries) {
  Json list = Json::array();
  for (const history::LockEntry* const entry : entries) list.push_back(entry->version.text());
  return list;
}

/// Where there is no lock the history is replayed; true: the lock is new, and is to be written.
Result<bool> provide_lock(Context& context, engine::Project& project) {
  if (project.lock) return false;
  if (auto sound = engine::require_sound_files(project); !sound) return pass(sound);
  context.out.progress("replaying the history, as there is no lock file");
  auto replayed = engine::replay(project, {});
  if (!replayed) return failed("replaying the history, as there is no lock file", replayed);
  context.report(replayed->findings);
  project.lock = std::move(replayed->lock);
  return true;
}

/// The section that makes later runs leave the tool's table alone; empty: candor.toml has one already.
Result<std::string> section_for(const engine::Settings& settings, const engine::ForeignHistory& mine,
                                bool mirror) {
  if (!settings.adopt.empty()) {
    if (settings.adopt.mirror || !mirror) return std::string();
    return fail(codes::config_invalid, "[adopt] in candor.toml does not say that the ledger is mirrored",
                "write mirror = true under [adopt], then run `candor adopt --mirror`");
  }
  return fmt::format("[adopt]\ntool = {}\ntable = {}\n{}", Json(history::name_of(mine.ledger)).dump(),
                     Json(mine.ledger.table.identity()).dump(), mirror ? "mirror = true\n" : "");
}

Result<> write_section(Context& context, const engine::Settings& settings, const std::string& section) {
  if (section.empty()) return {};
  const std::filesystem::path path =
      settings.config_file.empty() ? settings.root / "candor.toml" : settings.config_file;
  std::string text;
  if (!settings.config_file.empty()) {
    auto old = read_file(path);
    if (!old) return pass(old);
    text = std::move(*old);
    if (!text.empty()) text += text.ends_with('\n') ? "\n" : "\n\n";
  }
  if (auto written = write_file_atomically(path, text + section); !written) return written;
  context.out.line(fmt::format("wrote [adopt] to {}", printable(path.lexically_normal().string())));
  return {};
}

/// The folder is the tool's as well, whatever format its files were read as.
Result<> write_lock(Context& context, engine::Project& project, std::string_view tool, bool is_new) {
  if (!is_new) return {};
  project.lock_path = engine::lock_path_of(project.settings, tool);
  if (auto written = write_file_atomically(project.lock_path, history::serialise(*project.lock)); !written)
    return written;
  context.out.line(fmt::format("wrote {}", printable(project.lock_path.string())));
  return {};
}

/// What is left to be done once the database is adopted.
std::string hint_after(const Error& error) {
  if (error.code.id == codes::foreign_never_runs.id || error.code.id == codes::foreign_absent.id)
    return "what the database lacks stays pending";
  if (error.code.id == codes::foreign_would_rerun.id || error.code.id == codes::foreign_blocked.id)
    return "run the tool no more: go on with `candor up`";
  return error.hint;
}

/// What the catalog proved wrong is told beside the result; the pending part is `up`'s.
void print(Context& context, const engine::Adopted& adopted, const std::string& table, bool dry_run) {
  const engine::BaselineResult& baseline = adopted.baseline;
  for (Finding finding : adopted.findings) {
    if (finding.what.code.id == codes::foreign_not_recorded.id) continue;  // that is what is being done
    if (finding.severity == Severity::error) finding.severity = Severity::warning;
    finding.what.hint = hint_after(finding.what);
    context.report(finding);
  }
  if (dry_run) {
    std::string text = "BEGIN;\n";
    for (const std::string& statement : baseline.statements) text += statement + ";\n";
    if (!baseline.statements.empty()) context.out.raw(text + "COMMIT;\n");
  }
  if (baseline.recorded.empty())
    context.out.line(fmt::format(
        "nothing to adopt from {}: the ledger records all that is there; {} compared, no difference", table,
        counted(baseline.objects, "object")));
  else
    context.out.line(fmt::format("{}{} of {} from {}; {} compared, no difference",
                                 dry_run ? "-- dry run: would adopt " : "adopted ", baseline.recorded.size(),
                                 counted(baseline.recorded.size() + adopted.pending.size(), "migration"),
                                 table, counted(baseline.objects, "object")));
  if (!adopted.marked.empty())
    context.out.line(fmt::format("{}{} in {}", dry_run ? "-- would record " : "recorded ",
                                 counted(adopted.marked.size(), "migration"), table));
  if (adopted.pending.empty()) return;
  std::string list;
  for (const history::LockEntry* const entry : adopted.pending) {
    if (!list.empty()) list += ", ";
    list += name_of(entry);
  }
  const bool in_between = std::ranges::any_of(baseline.recorded, [&](const history::LockEntry* entry) {
    return !entry->version.repeatable() && adopted.pending.front()->version < entry->version;
  });
  context.out.line(fmt::format("{} pending: {}; run `candor up{}`", adopted.pending.size(), list,
                               in_between ? " --allow-out-of-order" : ""));
}

Result<int> adopt(Context& context, const Options& given) {
  auto project = context.project();
  if (!project) return pass(project);
  if (!given.wait.empty()) {
    auto wait = parse_wait(given.wait);
    if (!wait) return pass(wait);
    project->settings.wait_for_runner = std::chrono::ceil<std::chrono::seconds>(*wait);
  }
  auto connection = context.connect(project->settings);
  if (!connection) return pass(connection);
  context.fields["target"] = connection->target();
  auto lock_is_new = provide_lock(context, *project);
  if (!lock_is_new) return pass(lock_is_new);

  const engine::Settings settings = project->settings;  // adopt() adds to what is ignored
  engine::AdoptOptions options = given.adopt;
  options.mirror = options.mirror || settings.adopt.mirror;
  const auto waiting = [&](const pg::Holder& holder) {
    context.out.note("waiting for " + holder.description);
  };
  // Everything that could refuse does so before a file is written.
  options.dry_run = true;
  auto adopted = engine::adopt(*project, *connection, options, waiting);
  if (!adopted) return std::unexpected(adopted.error());
  auto section = section_for(settings, *adopted->histories.mine(), options.mirror);
  if (!section) return pass(section);
  if (!given.adopt.dry_run) {
    const std::string_view tool = history::name_of(adopted->histories.mine()->ledger);
    if (auto written = write_lock(context, *project, tool, *lock_is_new); !written) return pass(written);
    if (auto written = write_section(context, settings, *section); !written) return pass(written);
    options.dry_run = false;
    adopted = engine::adopt(*project, *connection, options, waiting);
    if (!adopted) return std::unexpected(adopted.error());
  }

  context.fields["dry_run"] = given.adopt.dry_run;
  context.fields["foreign"] = to_json(*project, adopted->histories);
  context.fields["baselined"] = versions(adopted->baseline.recorded);
  context.fields["marked"] = versions(adopted->marked);
  context.fields["pending"] = versions(adopted->pending);
  context.fields["objects"] = adopted->baseline.objects;
  if (given.adopt.dry_run) context.fields["statements"] = adopted->baseline.statements;
  const history::ForeignLedger& ledger = adopted->histories.mine()->ledger;
  print(context, *adopted, fmt::format("{} ({})", ledger.table.identity(), history::title_of(ledger)),
        given.adopt.dry_run);
  return 0;
}

Runner add_options(OptionSet& set) {
  auto options = std::make_shared<Options>();
  set.flag("--mirror", options->adopt.mirror,
           "write the tool's own rows as well, now and with every `up`, so that there is a way back");
  set.flag("--dry-run", options->adopt.dry_run, "print the SQL that would be run; write nothing");
  set.value("--wait", options->wait, "60s", "how long to wait for another runner");
  return [options](Context& context) { return adopt(context, *options); };
}

}  // namespace

constinit const Command adopt_command{
    .name = "adopt",
    .help = "take the database over from the tool that migrated it so far",
    .details =
        "Examples:\n"
        "  candor adopt --dry-run\n"
        "  candor adopt --mirror\n\n"
        "Records what the catalog proves, whatever the tool's ledger says, and leaves the rest pending.\n"
        "Nothing of the tool's is changed or deleted.",
    .add_options = add_options,
};

}  // namespace candor::cli
