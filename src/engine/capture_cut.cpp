#include "engine/capture_cut.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/ascii.h"
#include "base/file.h"
#include "pg/literal.h"
#include "sql/anatomy.h"
#include "sql/lexer.h"
#include "sql/script.h"

namespace candor::engine {
namespace {

using sql::Anatomy;
using Nature = Anatomy::Nature;

/// One statement of a message.
struct Piece {
  std::string session;
  std::string text;  ///< with its parameters written out
  pg::Params params;
  Anatomy anatomy;
  bool dropped = false;  ///< failed, or rolled back
  /// What another session had done by then in a transaction that was still open.
  std::optional<std::size_t> beside = {};
  std::string sqlstate, error;
};

/// `text` with $1, $2 … replaced where they are parameters, not parts of quotes or comments.
std::string bound(std::string_view text, const pg::Params& params) {
  if (params.empty()) return std::string(text);
  std::string result;
  std::size_t done = 0;
  sql::Lexer lexer(text);
  for (auto token = lexer.next(); token.kind != sql::Token::Kind::end; token = lexer.next()) {
    if (token.kind == sql::Token::Kind::unclosed) break;
    if (token.kind != sql::Token::Kind::other) continue;
    for (std::size_t at = token.begin; at + 1 < text.size() && at < token.end; ++at) {
      if (text[at] != '$' || !is_digit(text[at + 1])) continue;
      std::size_t number = 0, end = at + 1;
      while (end < text.size() && is_digit(text[end]))
        number = number * 10 + static_cast<std::size_t>(text[end++] - '0');
      if (number == 0 || number > params.size()) continue;
      result.append(text.substr(done, at - done));
      result += pg::literal(params[number - 1]);
      done = end;
      at = end - 1;
    }
  }
  result.append(text.substr(done));
  return result;
}

/// The statements, and which of them came to nothing.
class Sessions {
 public:
  void take(const pg::Recorded& message) {
    Open& open = sessions_[message.session];
    if (message.ended) {
      drop(open, 0);
      sessions_.erase(message.session);
      return;
    }
    if (message.sqlstate) return failed(message, open);
    for (Piece& piece : split(message)) {
      const std::size_t index = pieces.size();
      piece.beside = open_elsewhere(message.session);
      pieces.push_back(std::move(piece));
      follow(open, index);
    }
  }
  void finish() {
    for (auto& [name, open] : sessions_) drop(open, 0);
    for (Piece& piece : pieces)
      if (piece.beside && pieces[*piece.beside].dropped) piece.beside.reset();
  }

  std::vector<Piece> pieces;

 private:
  /// A session's open transaction.
  struct Open {
    bool in_transaction = false, aborted = false;
    std::vector<std::size_t> pieces;
    std::vector<std::pair<std::string, std::size_t>> savepoints;  ///< name, how many pieces came before
  };

  [[nodiscard]] std::optional<std::size_t> open_elsewhere(const std::string& session) const {
    for (const auto& [other, open] : sessions_) {
      if (other == session || !open.in_transaction) continue;
      for (const std::size_t index : open.pieces)
        if (pieces[index].anatomy.nature != Nature::select && pieces[index].anatomy.nature != Nature::set)
          return index;
    }
    return std::nullopt;
  }

  static std::vector<Piece> split(const pg::Recorded& message) {
    std::vector<Piece> pieces;
    const auto add = [&](std::string_view text) {
      pieces.push_back({.session = message.session,
                        .text = bound(text, message.params),
                        .params = message.params,
                        .anatomy = sql::anatomy_of(text)});
    };
    const auto statements = sql::split(message.text, "the recording");
    if (!statements) {
      add(message.text);
      return pieces;
    }
    for (const sql::Statement& statement : *statements) add(statement.text);
    return pieces;
  }

  /// All that the message holds is undone; an open transaction can only be rolled back.
  void failed(const pg::Recorded& message, Open& open) {
    open.aborted = open.in_transaction;
    pieces.push_back({.session = message.session,
                      .text = message.text,
                      .params = message.params,
                      .dropped = true,
                      .sqlstate = *message.sqlstate,
                      .error = message.error});
  }

  void follow(Open& open, std::size_t index) {
    const Anatomy& anatomy = pieces[index].anatomy;
    if (anatomy.nature != Nature::control) {
      if (open.in_transaction) open.pieces.push_back(index);
      return;
    }
    if (anatomy.control == "begin") {
      if (!open.in_transaction) open = {.in_transaction = true};
    } else if (anatomy.control == "commit") {
      if (open.aborted) drop(open, 0);
      open = {};
    } else if (anatomy.control == "rollback") {
      drop(open, 0);
      open = {};
    } else if (anatomy.control == "savepoint") {
      open.savepoints.emplace_back(anatomy.savepoint, open.pieces.size());
    } else if (anatomy.control == "rollback to") {
      roll_back_to(open, anatomy.savepoint);
    }
  }

  void roll_back_to(Open& open, const std::string& name) {
    const auto found = std::ranges::find(open.savepoints.rbegin(), open.savepoints.rend(), name,
                                         [](const auto& one) { return one.first; });
    if (found == open.savepoints.rend()) return;
    open.aborted = false;
    drop(open, found->second);
    open.savepoints.erase(found.base(), open.savepoints.end());
  }

  void drop(Open& open, std::size_t from) {
    for (std::size_t i = from; i < open.pieces.size(); ++i) pieces[open.pieces[i]].dropped = true;
    open.pieces.resize(std::min(from, open.pieces.size()));
  }

  std::map<std::string, Open> sessions_;
};

/// Settings of the program's own connection that say nothing about what its statements mean.
bool is_noise(std::string_view setting) {
  constexpr std::string_view noise[] = {"client_min_messages",
                                        "application_name",
                                        "statement_timeout",
                                        "lock_timeout",
                                        "extra_float_digits",
                                        "idle_in_transaction_session_timeout",
                                        "client_encoding",
                                        "standard_conforming_strings",
                                        "TRANSACTION",
                                        "TRANSACTION SNAPSHOT",
                                        "SESSION CHARACTERISTICS"};
  return std::ranges::find(noise, setting) != std::end(noise);
}

class Cutter {
 public:
  Cutter(const std::vector<TrackingTable>& tables, std::set<std::string> volatile_functions)
      : tables_(tables), volatile_(std::move(volatile_functions)) {}

  void take(const Piece& piece) {
    if (!piece.sqlstate.empty()) failures_.push_back(&piece);
    if (ends_transaction(piece)) local_.erase(piece.session);
    if (piece.dropped || piece.anatomy.nature == Nature::control) return;
    const auto table = tracking_table_of(piece);
    if (!table.empty()) return take_tracking(piece, table);
    if (piece.anatomy.nature == Nature::set) return take_set(piece);
    if (only_looks(piece.anatomy)) return;
    if (piece.anatomy.nature == Nature::copy_in) return report_copy(piece);
    if (piece.anatomy.has_password) report_password();
    if (piece.beside && beside_.empty()) beside_ = piece.text;
    bring_settings_of(piece.session);
    unit_.statements.push_back(piece.text);
  }

  Cutting finish() {
    result.rest = std::move(unit_);
    return std::move(result);
  }

  Cutting result;

 private:
  using Relation = std::pair<std::string, std::string>;
  using Settings =
      std::vector<std::pair<std::string, std::string>>;  ///< name, and the statement that sets it

  /// The table itself, or the lock beside it: Knex and others name it so.
  static bool belongs_to(std::string_view relation, const TrackingTable& table) {
    return relation == table.table || relation == table.table + "_lock";
  }

  /// The tracking tables among those that the piece names; several rows of the list may have one's name.
  [[nodiscard]] std::vector<const TrackingTable*> tracking_table_of(const Piece& piece) const {
    std::vector<const TrackingTable*> found;
    for (const Relation& relation : piece.anatomy.relations)
      for (const TrackingTable& table : tables_)
        if (belongs_to(relation.second, table)) found.push_back(&table);
    return found;
  }

  void take_tracking(const Piece& piece, const std::vector<const TrackingTable*>& tables) {
    for (const Relation& relation : piece.anatomy.relations)
      if (std::ranges::any_of(tables, [&](const auto* table) { return belongs_to(relation.second, *table); }))
        result.tracking.insert(relation);
    if (piece.anatomy.nature != Nature::insert && piece.anatomy.nature != Nature::update) return;
    for (const TrackingTable* table : tables)
      if (const auto name = name_of(piece, *table)) return end_migration(*name, *table);
    auto rows = tables;
    std::erase_if(
        rows, [&](const TrackingTable* table) { return table->names.empty() || !is_row_of(piece, *table); });
    if (piece.anatomy.nature == Nature::insert && !rows.empty()) report_unnamed(piece, rows);
  }

  static bool is_row_of(const Piece& piece, const TrackingTable& table) {
    return std::ranges::any_of(piece.anatomy.relations,
                               [&](const Relation& relation) { return relation.second == table.table; });
  }

  static std::optional<std::string> name_of(const Piece& piece, const TrackingTable& table) {
    std::string name;
    const auto& values = piece.anatomy.values;
    if (!table.beside.empty() &&
        std::ranges::find(values, table.beside, &Anatomy::Value::column) == values.end())
      return std::nullopt;
    for (const std::string& column : table.names) {
      const auto value = std::ranges::find(values, column, &Anatomy::Value::column);
      if (value == values.end()) return std::nullopt;
      const auto number = static_cast<std::size_t>(value->parameter);
      std::optional<std::string> text = value->constant;
      if (number > 0 && number <= piece.params.size()) text = piece.params[number - 1];
      if (!text) return std::nullopt;
      if (!name.empty()) name += '_';
      name += *text;
    }
    return table.names.empty() ? std::nullopt : std::optional(name);
  }

  void end_migration(const std::string& name, const TrackingTable& table) {
    result.tool = table.tool;
    unit_.name = name;
    for (const Piece* failure : failures_) report_failure(*failure);
    failures_.clear();
    if (!beside_.empty()) report_parallel(std::exchange(beside_, {}));
    result.migrations.push_back(std::move(unit_));
    unit_ = {};
    set_.clear();
  }

  static bool ends_transaction(const Piece& piece) {
    return piece.anatomy.nature == Nature::control &&
           (piece.anatomy.control == "commit" || piece.anatomy.control == "rollback");
  }

  /// SET LOCAL.
  static bool is_local(std::string_view text) {
    sql::Lexer lexer(text);
    return sql::is_word(lexer.text(lexer.next()), "set") && sql::is_word(lexer.text(lexer.next()), "local");
  }

  void take_set(const Piece& piece) {
    if (is_noise(piece.anatomy.setting)) return;
    auto& settings = (is_local(piece.text) ? local_ : settings_)[piece.session];
    std::erase_if(settings, [&](const auto& one) { return one.first == piece.anatomy.setting; });
    settings.emplace_back(piece.anatomy.setting, piece.text);
  }

  /// Each migration runs in a session of its own, and a program may use several: what is set in the one that
  /// sends the next statement, and not yet in the file, comes before it. A pool that opens a session of which
  /// nothing comes leaves no trace.
  void bring_settings_of(const std::string& session) {
    Settings wanted = local_[session];  // until its transaction ends it hides the session's own
    for (const auto& setting : settings_[session])
      if (std::ranges::find(wanted, setting.first, &Settings::value_type::first) == wanted.end())
        wanted.push_back(setting);
    for (const auto& [name, text] : set_)
      if (std::ranges::find(wanted, name, &Settings::value_type::first) == wanted.end())
        unit_.statements.push_back(fmt::format("RESET {}", name));
    for (const auto& setting : wanted)
      if (std::ranges::find(set_, setting) == set_.end()) unit_.statements.push_back(setting.second);
    set_ = std::move(wanted);
  }

  /// A program may set a limit in the statement that takes its lock (Kysely): that is no part of a migration.
  [[nodiscard]] bool only_looks(const Anatomy& anatomy) const {
    const bool locks = std::ranges::find(anatomy.functions, "pg_advisory_lock") != anatomy.functions.end();
    return anatomy.nature == Nature::select && !anatomy.writes &&
           std::ranges::none_of(anatomy.functions, [&](const std::string& name) {
             return volatile_.contains(name) && !(locks && name == "set_config");
           });
  }

  void report_copy(const Piece& piece) {
    result.findings.push_back(
        {Severity::error, Error{.code = codes::not_recordable,
                                .message = "the data of a COPY cannot be recorded: " + printable(piece.text),
                                .hint = "write that migration as SQL by hand, with its data"}});
  }

  /// In the file they stand one behind the other, and are committed or rolled back together.
  void report_parallel(const std::string& text) {
    result.findings.push_back(
        {Severity::warning,
         Error{
             .code = codes::not_recordable,
             .message = fmt::format(
                 "{} used two connections at once: one had not committed what it did when the other"
                 " sent this",
                 printable(unit_.name)),
             .detail = printable(text.substr(0, 200)),
             .hint =
                 "look whether the program lets all its statements use its transaction: the file runs them in one"}});
  }

  /// Two migrations would become one.
  void report_unnamed(const Piece& piece, const std::vector<const TrackingTable*>& tables) {
    std::set<std::string> columns;
    for (const TrackingTable* table : tables) columns.insert(table->names.begin(), table->names.end());
    result.findings.push_back(
        {Severity::error,
         Error{.code = codes::not_recordable,
               .message = fmt::format("a row of {} does not tell its migration: {}",
                                      printable(tables.front()->table), printable(piece.text.substr(0, 200))),
               .hint =
                   fmt::format("let the program name the column in its INSERT ({}), or name another one with"
                               " --tracking-table TABLE.COLUMN",
                               fmt::join(columns, ", "))}});
  }

  void report_password() {
    result.findings.push_back(
        {Severity::warning, Error{.code = codes::not_recordable,
                                  .message = "a role's password stands in the captured files in clear text",
                                  .hint = "take it out of the file before it is committed, and change it"}});
  }

  /// The program has written down the migration all the same.
  void report_failure(const Piece& piece) {
    result.findings.push_back(
        {Severity::warning,
         Error{.code = codes::failure_passed_over,
               .message = fmt::format("in {} a statement failed, and the program went on: {}",
                                      printable(unit_.name), printable(piece.error)),
               .sqlstate = piece.sqlstate,
               .detail = printable(piece.text.substr(0, 200)),
               .hint = "look whether that was meant; what is captured is what the database got"}});
  }

  const std::vector<TrackingTable>& tables_;
  std::set<std::string> volatile_;
  CapturedMigration unit_;
  std::vector<const Piece*> failures_;
  std::string beside_;  ///< the first statement of `unit_` that was sent beside an open transaction
  std::map<std::string, Settings> settings_;  ///< by session
  std::map<std::string, Settings> local_;     ///< likewise, until the transaction ends
  Settings set_;                              ///< by the statements of `unit_`
};

std::set<std::string> functions_of(const std::vector<Piece>& pieces) {
  std::set<std::string> names;
  for (const Piece& piece : pieces)
    if (piece.anatomy.nature == Nature::select)
      names.insert(piece.anatomy.functions.begin(), piece.anatomy.functions.end());
  return names;
}

}  // namespace

Result<Cutting> cut(const std::vector<pg::Recorded>& recording, const std::vector<TrackingTable>& tables,
                    const VolatileAmong& volatile_among) {
  Sessions sessions;
  for (const pg::Recorded& message : recording) sessions.take(message);
  sessions.finish();
  auto volatile_functions = volatile_among(functions_of(sessions.pieces));
  if (!volatile_functions) return pass(volatile_functions);
  Cutter cutter(tables, std::move(*volatile_functions));
  for (const Piece& piece : sessions.pieces) cutter.take(piece);
  cutter.result.received =
      static_cast<std::size_t>(std::ranges::count(recording, false, &pg::Recorded::ended));
  return cutter.finish();
}

}  // namespace candor::engine
