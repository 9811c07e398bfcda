/// history/formats/neighbours.h: what stands around a migrations folder and says whose it is.
#pragma once

#include <string_view>

#include "history/format.h"

namespace candor::history {

/// Whether a file called `file`, in one of the folders above (those of the repository, else three), holds
/// `word`. What cannot be read is no evidence.
bool is_mentioned(const Listing& listing, std::string_view file, std::string_view word);

/// Whether a file called `file`, in the same folders, sets `name` of `section`, not as a comment:
/// "section.name = …", or "name = …" below "[section]".
bool is_set(const Listing& listing, std::string_view file, std::string_view section, std::string_view name);

/// The names of the folder itself and of the one above it: "supabase", "migrations".
struct Place {
  std::string parent, name;
};
Place place_of(const Listing& listing);

}  // namespace candor::history
