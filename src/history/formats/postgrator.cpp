/// postgrator: VERSION.do.name.sql and VERSION.undo.name.sql.
#include <fmt/format.h>

#include "history/formats/formats.h"
#include "history/formats/reader.h"

namespace candor::history {
namespace {

struct Name {
  std::string_view version, name;
  bool is_do = true;
};

std::optional<Name> read_name(std::string_view file) {
  const auto stem = without_ending(file, ".sql");
  if (!stem) return std::nullopt;
  const std::size_t dot = stem->find('.');
  if (dot == std::string_view::npos || !all_digits(stem->substr(0, dot))) return std::nullopt;
  const std::string_view rest = stem->substr(dot + 1);
  const std::string_view action = rest.substr(0, rest.find('.'));
  if (action != "do" && action != "undo") return std::nullopt;
  const std::string_view name = action.size() == rest.size() ? "" : rest.substr(action.size() + 1);
  return Name{stem->substr(0, dot), name, action == "do"};
}

int recognise(const Listing& listing) {
  for (const Listing::Entry& entry : listing.entries)
    if (!entry.is_directory && read_name(entry.name)) return 96;
  return 0;
}

Result<History> read(const Listing& listing) {
  FormatReader reader(listing);
  reader.shape = "VERSION.do.NAME.sql";
  for (const Listing::Entry& entry : listing.entries) {
    const auto name = entry.is_directory ? std::nullopt : read_name(entry.name);
    if (!name)
      reader.pass_over(entry);
    else if (name->is_do)
      reader.history.migrations.push_back(make_migration(listing, {name->version, name->name}, entry.name));
    else
      reader.downs.push_back({Version(std::string(name->version)), std::string(name->name), entry.name});
  }
  return reader.finish();
}

}  // namespace

const Format postgrator{.name = "postgrator", .recognise = recognise, .read = read};

}  // namespace candor::history
