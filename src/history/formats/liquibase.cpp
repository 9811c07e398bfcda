/// Liquibase's formatted SQL: several changesets in a file, each of them a migration; the files in the order
/// of their names, the changesets in that of the file.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "history/formats/formats.h"
#include "history/formats/liquibase_header.h"
#include "history/formats/reader.h"

namespace candor::history {
namespace {

int recognise(const Listing& listing) {
  for (const Listing::Entry& entry : listing.entries)
    if (is_formatted_sql(entry.head)) return 97;
  return 0;
}

/// The changesets of one file.
class Changesets {
 public:
  Changesets(FormatReader& reader, const Listing& listing, std::string file, std::string_view text,
             std::set<std::string>& known)
      : reader_(reader), listing_(listing), file_(std::move(file)), text_(text), known_(known) {}

  void read() {
    bool in_rollback = false;  // inside /* liquibase rollback … */
    for (const Line& line : lines_of(text_)) {
      if (in_rollback) {
        in_rollback = line.text.find("*/") == std::string_view::npos;
        if (in_rollback) down_.push_back({line.begin, line.next});
        begin_ = line.next;
        continue;
      }
      if (is_rollback_comment(line.text)) {
        close_part(line.begin);
        in_rollback = line.text.find("*/") == std::string_view::npos;
        begin_ = line.next;
        continue;
      }
      if (const auto mark = read_mark(line.text)) take(*mark, line);
    }
    finish(text_.size());
    reader_.warn_of_statement_before(first_, file_, text_,
                                     "no changeset holds this statement: it is never run",
                                     "write --changeset author:id above it");
  }

 private:
  void take(const LiquibaseMark& mark, const Line& line) {
    switch (mark.kind) {
      case LiquibaseMark::Kind::changeset:
        finish(line.begin);
        return open(mark, line);
      case LiquibaseMark::Kind::rollback:
        return rollback(mark, line);
      case LiquibaseMark::Kind::harmless:
        return;
      case LiquibaseMark::Kind::malformed:
        return report(Severity::error, codes::sections_malformed, line,
                      "a changeset is written --changeset author:id", "name its author and its id");
      case LiquibaseMark::Kind::unsupported:
        return report(Severity::error, codes::not_supported, line,
                      fmt::format("Candor does not follow --{}", printable(mark.name)),
                      "write the changeset so that it needs no such line, and remove it");
    }
  }

  void open(const LiquibaseMark& mark, const Line& line) {
    is_open_ = true;
    is_run_ = true;
    first_ = std::min(first_, line.begin);
    begin_ = line.next;
    migration_ = make_migration(listing_, {{}, mark.id}, file_);
    if (!known_.insert(fmt::format("{}\n{}\n{}", file_, mark.author, mark.id)).second)
      report(Severity::error, codes::listed_twice, line,
             fmt::format("the changeset {}:{} stands twice in the file: Liquibase refuses it",
                         printable(mark.author), printable(mark.id)),
             "give one of the two another id");
    for (const auto& [key, value] : mark.attributes) attribute(key, value, line);
  }

  void attribute(const std::string& key, const std::string& value, const Line& line) {
    switch (judge_attribute(key, value)) {
      case LiquibaseAttribute::nothing:
        return;
      case LiquibaseAttribute::no_transaction:
        migration_.directives.no_transaction = true;
        return;
      case LiquibaseAttribute::not_run:
        is_run_ = false;
        return report(
            Severity::warning, codes::would_be_skipped, line,
            fmt::format("{}:{} keeps this changeset from ever running on PostgreSQL", key, printable(value)),
            "remove the changeset, or the attribute");
      case LiquibaseAttribute::depends:
        return report(Severity::warning, codes::would_be_skipped, line,
                      fmt::format("{}:{} lets Liquibase pass over this changeset; Candor always runs it", key,
                                  printable(value)),
                      "remove the attribute, if the changeset belongs everywhere");
      case LiquibaseAttribute::swallows:
        return report(
            Severity::warning, codes::would_be_skipped, line,
            "failOnError:false lets Liquibase report success when this changeset fails; Candor stops",
            "remove the attribute");
      case LiquibaseAttribute::unsupported:
        return report(Severity::error, codes::not_supported, line,
                      fmt::format("Candor does not follow {}:{}", printable(key), printable(value)),
                      "remove the attribute; write a changeset for each change");
    }
  }

  /// "--rollback DROP TABLE t;": what is run to undo stands behind the word.
  void rollback(const LiquibaseMark& mark, const Line& line) {
    if (!is_open_) return;
    if (mark.name == "empty" || mark.name == "not required") return;
    if (begins_with_word(mark.name, "changesetid"))
      return report(Severity::error, codes::not_supported, line,
                    "Candor does not follow --rollback changesetId", "write the SQL behind --rollback");
    down_.push_back({line.begin + mark.value_at, line.end});
  }

  void close_part(std::size_t end) {
    if (is_open_ && end > begin_) migration_.parts.push_back({begin_, end});
  }

  void finish(std::size_t end) {
    close_part(end);
    if (is_open_ && is_run_) {
      if (migration_.parts.empty()) migration_.parts.push_back({0, 0});
      if (!down_.empty()) {
        migration_.down = migration_.path;
        migration_.down_parts = down_;
      }
      reader_.history.migrations.push_back(migration_);
    }
    is_open_ = false;
    down_.clear();
  }

  void report(Severity severity, const Code& code, const Line& line, std::string message, std::string hint) {
    reader_.report_at(severity, code, file_, text_, line.begin, std::move(message), std::move(hint));
  }

  FormatReader& reader_;
  const Listing& listing_;
  std::string file_;
  std::string_view text_;
  std::set<std::string>& known_;
  Migration migration_;
  std::vector<Part> down_;
  std::size_t begin_ = 0;
  std::size_t first_ = std::string_view::npos;  ///< where the first changeset begins
  bool is_open_ = false, is_run_ = true;
};

class Reader : public FormatReader {
 public:
  using FormatReader::FormatReader;

  History read() {
    for (const Listing::Entry& entry : listing.entries) take(entry);
    number_as_listed(history.migrations);
    return std::move(history);
  }

 private:
  void take(const Listing::Entry& entry) {
    constexpr std::string_view changelogs[] = {".xml", ".yaml", ".yml", ".json"};
    const bool is_changelog = std::ranges::any_of(
        changelogs, [&](std::string_view ending) { return entry.name.ends_with(ending); });
    if (!entry.is_directory && is_changelog)
      return error(
          codes::not_supported,
          fmt::format("Candor does not read {}: the changesets of the folder are run in the order of the "
                      "files' names",
                      entry.name),
          "name the files so that this is the changelog's order, and move it out of the folder");
    if (entry.is_directory || !entry.name.ends_with(".sql")) return pass_over(entry);
    if (!is_formatted_sql(entry.head)) return not_formatted(entry);
    Migration whole = make_migration(listing, {}, entry.name);
    if (const auto text = text_of(whole)) Changesets(*this, listing, entry.name, text->view(), known_).read();
  }

  void not_formatted(const Listing::Entry& entry) {
    auto finding = unmatched(listing, entry);
    if (!finding) return;
    finding->what.hint = "begin it with --liquibase formatted sql, or move it out of the migrations folder";
    history.findings.push_back(std::move(*finding));
  }

  std::set<std::string> known_;
};

Result<History> read(const Listing& listing) {
  return Reader(listing).read();
}

}  // namespace

const Format liquibase{.name = "liquibase",
                       .recognise = recognise,
                       .read = read,
                       .placeholder_open = "${",
                       .placeholder_close = "}"};

}  // namespace candor::history
