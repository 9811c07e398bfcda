#include "engine/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <set>

#include "catalog/diff.h"
#include "catalog/fingerprint.h"
#include "catalog/read.h"
#include "engine/script_mode.h"
#include "engine/script_runner.h"
#include "engine/shadow.h"
#include "engine/shadow_needs.h"
#include "engine/tuple_counts.h"
#include "engine/verify.h"
#include "pg/identifier.h"

namespace candor::engine {

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// One history on one shadow.
class Replay {
 public:
  Replay(Shadow& shadow, std::vector<Finding>& findings)
      : connection_(shadow.connection()), needs_(connection_), findings_(findings) {}

  Result<> begin() {
    auto catalog = catalog::read(connection_, options_);
    if (!catalog) return failed("reading the empty shadow", catalog);
    catalog_ = std::move(*catalog);
    return {};
  }

  Result<history::LockEntry> run(const history::Migration& migration) {
    auto text = history::MigrationText::open(migration);
    if (!text) return pass(text);
    auto mode = mode_of(migration, text->view());
    if (!mode) return pass(mode);
    if (auto made = needs_.create_roles(migration, text->view(), findings_); !made) return pass(made);

    history::LockEntry entry{.version = migration.version,
                             .name = migration.name,
                             .file = migration.file,
                             .checksum = migration.checksum};
    auto after = mode->transactional ? run_in_transaction(migration, text->view(), *mode, entry)
                                     : run_by_statement(migration, text->view());
    if (!after) return std::unexpected(explain(std::move(after.error()), migration));
    if (auto reset = reset_session(connection_, mode->touches_prepared); !reset) return pass(reset);

    entry.effects = catalog::diff(catalog_, *after);
    entry.fingerprint = fingerprint_(*after);
    catalog_ = std::move(*after);
    if (migration.version.repeatable())
      if (auto again = require_repeatable(migration, text->view(), *mode); !again) return pass(again);
    return entry;
  }

  [[nodiscard]] const catalog::Catalog& catalog() const { return catalog_; }

 private:
  /// The same statements around the file's as `up` sends, so that the counters mean the same.
  Result<catalog::Catalog> run_in_transaction(const history::Migration& migration, std::string_view text,
                                              const ScriptMode& mode, history::LockEntry& entry) {
    TupleCounters before, after;
    ScriptRunner runner(connection_, migration, text);
    runner.own("BEGIN");
    runner.own(tuple_counts_query(), {}, [&](const pg::Rows& rows) -> Result<> {
      before = read_tuple_counters(rows);
      return {};
    });
    auto sent = runner.run_all(mode.wrapped);
    if (sent && mode.touches_prepared) sent = runner.forget_prepared();
    if (sent) {
      runner.ask("SET CONSTRAINTS ALL IMMEDIATE", codes::statement_failed, "deferred constraints");
      reset_role(runner.pipeline());
      runner.own(tuple_counts_query(), {}, [&](const pg::Rows& rows) -> Result<> {
        after = read_tuple_counters(rows);
        return {};
      });
    }
    catalog::Reader reader(connection_, {}, options_);
    if (sent) {
      reader.ask(runner.pipeline());
      sent = runner.finish();
    }
    if (!sent) {
      (void)connection_.query("ROLLBACK");
      return pass(sent);
    }
    auto reading = reader.finish(connection_);
    if (!reading) return pass(reading);
    if (auto committed = connection_.query("COMMIT"); !committed) return pass(committed);
    if (auto counts = written_between(before, after)) entry.tuples[connection_.major()] = std::move(*counts);
    return std::move(reading->catalog);
  }

  Result<catalog::Catalog> run_by_statement(const history::Migration& migration, std::string_view text) {
    ScriptRunner runner(connection_, migration, text);
    auto walked = runner.run_each();
    if (!walked) {
      (void)connection_.query("ROLLBACK");
      return pass(walked);
    }
    if (auto reset = reset_session(connection_, false); !reset) return pass(reset);
    return catalog::read(connection_, options_);
  }

  /// On a database that has it already, it must run as well, and change nothing.
  Result<> require_repeatable(const history::Migration& migration, std::string_view text,
                              const ScriptMode& mode) {
    history::LockEntry unused;
    auto again = mode.transactional ? run_in_transaction(migration, text, mode, unused)
                                    : run_by_statement(migration, text);
    if (again) {
      if (auto reset = reset_session(connection_, mode.touches_prepared); !reset) return reset;
      const auto effects = catalog::diff(catalog_, *again);
      if (effects.empty()) return {};
      again = std::unexpected(
          Error{.message = "it changes the catalog", .detail = history::to_line(effects.front())});
    }
    Error error = std::move(again.error());
    if (error.connection_lost || error.code.id == codes::interrupted.id) return std::unexpected(error);
    error.code = codes::not_repeatable;
    error.message = fmt::format("{} is repeatable, and cannot run twice: {}", migration.file, error.message);
    error.hint =
        "write it so that it leads to the same from anywhere: CREATE OR REPLACE, or DROP … IF "
        "EXISTS first";
    return std::unexpected(std::move(error));
  }

  Error explain(Error error, const history::Migration& migration) {
    error = needs_.explain(std::move(error));
    if (error.code.id == codes::statement_failed.id) {
      error.code = codes::replay_failed;
      error.hint =
          "correct the statement, or let `[shadow] setup` in candor.toml make what it takes for granted";
    }
    error.message = fmt::format("replaying {}: {}", migration.file, error.message);
    return error;
  }

  pg::Connection& connection_;
  ShadowNeeds needs_;
  std::vector<Finding>& findings_;
  catalog::ReadOptions options_;
  catalog::Catalog catalog_;
  catalog::Fingerprinter fingerprint_;
};

/// What setup has made. The schema public is everywhere, and never quite the same.
std::vector<catalog::Effect> given_in(const catalog::Catalog& shadow) {
  auto effects = catalog::diff(base_catalog(shadow.major), shadow);
  std::erase_if(effects, [](const catalog::Effect& effect) {
    return effect.change == catalog::Change::altered && effect.id.kind == catalog::Kind::schema;
  });
  return effects;
}

/// The texts that `other`'s major prints otherwise, of the objects that this migration made or changed.
std::vector<history::Form> forms_of(const history::LockEntry& main, const catalog::Catalog& main_catalog,
                                    const catalog::Catalog& other) {
  std::vector<history::Form> forms;
  for (const catalog::Effect& effect : main.effects) {
    const catalog::Object* const ours = main_catalog.find(effect.id);
    const catalog::Object* const theirs = other.find(effect.id);
    if (ours == nullptr || theirs == nullptr) continue;
    const auto attributes = catalog::attributes_of(effect.id.kind);
    for (std::size_t a = 0; a < attributes.size(); ++a)
      if (attributes[a].printed != catalog::Printed::no && ours->values[a] != theirs->values[a])
        forms.push_back({effect.id, static_cast<std::uint8_t>(a), theirs->values[a]});
  }
  return forms;
}

/// The major that the existing lock was written with, where its programs are there: its texts then stay as
/// they are.
std::optional<int> main_major(const Project& project) {
  if (!project.lock || !project.settings.shadow_url.empty()) return std::nullopt;
  const auto binaries = pg::find_binaries();
  const bool there =
      std::ranges::find(binaries, project.lock->server, &pg::Binaries::major) != binaries.end();
  return there ? std::optional(project.lock->server) : std::nullopt;
}

}  // namespace

Result<Replayed> replay(const Project& project, const ReplayOptions& options,
                        const std::function<void(const history::LockEntry&)>& progress) {
  const auto start = Clock::now();
  Replayed result;
  auto shadow = Shadow::open(project.settings, main_major(project));
  if (!shadow) return pass(shadow);
  result.lock.server = shadow->connection().major();
  result.shadow_ms = milliseconds_since(start);
  Replay main(*shadow, result.findings);
  if (auto begun = main.begin(); !begun) return pass(begun);
  if (project.settings.shadow_setup) result.lock.given = given_in(main.catalog());

  std::set<int> others(options.other_servers.begin(), options.other_servers.end());
  if (project.lock) others.insert(project.lock->other_servers.begin(), project.lock->other_servers.end());
  others.erase(result.lock.server);
  std::vector<std::unique_ptr<Shadow>> shadows;
  std::vector<std::unique_ptr<Replay>> replays;
  std::vector<Finding> same_news;  // roles that the other shadows need as well
  for (const int major : others) {
    auto other = Shadow::open(project.settings, major);
    if (!other) return failed(fmt::format("starting a shadow of PostgreSQL {}", major), other);
    shadows.push_back(std::make_unique<Shadow>(std::move(*other)));
    replays.push_back(std::make_unique<Replay>(*shadows.back(), same_news));
    if (auto begun = replays.back()->begin(); !begun) return pass(begun);
    result.lock.other_servers.push_back(major);
  }

  for (const history::Migration& migration : project.history.migrations) {
    auto entry = main.run(migration);
    if (!entry) return pass(entry);
    for (std::size_t i = 0; i < replays.size(); ++i) {
      const int major = result.lock.other_servers[i];
      auto other = replays[i]->run(migration);
      if (!other) return failed(fmt::format("on PostgreSQL {}", major), other);
      entry->tuples.merge(other->tuples);
      if (auto forms = forms_of(*entry, main.catalog(), replays[i]->catalog()); !forms.empty())
        entry->forms[major] = std::move(forms);
    }
    if (progress) progress(*entry);
    result.lock.entries.push_back(std::move(*entry));
  }
  result.total_ms = milliseconds_since(start);
  return result;
}

}  // namespace candor::engine
