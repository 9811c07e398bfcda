/// cli/error_pages.h: the pages of docs/errors, built into the program.
#pragma once

#include <span>
#include <string_view>

namespace candor::cli {

struct ErrorPage {
  std::string_view code;
  std::string_view markdown;
};

/// All pages, in order of their codes.
std::span<const ErrorPage> error_pages();

}  // namespace candor::cli
