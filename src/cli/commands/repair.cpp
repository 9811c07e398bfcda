/// candor repair: makes a database and its ledger what a version of the history says, keeping its data.
#include "engine/repair.h"

#include <fmt/format.h>

#include <memory>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/fills.h"
#include "cli/format.h"
#include "cli/option_set.h"
#include "cli/print_difference.h"
#include "cli/print_verification.h"
#include "cli/repair_history.h"
#include "cli/write_migration.h"
#include "engine/foreign.h"
#include "engine/verify.h"

namespace candor::cli {

namespace {

struct Options {
  std::string to;
  std::string wait, write;
  std::vector<std::string> fills, renames;
  engine::RepairOptions repair;
  bool history = false;
};

Result<engine::RepairOptions> options_of(const Options& given, engine::Settings& settings) {
  engine::RepairOptions options = given.repair;
  if (!given.to.empty()) options.to = history::Version(given.to);
  auto fills = parse_fills(given.fills);
  if (!fills) return pass(fills);
  options.fills = std::move(*fills);
  auto renames = parse_renames(given.renames);
  if (!renames) return pass(renames);
  options.renames = std::move(*renames);
  options.as_migration = !given.write.empty();
  if (options.as_migration && !options.renames.empty())
    return fail(codes::usage, "--write does not go with --rename", "run it with --apply");
  if (options.as_migration && (options.apply || options.allow_drop))
    return fail(codes::usage, "--write goes neither with --apply nor with --allow-drop",
                "write the migration, then run `candor up`");
  if (options.online && !options.as_migration)
    return fail(codes::usage, "--online goes only with --write",
                "write the migration: --write NAME --online");
  if (given.wait.empty()) return options;
  auto wait = parse_wait(given.wait);
  if (!wait) return pass(wait);
  settings.wait_for_runner = std::chrono::ceil<std::chrono::seconds>(*wait);
  return options;
}

std::string names(const std::vector<const history::LockEntry*>& entries) {
  std::string list;
  for (const history::LockEntry* const entry : entries) {
    if (!list.empty()) list += ", ";
    list += label(entry->version, entry->name);
  }
  return list;
}

Json versions(const std::vector<const history::LockEntry*>& entries) {
  Json list = Json::array();
  for (const history::LockEntry* const entry : entries) list.push_back(entry->version.text());
  return list;
}

std::string target_of(const engine::RepairResult& result) {
  return result.target == nullptr ? "the state before the first migration"
                                  : label(result.target->version, result.target->name);
}

void fill_fields(Context& context, const engine::RepairResult& result) {
  Json statements = Json::array(), extra = Json::array();
  for (const plan::Transaction& transaction : result.plan.transactions)
    for (const plan::Step& step : transaction.steps) statements.push_back(step.sql);
  for (const catalog::ObjectId& id : result.plan.extra) extra.push_back(describe(id));
  context.fields["version"] = result.target != nullptr ? Json(result.target->version.text()) : Json();
  context.fields["applied"] = result.applied;
  context.fields["nothing_to_do"] = result.nothing_to_do();
  context.fields["mending"] = result.mending;
  context.fields["statements"] = std::move(statements);
  context.fields["effects"] = to_json(result.plan.effects);
  context.fields["extra"] = std::move(extra);
  context.fields["baselined"] = versions(result.baselined);
  context.fields["without_trace"] = versions(result.without_trace);
  context.fields["made_pending"] = versions(result.made_pending);
  Json forgotten = Json::array();
  for (const history::Version& version : result.forgotten) forgotten.push_back(version.text());
  context.fields["forgotten"] = std::move(forgotten);
  context.fields["same_catalog"] = versions(result.same_catalog);
  Json losses = Json::array();
  for (const engine::Loss& loss : result.losses) losses.push_back(line_of(loss));
  context.fields["losses"] = std::move(losses);
  context.fields["objects"] = result.objects;
  context.fields["proven"] = result.plan.empty() ? Json() : Json(result.proof.proven);
  context.fields["why_not_proven"] = result.proof.why_not;
}

void print_statements(Context& context, const engine::RepairResult& result) {
  if (!result.mending.empty()) {
    std::string text = "-- the ledger's own tables\n";
    for (const std::string& statement : result.mending) text += statement + ";\n";
    context.out.raw(text);
  }
  for (const plan::Transaction& transaction : result.plan.transactions) {
    std::string text = transaction.transactional ? "BEGIN;\n" : "";
    for (const plan::Step& step : transaction.steps) {
      for (const std::string& remark : {step.hazard, step.reason})
        if (!remark.empty()) text += fmt::format("-- {}\n", safe_text(remark));
      text += step.sql + ";\n";
    }
    if (transaction.transactional) text += "COMMIT;\n";
    context.out.raw(text);
  }
}

void print_left(Context& context, const engine::RepairResult& result, const std::vector<std::string>& tools) {
  for (const std::string& table : tools)
    context.out.line(context.out.paint(Style::doubtful, "left") + "      " + table +
                     "  (another tool's ledger; `candor adopt` takes it over)");
  for (const catalog::ObjectId& id : result.plan.extra)
    context.out.line(context.out.paint(Style::doubtful, "left") + "      " + describe(id) +
                     "  (extra; --allow-drop removes it)");
  for (const engine::Loss& loss : result.losses)
    context.out.line(context.out.paint(Style::bad, "loses") + "     " + line_of(loss));
}

void print_rows(Context& context, const engine::RepairResult& result) {
  const std::string_view would = result.applied ? "" : "would be ";
  if (!result.baselined.empty())
    context.out.line(fmt::format("ledger: {} {}baselined: {}", counted(result.baselined.size(), "migration"),
                                 would, names(result.baselined)));
  if (!result.made_pending.empty())
    context.out.line(fmt::format("ledger: {} {}pending again: {}",
                                 counted(result.made_pending.size(), "migration"), would,
                                 names(result.made_pending)));
  if (!result.forgotten.empty()) {
    std::vector<std::string> forgotten;
    for (const history::Version& version : result.forgotten) forgotten.push_back(printable(version.text()));
    context.out.line(fmt::format("ledger: {} {}forgotten, which no migration has: {}",
                                 counted(result.forgotten.size(), "row"), would, fmt::join(forgotten, ", ")));
  }
  if (!result.without_trace.empty())
    context.report({Severity::warning,
                    {.code = codes::ambiguous_version,
                     .message = fmt::format("that these were run cannot be told from the catalog: {}",
                                            names(result.without_trace)),
                     .hint = "look at the rows that they change; run them by hand if they were not"}});
}

void report_doubts(Context& context, const engine::RepairResult& result) {
  for (const plan::Rename& rename : result.likely_renames)
    context.report(
        {Severity::warning,
         {.code = codes::likely_renamed,
          .message =
              fmt::format("{} is missing, and {} may be it", describe(rename.to), describe(rename.from)),
          .hint = fmt::format("`candor repair --rename {}={}` gives it its name back, with what is "
                              "in it; if they have nothing to do with each other, say --as-new",
                              to_string(rename.from), to_string(rename.to))}});
  if (!result.same_catalog.empty())
    context.report(
        {Severity::warning,
         {.code = codes::ambiguous_version,
          .message =
              fmt::format("whether these were run cannot be told from the catalog; they stay pending: {}",
                          names(result.same_catalog)),
          .hint = fmt::format("if they were, run `candor baseline --at {}` before the next `candor up`",
                              printable(result.same_catalog.back()->version.text()))}});
}

/// How far the plan is proven; nothing for an empty one.
void print_proof(Context& context, const engine::RepairResult& result) {
  if (result.plan.empty()) return;
  const engine::PlanProof& proof = result.proof;
  if (proof.proven)
    return context.out.line(fmt::format("-- {} on PostgreSQL {}: {} compared",
                                        context.out.paint(Style::good, "proven"), proof.major,
                                        counted(proof.objects, "object")));
  context.out.line(
      fmt::format("-- {}: {}", context.out.paint(Style::doubtful, "UNPROVEN"), safe_text(proof.why_not)));
  for (const std::string& line : catalog::split_list(proof.detail, '\n'))
    context.out.line("--   " + safe_text(line));
}

/// The repair as the next migration, and the lock with it.
Result<int> write(Context& context, const engine::Project& project, const Options& given,
                  const engine::RepairResult& result) {
  if (result.migration.empty()) {
    context.out.line(fmt::format("nothing to write: {} compared with {}", counted(result.objects, "object"),
                                 target_of(result)));
    return 0;
  }
  auto written = write_migration(
      project, given.write,
      fmt::format("-- {}: looks before it acts; does nothing where all is as it should be\n\n{}",
                  printable(given.write), result.migration));
  if (!written) return pass(written);
  if (auto locked = lock_or_take_back(context, *written); !locked) return pass(locked);
  context.fields["file"] = written->string();
  context.out.line(
      fmt::format("wrote {}: {}", printable(written->string()), counted(result.plan.steps(), "statement")));
  if (!result.baselined.empty())
    context.out.line(
        fmt::format("the ledger lacks what is in the database: `candor baseline --at {} "
                    "--accept-differences`, then `candor up`",
                    printable(result.target->version.text())));
  return 0;
}

Result<int> repair(Context& context, const Options& given) {
  if (given.history) return repair_history(context, given.repair.apply, given.repair.unproven);
  auto project = context.project();
  if (!project) return pass(project);
  const auto options = options_of(given, project->settings);
  if (!options) return std::unexpected(options.error());
  auto connection = context.connect(project->settings);
  if (!connection) return pass(connection);
  context.fields["target"] = connection->target();
  const auto tools = engine::leave_tools_alone(*project, *connection);
  if (!tools) return std::unexpected(tools.error());
  context.fields["left_alone"] = *tools;
  const auto result = engine::repair(*project, *connection, *options, [&](const pg::Holder& holder) {
    context.out.note("waiting for " + holder.description);
  });
  if (!result) return std::unexpected(result.error());
  fill_fields(context, *result);
  if (!given.write.empty()) return write(context, *project, given, *result);
  report_doubts(context, *result);
  if (result->nothing_to_do()) {
    print_left(context, *result, *tools);
    context.out.line(fmt::format("nothing to repair: {} compared with {}", counted(result->objects, "object"),
                                 target_of(*result)));
    return 0;
  }
  if (!result->applied) {
    print_statements(context, *result);
    print_left(context, *result, *tools);
    print_rows(context, *result);
    print_proof(context, *result);
    const bool runs = result->plan.empty() || result->proof.proven;
    context.out.line(fmt::format(
        "-- dry run: {} to {}; nothing was written. {}",
        counted(result->plan.steps() + result->mending.size(), "statement"), target_of(*result),
        runs ? "`candor repair --apply` runs it" : "`candor repair --apply` refuses what is unproven"));
    return 0;
  }
  print_left(context, *result, *tools);
  print_rows(context, *result);
  context.out.line(fmt::format("repaired to {}: {} run; {} compared before the COMMIT", target_of(*result),
                               counted(result->plan.steps() + result->mending.size(), "statement"),
                               counted(result->objects, "object")));
  const auto verification = engine::verify(*project, *connection);
  if (!verification) return std::unexpected(verification.error());
  print_verification(context, *verification);
  return exit_code_of(*verification, project->settings);
}

Runner add_options(OptionSet& set) {
  auto options = std::make_shared<Options>();
  set.flag("--apply", options->repair.apply, "run it; without this only what would be run is printed");
  set.flag("--history", options->history,
           "mend what another tool keeps instead: Drizzle's journal, rows and locks that stop it");
  set.value("--to", options->to, "VERSION", "the version to repair to");
  set.flag("--allow-drop", options->repair.allow_drop, "remove what is extra, too");
  set.repeatable("--fill", options->fills, "TABLE.COLUMN=SQL",
                 "the value of a missing column in the rows that are there");
  set.repeatable("--rename", options->renames, "OLD=NEW", "what is missing is there under another name");
  set.flag("--as-new", options->repair.as_new, "nothing that is missing is there under another name");
  set.flag("--unproven", options->repair.unproven,
           "run a plan that is unproven or takes more than one transaction");
  set.value("--write", options->write, "NAME",
            "write the repair as a migration that looks before it acts, and the lock file");
  set.flag("--online", options->repair.online,
           "with --write: build indexes and check rows while others write, in several transactions");
  set.value("--wait", options->wait, "60s", "how long to wait for another runner");
  return [options](Context& context) { return repair(context, *options); };
}

}  // namespace

constinit const Command repair_command{
    .name = "repair",
    .help = "make the database and its ledger what the history says, keeping the data",
    .details =
        "Examples:\n"
        "  candor repair                      # shows what would be done\n"
        "  candor repair --to 0042 --apply --fill users.password=\"'!'\"\n"
        "  candor repair --write put_right    # as a migration, for every database\n\n"
        "Adds and corrects; removes nothing without --allow-drop. Compared in the transaction that does it.",
    .add_options = add_options,
};

}  // namespace candor::cli
