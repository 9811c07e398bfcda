#include "engine/prove_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>

#include "base/quoted.h"
#include "catalog/compare.h"
#include "catalog/ddl.h"
#include "catalog/kinds/sql_text.h"
#include "catalog/read.h"
#include "engine/prover.h"
#include "engine/shadow.h"
#include "engine/verify.h"
#include "pg/identifier.h"
#include "plan/slice.h"

namespace candor::engine {

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// A role's name in the catalog's spelling.
std::string plain_name(std::string_view text) {
  std::string scratch;
  std::string_view name;
  return take_quoted(text, scratch, name) ? std::string(name) : std::string(text);
}

/// Roles that owners, privileges and policies name.
void collect_roles(const catalog::Catalog& catalog, std::set<std::string>& roles) {
  for (const catalog::Object& object : catalog.objects()) {
    if (const auto owner = catalog::value(object, "owner"); !owner.empty()) roles.emplace(owner);
    for (const std::string& entry : catalog::split_list(catalog::value(object, "grants"), ';')) {
      const std::size_t colon = entry.rfind(": ");
      if (entry.starts_with("role ") && colon != std::string::npos)
        roles.insert(plain_name(std::string_view(entry).substr(5, colon - 5)));
    }
    if (object.id.kind == catalog::Kind::policy)
      for (const std::string& role : catalog::split_list(catalog::value(object, "roles")))
        if (role != "public") roles.insert(plain_name(role));
  }
}

Result<> create_roles(pg::Connection& connection, const catalog::Catalog& from, const catalog::Catalog& to) {
  std::set<std::string> roles;
  collect_roles(from, roles);
  collect_roles(to, roles);
  for (const std::string& role : roles) {
    auto there = connection.query("SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = $1", {role});
    if (!there) return failed("looking for a role", there);
    if (!there->empty()) continue;
    auto made = connection.query(fmt::format("CREATE ROLE {}", pg::Identifier(role)));
    if (!made && made.error().sqlstate != "42710") return failed(fmt::format("creating role {}", role), made);
  }
  return {};
}

bool is_the_plans_doing(const Error& error) {
  return !error.connection_lost && error.code.id != codes::interrupted.id;
}

/// The differences that are not declared, as lines; empty: equal.
std::string differences(const catalog::Catalog& expected, const catalog::Catalog& found,
                        const std::vector<catalog::ObjectId>& extra) {
  constexpr std::size_t shown = 10;
  const catalog::Comparison comparison = catalog::compare(expected, found, {}, {});
  std::string lines;
  std::size_t count = 0;
  for (const auto* list : {&comparison.differences, &comparison.unproven})
    for (const catalog::Difference& difference : *list) {
      const bool left = difference.nature == catalog::Difference::Nature::extra &&
                        std::ranges::find(extra, difference.id) != extra.end();
      if (left || ++count > shown) continue;
      if (!lines.empty()) lines += '\n';
      lines += line_of(difference);
    }
  if (count > shown) lines += fmt::format("\nand {} more", count - shown);
  return lines;
}

Result<> run_transaction(pg::Connection& connection, const plan::Transaction& transaction) {
  const auto run = [&](const plan::Step& step) -> Result<> {
    auto done = connection.query(step.sql);
    if (done) return {};
    Error error = std::move(done.error());
    if (!error.detail.empty()) error.detail += '\n';
    error.detail += step.sql;
    return std::unexpected(std::move(error));
  };
  if (!transaction.transactional) return run(transaction.steps.front());
  auto open = pg::Transaction::begin(connection);
  if (!open) return pass(open);
  for (const plan::Step& step : transaction.steps)
    if (auto done = run(step); !done) return done;
  return open->commit();
}

/// No statement makes an index that is INVALID or a partition that is half detached: in a shadow, a superuser
/// says so. Where that is not allowed, what was rebuilt differs, which is told.
Result<> mark_broken(pg::Connection& connection, const catalog::Catalog& catalog) {
  for (const catalog::Object& object : catalog.objects()) {
    const bool invalid = catalog::is_set(object, "invalid");
    if (!invalid && !catalog::is_set(object, "detach_pending")) continue;
    auto marked = connection.query(
        fmt::format(
            "UPDATE pg_catalog.{} = (SELECT c.oid FROM pg_catalog.pg_class c"
            " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2)",
            invalid ? "pg_index SET indisvalid = false WHERE indexrelid"
                    : "pg_inherits SET inhdetachpending = true WHERE inhrelid"),
        {object.id.schema.str(), object.id.name.str()});
    if (!marked && !is_the_plans_doing(marked.error())) return pass(marked);
  }
  return {};
}

/// Objects. A server needs a millisecond for each: a smaller schema is built as a whole in a few seconds.
constexpr std::size_t worth_slicing = 5000;

constexpr std::string_view secret_attributes[] = {"options", "foreign_options"};

bool holds_secrets(const catalog::Object& object) {
  return std::ranges::any_of(secret_attributes, [&](std::string_view attribute) {
    return std::ranges::any_of(catalog::kinds::named_texts(catalog::value(object, attribute)),
                               &catalog::kinds::NamedText::hashed);
  });
}

/// Secrets that stay as they are, and are known by their hashes alone, cannot be made in a shadow: the plan
/// has nothing to do with them.
catalog::Catalog without_kept_secrets(const catalog::Catalog& catalog, const catalog::Catalog& other) {
  std::vector<catalog::Object> objects = catalog.objects();
  for (catalog::Object& object : objects) {
    const catalog::Object* const twin = holds_secrets(object) ? other.find(object.id) : nullptr;
    if (twin == nullptr) continue;
    for (const std::string_view attribute : secret_attributes)
      if (catalog::value(object, attribute) == catalog::value(*twin, attribute))
        catalog::set_value(object, attribute, "");
  }
  return catalog::Catalog(std::move(objects), catalog.major);
}

/// One attempt, whose failures are why the plan is unproven.
class Attempt {
 public:
  Attempt(pg::Connection& connection, const plan::Options& options)
      : connection_(connection), options_(options) {}

  Result<PlanProof> run(const catalog::Catalog& from, const catalog::Catalog& to, const plan::Plan& plan) {
    const auto start = Clock::now();
    proof_.major = connection_.major();
    auto done = std::ranges::any_of(from.objects(), holds_secrets)
                    ? sliced(without_kept_secrets(from, to), without_kept_secrets(to, from), plan)
                    : sliced(from, to, plan);
    if (!done) return pass(done);
    proof_.proven = proof_.why_not.empty();
    proof_.total_ms = milliseconds_since(start);
    return std::move(proof_);
  }

 private:
  Result<> sliced(const catalog::Catalog& from, const catalog::Catalog& to, const plan::Plan& plan) {
    if (from.size() < worth_slicing) return steps(from, to, plan);
    const plan::Slice slice = plan::slice_of(from, to, plan, options_.renames);
    if (slice.left_out < from.size() / 2) return steps(from, to, plan);
    proof_.left_out = slice.left_out;
    return steps(slice.from, slice.to, plan);
  }

  Result<> steps(const catalog::Catalog& from, const catalog::Catalog& to, const plan::Plan& plan) {
    if (auto made = create_roles(connection_, from, to); !made) return made;
    auto built = build(from);
    if (!built || !proof_.why_not.empty()) return built;
    const auto start = Clock::now();
    auto ran = attempt(plan, "a statement of the plan fails");
    proof_.plan_ms = milliseconds_since(start);
    if (!ran || !proof_.why_not.empty()) return ran;
    auto after = catalog::read(connection_);
    if (!after) return failed("reading what the plan made", after);
    proof_.objects = after->size();
    if (std::string lines = differences(to, *after, plan.extra); !lines.empty()) {
      unproven("the plan does not lead where it should", std::move(lines));
      return {};
    }
    const plan::Plan second = plan::make_plan(*after, to, connection_.major(), again());
    if (!second.empty())
      unproven("a second plan is not empty", second.transactions.front().steps.front().sql);
    return {};
  }

  /// Owners of a shadow's objects are its own.
  [[nodiscard]] plan::Options again() const {
    plan::Options options = options_;
    options.renames.clear();
    options.owners = options.grants = options.comments = false;
    return options;
  }

  Result<> build(const catalog::Catalog& from) {
    auto none = catalog::read(connection_);
    if (!none) return failed("reading the empty shadow", none);
    plan::Options options;
    options.simple = options.owners = true;
    const plan::Plan first = plan::make_plan(*none, from, connection_.major(), options);
    auto ran = attempt(first, "the schema that it starts from cannot be rebuilt");
    if (!ran || !proof_.why_not.empty()) return ran;
    if (auto marked = mark_broken(connection_, from); !marked) return marked;
    auto built = catalog::read(connection_);
    if (!built) return failed("reading what was rebuilt", built);
    if (std::string lines = differences(from, *built, {}); !lines.empty())
      unproven("the schema that it starts from cannot be rebuilt exactly", std::move(lines));
    return {};
  }

  Result<> attempt(const plan::Plan& plan, std::string why) {
    if (!plan.impossible.empty()) {
      unproven(std::move(why), plan.impossible.front());
      return {};
    }
    auto ran = run_plan(connection_, plan);
    if (ran) return {};
    if (!is_the_plans_doing(ran.error())) return ran;
    unproven(std::move(why), fmt::format("{}\n{}", ran.error().message, ran.error().detail));
    return {};
  }

  void unproven(std::string why, std::string detail) {
    proof_.why_not = std::move(why);
    proof_.detail = std::move(detail);
  }

  pg::Connection& connection_;
  const plan::Options& options_;
  PlanProof proof_;
};

}  // namespace

Result<> rebuild(pg::Connection& connection, const catalog::Catalog& wanted) {
  auto there = catalog::read(connection);
  if (!there) return failed("reading the shadow", there);
  const plan::Options options{.simple = true, .owners = true};
  const plan::Plan plan = plan::make_plan(*there, wanted, connection.major(), options);
  if (auto ran = run_plan(connection, plan); !ran) return ran;
  return mark_broken(connection, wanted);
}

Result<> run_plan(pg::Connection& connection, const plan::Plan& plan) {
  if (auto set = connection.query("SET check_function_bodies = off"); !set) return pass(set);
  for (const plan::Transaction& transaction : plan.transactions)
    if (auto ran = run_transaction(connection, transaction); !ran) return ran;
  auto reset = connection.query("RESET check_function_bodies");
  if (!reset) return pass(reset);
  return {};
}

Result<PlanProof> prove_plan(pg::Connection& connection, const catalog::Catalog& from,
                             const catalog::Catalog& to, const plan::Plan& plan,
                             const plan::Options& options) {
  return Attempt(connection, options).run(from, to, plan);
}

Result<PlanProof> prove_plan_in_shadow(const Settings& settings, const catalog::Catalog& from,
                                       const catalog::Catalog& to, const plan::Plan& plan,
                                       const plan::Options& options) {
  const int major = from.major != 0 ? from.major : to.major;
  auto shadow = Shadow::open(settings, major == 0 ? std::nullopt : std::optional(major));
  if (!shadow) return failed("proving the plan", shadow);
  return prove_plan(shadow->connection(), from, to, plan, options);
}

}  // namespace candor::engine
