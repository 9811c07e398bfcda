/// candor completions: scripts for shells, from the same table of commands and options that --help prints.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/option_set.h"

namespace candor::cli {

namespace {

std::vector<const CLI::App*> commands_of(const CLI::App& root) {
  return root.get_subcommands([](const CLI::App*) { return true; });
}

std::string options_of(const CLI::App& app) {
  std::string words;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames())
      words += fmt::format("{}--{}", words.empty() ? "" : " ", name);
  return words;
}

std::string names_of(const CLI::App& root) {
  std::string words;
  for (const CLI::App* command : commands_of(root))
    words += fmt::format("{}{}", words.empty() ? "" : " ", command->get_name());
  return words;
}

/// Both complete words of one list; zsh through its bash emulation of `complete`.
std::string bash(const CLI::App& root) {
  std::string cases;
  for (const CLI::App* command : commands_of(root))
    cases += fmt::format("      {}) words=\"{}\" ;;\n", command->get_name(), options_of(*command));
  return fmt::format(R"(_candor() {{
  local word command= words=
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case $word in
      --) return ;;
      -*) ;;
      *) command=$word; break ;;
    esac
  done
  case $command in
{}      *) words="{}" ;;
  esac
  COMPREPLY=($(compgen -W "$words {}" -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}
complete -o default -F _candor candor
)",
                     cases, names_of(root), options_of(root));
}

std::string zsh(const CLI::App& root) {
  return "#compdef candor\nautoload -U +X bashcompinit && bashcompinit\n" + bash(root);
}

std::string fish(const CLI::App& root) {
  const auto quoted = [](std::string_view text) {
    std::string result = "'";
    for (const char c : text) result += c == '\'' || c == '\\' ? fmt::format("\\{}", c) : std::string(1, c);
    return result + "'";
  };
  std::string text;
  const auto add_options = [&](const CLI::App& app, std::string_view condition) {
    for (const CLI::Option* option : app.get_options())
      for (const std::string& name : option->get_lnames())
        text += fmt::format("complete -c candor{} -l {} -d {}\n", condition, name,
                            quoted(option->get_description()));
  };
  add_options(root, "");
  for (const CLI::App* command : commands_of(root)) {
    text += fmt::format("complete -c candor -n __fish_use_subcommand -f -a {} -d {}\n", command->get_name(),
                        quoted(command->get_description()));
    add_options(*command, fmt::format(" -n '__fish_seen_subcommand_from {}'", command->get_name()));
  }
  return text;
}

Result<int> completions(Context& context, const std::string& shell) {
  using Writer = std::string (*)(const CLI::App&);
  static constexpr std::pair<std::string_view, Writer> shells[] = {
      {"bash", bash}, {"zsh", zsh}, {"fish", fish}};
  for (const auto& [name, write] : shells) {
    if (name != shell) continue;
    const std::string script = write(context.app());
    context.fields["script"] = script;
    context.out.raw(script);
    return 0;
  }
  return fail(codes::usage, fmt::format("there are no completions for {}", printable(shell)),
              "choose one of: bash, zsh, fish");
}

Runner add_options(OptionSet& set) {
  auto shell = std::make_shared<std::string>();
  set.value("SHELL", *shell, "", "bash, zsh or fish").required();
  return [shell](Context& context) { return completions(context, *shell); };
}

}  // namespace

constinit const Command completions_command{
    .name = "completions",
    .help = "print a script that completes candor's words in a shell",
    .details =
        "Example:\n"
        "  source <(candor completions bash)",
    .add_options = add_options,
};

}  // namespace candor::cli
