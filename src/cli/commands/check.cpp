/// candor check: what is wrong with the files, without any server.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/format.h"
#include "cli/project_files.h"
#include "history/lint.h"

namespace candor::cli {

namespace {

struct Options {
  bool strict = false;
};

void append(std::vector<Finding>& all, std::vector<Finding> more) {
  std::ranges::move(more, std::back_inserter(all));
}

std::vector<Finding> collect(const ProjectFiles& files) {
  std::vector<Finding> all = files.project.history.findings;
  append(all, history::lint(files.project.history));
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

Result<int> check(Context& context, const Options& options) {
  const auto files = open_files(context);
  if (!files) return std::unexpected(files.error());
  context.findings = collect(*files);
  for (const Finding& finding : context.findings) {
    const std::string text = format_finding(finding, context.paint());
    if (finding.severity == Severity::notice) {
      context.out.line(text);
    } else {
      context.out.raw(text + "\n");
    }
  }
  const std::size_t errors = count(context.findings, Severity::error);
  const std::size_t warnings = count(context.findings, Severity::warning);
  const std::size_t migrations = files->project.history.migrations.size();
  context.fields["migrations"] = migrations;
  context.fields["errors"] = errors;
  context.fields["warnings"] = warnings;
  context.out.line(fmt::format("checked {} in {}: {}, {}", counted(migrations, "migration"),
                               safe_text(files->project.history.folder.string()), counted(errors, "error"),
                               counted(warnings, "warning")));
  return errors > 0 || (options.strict && warnings > 0) ? 1 : 0;
}

Runner add_options(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_flag("--strict", options->strict, "exit 1 for warnings, too");
  return [options](Context& context) { return check(context, *options); };
}

}  // namespace

constinit const Command check_command{
    .name = "check",
    .help = "say what is wrong with the files; needs no server",
    .details =
        "Example:\n"
        "  candor check --strict",
    .add_options = add_options,
};

}  // namespace candor::cli
