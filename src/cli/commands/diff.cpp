/// candor diff: two schemas, what makes one the other, and a migration of it.
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <ctime>
#include <iostream>
#include <memory>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/fills.h"
#include "cli/format.h"
#include "cli/next_version.h"
#include "cli/option_set.h"
#include "cli/write_migration.h"
#include "engine/diff_schemas.h"
#include "history/lock_file.h"
#include "plan/print.h"

namespace candor::cli {

namespace {

struct Options {
  std::string from = "@head", to, write;
  std::vector<std::string> renames, fills;
  std::optional<int> server;
  bool sql = false, simple = false, owners = false, exit_code = false, allow_drop = false, unproven = false;
};

Result<engine::DiffOptions> diff_options(const Options& options) {
  engine::DiffOptions result{.server = options.server};
  result.plan.simple = options.simple;
  result.plan.owners = options.owners;
  auto renames = parse_renames(options.renames);
  if (!renames) return pass(renames);
  result.renames = std::move(*renames);
  auto fills = parse_fills(options.fills);
  if (!fills) return pass(fills);
  result.plan.fills = std::move(*fills);
  return result;
}

/// Versions, and what is to be written, need a project; two databases do not.
bool needs_project(const Options& options, const engine::SchemaSource& from, const engine::SchemaSource& to) {
  using Nature = engine::SchemaSource::Nature;
  return from.nature == Nature::version || to.nature == Nature::version || !options.write.empty();
}

std::string colored(const catalog::Effect& effect, const Paint& paint) {
  const Style style = effect.change == catalog::Change::added     ? Style::good
                      : effect.change == catalog::Change::dropped ? Style::bad
                                                                  : Style::doubtful;
  return paint(style, history::to_line(effect));
}

std::string manner_of(const plan::Plan& plan) {
  return fmt::format("{} in {}", counted(plan.steps(), "statement"),
                     counted(plan.transactions.size(), "transaction"));
}

std::string proof_line(const engine::SchemaDiff& diff, const Paint& paint) {
  const engine::PlanProof& proof = diff.proof;
  if (proof.proven)
    return fmt::format(
        "plan: {}; {} on PostgreSQL {}: {} compared in {}{}", manner_of(diff.plan),
        paint(Style::good, "proven"), proof.major, counted(proof.objects, "object"), duration(proof.total_ms),
        proof.left_out == 0 ? std::string()
                            : fmt::format(" ({} that it has nothing to do with left out)", proof.left_out));
  return fmt::format("plan: {}; {}: {}", manner_of(diff.plan), paint(Style::doubtful, "unproven"),
                     proof.why_not);
}

Json json_of(const plan::Plan& plan) {
  Json list = Json::array();
  for (const plan::Transaction& transaction : plan.transactions) {
    Json steps = Json::array();
    for (const plan::Step& step : transaction.steps) {
      Json also = Json::object();
      for (const auto& [relation, lock] : step.also) also[to_string(relation)] = std::string(name_of(lock));
      steps.push_back({{"sql", step.sql},
                       {"object", describe(step.object)},
                       {"lock", std::string(name_of(step.lock))},
                       {"on", step.lock == catalog::Lock::none ? "" : to_string(step.on)},
                       {"rewrites", step.rewrites},
                       {"scans", step.scans},
                       {"hazard", step.hazard},
                       {"reason", step.reason},
                       {"drops_data", step.drops_data},
                       {"needs_fill", step.needs_fill},
                       {"also_locks", std::move(also)}});
    }
    list.push_back({{"transactional", transaction.transactional}, {"steps", std::move(steps)}});
  }
  return list;
}

void fill_json(Context& context, const engine::SchemaDiff& diff) {
  Json effects = Json::array();
  for (const catalog::Effect& effect : diff.plan.effects) effects.push_back(to_json(effect));
  context.fields["effects"] = std::move(effects);
  context.fields["plan"] = json_of(diff.plan);
  context.fields["proven"] = diff.proof.proven;
  context.fields["why_not_proven"] = diff.proof.why_not;
  context.fields["objects_compared"] = diff.proof.objects;
  context.fields["objects_left_out"] = diff.proof.left_out;
  context.fields["planning_ms"] = diff.planning_ms;
  context.fields["proof_ms"] = diff.proof.total_ms;
}

/// The plan as a file: what it is, how far it was proven, its statements.
std::string file_text(const Options& options, const engine::SchemaSource& from,
                      const engine::SchemaSource& to, const engine::SchemaDiff& diff) {
  std::string text = fmt::format("-- from {} to {}\n", printable(from.name()), printable(to.name()));
  if (!options.write.empty()) text = fmt::format("-- {}\n", printable(options.write));
  if (!diff.proof.proven) text += fmt::format("-- UNPROVEN: {}\n", diff.proof.why_not);
  return text + "\n" + plan::to_sql(diff.plan);
}

void print_proof(Context& context, const engine::SchemaDiff& diff) {
  context.out.line(proof_line(diff, context.paint()));
  for (const std::string& line : catalog::split_list(diff.proof.detail, '\n')) context.out.line("  " + line);
  for (const std::string& line : diff.plan.impossible) context.out.line("  " + line);
}

std::size_t hazards_of(Context& context, const plan::Plan& plan) {
  std::size_t count = 0;
  for (const plan::Transaction& transaction : plan.transactions)
    for (const plan::Step& step : transaction.steps)
      if (!step.hazard.empty()) {
        context.out.line(fmt::format("{}  {}", context.paint()(Style::bad, "hazard"), step.hazard));
        ++count;
      }
  return count;
}

void print_questions(Context& context, const engine::SchemaDiff& diff) {
  for (const plan::Rename& rename : diff.likely_renames)
    context.out.line(fmt::format("perhaps {} became {}: then give --rename {}={}", describe(rename.from),
                                 to_string(rename.to), to_string(rename.from), to_string(rename.to)));
}

/// What may be written without being asked for: nothing unproven, nothing that loses data, no value made up.
Result<> require_writable(const Options& options, const engine::SchemaDiff& diff) {
  if (!diff.proof.proven && !options.unproven)
    return fail(codes::plan_unproven, fmt::format("the plan is unproven: {}", diff.proof.why_not),
                "correct what it says, or write the plan all the same with --unproven");
  if (diff.plan.drops_data() && !options.allow_drop)
    return fail(codes::needs_allow_drop, "the plan drops what may hold data",
                "read its hazards, then add --allow-drop");
  if (diff.plan.needs_fill())
    return fail(codes::needs_value,
                "a new column must not be null and has no value for the rows that are there",
                "give one: --fill public.users.email=\"''\"");
  return {};
}

Result<> write_plan(Context& context, const Options& options, const engine::Project& project,
                    const std::string& text) {
  auto written = write_migration(project, options.write, text);
  if (!written) return pass(written);
  if (auto locked = lock_or_take_back(context, *written); !locked) return locked;
  context.fields["file"] = written->string();
  context.out.line(fmt::format("wrote {}", printable(written->string())));
  return {};
}

/// On a terminal: which of the likely renames are such.
std::vector<std::pair<std::string, std::string>> ask_about_renames(Context& context,
                                                                   const engine::SchemaDiff& diff) {
  std::vector<std::pair<std::string, std::string>> renames;
  if (context.out.json() || isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0) return renames;
  context.out.flush();
  if (!diff.likely_renames.empty()) context.out.progress("");  // the question takes its line
  for (const plan::Rename& rename : diff.likely_renames) {
    std::cerr << fmt::format("did {} become {}? [y/N] ", printable(describe(rename.from)),
                             printable(to_string(rename.to)))
              << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    if (answer == "y" || answer == "yes") renames.emplace_back(to_string(rename.from), to_string(rename.to));
  }
  return renames;
}

Result<int> diff(Context& context, const Options& options) {
  auto from = engine::parse_source(options.from);
  if (!from) return pass(from);
  auto to = engine::parse_source(options.to);
  if (!to) return pass(to);
  auto wanted = diff_options(options);
  if (!wanted) return pass(wanted);
  std::optional<engine::Project> project;
  if (needs_project(options, *from, *to)) {
    auto opened = context.project();
    if (!opened) return pass(opened);
    project.emplace(std::move(*opened));
  }
  auto settings = context.settings();
  if (!settings) return pass(settings);

  context.out.progress("comparing");
  const auto compare = [&] {
    return engine::diff_schemas(*from, *to, project ? &*project : nullptr, *settings, *wanted);
  };
  auto result = compare();
  if (!result) return pass(result);
  if (auto renames = ask_about_renames(context, *result); !renames.empty()) {
    wanted->renames = std::move(renames);
    result = compare();
    if (!result) return pass(result);
  }
  context.report(result->findings);
  fill_json(context, *result);
  const bool differs = !result->plan.effects.empty();
  if (options.sql) {
    if (differs) context.out.raw(file_text(options, *from, *to, *result));
  } else {
    for (const catalog::Effect& effect : result->plan.effects)
      context.out.line(colored(effect, context.paint()));
    if (!differs) context.out.line("no difference");
    if (differs) {
      hazards_of(context, result->plan);
      print_questions(context, *result);
      print_proof(context, *result);
    }
  }
  if (differs && !options.write.empty()) {
    if (auto may = require_writable(options, *result); !may) return pass(may);
    if (auto written = write_plan(context, options, *project, file_text(options, *from, *to, *result));
        !written)
      return pass(written);
  }
  if (!result->proof.proven) return 1;
  return differs && options.exit_code ? 1 : 0;
}

Runner add_options(OptionSet& set) {
  auto options = std::make_shared<Options>();
  set.value("--from", options->from, "SCHEMA",
            "the schema that is there: URL, @VERSION, @head, SQL file or folder, empty")
      .show_default();
  set.value("--to", options->to, "SCHEMA", "the schema that is wanted: likewise").required();
  set.flag("--sql", options->sql, "print the plan as SQL");
  set.flag("--simple", options->simple, "plan for an empty or small database: shorter, with heavier locks");
  set.repeatable("--rename", options->renames, "OLD=NEW",
                 "an object that goes on under another name (repeatable)");
  set.repeatable("--fill", options->fills, "COLUMN=SQL",
                 "the value of a new column in rows that are there (repeatable)");
  set.flag("--owners", options->owners, "change owners, too");
  set.value("--server", options->server, "N", "compare as PostgreSQL N prints it");
  set.value("--write", options->write, "NAME", "write the plan as a new migration, and the lock file");
  set.flag("--allow-drop", options->allow_drop, "write a plan that loses data");
  set.flag("--unproven", options->unproven, "write a plan that could not be proven");
  set.flag("--exit-code", options->exit_code, "exit 1 if there are differences");
  return [options](Context& context) { return diff(context, *options); };
}

}  // namespace

constinit const Command diff_command{
    .name = "diff",
    .help = "compare two schemas, and plan what makes one the other",
    .details =
        "Examples:\n"
        "  candor diff --from @head --to schema.sql --write add_teams\n"
        "  candor diff --from \"$DATABASE_URL\" --to @head --sql",
    .add_options = add_options,
};

}  // namespace candor::cli
