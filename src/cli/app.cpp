#include "cli/app.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <map>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/suggest.h"
#include "base/version.h"
#include "cli/command.h"
#include "cli/command_line.h"
#include "cli/context.h"
#include "cli/option_set.h"
#include "cli/program.h"

namespace candor::cli {

namespace {

struct App {
  CLI::App cli{"Candor migrates PostgreSQL schemas and proves what it did.", "candor"};
  GlobalOptions options;
  std::map<const CLI::App*, std::pair<const Command*, Runner>> commands;
};

void add_global_options(App& app) {
  CLI::App& cli = app.cli;
  cli.set_help_flag("-h,--help", "print this help");
  cli.set_version_flag("--version", fmt::format("candor {}", tool_version()), "print the version");
  cli.add_option("--url", app.options.url,
                 "the database (else DATABASE_URL, candor.toml, an embedded server)")
      ->type_name("URL");
  cli.add_option("--dir", app.options.dir, "the migrations folder (else candor.toml, or found by looking)")
      ->type_name("DIR");
  cli.add_option("--config", app.options.config, "the settings file (else ./candor.toml)")->type_name("FILE");
  cli.add_flag("--json", app.options.output.json, "print one JSON document");
  cli.add_flag("-q,--quiet", app.options.output.quiet, "print only errors and warnings");
  cli.add_flag("--no-color", app.options.output.no_color, "no colour, also on a terminal");
  cli.footer("Options may also stand behind the command. `candor COMMAND --help` has examples.");
}

void add_commands(App& app) {
  for (const Command& command : all_commands()) {
    CLI::App* cli = app.cli.add_subcommand(std::string(command.name), std::string(command.help));
    cli->fallthrough();
    cli->footer(std::string(command.details) +
                "\n\n`candor --help` lists the options that every command has.");
    OptionSet options(*cli);
    app.commands.emplace(cli, std::pair(&command, command.add_options(options)));
  }
  app.cli.require_subcommand(0, 1);
  app.cli.allow_extras();  // reported by unknown_words(), with what was probably meant
}

std::vector<std::string_view> command_names() {
  std::vector<std::string_view> names;
  for (const Command& command : all_commands()) names.push_back(command.name);
  return names;
}

Error usage_error(std::string message, std::string hint) {
  return {.code = codes::usage, .message = std::move(message), .hint = std::move(hint)};
}

std::string help_hint(std::string_view command) {
  return command.empty() ? "run `candor --help`" : fmt::format("run `candor {} --help`", command);
}

Error unknown_option(const CLI::App& root, const CLI::App* chosen, const std::string& word) {
  std::vector<std::string> options;
  for (const CLI::App* app : {chosen, &root})
    if (app != nullptr)
      for (const CLI::Option* option : app->get_options())
        for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
  const std::vector<std::string_view> candidates(options.begin(), options.end());
  const std::string name = word.substr(0, word.find('='));
  const std::string meant = closest(name, candidates);
  return usage_error(fmt::format("there is no option {}", printable(name)),
                     meant.empty() ? help_hint(chosen != nullptr ? chosen->get_name() : "")
                                   : fmt::format("did you mean {}?", meant));
}

/// The first word that nothing wanted. It is not repeated if it could be a connection string.
std::optional<Error> unknown_words(const CLI::App& root, const CLI::App* chosen, const Command* command) {
  const auto words = root.remaining(true);
  if (words.empty()) return std::nullopt;
  const std::string& word = words.front();
  if (word.starts_with("-")) return unknown_option(root, chosen, word);
  const std::string shown =
      word.find_first_of("@:=") != std::string::npos ? "this argument" : printable(word);
  if (chosen == nullptr) {
    const std::string meant = closest(word, command_names());
    return usage_error(fmt::format("there is no command {}", shown),
                       meant.empty() ? help_hint("") : fmt::format("did you mean `candor {}`?", meant));
  }
  if (command->program == Command::Program::required)
    return usage_error(fmt::format("{} stands before --", shown),
                       fmt::format("put the program behind --: candor {} -- {}", command->name, shown));
  return usage_error(fmt::format("candor {} does not know what to do with {}", command->name, shown),
                     help_hint(command->name));
}

std::optional<Error> misplaced_program(const Command& command, const CommandLine& line) {
  if (command.program == Command::Program::required && line.program.empty())
    return usage_error(fmt::format("candor {} needs a program to start", command.name),
                       fmt::format("put it behind --: candor {} -- PROGRAM ARGUMENTS", command.name));
  if (command.program == Command::Program::none && line.has_separator)
    return usage_error(
        fmt::format("candor {} starts no program, so nothing can stand behind --", command.name),
        help_hint(command.name));
  return std::nullopt;
}

std::optional<Error> parse(App& app, const CommandLine& line) {
  std::vector<std::string> reversed(line.arguments.rbegin(), line.arguments.rend());
  try {
    app.cli.parse(std::move(reversed));
  } catch (const CLI::Success&) {
    throw;
  } catch (const CLI::ParseError& error) {
    const auto chosen = app.cli.get_subcommands();
    std::string message = error.what();
    if (const std::size_t end = message.find('\n'); end != std::string::npos) message.resize(end);
    return usage_error(printable(message), help_hint(chosen.empty() ? "" : chosen.front()->get_name()));
  }
  return std::nullopt;
}

void print_error(Context& context, const Error& error) {
  const Paint paint = context.paint_problem();
  if (error.code.id != codes::interrupted.id) {
    context.out.problem(format_error(error, paint));
    if (!context.aftermath.empty()) context.out.problem(context.aftermath);
    return;
  }
  std::string_view what = error.message;
  if (what.ends_with("interrupted")) what.remove_suffix(std::string_view("interrupted").size());
  if (what.ends_with(": ")) what.remove_suffix(2);
  std::string message = paint(Style::doubtful, "interrupted");
  if (!what.empty()) message += ": " + safe_text(what);
  context.out.problem(message);
}

/// Everything has been said but the last: the error, the JSON document, and whether the output could be
/// written.
int finish(Context& context, std::string_view command, Result<int> result) {
  int exit = result ? *result : code_of(result.error().code.exit);
  if (!result) print_error(context, result.error());
  if (context.out.json())
    context.out.document(serialise({.command = command,
                                    .exit = exit,
                                    .error = result ? nullptr : &result.error(),
                                    .findings = &context.findings,
                                    .fields = &context.fields}));
  if (auto closed = context.out.close(); !closed) {
    context.out.problem(format_error(closed.error(), context.paint_problem()));
    if (exit == 0) exit = code_of(closed.error().code.exit);
  }
  return exit;
}

int run_command(App& app, CommandLine line) {
  auto misparsed = parse(app, line);
  const auto subcommands = app.cli.get_subcommands();
  CLI::App* chosen = subcommands.empty() ? nullptr : subcommands.front();
  const Command* command = chosen != nullptr ? app.commands.at(chosen).first : nullptr;
  if (!misparsed) misparsed = unknown_words(app.cli, chosen, command);
  if (!misparsed && command == nullptr) misparsed = usage_error("no command is given", help_hint(""));
  if (!misparsed) misparsed = misplaced_program(*command, line);

  // What was asked for in vain is told in the form that was asked for.
  if (std::ranges::find(line.arguments, "--json") != line.arguments.end()) app.options.output.json = true;
  Context context(app.options, std::move(line.program), app.cli);
  const std::string_view name = command != nullptr ? command->name : "";
  if (misparsed) return finish(context, name, std::unexpected(std::move(*misparsed)));
  return finish(context, name, app.commands.at(chosen).second(context));
}

}  // namespace

int run(int argc, char** argv) {
  CommandLine line = take_arguments(argc, argv);
  ignore_broken_pipes();
  install_interrupt_handlers();
  App app;
  add_global_options(app);
  add_commands(app);
  try {
    return run_command(app, std::move(line));
  } catch (const CLI::Success& help) {  // --help and --version
    return app.cli.exit(help);
  }
}

}  // namespace candor::cli
