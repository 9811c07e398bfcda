#include "cli/baseline_from_database.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "base/file.h"
#include "cli/format.h"
#include "cli/write_migration.h"
#include "engine/baseline.h"
#include "engine/first_migration.h"
#include "plan/print.h"

namespace candor::cli {

namespace {

namespace fs = std::filesystem;

/// The project; its folder is made if there is none (a dry run does without): a database without a history
/// has no folder either.
Result<engine::Project> open_or_begin(Context& context, bool dry_run) {
  auto project = context.project();
  if (project || project.error().code.id != codes::history_missing.id) return project;
  auto settings = context.settings();
  if (!settings) return pass(settings);
  if (settings->dir.empty()) settings->dir = settings->root / "migrations";
  if (dry_run) {
    engine::Project none{.settings = std::move(*settings)};
    none.history.folder = none.settings.dir;
    return none;
  }
  std::error_code failure;
  fs::create_directories(settings->dir, failure);
  if (failure) return project;  // with the error that there is no folder
  context.out.note(fmt::format("made {}/", printable(settings->dir.string())));
  return engine::open_project(std::move(*settings));
}

std::string file_text(const pg::Connection& connection, const FromDatabase& options,
                      const engine::FirstMigration& first) {
  return fmt::format("-- {}: what the database {} held before its first migration\n\n{}",
                     printable(options.name), printable(connection.database()), plan::to_sql(first.plan));
}

Result<> require_proof(const engine::FirstMigration& first) {
  if (first.proof.proven) return {};
  return std::unexpected(
      Error{.code = codes::plan_unproven,
            .message = fmt::format("the database's schema could not be rebuilt: {}", first.proof.why_not),
            .detail = first.proof.detail,
            .hint = "correct what it says, or leave those objects to others with `ignore` in candor.toml"});
}

/// Both files, or none of them.
class WrittenFiles {
 public:
  WrittenFiles(fs::path migration, fs::path lock)
      : migration_(std::move(migration)), lock_(std::move(lock)) {}
  WrittenFiles(const WrittenFiles&) = delete;
  ~WrittenFiles() {
    std::error_code ignored;
    if (kept_) return;
    fs::remove(migration_, ignored);
    fs::remove(lock_, ignored);
  }
  void keep() { kept_ = true; }

 private:
  fs::path migration_, lock_;
  bool kept_ = false;
};

Result<engine::BaselineResult> record(const engine::Project& project, pg::Connection& connection) {
  engine::BaselineOptions options;
  options.at = project.lock->entries.back().version;
  return engine::baseline(project, connection, options);
}

}  // namespace

Result<int> baseline_from_database(Context& context, const FromDatabase& options) {
  auto project = open_or_begin(context, options.dry_run);
  if (!project) return pass(project);
  auto connection = context.connect(project->settings);
  if (!connection) return pass(connection);
  context.fields["target"] = connection->target();
  context.fields["dry_run"] = options.dry_run;
  context.out.progress("reading the database");
  auto first = engine::first_migration(*project, *connection);
  if (!first) return pass(first);
  if (first->plan.empty())
    return fail(codes::baseline_refused, "the database holds nothing that a first migration could make",
                "write the first migration with `candor new`, and run `candor up`");
  if (auto proven = require_proof(*first); !proven) return pass(proven);
  const std::string text = file_text(*connection, options, *first);
  if (options.dry_run) {
    context.out.raw(text);
    context.out.line(fmt::format("-- dry run: {} would be written and baselined; proven on PostgreSQL {}: {}",
                                 counted(first->plan.steps(), "statement"), first->proof.major,
                                 counted(first->proof.objects, "object")));
    return 0;
  }
  auto written = write_migration(*project, options.name, text);
  if (!written) return pass(written);
  WrittenFiles files(*written, project->lock_path);
  if (auto locked = update_lock(context, first->live.major); !locked) return pass(locked);
  auto with_file = context.project();
  if (!with_file) return pass(with_file);
  auto recorded = record(*with_file, *connection);
  if (!recorded) return failed("baselining what was written; the files were removed again", recorded);
  files.keep();
  context.fields["file"] = written->string();
  context.fields["version"] = recorded->at->version.text();
  context.fields["objects"] = recorded->objects;
  context.out.line(
      fmt::format("wrote {}: {}", printable(written->string()), counted(first->plan.steps(), "statement")));
  context.out.line(fmt::format("baselined {}: {} compared, no difference",
                               label(recorded->at->version, recorded->at->name),
                               counted(recorded->objects, "object")));
  return 0;
}

}  // namespace candor::cli
