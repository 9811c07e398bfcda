/// candor up: applies what is pending, each migration proven.
#include <fmt/format.h>

#include <memory>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/format.h"
#include "cli/option_set.h"
#include "cli/print_apply.h"
#include "cli/print_verification.h"

namespace candor::cli {

namespace {

struct Options {
  std::string to;
  std::string wait;
  bool strict = false;
  engine::ApplyOptions apply;
};

Result<> use(const Options& options, engine::Settings& settings) {
  if (options.strict) settings.drift = engine::DriftPolicy::strict;
  if (options.wait.empty()) return {};
  auto wait = parse_wait(options.wait);
  if (!wait) return pass(wait);
  settings.wait_for_runner = std::chrono::ceil<std::chrono::seconds>(*wait);
  return {};
}

std::string dry_run_summary(const engine::ApplyResult& result) {
  const std::size_t all = result.would_apply.size();
  if (result.rehearsed == all)
    return fmt::format("{} run, read back, compared with candor.lock and rolled back",
                       all == 1 ? "1 migration was" : counted(all, "migration") + " were");
  std::string text = fmt::format("{} would be applied, each read back and compared with candor.lock",
                                 counted(all, "migration"));
  if (result.rehearsed > 0)
    text +=
        fmt::format("; the first {} rehearsed, {} not: it cannot run in a transaction that is rolled back",
                    result.rehearsed == 1 ? "was" : std::to_string(result.rehearsed) + " were",
                    printable(result.would_apply[result.rehearsed]->file));
  else
    text += "; none was rehearsed";
  return text;
}

void print_dry_run(Context& context, const engine::ApplyResult& result) {
  Json would_apply = Json::array();
  for (const history::Migration* migration : result.would_apply)
    would_apply.push_back(
        {{"version", migration->version.text()}, {"name", migration->name}, {"file", migration->file}});
  context.fields["would_apply"] = std::move(would_apply);
  if (result.would_apply.empty()) return context.out.line("nothing is pending");
  context.fields["rehearsed"] = result.rehearsed;
  context.out.line(fmt::format("\n-- dry run: {}; nothing was written", dry_run_summary(result)));
}

Result<int> up(Context& context, const Options& given) {
  auto project = context.project();
  if (!project) return pass(project);
  if (auto used = use(given, project->settings); !used) return pass(used);
  engine::ApplyOptions options = given.apply;
  if (!given.to.empty()) options.to = history::Version(given.to);

  auto connection = context.connect(project->settings);
  if (!connection) return pass(connection);
  context.fields["target"] = connection->target();
  const auto result = apply_and_print(context, *project, *connection, options);
  if (!result) return std::unexpected(result.error());

  if (options.dry_run) {
    print_dry_run(context, *result);
  } else if (result->applied.empty()) {
    context.out.line("nothing is pending");
  } else {
    context.out.line(fmt::format("applied {} to {} in {}", counted(result->applied.size(), "migration"),
                                 connection->target(), duration(result->total_ms)));
  }
  print_verification(context, result->final);
  return exit_code_of(result->final, project->settings);
}

Runner add_options(OptionSet& set) {
  auto options = std::make_shared<Options>();
  set.value("--to", options->to, "VERSION", "apply up to and including this version");
  const auto dry_run = set.flag("--dry-run", options->apply.dry_run,
                                "print the SQL, run and prove it, and roll all of it back");
  set.flag("!--no-rehearsal", options->apply.rehearse, "with --dry-run: print and check, run nothing")
      .needs(dry_run);
  set.flag("--single-transaction", options->apply.single_transaction, "all that is pending, or nothing");
  set.flag("--allow-out-of-order", options->apply.allow_out_of_order,
           "apply what is older than the last applied migration, too");
  set.flag("--strict", options->strict, "stop on any drift, also where nothing pending touches it");
  set.flag("--unlocked", options->apply.unlocked, "apply without candor.lock; the result is unproven");
  set.value("--wait", options->wait, "60s", "how long to wait for another runner");
  return [options](Context& context) { return up(context, *options); };
}

}  // namespace

constinit const Command up_command{
    .name = "up",
    .help = "apply what is pending, each migration proven",
    .details =
        "Examples:\n"
        "  candor up --dry-run\n"
        "  candor up --to 0042\n\n"
        "Each migration is read back inside its own transaction; what is not as candor.lock says is rolled "
        "back.",
    .add_options = add_options,
};

}  // namespace candor::cli
