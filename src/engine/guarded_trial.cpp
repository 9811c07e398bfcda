#include "engine/guarded_trial.h"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/compare.h"
#include "catalog/read.h"
#include "engine/guarded_block.h"
#include "engine/prove_plan.h"
#include "engine/prover.h"
#include "pg/identifier.h"
#include "sql/script.h"

namespace candor::engine {

namespace {

/// Each way to break off costs a run of the file: enough for what people write, and minutes for no one.
constexpr std::size_t broken_off_up_to = 30;

class Trial {
 public:
  Trial(pg::Connection& connection, const catalog::Catalog& from, const catalog::Catalog& to,
        const plan::Plan& plan, const std::vector<sql::Statement>& statements, bool whole)
      : connection_(connection), from_(from), to_(to), plan_(plan), statements_(statements), whole_(whole) {}

  Result<> run() {
    if (auto made = rebuild(connection_, from_); !made) return made;
    if (auto once = run_to_goal("it does not lead to the goal"); !once) return once;
    if (auto twice = run_to_goal("run twice, it does not end the same"); !twice) return twice;
    if (whole_ || plan_.steps() > broken_off_up_to) return {};
    for (std::size_t count = 1; count < statements_.size(); ++count) {
      if (is_setting(statements_[count - 1])) continue;
      if (auto resumed = break_off_behind(count, false); !resumed) return resumed;
      if (!sql::analyse(statements_[count - 1].text).concurrent_index) continue;
      if (auto resumed = break_off_behind(count, true); !resumed) return resumed;
    }
    return {};
  }

 private:
  static bool is_setting(const sql::Statement& statement) { return statement.text.starts_with("SET "); }

  /// `within`: the last of these left an index that is INVALID.
  Result<> break_off_behind(std::size_t count, bool within) {
    if (auto made = rebuild(connection_, from_); !made) return made;
    if (auto ran = run_first(count); !ran) return ran;
    const sql::Statement& last = statements_[count - 1];
    if (within) {
      auto marked = mark_invalid(last);
      if (!marked || !*marked) return marked ? Result<>{} : pass(marked);
    }
    return run_to_goal(fmt::format("broken off {} line {} and run again, it does not lead to the goal",
                                   within ? "in" : "behind", last.line));
  }

  /// As a build leaves its index that broke off. False: only a superuser may say so.
  Result<bool> mark_invalid(const sql::Statement& build) {
    const sql::Analysis analysis = sql::analyse(build.text);
    auto marked = connection_.query(
        "UPDATE pg_catalog.pg_index SET indisvalid = false WHERE indexrelid = $1::pg_catalog.regclass",
        {fmt::format("{}.{}", pg::Identifier(analysis.index_schema), pg::Identifier(analysis.index_name))});
    if (marked) return true;
    if (marked.error().code.id == codes::insufficient_rights.id) return false;
    return failed("making an index INVALID", marked);
  }

  Result<> run_to_goal(const std::string& unless) {
    if (auto ran = run_first(statements_.size()); !ran) {
      if (ran.error().sqlstate.empty()) return ran;
      return not_writable(fmt::format("{}: {}", unless, ran.error().message), ran.error().detail);
    }
    auto now = catalog::read(connection_);
    if (!now) return pass(now);
    const catalog::Comparison comparison = catalog::compare(to_, *now, {}, {});
    for (const catalog::Difference& difference : comparison.differences) {
      const bool left = difference.nature == catalog::Difference::Nature::extra &&
                        std::ranges::find(plan_.extra, difference.id) != plan_.extra.end();
      if (!left) return not_writable(unless, line_of(difference));
    }
    return {};
  }

  Result<> run_first(std::size_t count) {
    auto ran = whole_ ? run_in_one_transaction(count) : run_each(count);
    if (!ran) return ran;
    auto reset = connection_.query("RESET ALL");
    if (!reset) return pass(reset);
    return {};
  }

  Result<> run_in_one_transaction(std::size_t count) {
    auto begun = pg::Transaction::begin(connection_);
    if (!begun) return pass(begun);
    if (auto ran = run_each(count); !ran) return ran;
    return begun->commit();
  }

  Result<> run_each(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      if (auto ran = connection_.query(statements_[i].text); !ran) return pass(ran);
    return {};
  }

  pg::Connection& connection_;
  const catalog::Catalog& from_;
  const catalog::Catalog& to_;
  const plan::Plan& plan_;
  const std::vector<sql::Statement>& statements_;
  bool whole_;
};

}  // namespace

Result<> try_guarded(pg::Connection& connection, const catalog::Catalog& from, const catalog::Catalog& to,
                     const plan::Plan& plan, const std::string& text, bool whole) {
  auto statements = sql::split(text, "the repair");
  if (!statements) return pass(statements);
  return Trial(connection, from, to, plan, *statements, whole).run();
}

}  // namespace candor::engine
