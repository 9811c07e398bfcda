#include <fmt/format.h>

#include <algorithm>

#include "base/suggest.h"
#include "history/format.h"
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

/// Lists the folder; what can be no migration whatever the format is a finding at once.
class Lister {
 public:
  Lister(const fs::path& folder, std::vector<Finding>& findings) : findings_(findings) {
    listing_.folder = folder;
  }

  Result<Listing> list() {
    std::error_code error;
    fs::directory_iterator entry(listing_.folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) take(*entry);
    if (error) return std::unexpected(unreadable("folder", listing_.folder.string(), error.message()));
    std::ranges::sort(listing_.entries, {}, &Listing::Entry::name);
    return std::move(listing_);
  }

 private:
  void take(const fs::directory_entry& entry) {
    std::string name = entry.path().filename().string();
    if (name.starts_with(".")) return;
    if (printable(name) != name)
      return report(Severity::error,
                    Error{.code = codes::unmatched_file,
                          .message = fmt::format("the name of {} cannot be printed", printable(name)),
                          .hint = "rename the file: no control characters, valid UTF-8"});
    std::error_code error;  // the kinds come with the listing; only a link costs a look at what it points to
    const bool is_link = entry.is_symlink(error);
    const bool is_folder = entry.is_directory(error);
    if (!is_folder && !entry.is_regular_file(error)) {
      const bool exists = entry.exists(error);
      return report(Severity::error, unreadable(is_link && !exists ? "the target of link" : "file", name,
                                                error    ? error.message()
                                                : exists ? "it is neither a file nor a folder"
                                                         : "it does not exist"));
    }
    if (is_link) warn_of_link_outside(entry.path(), name);
    listing_.entries.push_back({std::move(name), is_folder});
  }

  void warn_of_link_outside(const fs::path& link, const std::string& name) {
    std::error_code error;
    const fs::path folder = fs::canonical(listing_.folder, error), target = fs::canonical(link, error);
    const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), target.begin(), target.end());
    if (error || end != folder.end())
      report(Severity::warning,
             Error{.code = codes::link_outside,
                   .message = fmt::format("{} is a link out of the migrations folder", name),
                   .detail = "it points to " + printable(target.string()),
                   .hint = "put a copy of the file in its place"});
  }

  void report(Severity severity, Error error) { findings_.push_back({severity, std::move(error)}); }

  Listing listing_;
  std::vector<Finding>& findings_;
};

const Format& most_sure(const Listing& listing) {
  const auto formats = all_formats();
  return **std::ranges::max_element(formats, {},
                                    [&](const Format* format) { return format->recognise(listing); });
}

Result<const Format*> format_named(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Format* format : all_formats()) {
    if (format->name == name) return format;
    names.push_back(format->name);
  }
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

/// Checksum and directives of `migration`'s file, read once.
void read_file_of(Migration& migration, std::vector<Finding>& findings) {
  const auto file = FileText::open(migration.path);
  if (!file) return findings.push_back({Severity::error, file.error()});
  migration.checksum = checksum_of(run_of(file->view(), migration.parts));
  const bool no_transaction = migration.directives.no_transaction;  // a format may know
  migration.directives = read_directives(file->view(), migration.file, findings);
  migration.directives.no_transaction |= no_transaction;
}

}  // namespace

Result<History> read_history(const fs::path& folder, const FolderOptions& options) {
  if (auto checked = check_folder(folder); !checked) return pass(checked);
  std::vector<Finding> findings;
  const auto listing = Lister(folder, findings).list();
  if (!listing) return std::unexpected(listing.error());

  const Format* format = nullptr;
  if (options.format.empty()) {
    format = &most_sure(*listing);
  } else {
    auto named = format_named(options.format);
    if (!named) return pass(named);
    format = *named;
  }

  auto history = format->read(*listing);
  if (!history) return pass(history);
  history->findings.insert(history->findings.begin(), findings.begin(), findings.end());
  std::ranges::sort(history->migrations, [](const Migration& a, const Migration& b) {
    const auto order = a.version <=> b.version;
    return order != 0 ? order < 0 : a.file < b.file;
  });
  const auto placeholders = placeholders_of(*format, options);
  for (Migration& migration : history->migrations) {
    migration.placeholders = placeholders;
    read_file_of(migration, history->findings);
  }
  check_series(*history);
  return history;
}

}  // namespace candor::history
