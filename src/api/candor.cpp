#include "candor/candor.h"

#include <algorithm>
#include <cstdlib>

#include "engine/apply.h"
#include "engine/prover.h"

namespace candor {

namespace {

Failure failure_of(const Error& error) {
  return {.code = std::string(error.code.id),
          .message = error.message,
          .detail = error.detail,
          .hint = error.hint,
          .sqlstate = error.sqlstate,
          .retryable = error.retryable,
          .commit_in_doubt = error.commit_in_doubt};
}

std::vector<std::string> lines_of(const std::vector<catalog::Difference>& differences) {
  std::vector<std::string> lines;
  lines.reserve(differences.size());
  for (const catalog::Difference& difference : differences) lines.push_back(engine::line_of(difference));
  return lines;
}

Verdict verdict_of(catalog::Verdict verdict) {
  switch (verdict) {
    case catalog::Verdict::is_true:
      return Verdict::is_true;
    case catalog::Verdict::differs:
      return Verdict::differs;
    case catalog::Verdict::unproven:
      break;
  }
  return Verdict::unproven;
}

/// As at the command line, an error among the findings takes the truth from the verdict.
State state_of(const engine::Verification& verification) {
  State state{.verdict = verdict_of(verification.verdict),
              .applied = verification.applied,
              .pending = verification.pending,
              .objects = verification.comparison.objects,
              .version = verification.version ? verification.version->text() : "",
              .differences = lines_of(verification.comparison.differences),
              .unproven = lines_of(verification.comparison.unproven)};
  for (const Finding& finding : verification.findings)
    if (finding.severity == Severity::error) state.findings.push_back(failure_of(finding.what));
  if (!state.findings.empty() && state.verdict == Verdict::is_true) state.verdict = Verdict::unproven;
  return state;
}

/// The project and a connection to its database.
struct Opened {
  engine::Project project;
  pg::Connection connection;
};

Result<engine::Settings> settings_of(const Options& options) {
  auto settings = engine::read_settings(options.config);
  if (!settings) return settings;
  const char* const environment = std::getenv("DATABASE_URL");
  if (!options.url.empty())
    settings->url = options.url;
  else if (environment != nullptr && *environment != '\0')
    settings->url = environment;
  if (!options.migrations.empty()) settings->dir = options.migrations;
  if (settings->dir.empty()) {
    auto found = engine::find_migrations(settings->root);
    if (!found) return pass(found);
    settings->dir = std::move(*found);
  }
  return settings;
}

Result<Opened> open(const Options& options) {
  auto settings = settings_of(options);
  if (!settings) return pass(settings);
  auto project = engine::open_project(std::move(*settings));
  if (!project) return pass(project);
  auto connection = pg::Connection::open(engine::connect_options(project->settings, project->settings.url));
  if (!connection) return pass(connection);
  return Opened{std::move(*project), std::move(*connection)};
}

/// Passes on what a program wants to hear of while it runs.
class Observer : public engine::ApplyObserver {
 public:
  explicit Observer(const std::function<void(const std::string&)>& on_applied) : on_applied_(on_applied) {}
  void applied(const engine::Applied& applied) override {
    if (on_applied_) on_applied_(applied.version.text());
  }

 private:
  const std::function<void(const std::string&)>& on_applied_;
};

}  // namespace

std::expected<UpResult, Failure> up(const Options& options, const UpOptions& up_options) {
  auto opened = open(options);
  if (!opened) return std::unexpected(failure_of(opened.error()));
  engine::ApplyOptions apply{.single_transaction = up_options.single_transaction,
                             .allow_out_of_order = up_options.allow_out_of_order};
  if (!up_options.to.empty()) apply.to = history::Version(up_options.to);
  Observer observer(up_options.on_applied);
  auto done = engine::apply(opened->project, opened->connection, apply, observer);
  if (!done) return std::unexpected(failure_of(done.error().error));
  UpResult result{.state = state_of(done->final)};
  for (const engine::Applied& applied : done->applied) result.applied.push_back(applied.version.text());
  return result;
}

std::expected<State, Failure> verify(const Options& options) {
  auto opened = open(options);
  if (!opened) return std::unexpected(failure_of(opened.error()));
  auto verification = engine::verify(opened->project, opened->connection);
  if (!verification) return std::unexpected(failure_of(verification.error()));
  return state_of(*verification);
}

}  // namespace candor
