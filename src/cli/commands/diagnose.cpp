/// candor diagnose: where a database stands in its history, and what of each migration is in it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/print_diagnosis.h"

namespace candor::cli {

namespace {

struct Options {
  std::string table;
  std::string at;
  bool all = false;
};

Result<int> diagnose_one(Context& context, const engine::Project& project, const engine::Diagnosis& diagnosis,
                         const Options& options) {
  std::optional<history::Version> at;
  if (!options.at.empty()) at = history::Version(options.at);
  const auto table = engine::diagnose_table(project, diagnosis, options.table, at);
  if (!table) return std::unexpected(table.error());
  print_table(context, *table);
  return table->is_true() ? 0 : 1;
}

Result<int> diagnose(Context& context, const Options& options) {
  if (!options.at.empty() && options.table.empty())
    return fail(codes::usage, "--at needs a table", "write `candor diagnose TABLE --at VERSION`");
  auto project = context.project();
  if (!project) return pass(project);
  std::vector<Finding> findings;
  if (auto provided = engine::provide_lock(*project, findings); !provided) return pass(provided);
  context.report(findings);
  auto connection = context.connect(project->settings);
  if (!connection) return pass(connection);
  context.fields["target"] = connection->target();
  const auto diagnosis = engine::diagnose(*project, *connection);
  if (!diagnosis) return std::unexpected(diagnosis.error());
  if (!options.table.empty()) return diagnose_one(context, *project, *diagnosis, options);
  context.out.line(connection->target());
  print_diagnosis(context, *diagnosis, options.all);
  const bool error = std::ranges::any_of(
      diagnosis->findings, [](const Finding& finding) { return finding.severity == Severity::error; });
  return diagnosis->is_sound() && !error ? 0 : 1;
}

Runner add_options(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("table", options->table, "look at this relation alone, part by part")->type_name("TABLE");
  app.add_option("--at", options->at, "with a table: what this version expects")->type_name("VERSION");
  app.add_flag("--all", options->all, "one line for every migration");
  return [options](Context& context) { return diagnose(context, *options); };
}

}  // namespace

constinit const Command diagnose_command{
    .name = "diagnose",
    .help = "find where the database stands, and what of each migration is in it",
    .details =
        "Examples:\n"
        "  candor diagnose\n"
        "  candor diagnose public.users    # column by column, each with its migration\n\n"
        "Works without a ledger, with a damaged one, and with a role that may only read. Writes nothing.\n"
        "Exit 0 if the database stands at a version and the ledger says the same, else 1.",
    .add_options = add_options,
};

}  // namespace candor::cli
