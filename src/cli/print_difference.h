/// cli/print_difference.h: differences between the live catalog and the expected one, for people.
#pragma once

#include <string>
#include <string_view>

#include "catalog/compare.h"
#include "cli/print_error.h"

namespace candor::cli {

/// "missing", "extra", "altered", "unproven", "notice".
std::string_view to_string(catalog::Difference::Nature nature);

/// One line where it fits, else (view bodies …) the two texts as blocks:
///
///     missing   index public.users.users_email_key
///     altered   column public.users.password_hash: not_null is not set, expected true
///     altered   view public.overview: definition
///       expected
///         SELECT …
///       found
///         SELECT …
std::string format_difference(const catalog::Difference& difference, const Paint& paint);

}  // namespace candor::cli
