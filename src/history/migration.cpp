#include "history/migration.h"

#include <algorithm>
#include <utility>

#include "base/sha256.h"
#include "sql/script.h"

namespace candor::history {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string_view without_mark(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return text;
}

}  // namespace

const Migration* History::find(const Version& version) const {
  const auto found = std::ranges::lower_bound(migrations, version, {}, &Migration::version);
  return found != migrations.end() && found->version == version ? &*found : nullptr;
}

MigrationText::MigrationText(FileText file) : file_(std::move(file)) {}

std::string_view MigrationText::view() const {
  return without_mark(file_.view());
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
  text = without_mark(text);
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
