#include "history/formats/neighbours.h"

#include <fmt/format.h>

#include <functional>

#include "base/file.h"
#include "history/formats/reader.h"

namespace candor::history {

namespace fs = std::filesystem;

namespace {

/// How many folders around `folder` may speak of it: those of its repository, else three.
int levels_around(fs::path folder) {
  constexpr int most = 8, otherwise = 3;
  std::error_code failure;
  for (int level = 1; level <= most && folder.has_relative_path(); ++level) {
    folder = folder.parent_path();
    if (fs::exists(folder / ".git", failure)) return level;
  }
  return otherwise;
}

/// Whether the text of a file called `file` in one of these folders fits.
bool is_any_text(const Listing& listing, std::string_view file,
                 const std::function<bool(std::string_view text)>& fits) {
  std::error_code failure;
  fs::path folder = fs::absolute(listing.folder, failure).lexically_normal();
  if (failure) return false;
  if (!folder.has_filename()) folder = folder.parent_path();
  for (int level = levels_around(folder); level > 0 && folder.has_relative_path(); --level) {
    folder = folder.parent_path();
    if (!fs::is_regular_file(folder / file, failure)) continue;
    const auto text = read_file(folder / file);
    if (text && fits(*text)) return true;
  }
  return false;
}

bool sets(std::string_view text, std::string_view section, std::string_view name) {
  std::string_view current;
  for (const Line& line : lines_of(text)) {
    const std::string_view whole = trimmed(line.text);
    if (whole.starts_with('[')) current = trimmed(whole.substr(1, whole.find(']') - 1));
    const std::size_t equals = whole.find('=');
    if (equals == std::string_view::npos || whole.starts_with('#')) continue;
    const std::string_view key = trimmed(whole.substr(0, equals));
    if (key == fmt::format("{}.{}", section, name) || (current == section && key == name)) return true;
  }
  return false;
}

}  // namespace

bool is_mentioned(const Listing& listing, std::string_view file, std::string_view word) {
  return is_any_text(listing, file,
                     [&](std::string_view text) { return text.find(word) != std::string_view::npos; });
}

bool is_set(const Listing& listing, std::string_view file, std::string_view section, std::string_view name) {
  return is_any_text(listing, file, [&](std::string_view text) { return sets(text, section, name); });
}

Place place_of(const Listing& listing) {
  std::error_code failure;
  fs::path folder = fs::absolute(listing.folder, failure).lexically_normal();
  if (failure) return {};
  if (!folder.has_filename()) folder = folder.parent_path();
  return {folder.parent_path().filename().string(), folder.filename().string()};
}

}  // namespace candor::history
