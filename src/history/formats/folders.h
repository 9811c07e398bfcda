/// history/formats/folders.h: formats that keep a folder for each migration.
#pragma once

#include <string_view>

#include "history/format.h"
#include "history/formats/naming.h"

namespace candor::history {

/// How many of the listed folders hold the file `name`.
int folders_holding(const Listing& listing, std::string_view name);

/// "20240101_a/migration.sql": "20240101_a".
std::string_view folder_in(std::string_view file);

/// The leading digits of a folder's name as version and the rest behind '_' as name; a name that does not
/// begin so is a name alone.
Stem stem_of_folder(std::string_view name);

}  // namespace candor::history
