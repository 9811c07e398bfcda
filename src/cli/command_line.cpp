#include "cli/command_line.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "pg/connection.h"

namespace candor::cli {

namespace {

/// Puts the URL without its password over the `url` that lies in the process's own memory; all of it is
/// blotted out where the result would not fit.
void hide_password(char* url) {
  const std::size_t length = std::strlen(url);
  const std::string shown = pg::without_password(std::string_view(url, length));
  const bool fits = shown.size() <= length;
  std::fill_n(url, length, fits ? ' ' : '*');
  if (fits) std::copy(shown.begin(), shown.end(), url);
}

/// Where the URL begins in `argument` ("--url=…"); npos if it is not such an option.
std::size_t url_in(std::string_view argument) {
  for (const std::string_view option : {"--url=", "--shadow-url="})
    if (argument.starts_with(option)) return option.size();
  return std::string_view::npos;
}

}  // namespace

CommandLine take_arguments(int argc, char** argv) {
  CommandLine line;
  int i = 1;
  for (; i < argc && std::string_view(argv[i]) != "--"; ++i) line.arguments.emplace_back(argv[i]);
  line.has_separator = i < argc;
  for (int rest = i + 1; rest < argc; ++rest) line.program.emplace_back(argv[rest]);

  for (int at = 1; at < i; ++at) {
    const std::string_view argument = argv[at];
    const std::size_t url = url_in(argument);
    if (url != std::string_view::npos) hide_password(argv[at] + url);
    if ((argument == "--url" || argument == "--shadow-url") && at + 1 < i) hide_password(argv[++at]);
  }
  return line;
}

}  // namespace candor::cli
