#include "sql/first_words.h"

#include <algorithm>
#include <initializer_list>

#include "sql/lexer.h"

namespace candor::sql {
namespace {

using Kind = Token::Kind;
using Words = std::initializer_list<std::string_view>;

constexpr std::size_t enough = 64;  // tokens: what matters stands at the front

struct Piece {
  Kind kind;
  std::string_view text;
};

/// The front of a statement, with questions about it.
class Front {
 public:
  explicit Front(std::string_view statement) {
    Lexer lexer(statement);
    for (Token token = lexer.next(); token.kind != Kind::end && pieces_.size() < enough; token = lexer.next())
      pieces_.push_back({token.kind, lexer.text(token)});
  }

  [[nodiscard]] bool word_is(std::size_t at, std::string_view lower) const {
    return at < pieces_.size() && pieces_[at].kind == Kind::word && is_word(pieces_[at].text, lower);
  }
  [[nodiscard]] bool begins(Words words) const {
    std::size_t at = 0;
    return std::ranges::all_of(words, [&](std::string_view word) { return word_is(at++, word); });
  }
  [[nodiscard]] bool begins_with_any(Words words) const {
    return std::ranges::any_of(words, [&](std::string_view word) { return word_is(0, word); });
  }
  /// The index of the first word that is `lower`, or the number of pieces.
  [[nodiscard]] std::size_t find(std::string_view lower) const {
    std::size_t at = 0;
    while (at < pieces_.size() && !word_is(at, lower)) ++at;
    return at;
  }
  [[nodiscard]] bool has(std::string_view lower) const { return find(lower) < pieces_.size(); }
  /// Whether `name = false` (or off, 0) stands in an option list.
  [[nodiscard]] bool is_off(std::string_view name) const {
    std::size_t at = find(name) + 1;
    if (at < pieces_.size() && pieces_[at].text == "=") ++at;
    if (at >= pieces_.size()) return false;
    const std::string_view value = pieces_[at].text;
    return is_word(value, "false") || is_word(value, "off") || value == "0" || is_word(value, "'false'") ||
           is_word(value, "'off'");
  }
  [[nodiscard]] std::size_t size() const { return pieces_.size(); }
  [[nodiscard]] Piece piece(std::size_t at) const {
    return at < pieces_.size() ? pieces_[at] : Piece{Kind::end, {}};
  }
  /// The identifier at `at` as the catalog has it; empty if there is none.
  [[nodiscard]] std::string identifier(std::size_t at) const {
    const Piece piece = this->piece(at);
    std::string name;
    if (piece.kind == Kind::word) {
      for (const char c : piece.text) name += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    } else if (piece.kind == Kind::quoted) {
      for (std::size_t i = 1; i + 1 < piece.text.size(); ++i) {
        name += piece.text[i];
        if (piece.text[i] == '"') ++i;
      }
    }
    return name;
  }

 private:
  std::vector<Piece> pieces_;
};

Control control_of(const Front& front) {
  if (front.begins({"begin"}) || front.begins({"start", "transaction"})) return Control::begin;
  if (front.begins({"commit", "prepared"}) || front.begins({"rollback", "prepared"}) ||
      front.begins({"prepare", "transaction"}))
    return Control::prepared;
  if (front.begins_with_any({"savepoint", "release"})) return Control::savepoint;
  if (front.begins_with_any({"commit", "end"})) return Control::commit;
  if (front.begins_with_any({"rollback", "abort"}))
    return front.word_is(front.find("to"), "to") ? Control::savepoint : Control::rollback;
  return Control::none;
}

bool clusters_everything(const Front& front) {
  if (!front.begins({"cluster"})) return false;
  std::size_t at = front.word_is(1, "verbose") ? 2 : 1;
  if (front.piece(at).kind == Kind::open)
    while (at < front.size() && front.piece(at++).kind != Kind::close) {
    }
  return at >= front.size();
}

bool reindexes_widely(const Front& front) {
  if (!front.begins({"reindex"})) return false;
  return (front.has("concurrently") && !front.is_off("concurrently")) || front.has("database") ||
         front.has("system") || front.has("schema");
}

bool changes_subscription(const Front& front) {
  if (front.begins({"create", "subscription"}))
    return !front.is_off("create_slot") && !front.is_off("connect");
  if (front.begins({"drop", "subscription"})) return true;
  if (!front.begins({"alter", "subscription"})) return false;
  if (front.word_is(3, "refresh")) return front.word_is(4, "publication");
  if (front.has("failover") || (front.has("two_phase") && front.is_off("two_phase"))) return true;
  return front.word_is(4, "publication") && !front.is_off("refresh");
}

bool runs_outside(const Front& front) {
  for (const std::string_view what : {"database", "tablespace"})
    if (front.begins({"create", what}) || front.begins({"drop", what})) return true;
  if (front.begins({"alter", "system"}) || front.begins({"vacuum"}) || front.begins({"discard", "all"}) ||
      front.begins({"commit", "prepared"}) || front.begins({"rollback", "prepared"}))
    return true;
  if (front.begins({"alter", "database"})) return front.word_is(3, "set") && front.word_is(4, "tablespace");
  if (front.begins({"drop", "index", "concurrently"})) return true;
  if (front.begins({"alter", "table"})) return front.has("detach") && front.has("concurrently");
  if (front.begins({"repack"})) return front.has("concurrently") && !front.is_off("concurrently");
  return clusters_everything(front) || reindexes_widely(front) || changes_subscription(front);
}

// CREATE [UNIQUE] INDEX CONCURRENTLY [[IF NOT EXISTS] name] ON [ONLY] [schema.]table
bool judge_index(const Front& front, Analysis& analysis) {
  std::size_t at = front.begins({"create", "unique"}) ? 2 : 1;
  if (!front.begins({"create"}) || !front.word_is(at, "index") || !front.word_is(at + 1, "concurrently"))
    return false;
  at += 2;
  if (front.word_is(at, "if")) at += 3;
  if (!front.word_is(at, "on")) analysis.index_name = front.identifier(at++);
  ++at;
  if (front.word_is(at, "only")) ++at;
  if (front.piece(at + 1).kind == Kind::dot) {
    analysis.index_schema = front.identifier(at);
    at += 2;
  }
  analysis.index_table = front.identifier(at);
  return true;
}

}  // namespace

bool is_row_statement(std::string_view statement) {
  Lexer lexer(statement);
  Token token = lexer.next();
  while (token.kind == Kind::open) token = lexer.next();
  const std::string_view first = lexer.text(token);
  return std::ranges::any_of(
      Words{"insert", "update", "delete", "copy", "select", "values", "with", "merge", "table"},
      [&](std::string_view word) { return is_word(first, word); });
}

void judge_by_words(std::string_view statement, Analysis& analysis) {
  const Front front(statement);
  analysis.control = control_of(front);
  analysis.concurrent_index = judge_index(front, analysis);
  analysis.outside_transaction = analysis.concurrent_index || runs_outside(front);
  analysis.changes_session =
      analysis.control == Control::none && front.begins_with_any({"prepare", "deallocate", "discard"});
}

}  // namespace candor::sql
