#include "plan/print.h"

#include <fmt/format.h>

#include <algorithm>

namespace candor::plan {

namespace {

/// Functions are created in an order that their bodies may not bear: they are looked at when they run.
bool creates_routines(const Plan& plan) {
  return std::ranges::any_of(plan.transactions, [](const Transaction& transaction) {
    return std::ranges::any_of(transaction.steps, [](const Step& step) {
      return step.object.kind == catalog::Kind::function || step.object.kind == catalog::Kind::procedure;
    });
  });
}

void append_comment(std::string& sql, std::string_view text) {
  if (text.empty()) return;
  std::string line(text);
  std::ranges::replace(line, '\n', ' ');
  sql += fmt::format("-- {}\n", line);
}

void append_step(std::string& sql, const Step& step) {
  if (!step.hazard.empty()) append_comment(sql, "HAZARD: " + step.hazard);
  append_comment(sql, effect_on_others(step));
  append_comment(sql, step.reason);
  sql += step.sql + ";\n";
}

}  // namespace

std::string effect_on_others(const Step& step) {
  if (step.lock == catalog::Lock::none) return {};
  std::string text = fmt::format("locks {} ({})", to_string(step.on), name_of(step.lock));
  if (step.rewrites)
    text += ", rewrites it";
  else if (step.scans)
    text += ", reads all of it";
  for (const auto& [relation, lock] : step.also)
    text += fmt::format(", locks {} ({})", to_string(relation), name_of(lock));
  return text;
}

std::string to_sql(const Plan& plan) {
  std::string sql;
  if (creates_routines(plan)) sql += "SET check_function_bodies = off;\n\n";
  const bool several = plan.transactions.size() > 1;
  bool first = true;
  for (const Transaction& transaction : plan.transactions) {
    if (!first) sql += "\n";
    first = false;
    const bool wrapped = several && transaction.transactional && transaction.steps.size() > 1;
    if (wrapped) sql += "BEGIN;\n";
    for (const Step& step : transaction.steps) append_step(sql, step);
    if (wrapped) sql += "COMMIT;\n";
  }
  return sql;
}

}  // namespace candor::plan
