/// cli/option_set.h: how a command declares what may stand behind its name. A front to CLI11, whose own
/// header is compiled in two files alone: it costs each file that includes it ten seconds and more.
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace candor::cli {

/// One declared option, to say more of it. Borrowed from the set.
class DeclaredOption {
 public:
  explicit DeclaredOption(CLI::Option* option) : option_(option) {}
  DeclaredOption& required();
  DeclaredOption& positive();
  DeclaredOption& one_of(const std::vector<std::string>& words);
  DeclaredOption& needs(const DeclaredOption& other);
  DeclaredOption& excludes(const DeclaredOption& other);
  /// Prints in the help what the variable holds by now.
  DeclaredOption& show_default();

 private:
  CLI::Option* option_;
};

/// What may be the variable of an option: it is set when the option is given, and left alone otherwise.
template <class T>
concept OptionValue = std::same_as<T, std::string> || std::same_as<T, int> ||
    std::same_as<T, std::optional<int>> || std::same_as<T, std::size_t>;

/// The options of one command. Every variable is borrowed, and outlives the parsing. Not thread-safe.
class OptionSet {
 public:
  explicit OptionSet(CLI::App& app) : app_(app) {}
  /// `name`: "--name", or "!--name" for one that sets its variable to false.
  DeclaredOption flag(const std::string& name, bool& variable, const std::string& help);
  /// `name`: "--name", or "NAME" for what stands without a dash; `shown` is what the help prints for its
  /// value ("VERSION").
  template <OptionValue T>
  DeclaredOption value(const std::string& name, T& variable, const std::string& shown,
                       const std::string& help);
  /// An option that may be given several times, with one value each.
  template <OptionValue T>
  DeclaredOption repeatable(const std::string& name, std::vector<T>& variable, const std::string& shown,
                            const std::string& help);

 private:
  CLI::App& app_;
};

}  // namespace candor::cli
