/// history/formats/json_text.h: JSON files that other tools keep, read strictly.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.h"

namespace candor::history {

/// The document in `path`. What a lenient reader would pass over is an error: a key that stands twice in one
/// object (which of the two counts?), a byte-order mark (JSON.parse refuses it), text behind the end.
/// Errors: C0004 · C0320 with the place.
Result<nlohmann::json> read_json(const std::filesystem::path& path, std::string_view shown_as);

/// The texts among the members of the document's outermost object, by their keys; the rest is read as
/// strictly but not kept, so that large files cost little. Errors: as read_json.
Result<std::map<std::string, std::string>> read_json_texts(const std::filesystem::path& path,
                                                           std::string_view shown_as);

}  // namespace candor::history
