#include "history/formats/folders.h"

namespace candor::history {

int folders_holding(const Listing& listing, std::string_view name) {
  int found = 0;
  for (const Listing::Entry& entry : listing.entries) {
    std::error_code ignored;  // what cannot be looked at is no evidence; whoever reads the folder says so
    if (entry.is_directory && std::filesystem::exists(listing.folder / entry.name / name, ignored)) ++found;
  }
  return found;
}

std::string_view folder_in(std::string_view file) {
  return file.substr(0, file.find('/'));
}

Stem stem_of_folder(std::string_view name) {
  if (const auto stem = read_stem(name)) return *stem;
  return {{}, name};
}

}  // namespace candor::history
