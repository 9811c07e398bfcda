/// Supabase CLI: supabase/migrations/DIGITS_name.sql, in the order of the names.
#include <fmt/format.h>

#include <algorithm>

#include "history/formats/formats.h"
#include "history/formats/neighbours.h"
#include "history/formats/reader.h"

namespace candor::history {
namespace {

std::optional<Stem> stem_of(const Listing::Entry& entry) {
  const auto name = without_ending(entry.name, ".sql");
  const auto stem = entry.is_directory || !name ? std::nullopt : read_stem(*name);
  return stem && name->find('_') != std::string_view::npos ? stem : std::nullopt;
}

/// The names are those of many tools; the place tells.
int recognise(const Listing& listing) {
  const Place place = place_of(listing);
  const bool any =
      std::ranges::any_of(listing.entries, [](const auto& entry) { return stem_of(entry).has_value(); });
  return any && place.parent == "supabase" && place.name == "migrations" ? 93 : 0;
}

class Reader : public FormatReader {
 public:
  using FormatReader::FormatReader;

  History read() {
    for (const Listing::Entry& entry : listing.entries) take(entry);
    order_by_name();
    return std::move(history);
  }

 private:
  void take(const Listing::Entry& entry) {
    const auto stem = stem_of(entry);
    if (!stem) {
      if (!entry.is_directory && entry.name.ends_with(".sql"))
        return error(
            codes::unmatched_file,
            fmt::format("{} is not named as Supabase wants it: it is skipped, and the exit code is 0",
                        entry.name),
            "rename it to <YYYYMMDDhhmmss>_<name>.sql");
      return pass_over(entry);
    }
    if (history.migrations.empty() && is_old_init(*stem))
      return warning(
          codes::would_be_skipped,
          fmt::format("{} is skipped: Supabase takes a first file of that name and age for its own",
                      entry.name),
          "give it another name, if it is meant to run");
    history.migrations.push_back(make_migration(listing, *stem, entry.name));
  }

  static bool is_old_init(const Stem& stem) {
    return stem.name == "init" && stem.version.size() == 14 && stem.version < "20211209000000";
  }
};

Result<History> read(const Listing& listing) {
  return Reader(listing).read();
}

}  // namespace

const Format supabase{.name = "supabase", .recognise = recognise, .read = read};

}  // namespace candor::history
