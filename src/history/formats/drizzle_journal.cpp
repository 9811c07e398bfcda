#include "history/formats/drizzle_journal.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/file.h"
#include "history/formats/json_text.h"
#include "history/formats/naming.h"
#include "sql/script.h"

namespace candor::history {
namespace {

using Json = nlohmann::json;

std::unexpected<Error> refuse(std::string message) {
  return fail(codes::journal_unusable, fmt::format("{}: {}", journal_name, message),
              "restore the journal from version control, or correct it");
}

const Json* field(const Json& object, const char* name) {
  const auto at = object.find(name);
  return at == object.end() ? nullptr : &*at;
}

/// JavaScript writes a large or fractional number in its own ways; one that is whole is taken.
bool read_whole(const Json* value, std::int64_t& number) {
  constexpr double largest = 9'007'199'254'740'991.0;  // beyond it JavaScript's numbers are not exact
  if (value == nullptr || !value->is_number()) return false;
  const double exact = value->get<double>();
  if (!(exact >= -largest && exact <= largest)) return false;
  number = static_cast<std::int64_t>(exact);
  return static_cast<double>(number) == exact;
}

Result<JournalEntry> read_entry(const Json& item, std::size_t position) {
  const auto wrong = [&](std::string_view what) {
    return refuse(fmt::format("entry {} {}", position + 1, what));
  };
  if (!item.is_object()) return wrong("is no object");
  JournalEntry entry;
  const Json* const tag = field(item, "tag");
  if (tag == nullptr || !tag->is_string()) return wrong("has no \"tag\" that is a text");
  entry.tag = tag->get<std::string>();
  if (!is_safe_path(entry.tag) || entry.tag.find('/') != std::string::npos)
    return wrong(fmt::format("has the tag \"{}\", which is not the name of a file in the folder",
                             printable(entry.tag)));
  if (!read_whole(field(item, "when"), entry.when))
    return wrong(fmt::format("({}) has no \"when\" that is a whole number of milliseconds", entry.tag));
  if (!read_whole(field(item, "idx"), entry.idx))
    return wrong(fmt::format("({}) has no \"idx\" that is a whole number", entry.tag));
  return entry;
}

Result<> check_header(const Json& journal) {
  constexpr std::string_view dialects[] = {"postgresql", "pg"};
  constexpr std::string_view versions[] = {"5", "6", "7"};
  const auto text_of = [&](const char* name) {
    const Json* const value = field(journal, name);
    return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
  };
  const std::string dialect = text_of("dialect"), version = text_of("version");
  if (std::ranges::find(dialects, dialect) == std::end(dialects))
    return refuse(dialect.empty() ? "it names no dialect"
                                  : fmt::format("it is written for the dialect \"{}\", not for PostgreSQL",
                                                printable(dialect)));
  if (std::ranges::find(versions, version) == std::end(versions))
    return refuse(version.empty() ? "it names no version"
                                  : fmt::format("its version \"{}\" is not known (known: {})",
                                                printable(version), fmt::join(versions, ", ")));
  return {};
}

}  // namespace

Result<std::vector<JournalEntry>> read_journal(const std::filesystem::path& folder) {
  std::error_code failure;
  if (std::filesystem::symlink_status(folder / journal_name, failure).type() ==
      std::filesystem::file_type::not_found)
    return fail(codes::journal_unusable,
                fmt::format("there is no {}: Drizzle runs nothing without it", journal_name),
                "commit the folder meta, or restore it from version control");
  constexpr std::uintmax_t largest = 16 << 20;
  const std::uintmax_t size = std::filesystem::file_size(folder / journal_name, failure);
  if (!failure && size > largest)
    return refuse(fmt::format("it has {} MiB; ten thousand migrations are listed in 2", size >> 20));
  const auto journal = read_json(folder / journal_name, journal_name);
  if (!journal) return std::unexpected(journal.error());
  if (!journal->is_object()) return refuse("it is no object");
  if (auto header = check_header(*journal); !header) return pass(header);
  const Json* const list = field(*journal, "entries");
  if (list == nullptr || !list->is_array()) return refuse("it has no list \"entries\"");
  std::vector<JournalEntry> entries;
  for (const Json& item : *list) {
    auto entry = read_entry(item, entries.size());
    if (!entry) return pass(entry);
    entries.push_back(std::move(*entry));
  }
  return entries;
}

std::optional<SourcePosition> place_in_journal(const std::filesystem::path& folder, std::string_view tag) {
  constexpr std::uintmax_t worth_a_search = 1 << 20;  // it is made for every finding
  std::error_code failure;
  if (std::filesystem::file_size(folder / journal_name, failure) > worth_a_search || failure)
    return std::nullopt;
  const auto text = read_file(folder / journal_name);
  if (!text) return std::nullopt;
  const std::size_t at = text->rfind(fmt::format("\"{}\"", tag));
  if (at == std::string::npos) return std::nullopt;
  return sql::position_of(journal_name, *text, at + 1);
}

std::string_view prefix_of(std::string_view tag) {
  return tag.substr(0, tag.find('_'));
}

std::string twin_key(std::string_view text) {
  return trimmed(without_byte_order_mark(text)).empty() ? std::string() : checksum_of(text);
}

}  // namespace candor::history
