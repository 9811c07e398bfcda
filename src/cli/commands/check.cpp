/// candor check: what is wrong with the files, without any server.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/check_report.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/format.h"
#include "cli/option_set.h"
#include "cli/project_files.h"
#include "engine/mend_snapshots.h"
#include "engine/round_trip.h"
#include "history/lint.h"

namespace candor::cli {

namespace {

struct Options {
  bool strict = false;
  bool round_trip = false;
  std::string form = "text";
};

void append(std::vector<Finding>& all, std::vector<Finding> more) {
  std::ranges::move(more, std::back_inserter(all));
}

std::vector<Finding> collect(const ProjectFiles& files) {
  std::vector<Finding> all = files.project.history.findings;
  append(all, history::lint(files.project.history));
  if (auto snapshot = engine::check_last_snapshot(files.project)) all.push_back(std::move(*snapshot));
  append(all, files.project.lock_findings);
  if (files.lock_error) {
    all.push_back({Severity::error, *files.lock_error});
  } else if (!files.project.lock) {
    all.push_back(
        {Severity::error, Error{.code = codes::lock_missing,
                                .message = fmt::format("there is no {}", files.project.lock_path.string()),
                                .hint = "run `candor lock` and commit the file that it writes"}});
  }
  return all;
}

std::size_t count(const std::vector<Finding>& findings, Severity severity) {
  return static_cast<std::size_t>(std::ranges::count(findings, severity, &Finding::severity));
}

Finding finding_of(const engine::RoundTrip& trip) {
  Error error = *trip.problem;
  error.message = fmt::format("{}: {}", label(trip.migration->version, trip.migration->name), error.message);
  return {Severity::error, std::move(error)};
}

/// Up, down and up again in a shadow: those that do not lead back are findings. Returns how it went, in a
/// line.
Result<std::string> check_round_trips(Context& context, const engine::Project& project) {
  context.out.progress("starting the shadow");
  const std::size_t total = project.history.migrations.size();
  std::size_t done = 0, planned = 0;
  const auto trips = engine::round_trip(project, [&](const engine::RoundTrip&) {
    context.out.progress(fmt::format("{} of {}", ++done, total));
  });
  if (!trips) return std::unexpected(trips.error());
  Json list = Json::array();
  for (const engine::RoundTrip& trip : trips->trips) {
    planned += trip.planned ? 1 : 0;
    if (trip.problem) context.findings.push_back(finding_of(trip));
    list.push_back({{"version", trip.migration->version.text()},
                    {"by", trip.planned ? "planned inverse" : "down file"},
                    {"leads_back", !trip.problem}});
  }
  context.fields["round_trips"] = std::move(list);
  return fmt::format("round trip on PostgreSQL {}: {} of {} lead back ({}, {})  {}", trips->major,
                     trips->trips.size() - trips->failed(), counted(trips->trips.size(), "migration"),
                     counted(trips->trips.size() - planned, "down file"), counted(planned, "planned inverse"),
                     duration(trips->total_ms));
}

void print_text(Context& context) {
  for (const Finding& finding : context.findings) {
    const std::string text = format_finding(finding, context.paint());
    if (finding.severity == Severity::notice) {
      context.out.line(text);
    } else {
      context.out.raw(text + "\n");
    }
  }
}

/// Prints all in the form that was asked for.
void print(Context& context, const Options& options, const history::History& history, int exit) {
  const std::size_t errors = count(context.findings, Severity::error);
  const std::size_t warnings = count(context.findings, Severity::warning);
  context.fields["format"] = history.format;
  context.fields["migrations"] = history.migrations.size();
  context.fields["errors"] = errors;
  context.fields["warnings"] = warnings;
  if (options.form == "json")
    return context.out.raw(serialise({.command = "check",
                                      .exit = exit,
                                      .error = nullptr,
                                      .findings = &context.findings,
                                      .fields = &context.fields}) +
                           "\n");
  const auto form = std::ranges::find(check_forms(), options.form, &CheckForm::name);
  if (form != check_forms().end())
    return context.out.raw(form->write({history, context.findings, options.strict}));
  print_text(context);
  const std::string kind = history.format == "native" ? "" : fmt::format(" ({})", history.format);
  context.out.line(fmt::format("checked {} in {}{}: {}, {}", counted(history.migrations.size(), "migration"),
                               safe_text(history.folder.string()), kind, counted(errors, "error"),
                               counted(warnings, "warning")));
}

Result<int> check(Context& context, const Options& options) {
  if (options.form != "text" && context.out.json())
    return fail(codes::usage, fmt::format("--format {} and --json ask for two forms", options.form),
                "leave one of them out");
  const auto files = open_files(context);
  if (!files) return std::unexpected(files.error());
  context.findings = collect(*files);
  std::string round_trips;
  if (options.round_trip && engine::require_sound_files(files->project)) {
    auto line = check_round_trips(context, files->project);
    if (!line) return pass(line);
    round_trips = std::move(*line);
  }
  const std::size_t errors = count(context.findings, Severity::error);
  const std::size_t warnings = count(context.findings, Severity::warning);
  const int exit = errors > 0 || (options.strict && warnings > 0) ? 1 : 0;
  print(context, options, files->project.history, exit);
  if (!round_trips.empty() && options.form == "text") context.out.line(round_trips);
  return exit;
}

Runner add_options(OptionSet& set) {
  auto options = std::make_shared<Options>();
  set.flag("--strict", options->strict, "exit 1 for warnings, too");
  set.flag("--round-trip", options->round_trip,
           "in a shadow, migration by migration: up, down and up again leads back");
  set.value("--format", options->form, "FORM", "text (the default), json, sarif, junit, github")
      .one_of({"text", "json", "sarif", "junit", "github"});
  return [options](Context& context) { return check(context, *options); };
}

}  // namespace

constinit const Command check_command{
    .name = "check",
    .help = "say what is wrong with the files; needs no server",
    .details =
        "Example:\n"
        "  candor check --strict\n"
        "  candor check --format sarif >candor.sarif\n"
        "  candor check --round-trip    # needs server programs, for a shadow",
    .add_options = add_options,
};

}  // namespace candor::cli
