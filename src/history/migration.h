/// history/migration.h: a migration on disk, and the history that they make.
#pragma once

#include <compare>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/file.h"

namespace candor::history {

/// A migration's version: digits, compared as numbers of any length ("0021" equals "21"), except that digits
/// behind a timestamp (YYYYMMDDhhmmss) are a fraction of it; groups separated by '.' or '-' or '_' compare
/// one after the other where a format allows them. That of a repeatable migration is "R__" and what describes
/// it: it stands behind all numbers, in the order of the text (Flyway, MigrationInfo.compareTo).
class Version {
 public:
  Version() = default;
  explicit Version(std::string text) : text_(std::move(text)) {}
  [[nodiscard]] const std::string& text() const { return text_; }  ///< as in the file's name
  [[nodiscard]] bool empty() const { return text_.empty(); }
  /// The migration runs behind all others, and again whenever its file has changed.
  [[nodiscard]] bool repeatable() const { return text_.starts_with("R__"); }
  friend std::strong_ordering operator<=>(const Version& a, const Version& b);
  friend bool operator==(const Version& a, const Version& b) { return (a <=> b) == 0; }

 private:
  std::string text_;
};

/// The comments at the top of a file that speak to Candor (`-- candor:NAME VALUE`).
struct Directives {
  bool no_transaction = false;
  std::optional<std::string> lock_timeout;       ///< as PostgreSQL reads it: "3s"
  std::optional<std::string> statement_timeout;  ///< likewise
  std::vector<std::string> varies;  ///< patterns over identities, '*' matches any run of characters
  std::vector<std::string> expect;  ///< boolean SQL
};

/// Bytes of a file's text (counted behind its byte-order mark): what of it is run.
struct Part {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// What a tool writes into its files for a value that is given elsewhere: `${schema}` where a format says
/// "${" and "}". The values are [placeholders] in candor.toml.
struct Placeholders {
  std::string open, close;
  std::map<std::string, std::string, std::less<>> values;
};

struct Migration {
  Version version;
  std::string name;                           ///< "add_sessions"
  std::filesystem::path path;                 ///< the file that is run
  std::vector<Part> parts;                    ///< ascending; what of the file is run; none: all of it
  std::optional<std::filesystem::path> down;  ///< the file of its inverse, if there is one: may be `path`
  std::vector<Part> down_parts;               ///< likewise
  std::string file;      ///< `path` relative to the migrations folder, for people and the lock
  std::string checksum;  ///< "sha256:…" of the normalised text that is run (checksum_of)
  Directives directives;
  std::shared_ptr<const Placeholders> placeholders;  ///< null: the format has none
};

/// `migration`'s inverse as what runs migrations takes it. REQUIRES: `migration.down`.
Migration inverse_of(const Migration& migration);

/// The ordered migrations of a folder.
struct History {
  std::string format;  ///< "native", "updown"
  std::filesystem::path folder;
  std::vector<Migration> migrations;  ///< ascending versions
  std::vector<Migration> unlisted;  ///< files that the tool's own list lacks, each told in a finding (C0321)
  std::vector<Finding> findings;    ///< duplicates, unmatched files, bad directives, …: errors stop every
                                    ///< command that would apply or lock

  [[nodiscard]] const Migration* find(const Version& version) const;
  /// The last that is not repeatable; null: there is none.
  [[nodiscard]] const Migration* last_versioned() const;
};

/// A migration's text: mapped, valid UTF-8, byte-order mark dropped. CRLF stays as it is for the server
/// (string literals keep their bytes), only the checksum reads CRLF as LF. Where only parts of the file are
/// run, the others are blanks, so that every position is the file's own.
class MigrationText {
 public:
  /// Errors: C0004 · C0307 with the position of the first bad byte · C0319 a placeholder without a value.
  static Result<MigrationText> open(const Migration& migration);
  static Result<MigrationText> open(const std::filesystem::path& path, std::string_view shown_as);
  [[nodiscard]] std::string_view view() const;

 private:
  explicit MigrationText(FileText file);
  FileText file_;                      // no view beside it: a short file's bytes move with it
  std::optional<std::string> edited_;  // parts blanked, placeholders replaced
};

/// `text` behind its byte-order mark, if it has one.
std::string_view without_byte_order_mark(std::string_view text);

/// "sha256:" + hex of the text with its byte-order mark dropped and CRLF read as LF.
std::string checksum_of(std::string_view text);

/// Reads the directives in the comments at the top of `text`; stops at the first statement.
/// Unknown or malformed ones go to `findings` as C0305 with their position.
Directives read_directives(std::string_view text, std::string_view file, std::vector<Finding>& findings);

/// What is known of a folder before it is read.
struct FolderOptions {
  std::string format = {};  ///< a format's name; empty: found by looking
  std::map<std::string, std::string, std::less<>> placeholders = {};  ///< for the formats that have them
};

/// Reads the folder.
/// Errors: C0301 no such folder · C0004 unreadable · C0313 unknown format. Everything else is a finding.
Result<History> read_history(const std::filesystem::path& folder, const FolderOptions& options = {});

/// `history` with its unlisted files behind the others, as the tool would run them if it knew of them.
History with_unlisted(History history);
/// Takes out the findings about lists and sums that a tool keeps beside the files (C0321 to C0325, C0330,
/// C0333): nothing of them is wrong with the files themselves.
std::vector<Finding> take_findings_about_lists(History& history);

}  // namespace candor::history
