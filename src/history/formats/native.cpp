/// Candor's own files: VERSION_NAME.sql, and VERSION_NAME.down.sql if an inverse was written.
#include "history/formats/formats.h"
#include "history/formats/naming.h"

namespace candor::history {
namespace {

/// The stem of VERSION_NAME.sql that is neither half of a pair.
std::optional<Stem> up_stem(const Listing::Entry& entry) {
  const auto stem = without_ending(entry.name, ".sql");
  if (entry.is_directory || !stem || stem->ends_with(".up") || stem->ends_with(".down")) return std::nullopt;
  return read_stem(*stem);
}

std::optional<Stem> down_stem(const Listing::Entry& entry) {
  const auto stem = without_ending(entry.name, ".down.sql");
  return entry.is_directory || !stem ? std::nullopt : read_stem(*stem);
}

int recognise(const Listing& listing) {
  int matched = 0;
  for (const Listing::Entry& entry : listing.entries) matched += up_stem(entry) ? 1 : 0;
  return matched == 0 ? 1 : 10 + 80 * matched / static_cast<int>(listing.entries.size());
}

Result<History> read(const Listing& listing) {
  History history{.folder = listing.folder};
  std::vector<Down> downs;
  for (const Listing::Entry& entry : listing.entries) {
    if (const auto up = up_stem(entry))
      history.migrations.push_back(make_migration(listing, *up, entry.name));
    else if (const auto down = down_stem(entry))
      downs.push_back({Version(std::string(down->version)), std::string(down->name), entry.name});
    else if (auto finding = unmatched(listing, entry))
      history.findings.push_back(std::move(*finding));
  }
  attach_downs(history, downs);
  return history;
}

}  // namespace

const Format native{"native", recognise, read};

}  // namespace candor::history
