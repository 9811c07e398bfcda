/// refinery: V1__name.sql and U1__name.sql (which may run late, and is no inverse), in the folder and below.
#include <fmt/format.h>

#include <algorithm>

#include "history/formats/formats.h"
#include "history/formats/neighbours.h"
#include "history/formats/reader.h"

namespace candor::history {
namespace {

struct Name {
  std::string version;
  std::string_view name;
};

/// V or U, a number (perhaps with one dot), "__", letters, digits and '_', .sql.
std::optional<Name> read_name(std::string_view file) {
  const auto stem = without_ending(file, ".sql");
  if (!stem || stem->empty() || (stem->front() != 'V' && stem->front() != 'U')) return std::nullopt;
  const std::size_t separator = stem->find("__");
  if (separator == std::string_view::npos) return std::nullopt;
  const std::string_view version = stem->substr(1, separator - 1), name = stem->substr(separator + 2);
  const std::size_t dot = std::min(version.find('.'), version.size());
  const bool sound =
      all_digits(version.substr(0, dot)) && (dot == version.size() || all_digits(version.substr(dot + 1)));
  const bool is_word = !name.empty() && std::ranges::all_of(name, [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c & 0x80) != 0;
  });
  if (!sound || !is_word) return std::nullopt;
  return Name{std::string(version), name};
}

/// The names are Flyway's as well; the crate around them tells.
int recognise(const Listing& listing) {
  const bool any = std::ranges::any_of(listing.entries, [](const auto& entry) {
    return !entry.is_directory && read_name(entry.name).has_value();
  });
  if (!any) return 0;
  const bool rust = std::ranges::any_of(listing.entries, [](const auto& entry) {
    return entry.name.ends_with(".rs") && looks_like_migration(entry.name);
  });
  return rust || is_mentioned(listing, "Cargo.toml", "refinery") ? 97 : 0;
}

class Reader : public FormatReader {
 public:
  using FormatReader::FormatReader;

  History read() {
    for_each_file([this](const Listing::Entry& entry, const std::string& file) { take(entry, file); });
    return std::move(history);
  }

 private:
  void take(const Listing::Entry& entry, const std::string& file) {
    if (const auto name = read_name(entry.name)) {
      const std::string_view largest = wide_ ? "9223372036854775807" : "2147483647";
      if (name->version.find('.') != std::string::npos || exceeds(name->version, largest))
        return error(
            codes::unmatched_file,
            fmt::format("the version of {} is no whole number that refinery can read: it stops there", file),
            wide_ ? "give it a whole number"
                  : "give it a whole number, or let refinery read large ones with its feature int8-versions");
      history.migrations.push_back(make_migration(listing, {name->version, name->name}, file));
      return;
    }
    if (entry.name == "mod.rs" || !unmatched(listing, entry)) return;
    if (!entry.name.ends_with(".sql")) return pass_over(entry);
    error(codes::unmatched_file,
          fmt::format("{} is not named as refinery wants it: it is only logged, not run", file),
          "rename it to V<number>__<name>.sql");
  }

  const bool wide_ = is_mentioned(listing, "Cargo.toml", "int8-versions");  ///< versions of 64 bits
};

Result<History> read(const Listing& listing) {
  return Reader(listing).read();
}

}  // namespace

const Format refinery{.name = "refinery", .recognise = recognise, .read = read};

}  // namespace candor::history
