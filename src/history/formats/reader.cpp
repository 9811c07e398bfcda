#include "history/formats/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/file.h"
#include "sql/lexer.h"
#include "sql/script.h"

namespace candor::history {

namespace {

constexpr std::size_t most_folders = 10'000;

}  // namespace

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t break_at = std::min(text.find('\n', at), text.size());
    const std::size_t end = break_at > at && text[break_at - 1] == '\r' ? break_at - 1 : break_at;
    const std::size_t next = std::min(break_at + 1, text.size());
    lines.push_back({at, end, next, text.substr(at, end - at)});
    at = next;
  }
  return lines;
}

bool begins_with_word(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && sql::is_word(text.substr(0, lower.size()), lower);
}

void FormatReader::error(const Code& code, std::string message, std::string hint) {
  history.findings.push_back(
      {Severity::error, Error{.code = code, .message = std::move(message), .hint = std::move(hint)}});
}

void FormatReader::warning(const Code& code, std::string message, std::string hint) {
  history.findings.push_back(
      {Severity::warning, Error{.code = code, .message = std::move(message), .hint = std::move(hint)}});
}

void FormatReader::report_at(Severity severity, const Code& code, std::string_view file,
                             std::string_view text, std::size_t at, std::string message, std::string hint) {
  history.findings.push_back({severity, Error{.code = code,
                                              .message = std::move(message),
                                              .where = sql::position_of(file, text, at),
                                              .hint = std::move(hint)}});
}

void FormatReader::pass_over(const Listing::Entry& entry, bool sql_is_error) {
  if (auto finding = unmatched(listing, entry, sql_is_error, shape))
    history.findings.push_back(std::move(*finding));
}

std::optional<Listing> FormatReader::inside(const Listing& around, const Listing::Entry& folder,
                                            const std::string& shown) {
  auto inner = list_folder(around.folder / folder.name, listing.folder, shown + "/", history.findings);
  if (inner) return std::move(*inner);
  history.findings.push_back({Severity::error, std::move(inner.error())});
  return std::nullopt;
}

void FormatReader::for_each_file(const std::function<void(const Listing::Entry&, const std::string&)>& each) {
  std::set<std::filesystem::path> visited;  // links may lead back, or to one folder twice
  const std::function<void(const Listing&, const std::string&)> walk = [&](const Listing& folder,
                                                                           const std::string& shown) {
    std::error_code ignored;
    const std::filesystem::path here = std::filesystem::canonical(folder.folder, ignored);
    if (!ignored && !visited.insert(here).second)
      return error(codes::unmatched_file, fmt::format("{} is a link to a folder that is read already", shown),
                   "remove the link");
    std::vector<const Listing::Entry*>
        links;  // last: of a folder and a link to it the link is the one too many
    const auto take = [&](const Listing::Entry& entry) {
      const std::string file = shown + entry.name;
      if (!entry.is_directory)
        each(entry, file);
      else if (visited.size() > most_folders)
        error(codes::unmatched_file,
              fmt::format("{} and what is around it holds more than {} folders", shown, most_folders),
              "name the migrations folder with --dir, and remove links that lead out of it");
      else if (const auto inner = inside(folder, entry, file))
        walk(*inner, file + "/");
    };
    for (const Listing::Entry& entry : folder.entries)
      if (entry.is_directory && std::filesystem::is_symlink(folder.folder / entry.name, ignored))
        links.push_back(&entry);
      else
        take(entry);
    for (const Listing::Entry* const link : links) take(*link);
  };
  walk(listing, "");
}

void FormatReader::not_read(const std::string& folder, const Listing::Entry& file) {
  if (unmatched(listing, file))
    warning(codes::unmatched_file,
            fmt::format("file {}/{} is not read", printable(folder), printable(file.name)),
            "remove it, or make it a migration of its own");
}

void FormatReader::order_by_name() {
  if (std::ranges::is_sorted(history.migrations, {}, &Migration::version)) return;
  attach_downs(history, std::exchange(downs, {}));  // by the versions that the files have
  number_as_listed(history.migrations);
}

void FormatReader::warn_of_statement_before(std::size_t end, std::string_view file, std::string_view text,
                                            std::string message, std::string hint) {
  // What cannot be split is told by whoever runs the file.
  (void)sql::for_each_statement(text.substr(0, end), file, [&](const sql::Statement& statement) -> Result<> {
    if (message.empty()) return {};
    report_at(Severity::warning, codes::would_be_skipped, file, text, statement.offset,
              std::exchange(message, {}), std::move(hint));
    return {};
  });
}

std::optional<MigrationText> FormatReader::text_of(const Migration& migration) {
  auto text = MigrationText::open(migration.path, migration.file);
  if (!text) return std::nullopt;
  return std::move(*text);
}

History FormatReader::finish() {
  attach_downs(history, downs);
  return std::move(history);
}

}  // namespace candor::history
