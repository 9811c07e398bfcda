/// Hasura CLI: a folder for each migration, MILLISECONDS_name/up.sql and down.sql.
#include <fmt/format.h>

#include "history/formats/folders.h"
#include "history/formats/formats.h"
#include "history/formats/reader.h"

namespace candor::history {
namespace {

constexpr std::size_t millisecond_digits = 13;

bool is_hasura_name(const Listing::Entry& entry) {
  const auto stem = read_stem(entry.name);
  return entry.is_directory && stem && stem->version.size() == millisecond_digits;
}

int recognise(const Listing& listing) {
  for (const Listing::Entry& entry : listing.entries) {
    std::error_code ignored;
    if (is_hasura_name(entry) && std::filesystem::exists(listing.folder / entry.name / "up.sql", ignored))
      return 94;
  }
  return 0;
}

class Reader : public FormatReader {
 public:
  using FormatReader::FormatReader;

  History read() {
    shape = "MILLISECONDS_NAME/up.sql";
    for (const Listing::Entry& entry : listing.entries) take(entry);
    return std::move(history);
  }

 private:
  void take(const Listing::Entry& entry) {
    const auto stem = read_stem(entry.name);
    if (!entry.is_directory || !stem) return pass_over(entry, false);
    const auto inner = inside(listing, entry, entry.name);
    if (!inner) return;
    for (const Listing::Entry& other : inner->entries) look_at(entry.name, other);
    if (inner->find("up.sql") == nullptr)
      return error(codes::listed_missing, fmt::format("folder {} has no up.sql", entry.name),
                   "restore the file, or remove the folder");
    Migration migration = make_migration(listing, *stem, fmt::format("{}/up.sql", entry.name));
    if (inner->find("down.sql") != nullptr) migration.down = listing.folder / entry.name / "down.sql";
    history.migrations.push_back(std::move(migration));
  }

  void look_at(const std::string& folder, const Listing::Entry& file) {
    if (file.name == "up.sql" || file.name == "down.sql") return;
    if (file.name == "up.yaml" || file.name == "down.yaml")
      return error(
          codes::not_supported,
          fmt::format("{}/{} changes Hasura's metadata, which Candor does not run", folder, file.name),
          "move the change into the metadata folder, and remove the file");
    not_read(folder, file);
  }
};

Result<History> read(const Listing& listing) {
  return Reader(listing).read();
}

}  // namespace

const Format hasura{.name = "hasura", .recognise = recognise, .read = read};

}  // namespace candor::history
