/// candor down: takes migrations back, each proven to lead to the state before it.
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <memory>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/fills.h"
#include "cli/format.h"
#include "cli/option_set.h"
#include "cli/print_verification.h"
#include "engine/losses.h"
#include "engine/revert.h"
#include "plan/print.h"

namespace candor::cli {

namespace {

struct Options {
  std::string to;
  std::string wait;
  std::vector<std::string> fills;
  bool yes = false;
  engine::RevertOptions revert;
};

std::string name_of(const engine::Reversal& reversal) {
  return label(reversal.migration->version, reversal.migration->name);
}

Json to_json(const engine::Reversal& reversal) {
  Json losses = Json::array();
  for (const engine::Loss& loss : reversal.losses)
    losses.push_back({{"kind", catalog::name_of(loss.id.kind)},
                      {"object", catalog::to_string(loss.id)},
                      {"what", loss.what},
                      {"rows", loss.rows},
                      {"estimated", loss.estimated},
                      {"bytes", loss.bytes}});
  return {{"version", reversal.migration->version.text()},
          {"name", reversal.migration->name},
          {"by", reversal.source},
          {"transactional", reversal.transactional},
          {"planned", reversal.planned.has_value()},
          {"proven", reversal.planned ? Json(reversal.planned->proof.proven) : Json()},
          {"statements", reversal.statements},
          {"losses", std::move(losses)}};
}

/// How a way back without a file came to be; nothing for one with a file.
std::string about_plan(const engine::Reversal& reversal) {
  if (!reversal.planned) return {};
  if (reversal.planned->plan.empty())
    return "nothing in the catalog to take back; rows that it changed stay as they are";
  const engine::PlanProof& proof = reversal.planned->proof;
  return proof.proven ? fmt::format("proven on PostgreSQL {}: {} compared", proof.major,
                                    counted(proof.objects, "object"))
                      : fmt::format("UNPROVEN: {}", safe_text(proof.why_not));
}

class Printer : public engine::RevertObserver {
 public:
  Printer(Context& context, const Options& options) : context_(context), options_(options) {}

  void waiting_for(const pg::Holder& holder) override {
    context_.out.note("waiting for " + holder.description);
  }

  bool confirm(const std::vector<engine::Reversal>& planned) override {
    std::size_t lost = 0;
    for (const engine::Reversal& reversal : planned) {
      if (const std::string about = about_plan(reversal); !about.empty())
        context_.out.line(fmt::format("{}   {}  {}", context_.out.paint(Style::doubtful, "planned"),
                                      name_of(reversal), about));
      for (const engine::Loss& loss : reversal.losses)
        context_.out.line(context_.out.paint(Style::bad, "loses") + "     " + line_of(loss) +
                          fmt::format("  (by {})", name_of(reversal)));
      lost += reversal.losses.size();
    }
    if (lost == 0 || options_.yes) return true;
    return asked();
  }

  void reverted(const engine::Reverted& reverted) override {
    context_.out.line(fmt::format(
        "{} {}  {} compared, as before it{}  {}", context_.out.paint(Style::good, "reverted"),
        label(reverted.migration->version, reverted.migration->name), counted(reverted.objects, "object"),
        reverted.unproven > 0 ? fmt::format(" ({} unproven)", reverted.unproven) : "",
        duration(reverted.total_ms)));
  }

 private:
  bool asked() {
    if (context_.out.json() || isatty(STDIN_FILENO) == 0) return false;
    context_.out.flush();
    std::cerr << "revert, and lose this? [y/N] " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "yes";
  }

  Context& context_;
  const Options& options_;
};

void print_dry_run(Context& context, const engine::RevertResult& result) {
  std::string text;
  for (const engine::Reversal& reversal : result.planned) {
    text += fmt::format("-- {} by {}\n", name_of(reversal), printable(reversal.source));
    for (const engine::Loss& loss : reversal.losses) text += fmt::format("-- loses {}\n", line_of(loss));
    if (const std::string about = about_plan(reversal); !about.empty()) text += fmt::format("-- {}\n", about);
    if (reversal.planned)
      text += plan::to_sql(reversal.planned->plan);
    else
      for (const std::string& statement : reversal.statements) text += statement + ";\n";
  }
  context.out.raw(text);
  context.out.line(fmt::format(
      "-- dry run: {} would be reverted, each compared with the state before it; nothing was written",
      counted(result.planned.size(), "migration")));
}

Result<> use(const Options& options, engine::Settings& settings) {
  if (options.wait.empty()) return {};
  auto wait = parse_wait(options.wait);
  if (!wait) return pass(wait);
  settings.wait_for_runner = std::chrono::ceil<std::chrono::seconds>(*wait);
  return {};
}

Result<int> down(Context& context, const Options& given) {
  auto project = context.project();
  if (!project) return pass(project);
  if (auto used = use(given, project->settings); !used) return pass(used);
  engine::RevertOptions options = given.revert;
  if (!given.to.empty()) options.to = history::Version(given.to);
  auto fills = parse_fills(given.fills);
  if (!fills) return pass(fills);
  options.fills = std::move(*fills);
  auto connection = context.connect(project->settings);
  if (!connection) return pass(connection);
  context.fields["target"] = connection->target();
  context.fields["dry_run"] = options.dry_run;

  Printer printer(context, given);
  const auto result = engine::revert(*project, *connection, options, printer);
  if (!result) {
    const std::size_t count = result.error().reverted.size();
    context.aftermath = count == 0 ? "nothing was reverted"
                                   : fmt::format("{} reverted before that", counted(count, "migration"));
    return std::unexpected(result.error().error);
  }
  Json planned = Json::array();
  for (const engine::Reversal& reversal : result->planned) planned.push_back(to_json(reversal));
  context.fields[options.dry_run ? "would_revert" : "reverted"] = std::move(planned);
  if (options.dry_run) {
    print_dry_run(context, *result);
    return 0;
  }
  if (result->planned.empty()) context.out.line("nothing is applied");
  print_verification(context, result->final);
  return exit_code_of(result->final, project->settings);
}

Runner add_options(OptionSet& set) {
  auto options = std::make_shared<Options>();
  const auto steps = set.value("--steps", options->revert.steps, "N", "how many migrations (1)").positive();
  set.value("--to", options->to, "VERSION", "revert what came after this version").excludes(steps);
  set.flag("--yes", options->yes, "lose the data that is listed");
  set.flag("--dry-run", options->revert.dry_run, "print the SQL that would be run; write nothing");
  set.repeatable("--fill", options->fills, "TABLE.COLUMN=SQL",
                 "the value of a column that comes back, in rows that are there");
  set.flag("--unproven", options->revert.unproven, "run a planned way back that could not be proven");
  set.value("--wait", options->wait, "60s", "how long to wait for another runner");
  return [options](Context& context) { return down(context, *options); };
}

}  // namespace

constinit const Command down_command{
    .name = "down",
    .help = "take migrations back, each proven to lead to the state before it",
    .details =
        "Examples:\n"
        "  candor down --dry-run\n"
        "  candor down --to 0042 --yes\n\n"
        "Runs the down files; where there is none, a way back that is planned and proven in a shadow. What\n"
        "data would be lost is counted and shown first.",
    .add_options = add_options,
};

}  // namespace candor::cli
