/// golang-migrate: VERSION_NAME.up.EXTENSION and VERSION_NAME.down.EXTENSION, whatever the extension. A down
/// file alone is a step, too.
#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "history/formats/formats.h"
#include "history/formats/neighbours.h"
#include "history/formats/reader.h"

namespace candor::history {
namespace {

struct Name {
  Stem stem;
  bool is_down = false;
};

/// ^([0-9]+)_(.*)\.(up|down)\.(.*)$: the last direction counts.
std::optional<Name> read_name(std::string_view file) {
  const std::size_t up = file.rfind(".up."), down = file.rfind(".down.");
  const bool is_down = down != std::string_view::npos && (up == std::string_view::npos || down > up);
  if (!is_down && up == std::string_view::npos) return std::nullopt;
  const std::string_view whole = file.substr(0, is_down ? down : up);
  const auto stem = read_stem(whole);
  if (!stem || stem->version.size() == whole.size()) return std::nullopt;
  return Name{*stem, is_down};
}

/// The files alone do not tell; the module around them does.
int recognise(const Listing& listing) {
  const bool has_names = std::ranges::any_of(listing.entries, [](const Listing::Entry& entry) {
    return !entry.is_directory && read_name(entry.name);
  });
  return has_names && is_mentioned(listing, "go.mod", "golang-migrate/migrate") ? 92 : 0;
}

class Reader : public FormatReader {
 public:
  using FormatReader::FormatReader;

  History read() {
    shape = "VERSION_NAME.up.sql";
    for (const Listing::Entry& entry : listing.entries) take(entry);
    take_downs_alone();
    return finish();
  }

 private:
  void take(const Listing::Entry& entry) {
    const auto name = entry.is_directory ? std::nullopt : read_name(entry.name);
    if (!name) return pass_over(entry);
    constexpr std::string_view largest = "18446744073709551615";  // it reads an uint64
    if (exceeds(name->stem.version, largest))
      return error(
          codes::unmatched_file,
          fmt::format("the version of {} is too large for golang-migrate, which passes the file over",
                      entry.name),
          "give it a version of at most 19 digits");
    if (name->is_down)
      downs.push_back({Version(std::string(name->stem.version)), std::string(name->stem.name), entry.name});
    else
      history.migrations.push_back(make_migration(listing, name->stem, entry.name));
  }

  void take_downs_alone() {
    const auto alone = std::ranges::partition(downs, [this](const Down& down) {
      return std::ranges::find(history.migrations, down.version, &Migration::version) !=
             history.migrations.end();
    });
    for (const Down& down : alone) add_empty_step(down);
    downs.erase(alone.begin(), alone.end());
  }

  void add_empty_step(const Down& down) {
    Migration migration = make_migration(listing, {down.version.text(), down.name}, down.file);
    migration.parts.push_back({0, 0});  // nothing, and not everything
    migration.down = migration.path;
    history.migrations.push_back(std::move(migration));
    warning(codes::down_orphan,
            fmt::format("{} has no up file: golang-migrate records its version and runs nothing",
                        printable(down.file)),
            "add its up file, or remove it where its version was applied nowhere");
  }
};

Result<History> read(const Listing& listing) {
  return Reader(listing).read();
}

}  // namespace

const Format golang_migrate{.name = "golang-migrate", .recognise = recognise, .read = read};

}  // namespace candor::history
