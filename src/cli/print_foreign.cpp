#include "cli/print_foreign.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/file.h"
#include "cli/format.h"

namespace candor::cli {

namespace {

using engine::ForeignHistory;
using history::ForeignJudgement;
using Checksum = ForeignJudgement::Checksum;

std::string_view word_of(Checksum checksum) {
  constexpr std::string_view words[] = {"none", "same", "differs"};
  return words[static_cast<std::size_t>(checksum)];
}

/// Text of a foreign table may be in no encoding at all; the document is UTF-8.
Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json record_json(const history::ForeignRecord& record) {
  return {{"key", text_or_null(record.key)},     {"version", text_or_null(record.version)},
          {"name", text_or_null(record.name)},   {"checksum", text_or_null(record.checksum)},
          {"state", to_string(record.state)},    {"applied_at", text_or_null(record.applied_at)},
          {"error", text_or_null(record.error)}, {"row", Json::parse(record.raw, nullptr, false)}};
}

Json migration_json(const history::Migration& migration, const ForeignJudgement& judgement) {
  return {{"version", migration.version.text()},
          {"name", migration.name},
          {"verdict", to_string(judgement.verdict)},
          {"reason", text_or_null(judgement.reason)},
          {"key", judgement.record != nullptr ? text_or_null(judgement.record->key) : Json()},
          {"checksum", word_of(judgement.checksum)},
          {"form", judgement.form.empty() ? Json() : Json(judgement.form)}};
}

Json ledger_json(const engine::Project& project, const ForeignHistory& history, bool chosen) {
  Json records = Json::array(), migrations = Json::array();
  for (const history::ForeignRecord& record : history.records) records.push_back(record_json(record));
  for (std::size_t i = 0; i < history.verdicts.migrations.size(); ++i)
    migrations.push_back(migration_json(project.history.migrations[i], history.verdicts.migrations[i]));
  return {{"tool", name_of(history.ledger)},
          {"table", history.ledger.table.identity()},
          {"chosen", chosen},
          {"readable", !history.unreadable},
          {"blocked", text_or_null(history.verdicts.blocked)},
          {"records", std::move(records)},
          {"migrations", std::move(migrations)}};
}

/// "6 recorded, 1 never runs".
std::string verdicts_line(const ForeignHistory& history) {
  std::map<ForeignJudgement::Verdict, std::size_t> counts;
  for (const ForeignJudgement& judgement : history.verdicts.migrations) ++counts[judgement.verdict];
  std::string line;
  for (const auto& [verdict, count] : counts)
    line += fmt::format("{}{} {}", line.empty() ? "" : ", ", count, to_string(verdict));
  return line;
}

/// "checksums: 4 as it is, 2 with CRLF line ends, 1 edited"; empty where the tool keeps none.
std::string checksums_line(const ForeignHistory& history) {
  std::map<std::string_view, std::size_t> forms;
  for (const ForeignJudgement& judgement : history.verdicts.migrations) {
    if (judgement.checksum == Checksum::same) ++forms[judgement.form];
    if (judgement.checksum == Checksum::differs) ++forms["edited"];
  }
  std::string line;
  for (const auto& [form, count] : forms)
    line += fmt::format("{}{} {}", line.empty() ? "; checksums: " : ", ", count, form);
  return line;
}

}  // namespace

Json to_json(const engine::Project& project, const engine::ForeignHistories& histories) {
  Json list = Json::array();
  for (const ForeignHistory& history : histories.all)
    list.push_back(ledger_json(project, history, &history == histories.mine()));
  return list;
}

void print_foreign(Context& context, const engine::ForeignHistories& histories) {
  for (const ForeignHistory& history : histories.all) {
    std::string line =
        fmt::format("{} ({})", printable(history.ledger.table.identity()), title_of(history.ledger));
    if (history.unreadable)
      line += " cannot be read";
    else if (&history != histories.mine())
      line +=
          fmt::format(": {}, {} fit these files", counted(history.records.size(), "row"), history.fitting);
    else
      line += fmt::format(": {}; {}{}", counted(history.records.size(), "row"), verdicts_line(history),
                          checksums_line(history));
    context.out.line(line);
  }
}

}  // namespace candor::cli
