/// graphile-migrate: committed/NNNNNN-name.sql, each with the hash of the one before it in its header.
#include <fmt/format.h>

#include <algorithm>

#include "history/formats/formats.h"
#include "history/formats/reader.h"
#include "history/formats/sums.h"
#include "sql/lexer.h"

namespace candor::history {
namespace {

/// Digits, perhaps '-' and a slug.
std::optional<Stem> stem_of(std::string_view file) {
  const auto name = without_ending(file, ".sql");
  if (!name) return std::nullopt;
  const std::size_t digits = std::min(name->find_first_not_of("0123456789"), name->size());
  const std::string_view rest = name->substr(digits);
  if (digits == 0 || (!rest.empty() && rest[0] != '-')) return std::nullopt;
  return Stem{name->substr(0, digits), rest.empty() ? rest : rest.substr(1)};
}

struct Header {
  std::string_view previous, hash, body;
  bool allow_invalid_hash = false;
};

/// The lines `--! Name: value`, and what is below them.
Header read_header(std::string_view text) {
  Header header;
  std::size_t body = 0;
  for (const Line& line : lines_of(text)) {
    if (!line.text.starts_with("--! ") || begins_with_word(line.text, "--! no-transaction")) break;
    const std::string_view rest = line.text.substr(4);
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    const std::string_view name = trimmed(rest.substr(0, colon));
    const std::string_view value = colon == rest.size() ? "" : trimmed(rest.substr(colon + 1));
    if (name == "Previous") header.previous = value;
    if (name == "Hash") header.hash = value;
    if (name == "AllowInvalidHash") header.allow_invalid_hash = true;
    body = line.next;
  }
  header.body = text.substr(body);
  return header;
}

bool has_header(const Listing& listing) {
  return std::ranges::any_of(listing.entries, [](const auto& entry) {
    return !entry.is_directory && stem_of(entry.name) && entry.head.starts_with("--! Previous:");
  });
}

int recognise(const Listing& listing) {
  return has_header(listing) ? 97 : 0;
}

class Reader : public FormatReader {
 public:
  using FormatReader::FormatReader;

  History read() {
    shape = "NUMBER-NAME.sql";
    for (const Listing::Entry& entry : listing.entries) take(entry);
    order_by_name();
    return std::move(history);
  }

 private:
  void take(const Listing::Entry& entry) {
    const auto stem = entry.is_directory ? std::nullopt : stem_of(entry.name);
    if (!stem) return pass_over(entry);
    Migration migration = make_migration(listing, *stem, entry.name);
    if (const auto text = text_of(migration)) look_into(migration, text->view());
    history.migrations.push_back(std::move(migration));
  }

  void look_into(Migration& migration, std::string_view text) {
    const Header header = read_header(text);
    if (header.hash.empty() || header.previous.empty())
      report_at(
          Severity::error, codes::sections_malformed, migration.file, text, 0,
          "the header lacks `--! Previous:` or `--! Hash:`, without which graphile-migrate refuses the file",
          "commit the migration with `graphile-migrate commit`");
    const auto body_lines = lines_of(header.body);
    const auto first =
        std::ranges::find_if(body_lines, [](const Line& line) { return !trimmed(line.text).empty(); });
    migration.directives.no_transaction =
        first != body_lines.end() && begins_with_word(first->text, "--! no-transaction");
    look_for_placeholder(migration, text);
  }

  /// :DATABASE_OWNER and its like are put in by graphile-migrate.
  void look_for_placeholder(const Migration& migration, std::string_view text) {
    sql::Lexer lexer(text);
    for (sql::Token token = lexer.next(), before; token.kind != sql::Token::Kind::end;
         before = token, token = lexer.next()) {
      if (token.kind == sql::Token::Kind::unclosed) return;  // told by lint
      const bool colon =
          before.kind == sql::Token::Kind::other && lexer.text(before) == ":" && before.end == token.begin;
      if (!colon || token.kind != sql::Token::Kind::word) continue;
      const std::string_view word = lexer.text(token);
      if (word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != std::string_view::npos) continue;
      return report_at(
          Severity::error, codes::not_supported, migration.file, text, before.begin,
          fmt::format("graphile-migrate puts a value in the place of :{}, Candor does not", word),
          "write a value, or current_user and current_database() in dynamic SQL");
    }
  }
};

Result<History> read(const Listing& listing) {
  return Reader(listing).read();
}

std::string hash_of(std::string_view previous, std::string_view body) {
  const std::string whole = fmt::format("{}\n{}", previous, trimmed(body));
  return fmt::format("sha1:{}", digest_hex("sha1", fmt::format("{}\n", trimmed(whole))));
}

void check(const History& history, std::vector<Finding>& findings) {
  std::string before;  // the hash of the file before, as written there
  for (const Migration& migration : history.migrations) {
    const auto text = FormatReader::text_of(migration);
    if (!text) continue;
    const Header header = read_header(text->view());
    if (header.hash.empty() || header.previous.empty()) continue;  // told
    const std::string_view previous = header.previous == "-" ? "" : header.previous;
    const auto report = [&](std::string message, std::string detail, std::string hint) {
      findings.push_back({Severity::error, Error{.code = codes::sum_mismatch,
                                                 .message = std::move(message),
                                                 .detail = std::move(detail),
                                                 .hint = std::move(hint)}});
    };
    if (previous != before)
      report(fmt::format("{} does not follow the file before it", migration.file),
             fmt::format("its Previous is {}, the hash before it is {}", printable(header.previous),
                         before.empty() ? "-" : printable(before)),
             "bring the files into one line: uncommit and commit the later ones again");
    const std::string hash = hash_of(previous, header.body);
    if (!header.allow_invalid_hash && hash != header.hash)
      report(fmt::format("{} was edited after it was committed", migration.file),
             fmt::format("its Hash is {}, its body has {}", printable(header.hash), hash),
             "restore the body; a change belongs into a new migration");
    before = header.hash;
  }
}

}  // namespace

const Format graphile{.name = "graphile-migrate", .recognise = recognise, .read = read, .check = check};

}  // namespace candor::history
