#include "history/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <system_error>
#include <thread>
#include <utility>

#include "base/counted.h"
#include "base/file.h"
#include "history/downs.h"
#include "history/format.h"
#include "history/formats/atlas_sum.h"
#include "history/formats/reader.h"
#include "history/series.h"
#include "sql/meta_command.h"
#include "sql/script.h"

namespace candor::history {
namespace {

using sql::Control;

constexpr std::size_t most_commands = 10;  ///< told of one file

/// Looks at the statements of one file, one after the other.
class Inspector {
 public:
  Inspector(const Migration& migration, std::string_view text, bool is_sqitch)
      : migration_(migration), text_(text), is_sqitch_(is_sqitch) {}

  std::vector<Finding> inspect() {
    if (!walk(Severity::error)) return std::move(findings_);
    if (is_empty())
      findings_.push_back(
          {Severity::warning, Error{.code = codes::empty_migration,
                                    .message = fmt::format("{} holds no statement", migration_.file),
                                    .hint = "remove the file if nobody applied it yet"}});
    judge_mixture();
    judge_control();
    return std::move(findings_);
  }

  /// A way back: what keeps it from being run. `up` does without it, so none of it is an error.
  std::vector<Finding> inspect_down() {
    walk(Severity::warning);
    return std::move(findings_);
  }

  /// Read to its end, and no statement found.
  [[nodiscard]] bool is_empty() const { return is_whole_ && statements_ == 0; }

 private:
  /// False if the file breaks off, which is told with this severity.
  bool walk(Severity severity) {
    const auto done =
        sql::for_each_statement(text_, migration_.file, [&](const sql::Statement& statement) -> Result<> {
          take(statement, sql::analyse(statement.text));
          return {};
        });
    is_whole_ = done.has_value();
    if (is_whole_) return true;
    if (done.error().code.id == codes::psql_command.id)
      tell_commands(severity);
    else
      findings_.push_back({severity, done.error()});
    return false;
  }

  void take(const sql::Statement& statement, const sql::Analysis& analysis) {
    if (!analysis.parsed)
      report(Severity::warning, codes::not_analysed, statement.offset + analysis.parse_error_at,
             "not analysed, the server may know it: " + analysis.parse_error,
             "correct the statement, unless it is written for a newer PostgreSQL than 15");
    if (analysis.outside_transaction && outside_++ == 0) first_outside_ = statement.offset;
    if (analysis.control != Control::none && analysis.control != Control::savepoint) {
      if (controls_++ == 0) first_control_ = statement.offset;
      if (analysis.control == Control::begin) ++begins_;
      begins_it_ = begins_it_ || (statements_ == 0 && analysis.control == Control::begin);
    }
    ++statements_;
    last_ = analysis.control;
  }

  /// Each line that psql alone understands. The statements behind the first are not judged: they may rest on
  /// its variables.
  void tell_commands(Severity severity) {
    sql::MetaCommands commands = sql::meta_commands(text_, migration_.file, most_commands);
    for (Error& command : commands.first) findings_.push_back({severity, std::move(command)});
    if (commands.count > most_commands)
      findings_.push_back(
          {severity, Error{.code = codes::psql_command,
                           .message = fmt::format("{} holds {} psql meta-commands, of which {} are shown",
                                                  printable(migration_.file), commands.count, most_commands),
                           .hint = "replace the others as well"}});
  }

  // Beside such a statement the others lose the transaction that they could have. Where there are no others
  // nothing is lost, and who declares it knows it.
  void judge_mixture() {
    if (outside_ == 0 || outside_ == statements_ || migration_.directives.no_transaction) return;
    report(Severity::notice, codes::outside_transaction, first_outside_,
           "this statement cannot run in a transaction, so the others of the file run without one, too",
           "keep it in a migration of its own");
  }

  // One BEGIN … COMMIT around everything is what Candor does anyway; any other control takes the transaction
  // away.
  void judge_control() {
    if (controls_ == 0) return;
    // Sqitch runs scripts as they are, so every one of them wraps itself.
    const bool wraps_itself = controls_ == 2 && begins_it_ && last_ == Control::commit;
    if (wraps_itself && is_sqitch_) return;
    if (wraps_itself)
      return report(Severity::notice, codes::transaction_control, first_control_,
                    "the file wraps itself in a transaction, which runs in Candor's own",
                    "leave BEGIN and COMMIT out");
    if (begins_ == controls_ && !migration_.directives.no_transaction)
      return report(Severity::warning, codes::transaction_control, first_control_,
                    "this transaction is never ended; it runs in Candor's own, which is",
                    "end it with COMMIT, or leave BEGIN out");
    report(Severity::warning, codes::transaction_control, first_control_,
           "the file controls transactions itself, so it is run without a transaction around it",
           "leave transaction control out, or split the file");
  }

  void report(Severity severity, const Code& code, std::size_t at, std::string message, std::string hint) {
    findings_.push_back({severity, Error{.code = code,
                                         .message = std::move(message),
                                         .where = sql::position_of(migration_.file, text_, at),
                                         .hint = std::move(hint)}});
  }

  const Migration& migration_;
  std::string_view text_;
  bool is_sqitch_;
  std::vector<Finding> findings_;
  bool is_whole_ = false;
  std::size_t statements_ = 0;
  std::size_t outside_ = 0;  ///< statements that cannot run in a transaction
  std::size_t first_outside_ = 0;
  std::size_t controls_ = 0;  ///< statements of transaction control, savepoints apart
  std::size_t first_control_ = 0;
  std::size_t begins_ = 0;
  bool begins_it_ = false;  ///< the first statement is BEGIN
  Control last_ = Control::none;
};

/// What is found of one migration.
struct Found {
  std::vector<Finding> findings;
  Emptiness empty;
};

Found lint_one(const Migration& migration, bool is_sqitch) {
  Found found;
  if (const auto text = MigrationText::open(migration)) {
    Inspector inspector(migration, text->view(), is_sqitch);
    found.findings = inspector.inspect();
    found.empty.up = inspector.is_empty();
  } else {
    found.findings.push_back({Severity::error, text.error()});
  }
  if (!migration.down) return found;
  const Migration down = inverse_of(migration);
  if (const auto text = MigrationText::open(down)) {
    Inspector inspector(down, text->view(), is_sqitch);
    std::ranges::move(inspector.inspect_down(), std::back_inserter(found.findings));
    const bool told = is_sqitch && trimmed(text->view()).empty();  // by the format's check
    found.empty.down = inspector.is_empty() && !told;
  } else {
    found.findings.push_back({Severity::warning, text.error()});
  }
  return found;
}

/// One value that is missing in seventy files is one mistake.
void tell_placeholders_once(std::vector<Finding>& findings) {
  std::map<std::string, std::size_t> first, others;  // by message: where it is told, in how many files more
  std::vector<Finding> kept;
  for (Finding& finding : findings) {
    const std::string& message = finding.what.message;
    if (finding.what.code.id == codes::placeholder_unknown.id && !first.emplace(message, kept.size()).second)
      ++others[message];
    else
      kept.push_back(std::move(finding));
  }
  for (const auto& [message, count] : others)
    kept[first.at(message)].what.detail = fmt::format("the same in {}", counted(count, "other file"));
  findings = std::move(kept);
}

}  // namespace

std::vector<Finding> lint(const History& history) {
  const auto& migrations = history.migrations;
  std::vector<Found> found(migrations.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < migrations.size(); i = next++)
      found[i] = lint_one(migrations[i], history.format == "sqitch");
  };
  std::jthread helper;
  try {
    helper = std::jthread(work);
  } catch (const std::system_error&) {
    // no second thread to be had: one does it all
  }
  work();
  if (helper.joinable()) helper.join();
  std::vector<Finding> findings;
  if (const Format* const format = find_format(history.format); format != nullptr && format->check != nullptr)
    format->check(history, findings);
  check_times(history, findings);
  if (history.format != "atlas") check_atlas_sum(history, findings);  // Atlas keeps other tools' folders, too
  std::vector<Emptiness> empty;
  for (Found& one : found) {
    std::ranges::move(one.findings, std::back_inserter(findings));
    empty.push_back(one.empty);
  }
  tell_placeholders_once(findings);
  check_downs(history, empty, findings);
  return findings;
}

}  // namespace candor::history
