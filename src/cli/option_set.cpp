#include "cli/option_set.h"

#include <CLI/CLI.hpp>
#include <string>

namespace candor::cli {

DeclaredOption& DeclaredOption::required() {
  option_->required();
  return *this;
}

DeclaredOption& DeclaredOption::positive() {
  option_->check([](const std::string& text) {  // CLI11's own message lists 300 digits
    const bool is_number = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
    return is_number && text.find_first_not_of('0') != std::string::npos ? ""
                                                                         : "it must be a number from 1 on";
  });
  return *this;
}

DeclaredOption& DeclaredOption::one_of(const std::vector<std::string>& words) {
  option_->check(CLI::IsMember(words));
  return *this;
}

DeclaredOption& DeclaredOption::needs(const DeclaredOption& other) {
  option_->needs(other.option_);
  return *this;
}

DeclaredOption& DeclaredOption::excludes(const DeclaredOption& other) {
  option_->excludes(other.option_);
  return *this;
}

DeclaredOption& DeclaredOption::show_default() {
  option_->capture_default_str();
  return *this;
}

DeclaredOption OptionSet::flag(const std::string& name, bool& variable, const std::string& help) {
  return DeclaredOption(app_.add_flag(name, variable, help));
}

template <OptionValue T>
DeclaredOption OptionSet::value(const std::string& name, T& variable, const std::string& shown,
                                const std::string& help) {
  return DeclaredOption(app_.add_option(name, variable, help)->type_name(shown));
}

template <OptionValue T>
DeclaredOption OptionSet::repeatable(const std::string& name, std::vector<T>& variable,
                                     const std::string& shown, const std::string& help) {
  return DeclaredOption(app_.add_option(name, variable, help)->type_name(shown)->expected(1)->take_all());
}

template DeclaredOption OptionSet::value(const std::string&, std::string&, const std::string&,
                                         const std::string&);
template DeclaredOption OptionSet::value(const std::string&, int&, const std::string&, const std::string&);
template DeclaredOption OptionSet::value(const std::string&, std::optional<int>&, const std::string&,
                                         const std::string&);
template DeclaredOption OptionSet::value(const std::string&, std::size_t&, const std::string&,
                                         const std::string&);
template DeclaredOption OptionSet::repeatable(const std::string&, std::vector<std::string>&,
                                              const std::string&, const std::string&);
template DeclaredOption OptionSet::repeatable(const std::string&, std::vector<int>&, const std::string&,
                                              const std::string&);

}  // namespace candor::cli
