/// dbmate: VERSIONname.sql with sections, `-- migrate:up` and `-- migrate:down`.
#include <fmt/format.h>

#include <algorithm>

#include "history/formats/formats.h"
#include "history/formats/reader.h"

namespace candor::history {
namespace {

struct Marker {
  bool up = false;
  std::string_view options;
};

/// "-- migrate:up transaction:false" at the beginning of a line.
std::optional<Marker> marker_in(std::string_view line) {
  if (!line.starts_with("--")) return std::nullopt;
  line.remove_prefix(2);
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  for (const std::string_view word : {"migrate:up", "migrate:down"}) {
    if (!line.starts_with(word)) continue;
    const std::string_view rest = line.substr(word.size());
    if (rest.empty() || rest[0] == ' ' || rest[0] == '\t') return Marker{word == "migrate:up", trimmed(rest)};
  }
  return std::nullopt;
}

int recognise(const Listing& listing) {
  for (const Listing::Entry& entry : listing.entries)
    for (const Line& line : lines_of(entry.head))
      if (marker_in(line.text)) return 97;
  return 0;
}

class Sections {
 public:
  Sections(FormatReader& reader, Migration& migration, std::string_view text)
      : reader_(reader), migration_(migration), text_(text) {}

  void read() {
    for (const Line& line : lines_of(text_)) {
      if (const auto marker = marker_in(line.text))
        open(*marker, line);
      else if (section_ == nullptr && !told_ && !trimmed(line.text).empty() && !line.text.starts_with("--"))
        before_up(line);
    }
    close(text_.size());
    if (!has_up_)
      report(Severity::error, 0, "there is no `-- migrate:up`, without which dbmate refuses the file",
             "write -- migrate:up above the statements");
    else if (!has_down_)
      report(Severity::warning, 0, "there is no `-- migrate:down`, without which dbmate refuses the file",
             "add -- migrate:down below the statements, with what undoes them");
  }

 private:
  void open(const Marker& marker, const Line& line) {
    close(line.begin);
    bool& has = marker.up ? has_up_ : has_down_;
    if (has)
      return report(Severity::error, line.begin,
                    marker.up
                        ? "there is a second `-- migrate:up`: dbmate records the version twice, and fails "
                          "there with the first section applied"
                        : "there is a second `-- migrate:down`",
                    "make the second section a migration of its own");
    if (!marker.up && !has_up_)
      return report(Severity::error, line.begin, "`-- migrate:down` stands above `-- migrate:up`",
                    "put the up section first");
    has = true;
    if (marker.options == "transaction:false") {
      if (marker.up) migration_.directives.no_transaction = true;
    } else if (!marker.options.empty() && marker.options != "transaction:true") {
      reader_.report_at(Severity::error, codes::not_supported, migration_.file, text_, line.begin,
                        fmt::format("Candor does not know the option \"{}\"", printable(marker.options)),
                        "write transaction:false, or nothing");
    }
    section_ = marker.up ? &migration_.parts : &migration_.down_parts;
    section_->push_back({line.next, line.next});
    if (!marker.up) migration_.down = migration_.path;
  }

  void close(std::size_t end) {
    if (section_ != nullptr) section_->back().end = end;
    section_ = nullptr;
  }

  void before_up(const Line& line) {
    if (has_up_ || has_down_) return;
    told_ = true;
    report(Severity::error, line.begin, "a statement stands above `-- migrate:up`, where dbmate refuses it",
           "move it below -- migrate:up");
  }

  void report(Severity severity, std::size_t at, std::string message, std::string hint) {
    reader_.report_at(severity, codes::sections_malformed, migration_.file, text_, at, std::move(message),
                      std::move(hint));
  }

  FormatReader& reader_;
  Migration& migration_;
  std::string_view text_;
  std::vector<Part>* section_ = nullptr;
  bool has_up_ = false, has_down_ = false, told_ = false;
};

class Reader : public FormatReader {
 public:
  using FormatReader::FormatReader;

  History read() {
    for (const Listing::Entry& entry : listing.entries) take(entry);
    order_by_name();  // two files of one version are told by the series
    return std::move(history);
  }

 private:
  void take(const Listing::Entry& entry) {
    const auto name = without_ending(entry.name, ".sql");
    const std::size_t digits = name ? leading_digits(*name) : 0;
    if (entry.is_directory || digits == 0) return pass_over(entry);
    std::string_view rest = name->substr(digits);
    if (rest.starts_with('_') || rest.starts_with('-')) rest.remove_prefix(1);
    Migration migration = make_migration(listing, {name->substr(0, digits), rest}, entry.name);
    if (const auto text = text_of(migration)) Sections(*this, migration, text->view()).read();
    history.migrations.push_back(std::move(migration));
  }
};

Result<History> read(const Listing& listing) {
  return Reader(listing).read();
}

void check(const History& history, std::vector<Finding>& findings) {
  for (std::size_t i = 1; i < history.migrations.size(); ++i) {
    const Migration &one = history.migrations[i - 1], &other = history.migrations[i];
    if (one.version.text() != other.version.text()) continue;
    findings.push_back(
        {Severity::error,
         Error{.code = codes::would_be_skipped,
               .message = fmt::format("dbmate never runs {} where {} was applied, and lists it as applied",
                                      other.file, one.file),
               .detail = "it knows migrations by their digits alone",
               .hint = fmt::format("give {} a version of its own", other.file)}});
  }
}

}  // namespace

const Format dbmate{.name = "dbmate", .recognise = recognise, .read = read, .check = check};

}  // namespace candor::history
