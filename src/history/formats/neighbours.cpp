#include "history/formats/neighbours.h"

#include <algorithm>
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

bool sets(std::string_view line, std::string_view name) {
  line = trimmed(line);
  if (line.starts_with('#') || line.find('=') == std::string_view::npos) return false;
  const std::string_view key = trimmed(line.substr(0, line.find('=')));
  return key.ends_with(name) && (key.size() == name.size() || key[key.size() - name.size() - 1] == '.');
}

}  // namespace

bool is_mentioned(const Listing& listing, std::string_view file, std::string_view word) {
  return is_any_text(listing, file,
                     [&](std::string_view text) { return text.find(word) != std::string_view::npos; });
}

bool is_set(const Listing& listing, std::string_view file, std::string_view name) {
  return is_any_text(listing, file, [&](std::string_view text) {
    return std::ranges::any_of(lines_of(text), [&](const Line& line) { return sets(line.text, name); });
  });
}

Place place_of(const Listing& listing) {
  std::error_code failure;
  fs::path folder = fs::absolute(listing.folder, failure).lexically_normal();
  if (failure) return {};
  if (!folder.has_filename()) folder = folder.parent_path();
  return {folder.parent_path().filename().string(), folder.filename().string()};
}

}  // namespace candor::history
