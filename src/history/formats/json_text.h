/// history/formats/json_text.h: JSON files that other tools keep, read strictly.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/error.h"

namespace candor::history {

/// The document in `path`. What a lenient reader would pass over is an error: a key that stands twice in one
/// object (which of the two counts?), a byte-order mark (JSON.parse refuses it), text behind the end.
/// Errors: C0004 · C0320 with the place.
Result<nlohmann::json> read_json(const std::filesystem::path& path, std::string_view shown_as);

}  // namespace candor::history
