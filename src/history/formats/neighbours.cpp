#include "history/formats/neighbours.h"

#include "base/file.h"

namespace candor::history {

namespace fs = std::filesystem;

bool is_mentioned(const Listing& listing, std::string_view file, std::string_view word) {
  std::error_code failure;
  fs::path folder = fs::absolute(listing.folder, failure).lexically_normal();
  if (failure) return false;
  if (!folder.has_filename()) folder = folder.parent_path();
  for (int level = 0; level < 3 && folder.has_relative_path(); ++level) {
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
