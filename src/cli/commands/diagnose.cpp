/// candor diagnose: where a database stands in its history, and what of each migration is in it.
#include <algorithm>
#include <memory>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/option_set.h"
#include "cli/print_diagnosis.h"
#include "cli/print_foreign.h"
#include "engine/foreign.h"

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

/// Other tools' ledgers count where Candor's own claims nothing, or where they are mirrored.
Result<engine::ForeignHistories> read_foreign(const engine::Project& project, pg::Connection& connection) {
  if (!project.settings.adopt.mirror) {
    auto own = engine::has_own_ledger(project, connection);
    if (!own) return pass(own);
    if (*own) return engine::ForeignHistories{};
  }
  return engine::read_foreign_histories(project, connection);
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
  auto foreign = read_foreign(*project, *connection);
  if (!foreign) return pass(foreign);
  engine::Claims claims;
  if (const engine::ForeignHistory* const mine = foreign->mine(); mine != nullptr && !mine->unreadable)
    claims = engine::claims_of(*project, *mine);
  for (const engine::ForeignHistory& history : foreign->all) engine::leave_alone(*project, history);
  auto diagnosis = engine::diagnose(*project, *connection, claims);
  if (!diagnosis) return std::unexpected(diagnosis.error());
  auto about_tools = engine::findings_of(*project, *foreign, *diagnosis);
  diagnosis->findings.insert(diagnosis->findings.end(), about_tools.begin(), about_tools.end());
  if (!options.table.empty()) return diagnose_one(context, *project, *diagnosis, options);
  context.out.line(connection->target());
  if (!foreign->all.empty()) context.fields["foreign"] = to_json(*project, *foreign);
  print_foreign(context, *foreign);
  print_diagnosis(context, *diagnosis, options.all);
  const bool error = has_error(findings) || has_error(diagnosis->findings);
  return diagnosis->is_sound() && !error ? 0 : 1;
}

Runner add_options(OptionSet& set) {
  auto options = std::make_shared<Options>();
  set.value("table", options->table, "TABLE", "look at this relation alone, part by part");
  set.value("--at", options->at, "VERSION", "with a table: what this version expects");
  set.flag("--all", options->all, "one line for every migration");
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
