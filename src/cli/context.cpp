#include "cli/context.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "base/file.h"

namespace candor::cli {

namespace {

constexpr std::string_view home = ".candor";

/// Makes `.candor/` with a .gitignore of its own, so that a server's files are never committed by accident.
Result<> make_home(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure)
    return fail(codes::file_unwritable, fmt::format("making {}: {}", folder.string(), failure.message()),
                "give --url a database, or make the folder writable");
  const auto ignore = folder / ".gitignore";
  if (std::filesystem::exists(ignore, failure)) return {};
  return write_file_atomically(ignore, "*\n");
}

}  // namespace

bool names_database(const engine::Settings& settings) {
  if (!settings.url.empty()) return true;
  for (const char* variable : {"PGHOST", "PGHOSTADDR", "PGDATABASE", "PGSERVICE"}) {
    const char* value = std::getenv(variable);
    if (value != nullptr && *value != '\0') return true;
  }
  return false;
}

Context::Context(GlobalOptions options, std::vector<std::string> program, const CLI::App& app)
    : out(options.output), options_(std::move(options)), program_(std::move(program)), app_(app) {}

Paint Context::paint() const {
  return [this](Style style, std::string_view text) { return out.paint(style, text); };
}

Paint Context::paint_problem() const {
  return [this](Style style, std::string_view text) { return out.paint_problem(style, text); };
}

void Context::report(const Finding& finding) {
  const bool told = std::ranges::any_of(findings, [&](const Finding& before) {
    return before.what.code.id == finding.what.code.id && before.what.message == finding.what.message;
  });
  if (told) return;
  findings.push_back(finding);
  if (finding.severity == Severity::notice) {
    out.note(format_finding(finding, paint_problem()));
  } else {
    out.problem(format_finding(finding, paint_problem()));
  }
}

void Context::report(const std::vector<Finding>& list) {
  for (const Finding& finding : list) report(finding);
}

Result<engine::Settings> Context::settings() const {
  auto settings = engine::read_settings(options_.config);
  if (!settings) return pass(settings);

  const char* environment = std::getenv("DATABASE_URL");
  if (options_.url) {
    settings->url = *options_.url;
    if (options_.url->empty())
      return fail(codes::bad_url, "--url is empty", "give --url a database, or leave it out");
  } else if (environment != nullptr) {
    settings->url = environment;
    if (*environment == '\0')
      return fail(codes::bad_url, "DATABASE_URL is set but empty",
                  "set DATABASE_URL to a database, or unset it");
  }
  settings->url_is_embedded = !names_database(*settings);
  if (!options_.dir.empty()) settings->dir = options_.dir;
  return settings;
}

Result<engine::Settings> Context::settings_with_folder() const {
  auto settings = this->settings();
  if (!settings || !settings->dir.empty()) return settings;
  auto found = engine::find_migrations(settings->root);
  if (!found) return pass(found);
  settings->dir = std::move(*found);
  return settings;
}

Result<engine::Project> Context::project() const {
  auto settings = settings_with_folder();
  if (!settings) return pass(settings);
  return engine::open_project(std::move(*settings));
}

Result<pg::Connection> Context::connect(const engine::Settings& settings) {
  std::string url = settings.url;
  if (settings.url_is_embedded) {
    auto embedded = start_embedded(settings);
    if (!embedded) return pass(embedded);
    url = std::move(*embedded);
  }
  return pg::Connection::open(engine::connect_options(settings, std::move(url)));
}

Result<std::string> Context::start_embedded(const engine::Settings& settings) {
  const auto folder = settings.root / home;
  if (!embedded_) {
    if (auto made = make_home(folder); !made) return pass(made);
    out.note(fmt::format("using the embedded server in {}/", home));
    auto cluster = pg::Cluster::start({.directory = (folder / "server").string()});
    if (!cluster) {
      if (cluster.error().code.id == codes::no_server_binaries.id)
        cluster.error().message += "; no database is named either (--url, DATABASE_URL, candor.toml)";
      return pass(cluster);
    }
    embedded_ = std::move(*cluster);
  }
  return embedded_->url();
}

}  // namespace candor::cli
