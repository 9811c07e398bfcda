#include "engine/guarded_steps.h"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/ddl.h"
#include "catalog/diff.h"
#include "catalog/read.h"
#include "engine/guarded_block.h"
#include "engine/guarded_index.h"
#include "engine/object_state.h"
#include "engine/prove_plan.h"

namespace candor::engine {

namespace {

using catalog::ObjectId;

/// Steps of one object that stand together in a transaction.
struct Piece {
  ObjectId object;
  std::vector<std::string> statements;
  bool transactional = true;
};

/// What becomes one statement of the file, or a guard and its statement: pieces from `first` to before `end`.
struct Unit {
  std::size_t first = 0, end = 0;
};

class Writer {
 public:
  Writer(pg::Connection& connection, const catalog::Catalog& from, const plan::Plan& plan)
      : connection_(connection), from_(from), plan_(plan) {}

  Result<std::string> write() {
    if (auto cut = cut_plan(); !cut) return pass(cut);
    if (auto found = find_objects(); !found) return pass(found);
    if (auto learnt = learn_states(); !learnt) return pass(learnt);
    choose_units();
    std::string text =
        "-- candor:no-transaction\nSET search_path = pg_catalog;\nSET check_function_bodies = off;\n";
    for (const Unit& unit : units_) {
      auto written = write(unit);
      if (!written) return written;
      text += *written;
    }
    return text;
  }

 private:
  /// An object that the plan changes, and what it is before the first piece and behind each.
  struct Trace {
    ObjectId object;
    std::string expression;
    std::vector<std::string> states;
  };
  using Question = std::vector<std::size_t>;  ///< of traces_

  Result<> cut_plan() {
    for (const plan::Transaction& transaction : plan_.transactions) {
      const std::size_t first = pieces_.size();
      for (const plan::Step& step : transaction.steps) {
        if (pieces_.size() == first || pieces_.back().object != step.object)
          pieces_.push_back(
              {.object = step.object, .statements = {}, .transactional = transaction.transactional});
        pieces_.back().statements.push_back(step.sql);
      }
      transactions_.push_back({first, pieces_.size()});
    }
    return {};
  }

  /// Those that steps are about, and what shows in the catalog besides: a check that helps, an index that
  /// becomes a key.
  Result<> find_objects() {
    for (const Piece& piece : pieces_) {
      if (is_traced(piece.object)) continue;
      if (!add_trace(piece.object))
        return not_writable(fmt::format("the state of {} is not looked at", describe(piece.object)));
    }
    if (auto made = rebuild(connection_, from_); !made) return made;
    auto before = catalog::read(connection_);
    if (!before) return pass(before);
    for (const plan::Transaction& transaction : plan_.transactions) {
      plan::Plan part;
      part.transactions.push_back(transaction);
      if (auto ran = run_plan(connection_, part); !ran) return failed("trying the repair", ran);
      auto after = catalog::read(connection_);
      if (!after) return pass(after);
      for (const catalog::Effect& effect : catalog::diff(*before, *after))
        if (!is_traced(effect.id)) add_trace(effect.id);
      before = std::move(after);
    }
    return {};
  }

  [[nodiscard]] bool is_traced(const ObjectId& id) const {
    return std::ranges::find(traces_, id, &Trace::object) != traces_.end();
  }

  bool add_trace(const ObjectId& id) {
    auto state = state_expression(id);
    if (!state) return false;
    traces_.push_back({.object = id, .expression = std::move(*state), .states = {}});
    return true;
  }

  Result<> learn_states() {
    if (auto made = rebuild(connection_, from_); !made) return made;
    for (const char* const setting : {"SET search_path = pg_catalog", "SET check_function_bodies = off"})
      if (auto set = connection_.query(setting); !set) return pass(set);
    if (auto noted = note_states(); !noted) return noted;
    for (const Unit& transaction : transactions_)
      if (auto ran = run_transaction(transaction); !ran) return ran;
    auto reset = connection_.query("RESET ALL");
    if (!reset) return pass(reset);
    return {};
  }

  Result<> run_transaction(const Unit& transaction) {
    std::optional<pg::Transaction> open;
    if (pieces_[transaction.first].transactional) {
      auto begun = pg::Transaction::begin(connection_);
      if (!begun) return pass(begun);
      open.emplace(std::move(*begun));
    }
    for (std::size_t i = transaction.first; i < transaction.end; ++i) {
      for (const std::string& statement : pieces_[i].statements)
        if (auto ran = connection_.query(statement); !ran) return failed("trying the repair", ran);
      if (auto noted = note_states(); !noted) return noted;
    }
    return open ? open->commit() : Result<>{};
  }

  Result<> note_states() {
    for (Trace& trace : traces_) {
      auto rows = connection_.query(fmt::format("SELECT coalesce({}, '{}')", trace.expression, missing));
      if (!rows) return failed("reading the state of " + describe(trace.object), rows);
      trace.states.emplace_back(rows->at(0, 0));
    }
    return {};
  }

  /// Each piece by itself, so that a database where a part was put right by hand gets the rest; but a
  /// transaction as a whole if one of its pieces leaves nothing to be seen: what only goes and comes back
  /// does not go alone.
  void choose_units() {
    for (const Unit& transaction : transactions_) {
      const auto shows = [&](std::size_t piece) {
        return std::ranges::any_of(traces_, [&](const Trace& trace) {
          return trace.states[piece] != trace.states[piece + 1] &&
                 trace.states[piece] != trace.states[transaction.end];
        });
      };
      bool all_show = true;
      for (std::size_t i = transaction.first; i < transaction.end; ++i) all_show = all_show && shows(i);
      if (!all_show) {
        units_.push_back(transaction);
        continue;
      }
      for (std::size_t i = transaction.first; i < transaction.end; ++i) units_.push_back({i, i + 1});
    }
  }

  Result<std::string> write(const Unit& unit) const {
    std::vector<std::string> statements;
    for (std::size_t i = unit.first; i < unit.end; ++i)
      statements.insert(statements.end(), pieces_[i].statements.begin(), pieces_[i].statements.end());
    auto question = question_of(unit, statements.front());
    if (!question) return pass(question);
    if (!pieces_[unit.first].transactional) return write_alone(unit, statements.front(), *question);
    Block block = block_of(*question);
    block.branches = {{{state_at(*question, unit.first)}, statement_lines(statements)},
                      {later_states(*question, unit), do_nothing("done already")}};
    return fmt::format("\n-- {}\n{}", names(*question), to_sql(block));
  }

  Result<std::string> write_alone(const Unit& unit, const std::string& statement,
                                  const Question& question) const {
    const auto at = index_of(unit);
    if (!at) return not_writable("no block can look ahead for one of its statements", statement);
    const Trace& index = traces_[*at];
    const bool built = index.states[unit.first] == missing;
    const auto repeatable = repeatable_statement(statement, built);
    const auto alike = [&](const std::string& state) { return (state == missing) == !built; };
    if (!repeatable ||
        !std::all_of(index.states.begin() + static_cast<std::ptrdiff_t>(unit.end), index.states.end(), alike))
      return not_writable("no block can look ahead for one of its statements", statement);
    Block block = block_of(question);
    const std::string before = state_at(question, unit.first);
    auto later = later_states(question, unit);
    if (built) {
      block.branches = {
          {{before}, require_free_name(index.object)},
          {{state_at(question, unit.end, broken(index, unit.end))}, clear_invalid(index.object)},
          {std::move(later), do_nothing("done already: what follows does nothing")}};
      block.forbidden = is_invalid(index.object);
    } else {
      block.branches = {
          {{before, state_at(question, unit.first, broken(index, unit.first))}, do_nothing("it goes next")},
          {std::move(later), require_free_name(index.object)}};
    }
    return fmt::format("\n-- {}\n{}{};\n", names(question), to_sql(block), *repeatable);
  }

  /// The index that a statement outside transactions makes or drops; nullopt: it is something else.
  [[nodiscard]] std::optional<std::size_t> index_of(const Unit& unit) const {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < traces_.size(); ++i) {
      const Trace& trace = traces_[i];
      const bool comes_or_goes = (trace.states[unit.first] == missing) != (trace.states[unit.end] == missing);
      if (trace.object.kind != catalog::Kind::index || !comes_or_goes) continue;
      if (found) return std::nullopt;
      found = i;
    }
    return found;
  }

  /// An index and its state while it is INVALID, at a point.
  struct Broken {
    std::size_t trace;
    std::string state;
  };
  [[nodiscard]] Broken broken(const Trace& index, std::size_t point) const {
    return {static_cast<std::size_t>(&index - traces_.data()), invalid_state(index.states[point])};
  }

  /// What tells whether the unit was run: what it changes, and where that is later as it was before, also
  /// what differs then: of what it is about, or else of all.
  Result<Question> question_of(const Unit& unit, const std::string& statement) const {
    Question question;
    for (std::size_t i = 0; i < traces_.size(); ++i)
      if (traces_[i].states[unit.first] != traces_[i].states[unit.end]) question.push_back(i);
    if (question.empty())
      return not_writable("what it changes does not show in the state of any object", statement);
    for (std::size_t point = unit.end; point <= pieces_.size(); ++point) {
      if (state_at(question, point) != state_at(question, unit.first)) continue;
      if (!ask_what_differs(question, unit, point, true) && !ask_what_differs(question, unit, point, false))
        return not_writable("it leads back to where it was before this statement", statement);
    }
    return question;
  }

  bool ask_what_differs(Question& question, const Unit& unit, std::size_t point, bool own) const {
    const std::size_t before = question.size();
    for (std::size_t i = 0; i < traces_.size(); ++i) {
      const bool is_own = std::any_of(pieces_.begin() + static_cast<std::ptrdiff_t>(unit.first),
                                      pieces_.begin() + static_cast<std::ptrdiff_t>(unit.end),
                                      [&](const Piece& piece) { return piece.object == traces_[i].object; });
      if (traces_[i].states[unit.first] != traces_[i].states[point] && (is_own || !own))
        question.push_back(i);
    }
    return question.size() > before;
  }

  /// The answer to a question behind so many pieces; with `broken`, if that index was INVALID then.
  [[nodiscard]] std::string state_at(const Question& question, std::size_t point,
                                     const std::optional<Broken>& broken = {}) const {
    std::string text;
    for (const std::size_t trace : question) {
      if (trace != question.front()) text += '\n';
      const bool is_broken = broken && broken->trace == trace;
      text += is_broken ? broken->state : traces_[trace].states[point];
    }
    return text;
  }

  /// All that the answer may be when the unit is done: at its end, at the end of each that follows, and while
  /// the index is INVALID that the next one makes or drops.
  [[nodiscard]] std::vector<std::string> later_states(const Question& question, const Unit& unit) const {
    std::vector<std::string> states;
    const auto add = [&](std::string state) {
      if (std::ranges::find(states, state) == states.end()) states.push_back(std::move(state));
    };
    for (const Unit& later : units_) {
      if (later.end < unit.end) continue;
      if (later.end > unit.end && !pieces_[later.first].transactional)
        if (const auto at = index_of(later)) {
          const bool built = traces_[*at].states[later.first] == missing;
          add(state_at(question, later.first, broken(traces_[*at], built ? later.end : later.first)));
        }
      add(state_at(question, later.end));
    }
    return states;
  }

  [[nodiscard]] Block block_of(const Question& question) const {
    Block block{.what = (question.size() == 1 ? "" : "one of these: ") + names(question),
                .major = connection_.major()};
    if (question.size() == 1) {
      block.state = traces_[question.front()].expression;
      return block;
    }
    for (const std::size_t trace : question)
      block.state += fmt::format("{}\n    coalesce({}, '{}')", block.state.empty() ? "" : ",",
                                 traces_[trace].expression, missing);
    block.state = fmt::format("pg_catalog.concat_ws(E'\\n',{})", block.state);
    return block;
  }

  [[nodiscard]] std::string names(const Question& question) const {
    std::string list;
    for (const std::size_t trace : question)
      list += (list.empty() ? "" : ", ") + describe(traces_[trace].object);
    return list;
  }

  pg::Connection& connection_;
  const catalog::Catalog& from_;
  const plan::Plan& plan_;
  std::vector<Piece> pieces_;
  std::vector<Unit> transactions_, units_;
  std::vector<Trace> traces_;
};

}  // namespace

Result<std::string> guarded_steps(pg::Connection& connection, const catalog::Catalog& from,
                                  const plan::Plan& plan) {
  return Writer(connection, from, plan).write();
}

}  // namespace candor::engine
