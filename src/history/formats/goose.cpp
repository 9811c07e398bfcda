/// goose: VERSION_name.sql with sections, `-- +goose Up` and `-- +goose Down`.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "history/formats/formats.h"
#include "history/formats/reader.h"
#include "sql/lexer.h"
#include "sql/script.h"

namespace candor::history {
namespace {

/// "up" of "-- +goose Up", in lower case and with single blanks; nothing for any other line.
std::optional<std::string> annotation(std::string_view line) {
  if (!line.starts_with("--")) return std::nullopt;
  line = trimmed(line.substr(2));
  if (!begins_with_word(line, "+goose")) return std::nullopt;
  std::string words;
  for (const char c : trimmed(line.substr(6))) {
    const bool blank = c == ' ' || c == '\t';
    if (blank && words.ends_with(' ')) continue;
    words += blank ? ' ' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return words;
}

bool has_annotation(std::string_view head) {
  return std::ranges::any_of(lines_of(head),
                             [](const Line& line) { return annotation(line.text).has_value(); });
}

int recognise(const Listing& listing) {
  for (const Listing::Entry& entry : listing.entries)
    if (has_annotation(entry.head)) return 97;
  return 0;
}

/// The sections of one file.
class Sections {
 public:
  Sections(FormatReader& reader, Migration& migration, std::string_view text)
      : reader_(reader), migration_(migration), text_(text) {}

  void read() {
    for (const Line& line : lines_of(text_)) {
      if (const auto words = annotation(line.text))
        take(*words, line);
      else if (is_blank(line.text) || in_statement_)
        continue;
      else if (section_ == nullptr && !told_)
        before_up(line);
      else
        take_text(line);
    }
    close(text_.size());
    if (in_statement_)
      malformed(statement_at_, "StatementBegin has no StatementEnd", "add -- +goose StatementEnd");
    if (!has_up_) malformed(0, "there is no `-- +goose Up`", "write -- +goose Up above the statements");
    if (has_up_ && migration_.parts.empty())
      migration_.parts.push_back({0, 0});  // nothing, and not everything
    if (has_down_) migration_.down = migration_.path;
    if (has_down_ && migration_.down_parts.empty()) migration_.down_parts.push_back({0, 0});
  }

 private:
  static bool is_blank(std::string_view line) {
    line = trimmed(line);
    return line.empty() || line.starts_with("--");
  }

  void take_text(const Line& line) {
    last_ = line;
    if (ends_in_semicolon(line.text)) ends_.push_back(line);
  }

  void take(std::string_view words, const Line& line) {
    if (words == "up" || words == "down") return open(words == "up", line);
    if (words == "statementbegin" || words == "statementend")
      return statement(words == "statementbegin", line);
    if (words == "no transaction") {
      migration_.directives.no_transaction = true;
      return;
    }
    if (words == "envsub off") return;
    if (words == "envsub on")
      return reader_.report_at(
          Severity::error, codes::not_supported, migration_.file, text_, line.begin,
          "ENVSUB puts variables of the environment into the SQL, so what is run depends on "
          "where it is run",
          "write the values into the file, and remove the line");
    malformed(line.begin, fmt::format("goose knows no `{}`", printable(words)),
              "write one of Up, Down, StatementBegin, StatementEnd, NO TRANSACTION");
  }

  void open(bool up, const Line& line) {
    close(line.begin);
    bool& has = up ? has_up_ : has_down_;
    if (has) return malformed(line.begin, "the section stands twice in the file", "keep one of the two");
    if (up && has_down_) return malformed(line.begin, "Up stands below Down", "put the Up section first");
    if (in_statement_)
      return malformed(line.begin, "StatementBegin has no StatementEnd", "add -- +goose StatementEnd above");
    has = true;
    section_ = up ? &migration_.parts : &migration_.down_parts;
    begin_ = line.next;
  }

  void close(std::size_t end) {
    if (section_ != nullptr && end > begin_) section_->push_back({begin_, end});
    if (section_ != nullptr && last_ && !ends_in_semicolon(last_->text))
      reader_.report_at(
          Severity::warning, codes::sections_malformed, migration_.file, text_, last_->begin,
          "the last statement of the section has no semicolon, without which goose refuses the file",
          "end the statement with a semicolon");
    if (section_ != nullptr) look_for_cuts(text_.substr(begin_, end - begin_));
    last_.reset();
    ends_.clear();
    section_ = nullptr;
  }

  /// Goose ends a statement with a line, wherever in the statement the line stands; the first such line of
  /// each is told. What is not closed is told by whoever runs or checks the file.
  void look_for_cuts(std::string_view section) {
    auto end = ends_.begin();
    std::ignore = sql::for_each_statement(section, migration_.file, [&](const sql::Statement& statement) {
      const std::size_t begins = begin_ + statement.offset, stops = begins + statement.text.size();
      while (end != ends_.end() && semicolon_of(*end) < begins) ++end;
      if (end != ends_.end() && semicolon_of(*end) < stops)
        malformed(end->begin, "goose ends a statement at this line, and cuts one in two",
                  "put -- +goose StatementBegin above the statement, and -- +goose StatementEnd below it");
      while (end != ends_.end() && semicolon_of(*end) < stops) ++end;
      return Result<>();
    });
  }

  /// As goose sees it: a comment behind the semicolon does not count.
  static bool ends_in_semicolon(std::string_view line) {
    return trimmed(line.substr(0, line.find("--"))).ends_with(';');
  }
  /// Where it stands in the text.
  static std::size_t semicolon_of(const Line& line) {
    return line.begin + line.text.substr(0, line.text.find("--")).rfind(';');
  }

  void statement(bool begins, const Line& line) {
    if (begins == in_statement_)
      return malformed(line.begin,
                       begins ? "StatementBegin stands inside another" : "StatementEnd has no StatementBegin",
                       "give every StatementBegin its StatementEnd");
    in_statement_ = begins;
    if (!begins) last_.reset();
    statement_at_ = line.begin;
  }

  void before_up(const Line& line) {
    if (has_down_ || has_up_) return;
    told_ = true;
    malformed(line.begin, "a statement stands above `-- +goose Up`, where goose refuses it",
              "move it below -- +goose Up");
  }

  void malformed(std::size_t at, std::string message, std::string hint) {
    reader_.report_at(Severity::error, codes::sections_malformed, migration_.file, text_, at,
                      std::move(message), std::move(hint));
  }

  FormatReader& reader_;
  Migration& migration_;
  std::string_view text_;
  std::vector<Part>* section_ = nullptr;
  std::optional<Line> last_;  ///< of the section that is no comment, outside StatementBegin
  std::vector<Line> ends_;    ///< of the section, where goose ends a statement
  std::size_t begin_ = 0, statement_at_ = 0;
  bool has_up_ = false, has_down_ = false, in_statement_ = false, told_ = false;
};

class Reader : public FormatReader {
 public:
  using FormatReader::FormatReader;

  History read() {
    for (const Listing::Entry& entry : listing.entries) take(entry);
    return std::move(history);
  }

 private:
  void take(const Listing::Entry& entry) {
    const auto name = without_ending(entry.name, ".sql");
    const auto stem = name ? read_stem(*name) : std::nullopt;
    if (entry.is_directory || !stem || name->find('_') == std::string_view::npos) {
      if (entry.name.ends_with(".go") && !not_sql(entry)) return;  // the package that embeds the files
      return pass_over(entry);
    }
    constexpr std::string_view largest = "9223372036854775807";  // it reads an int64
    if (exceeds(stem->version, largest))
      return error(codes::unmatched_file, fmt::format("the version of {} is too large for goose", entry.name),
                   "give it a version of at most 18 digits");
    if (Version(std::string(stem->version)) == Version("0"))
      return error(codes::unmatched_file,
                   fmt::format("{} has the version 0, which goose refuses", entry.name),
                   "give it a version from 1");
    Migration migration = make_migration(listing, *stem, entry.name);
    if (const auto text = text_of(migration)) Sections(*this, migration, text->view()).read();
    history.migrations.push_back(std::move(migration));
  }
};

Result<History> read(const Listing& listing) {
  return Reader(listing).read();
}

}  // namespace

const Format goose{.name = "goose", .recognise = recognise, .read = read};

}  // namespace candor::history
