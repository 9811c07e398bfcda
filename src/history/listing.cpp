#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "history/format.h"

namespace candor::history {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t head_bytes = 4096;

/// Lists one folder; what can be no migration whatever the format is a finding at once.
class Lister {
 public:
  Lister(const fs::path& folder, const fs::path& root, std::string_view shown, std::vector<Finding>& findings)
      : root_(root), shown_(shown), findings_(findings) {
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
    const std::string shown = printable(fmt::format("{}{}", shown_, name));
    if (printable(name) != name)
      return report(Severity::error, Error{.code = codes::unmatched_file,
                                           .message = fmt::format("the name of {} cannot be printed", shown),
                                           .hint = "rename the file: no control characters, valid UTF-8"});
    std::error_code error;  // the kinds come with the listing; only a link costs a look at what it points to
    const bool is_link = entry.is_symlink(error);
    const bool is_folder = entry.is_directory(error);
    if (!is_folder && !entry.is_regular_file(error)) {
      const bool exists = entry.exists(error);
      return report(Severity::error, unreadable(is_link && !exists ? "the target of link" : "file", shown,
                                                error    ? error.message()
                                                : exists ? "it is neither a file nor a folder"
                                                         : "it does not exist"));
    }
    if (is_link) warn_of_link_outside(entry.path(), shown);
    Listing::Entry listed{std::move(name), is_folder};
    if (!is_folder && listed.name.ends_with(".sql")) read_head(entry.path(), listed);
    listing_.entries.push_back(std::move(listed));
  }

  /// Nothing if it cannot be read: whoever reads the file says so.
  static void read_head(const fs::path& path, Listing::Entry& entry) {
    std::string head(head_bytes, '\0');
    std::ifstream file(path, std::ios::binary);
    file.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    entry.is_whole = file.eof() && !file.bad();
    entry.head = without_byte_order_mark(head);
  }

  void warn_of_link_outside(const fs::path& link, const std::string& shown) {
    std::error_code error;
    const fs::path folder = fs::canonical(root_, error), target = fs::canonical(link, error);
    const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), target.begin(), target.end());
    if (error || end != folder.end())
      report(Severity::warning,
             Error{.code = codes::link_outside,
                   .message = fmt::format("{} is a link out of the migrations folder", shown),
                   .detail = fmt::format("it points to {}", printable(target.string())),
                   .hint = "put a copy of the file in its place"});
  }

  static Error unreadable(std::string_view what, const std::string& name, std::string reason) {
    return Error{.code = codes::file_unreadable,
                 .message = fmt::format("{} {} cannot be read", what, printable(name)),
                 .detail = std::move(reason),
                 .hint = "make it readable, or remove it"};
  }

  void report(Severity severity, Error error) { findings_.push_back({severity, std::move(error)}); }

  const fs::path& root_;
  std::string_view shown_;
  Listing listing_;
  std::vector<Finding>& findings_;
};

}  // namespace

const Listing::Entry* Listing::find(std::string_view name) const {
  const auto at = std::ranges::lower_bound(entries, name, {}, &Entry::name);
  return at != entries.end() && at->name == name ? &*at : nullptr;
}

Result<Listing> list_folder(const fs::path& folder, const fs::path& root, std::string_view shown,
                            std::vector<Finding>& findings) {
  return Lister(folder, root, shown, findings).list();
}

}  // namespace candor::history
