#include "engine/round_trip.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "catalog/compare.h"
#include "catalog/fingerprint.h"
#include "catalog/read.h"
#include "engine/diagnose_findings.h"
#include "engine/prove_plan.h"
#include "engine/run_script.h"
#include "engine/shadow.h"
#include "engine/shadow_needs.h"

namespace candor::engine {

namespace {

using catalog::Catalog;
using Clock = std::chrono::steady_clock;

bool ends_the_check(const Error& error) {
  return error.connection_lost || error.code.id == codes::interrupted.id;
}

Error not_back(std::string message, std::string detail, bool planned) {
  return {.code = codes::round_trip,
          .message = std::move(message),
          .detail = std::move(detail),
          .hint = planned ? "write a down file beside it" : "correct the down file"};
}

std::string detail_of(const Error& error) {
  return error.detail.empty() ? error.message : fmt::format("{}\n{}", error.message, error.detail);
}

/// A shadow, and what it holds.
class Stage {
 public:
  explicit Stage(Shadow shadow) : shadow_(std::move(shadow)), needs_(shadow_.connection()) {}

  Result<> begin() { return look(); }

  Result<> up(const history::Migration& migration, std::vector<Finding>& findings) {
    auto text = history::MigrationText::open(migration);
    if (!text) return pass(text);
    if (auto made = needs_.create_roles(migration, text->view(), findings); !made) return made;
    if (auto ran = run_script(connection(), migration); !ran)
      return std::unexpected(needs_.explain(std::move(ran.error())));
    return look();
  }
  Result<> down(const history::Migration& migration) {
    if (auto ran = run_script(connection(), history::inverse_of(migration)); !ran) return ran;
    return look();
  }
  Result<> run(const plan::Plan& plan) {
    if (auto ran = run_plan(connection(), plan); !ran) return ran;
    return look();
  }

  [[nodiscard]] const Catalog& catalog() const { return catalog_; }
  [[nodiscard]] pg::Connection& connection() { return shadow_.connection(); }

 private:
  Result<> look() {
    auto read = catalog::read(connection());
    if (!read) return failed("reading the shadow", read);
    catalog_ = std::move(*read);
    return {};
  }

  Shadow shadow_;
  ShadowNeeds needs_;
  Catalog catalog_;
};

class Check {
 public:
  explicit Check(const Project& project) : project_(project) {}

  Result<RoundTrips> run(const std::function<void(const RoundTrip&)>& progress) {
    const auto start = Clock::now();
    for (std::size_t i = 0; i < project_.history.migrations.size(); ++i) {
      if (!stage_)
        if (auto opened = open(i); !opened) return pass(opened);
      auto trip = travel(project_.history.migrations[i]);
      if (!trip) return pass(trip);
      if (progress) progress(*trip);
      if (trip->problem) stage_.reset();  // what it left behind is no state of the history
      result_.trips.push_back(std::move(*trip));
    }
    result_.total_ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    return std::move(result_);
  }

 private:
  /// Of the major that the lock was made with, where its programs are there.
  Result<Shadow> open_shadow() const {
    if (major_ || !project_.lock) return Shadow::open(project_.settings, major_);
    auto shadow = Shadow::open(project_.settings, project_.lock->server);
    const bool none = !shadow && shadow.error().code.id == codes::no_server_binaries.id;
    return none ? Shadow::open(project_.settings) : std::move(shadow);
  }

  /// A shadow with the first `count` migrations.
  Result<> open(std::size_t count) {
    auto shadow = open_shadow();
    if (!shadow) return pass(shadow);
    major_ = result_.major = shadow->connection().major();
    stage_ = std::make_unique<Stage>(std::move(*shadow));
    if (auto begun = stage_->begin(); !begun) return begun;
    for (std::size_t i = 0; i < count; ++i)
      if (auto ran = up(project_.history.migrations[i]); !ran) return ran;
    return {};
  }

  Result<> up(const history::Migration& migration) {
    auto ran = stage_->up(migration, result_.findings);
    if (ran) return {};
    if (ran.error().code.id == codes::statement_failed.id) ran.error().code = codes::replay_failed;
    return failed(fmt::format("replaying {}", migration.file), ran);
  }

  Result<RoundTrip> travel(const history::Migration& migration) {
    RoundTrip trip{.migration = &migration, .planned = !migration.down};
    const Catalog before = stage_->catalog();
    if (auto there = up(migration); !there) return pass(there);
    const Catalog after = stage_->catalog();
    const std::string name = trip.planned ? "its planned inverse" : "its down file";

    auto back = trip.planned ? plan_back(after, before) : stage_->down(migration);
    if (!back) {
      if (ends_the_check(back.error())) return pass(back);
      if (back.error().code.id == codes::irreversible.id)
        trip.problem = std::move(back.error());
      else
        trip.problem = not_back(fmt::format("{} fails", name), detail_of(back.error()), trip.planned);
      return trip;
    }
    if (std::string lines = differences(before, stage_->catalog()); !lines.empty()) {
      trip.problem = not_back(fmt::format("{} does not lead back to the state before", name),
                              std::move(lines), trip.planned);
      return trip;
    }
    auto again = up(migration);
    if (!again) {
      if (ends_the_check(again.error())) return pass(again);
      trip.problem = not_back(fmt::format("after {} it cannot be applied again", name),
                              detail_of(again.error()), trip.planned);
      return trip;
    }
    if (std::string lines = differences(after, stage_->catalog()); !lines.empty())
      trip.problem = not_back(fmt::format("applied again after {}, it leads elsewhere", name),
                              std::move(lines), trip.planned);
    return trip;
  }

  Result<> plan_back(const Catalog& from, const Catalog& to) {
    const plan::Plan plan = plan::make_plan(from, to, from.major, {.simple = true});
    if (plan.impossible.empty()) return stage_->run(plan);
    return fail(codes::irreversible, plan.impossible.front(), "write a down file beside it");
  }

  /// Lines; none: the fingerprints are equal.
  std::string differences(const Catalog& expected, const Catalog& found) {
    if (fingerprint_(expected) == fingerprint_(found)) return {};
    return lines_of(catalog::compare(expected, found, {}, {}).differences);
  }

  const Project& project_;
  std::unique_ptr<Stage> stage_;
  std::optional<int> major_;
  catalog::Fingerprinter fingerprint_;
  RoundTrips result_;
};

}  // namespace

std::size_t RoundTrips::failed() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(trips, [](const RoundTrip& trip) { return trip.problem.has_value(); }));
}

Result<RoundTrips> round_trip(const Project& project, const std::function<void(const RoundTrip&)>& progress) {
  if (auto sound = require_sound_files(project); !sound) return pass(sound);
  return Check(project).run(progress);
}

}  // namespace candor::engine
