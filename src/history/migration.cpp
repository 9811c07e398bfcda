#include "history/migration.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/sha256.h"
#include "sql/script.h"

namespace candor::history {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// `text` with everything but `parts` blanked: lines stay lines.
std::string only(std::string_view text, const std::vector<Part>& parts) {
  std::string blanked(text);
  std::size_t done = 0;
  const auto blank_until = [&](std::size_t end) {
    for (; done < end; ++done)
      if (blanked[done] != '\n' && blanked[done] != '\r') blanked[done] = ' ';
  };
  for (const Part& part : parts) {
    blank_until(std::min(part.begin, blanked.size()));
    done = std::min(std::max(done, part.end), blanked.size());
  }
  blank_until(blanked.size());
  return blanked;
}

/// Only of spaces: a placeholder stands in one line.
std::string_view without_spaces(std::string_view text) {
  const auto begin = text.find_first_not_of(' ');
  return begin == std::string_view::npos ? "" : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

/// `text` with every placeholder's value in its place.
Result<std::string> filled(std::string_view text, const Placeholders& placeholders, std::string_view file) {
  std::string result;
  std::size_t done = 0;
  while (true) {
    const std::size_t at = text.find(placeholders.open, done);
    const std::size_t from = at + placeholders.open.size();
    const std::size_t end =
        at == std::string_view::npos ? std::string_view::npos : text.find(placeholders.close, from);
    if (end == std::string_view::npos) break;
    const std::string_view name = without_spaces(text.substr(from, end - from));
    const auto value = placeholders.values.find(name);
    if (value == placeholders.values.end())
      return std::unexpected(
          Error{.code = codes::placeholder_unknown,
                .message = fmt::format("the placeholder {}{}{} has no value", placeholders.open,
                                       printable(name), placeholders.close),
                .where = sql::position_of(file, text, at),
                .hint = fmt::format("give it one in candor.toml, under [placeholders]: {} = \"…\"",
                                    fmt::format("'{}'", printable(name)))});
    result.append(text.substr(done, at - done));
    result += value->second;
    done = end + placeholders.close.size();
  }
  result.append(text.substr(done));
  return result;
}

}  // namespace

std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return text;
}

Migration inverse_of(const Migration& migration) {
  Migration down = migration;
  down.path = *migration.down;
  std::filesystem::path folder = migration.path;  // `file` is relative to it
  for (const auto& part : std::filesystem::path(migration.file))
    if (!part.empty()) folder = folder.parent_path();
  down.file = migration.down->lexically_relative(folder).string();
  down.parts = migration.down_parts;
  down.directives = {};
  return down;
}

const Migration* History::find(const Version& version) const {
  const auto found = std::ranges::lower_bound(migrations, version, {}, &Migration::version);
  return found != migrations.end() && found->version == version ? &*found : nullptr;
}

const Migration* History::last_versioned() const {
  const auto last = std::find_if(migrations.rbegin(), migrations.rend(),
                                 [](const Migration& one) { return !one.version.repeatable(); });
  return last == migrations.rend() ? nullptr : &*last;
}

MigrationText::MigrationText(FileText file) : file_(std::move(file)) {}

std::string_view MigrationText::view() const {
  return edited_ ? *edited_ : without_byte_order_mark(file_.view());
}

Result<MigrationText> MigrationText::open(const Migration& migration) {
  auto text = open(migration.path, migration.file);
  if (!text) return text;
  if (!migration.parts.empty()) text->edited_ = only(text->view(), migration.parts);
  if (migration.placeholders && text->view().find(migration.placeholders->open) != std::string_view::npos) {
    auto edited = filled(text->view(), *migration.placeholders, migration.file);
    if (!edited) return pass(edited);
    text->edited_ = std::move(*edited);
  }
  return text;
}

Result<MigrationText> MigrationText::open(const std::filesystem::path& path, std::string_view shown_as) {
  auto file = FileText::open(path);
  if (!file) return pass(file);
  MigrationText text(std::move(*file));
  std::size_t bad_at = 0;
  if (is_valid_utf8(text.view(), &bad_at)) return text;
  const bool is_nul = text.view()[bad_at] == '\0';
  return std::unexpected(Error{
      .code = codes::invalid_text,
      .message = is_nul ? "the file contains a NUL byte" : "the file is not valid UTF-8",
      .where = sql::position_of(shown_as, text.view(), bad_at),
      .hint = is_nul ? "remove the byte; UTF-16 files must be saved as UTF-8" : "save the file as UTF-8"});
}

// Hashed piece by piece where CRLF stands, so that a file of any size is never copied.
std::string checksum_of(std::string_view text) {
  text = without_byte_order_mark(text);
  Sha256 hash;
  std::size_t done = 0;
  for (std::size_t at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1)) {
    if (at + 1 >= text.size() || text[at + 1] != '\n') continue;
    hash.update(text.substr(done, at - done));
    done = at + 1;
  }
  hash.update(text.substr(done));
  return "sha256:" + hex(hash.finish());
}

}  // namespace candor::history
