#include "history/formats/neighbours.h"

#include "base/file.h"

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

}  // namespace

bool is_mentioned(const Listing& listing, std::string_view file, std::string_view word) {
  std::error_code failure;
  fs::path folder = fs::absolute(listing.folder, failure).lexically_normal();
  if (failure) return false;
  if (!folder.has_filename()) folder = folder.parent_path();
  for (int level = levels_around(folder); level > 0 && folder.has_relative_path(); --level) {
    folder = folder.parent_path();
    if (!fs::is_regular_file(folder / file, failure)) continue;
    const auto text = read_file(folder / file);
    if (text && text->find(word) != std::string::npos) return true;
  }
  return false;
}

Place place_of(const Listing& listing) {
  std::error_code failure;
  fs::path folder = fs::absolute(listing.folder, failure).lexically_normal();
  if (failure) return {};
  if (!folder.has_filename()) folder = folder.parent_path();
  return {folder.parent_path().filename().string(), folder.filename().string()};
}

}  // namespace candor::history
