#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/suggest.h"
#include "history/format.h"
#include "history/formats/naming.h"
#include "history/series.h"

namespace candor::history {
namespace {

namespace fs = std::filesystem;

Error unreadable(std::string_view what, const std::string& name, std::string reason) {
  return Error{.code = codes::file_unreadable,
               .message = fmt::format("{} {} cannot be read", what, printable(name)),
               .detail = std::move(reason),
               .hint = "make it readable, or remove it"};
}

/// The format that is the surest. Where two have met files of their own, both are named: one of the two
/// tools does not run what the other runs.
const Format& most_sure(const Listing& listing, std::vector<Finding>& findings) {
  const Format* best = nullptr;
  int best_sure = -1;
  std::vector<std::string_view> owners;
  for (const Format* format : all_formats()) {
    const int sure = format->recognise(listing);
    if (sure >= certain) owners.push_back(format->name);
    if (sure <= best_sure) continue;
    best = format;
    best_sure = sure;
  }
  if (owners.size() > 1)
    findings.push_back(
        {Severity::error,
         Error{.code = codes::two_tools,
               .message = fmt::format("{} holds files of {}", printable(listing.folder.string()),
                                      fmt::join(owners, " and of ")),
               .hint = "give each tool a folder of its own, or say which one counts with format = \"…\" in "
                       "candor.toml"}});
  return *best;
}

Result<const Format*> format_named(std::string_view name) {
  if (const Format* const format = find_format(name)) return format;
  std::vector<std::string_view> names;
  for (const Format* format : all_formats()) names.push_back(format->name);
  const std::string meant = closest(name, names);
  return fail(codes::format_unknown, fmt::format("there is no format \"{}\"", printable(name)),
              meant.empty() ? fmt::format("use one of {}", fmt::join(names, ", "))
                            : fmt::format("did you mean \"{}\"?", meant));
}

std::shared_ptr<const Placeholders> placeholders_of(const Format& format, const FolderOptions& options) {
  if (format.placeholder_open.empty()) return nullptr;
  return std::make_shared<Placeholders>(std::string(format.placeholder_open),
                                        std::string(format.placeholder_close), options.placeholders);
}

Result<> check_folder(const fs::path& folder) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (status.type() == fs::file_type::directory) return {};
  const std::string name = printable(folder.string());
  if (status.type() == fs::file_type::not_found)
    return fail(codes::history_missing, fmt::format("there is no folder {}", name),
                "name the migrations folder with --dir, or make one with candor init");
  if (error) return std::unexpected(unreadable("folder", folder.string(), error.message()));
  return fail(codes::history_missing, fmt::format("{} is not a folder", name),
              "name the migrations folder with --dir");
}

/// What of `text` is run, from the first part to the last.
std::string_view run_of(std::string_view text, const std::vector<Part>& parts) {
  if (parts.empty()) return text;
  text = without_byte_order_mark(text);
  const std::size_t begin = std::min(parts.front().begin, text.size());
  return text.substr(begin, std::min(parts.back().end, text.size()) - begin);
}

/// Checksum and directives of `migration`, whose file holds `text`.
void read_text_of(Migration& migration, std::string_view text, std::vector<Finding>& findings) {
  migration.checksum = checksum_of(run_of(text, migration.parts));
  const bool no_transaction = migration.directives.no_transaction;  // a format may know
  migration.directives = read_directives(text, migration.file, findings);
  migration.directives.no_transaction |= no_transaction;
}

/// A short file has been read with the listing.
void read_file_of(Migration& migration, const Listing& listing, std::vector<Finding>& findings) {
  if (const auto* const listed = listing.find(migration.file); listed != nullptr && listed->is_whole)
    return read_text_of(migration, listed->head, findings);
  const auto file = FileText::open(migration.path);
  if (!file) return findings.push_back({Severity::error, file.error()});
  read_text_of(migration, file->view(), findings);
}

bool comes_first(const Migration& a, const Migration& b) {
  const auto order = a.version <=> b.version;
  return order != 0 ? order < 0 : a.file < b.file;
}

/// What a tool keeps beside the files, and not the files, is wrong.
bool is_about_a_list(const Finding& finding) {
  constexpr const Code* about[] = {&codes::not_listed,     &codes::listed_missing, &codes::would_be_skipped,
                                   &codes::snapshot_chain, &codes::list_disorder,  &codes::sum_mismatch,
                                   &codes::listed_twice};
  return std::ranges::any_of(about, [&](const Code* code) { return finding.what.code.id == code->id; });
}

}  // namespace

History with_unlisted(History history) {
  if (history.unlisted.empty()) return history;
  std::ranges::move(history.unlisted, std::back_inserter(history.migrations));
  history.unlisted.clear();
  number_as_listed(history.migrations);
  return history;
}

std::vector<Finding> take_findings_about_lists(History& history) {
  std::vector<Finding> about_lists;
  std::ranges::copy_if(history.findings, std::back_inserter(about_lists), is_about_a_list);
  std::erase_if(history.findings, is_about_a_list);
  return about_lists;
}

Result<History> read_history(const fs::path& folder, const FolderOptions& options) {
  if (auto checked = check_folder(folder); !checked) return pass(checked);
  std::vector<Finding> findings;
  const auto listing = list_folder(folder, folder, "", findings);
  if (!listing) return std::unexpected(listing.error());

  const Format* format = nullptr;
  if (options.format.empty()) {
    format = &most_sure(*listing, findings);
  } else {
    auto named = format_named(options.format);
    if (!named) return pass(named);
    format = *named;
  }

  auto history = format->read(*listing);
  if (!history) return pass(history);
  history->format = format->name;
  history->findings.insert(history->findings.begin(), findings.begin(), findings.end());
  const auto placeholders = placeholders_of(*format, options);
  std::set<std::string> told;  // a file of several migrations is told once
  for (std::vector<Migration>* const migrations : {&history->migrations, &history->unlisted}) {
    std::ranges::sort(*migrations, comes_first);
    for (Migration& migration : *migrations) {
      migration.placeholders = placeholders;
      std::vector<Finding> found;
      read_file_of(migration, *listing, found);
      if (told.insert(migration.file).second) std::ranges::move(found, std::back_inserter(history->findings));
    }
  }
  check_series(*history);
  return history;
}

}  // namespace candor::history
