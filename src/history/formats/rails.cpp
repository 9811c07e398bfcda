/// Rails' db/structure.sql: pg_dump's text of the schema, and the versions whose migrations are in it. They
/// are Ruby: the structure is one migration, called by the newest of them, and what it lacks cannot be
/// replayed.
#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "history/formats/formats.h"
#include "history/formats/reader.h"
#include "history/formats/structure_sql.h"

namespace candor::history {

std::vector<Version> versions_in_structure(std::string_view text) {
  constexpr std::string_view inserts[] = {"INSERT INTO \"schema_migrations\" (version) VALUES",
                                          "INSERT INTO schema_migrations (version) VALUES"};
  std::vector<Version> versions;
  for (const std::string_view insert : inserts)
    for (std::size_t at = text.find(insert); at != std::string_view::npos; at = text.find(insert, at)) {
      at += insert.size();
      const std::size_t end = std::min(text.find(';', at), text.size());
      for (std::size_t quote = text.find('\'', at); quote < end; quote = text.find('\'', at)) {
        at = text.find('\'', quote + 1);
        if (at >= end) return {};  // cut off
        const std::string_view version = text.substr(quote + 1, at - quote - 1);
        if (all_digits(version)) versions.emplace_back(std::string(version));
        ++at;
      }
    }
  std::ranges::sort(versions);
  return versions;
}

std::vector<Version> versions_in_structure(const History& history) {
  if (history.migrations.empty()) return {};
  const auto text = FileText::open(history.migrations.front().path);
  return text ? versions_in_structure(text->view()) : std::vector<Version>();
}

namespace {

int recognise(const Listing& listing) {
  const auto* const structure = listing.find(structure_name);
  if (structure == nullptr || structure->is_directory) return 0;
  const auto text = FileText::open(listing.folder / structure_name);
  return text && !versions_in_structure(text->view()).empty() ? 98 : 0;
}

/// What stands between the \restrict and \unrestrict that pg_dump writes for psql, and behind them: what lies
/// between is known by their token, which nothing else in the file can hold. Without them: all.
std::vector<Part> parts_of(std::string_view text) {
  constexpr std::string_view opens = "\\restrict ";
  const std::size_t open = text.find(opens);
  if (open == std::string_view::npos || (open > 0 && text[open - 1] != '\n')) return {};
  const std::size_t open_end = text.find('\n', open);
  if (open_end == std::string_view::npos) return {};
  const std::string_view token = trimmed(text.substr(open + opens.size(), open_end - open - opens.size()));
  const std::size_t close = text.find(fmt::format("\n\\unrestrict {}", token), open_end);
  if (close == std::string_view::npos) return {};
  const std::size_t close_end = std::min(text.find('\n', close + 1), text.size());
  return {{0, open}, {open_end, close}, {close_end, text.size()}};
}

/// The version of a Ruby migration that `versions` lack; nothing of any other file.
std::optional<Version> lacking_version(std::string_view file, const std::vector<Version>& versions) {
  const auto stem = file.ends_with(".rb") ? read_stem(file) : std::nullopt;
  if (!stem) return std::nullopt;
  Version version{std::string(stem->version)};
  if (std::ranges::binary_search(versions, version)) return std::nullopt;
  return version;
}

class Reader : public FormatReader {
 public:
  using FormatReader::FormatReader;

  History read() {
    shape = structure_name;
    Migration migration = make_migration(listing, {{}, "structure"}, std::string(structure_name));
    if (const auto text = text_of(migration)) {
      versions_ = versions_in_structure(text->view());
      migration.parts = parts_of(text->view());
    }
    if (versions_.empty()) {
      error(codes::journal_unusable,
            fmt::format("{} records no version in schema_migrations: it is not Rails'", structure_name),
            "write it anew with `rails db:schema:dump`");
      return std::move(history);
    }
    migration.version = versions_.back();
    history.migrations.push_back(std::move(migration));
    for (const Listing::Entry& entry : listing.entries) look_at(entry);
    return std::move(history);
  }

 private:
  /// Seeds, schema.rb and the structures of other databases are no part of the history.
  void look_at(const Listing::Entry& entry) {
    if (entry.is_directory && entry.name == "migrate") look_into(listing, entry, entry.name);
    if (entry.is_directory || !entry.name.ends_with(".sql") || entry.name.ends_with(structure_name)) return;
    pass_over(entry, false);
  }

  /// Rails takes migrations from folders below, too (MigrationContext, migration_files).
  void look_into(const Listing& around, const Listing::Entry& folder, const std::string& shown) {
    const auto inner = inside(around, folder, shown);
    if (!inner) return;  // which was told
    for (const Listing::Entry& entry : inner->entries)
      if (entry.is_directory)
        look_into(*inner, entry, shown + "/" + entry.name);
      else if (const auto version = lacking_version(entry.name, versions_))
        report_ruby(entry.name, *version);
  }

  /// `rails db:schema:load` records every file below the schema's version (assume_migrated_upto_version).
  void report_ruby(const std::string& file, const Version& version) {
    error(codes::not_sql,
          fmt::format("{} is not in {}, and it is not SQL: the history cannot be replayed without it", file,
                      structure_name),
          fmt::format("run it with `rails db:migrate`, which writes {} anew, or record what it does with "
                      "`candor capture`",
                      structure_name));
    if (version > versions_.back()) return;
    error(codes::would_be_skipped,
          fmt::format("{} is older than {}, which lacks it: `rails db:schema:load` records it as applied and "
                      "never runs it",
                      printable(file), structure_name),
          fmt::format("run `rails db:migrate`, which writes {} anew", structure_name));
  }

  std::vector<Version> versions_;
};

Result<History> read(const Listing& listing) {
  return Reader(listing).read();
}

}  // namespace

const Format rails{.name = "rails", .recognise = recognise, .read = read};

}  // namespace candor::history
