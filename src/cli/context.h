/// cli/context.h: what every command is given: settings, a way to the database, and where to say what it
/// found.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/json.h"
#include "cli/output.h"
#include "cli/print_error.h"
#include "engine/project.h"
#include "pg/cluster.h"
#include "pg/connection.h"

namespace CLI {
class App;
}

namespace candor::cli {

/// The options that all commands have. Absent and empty are not the same: `--url ""` is an error.
struct GlobalOptions {
  std::optional<std::string> url;
  std::string dir;
  std::string config;
  Output::Options output;
};

class Context {
 public:
  /// `app` is borrowed and outlives the context.
  Context(GlobalOptions options, std::vector<std::string> program, const CLI::App& app);

  Output out;
  Json fields = Json::object();   ///< the command's own part of the JSON document
  std::vector<Finding> findings;  ///< all that were reported
  std::string aftermath;          ///< what is left after the error: the last line that is printed

  /// What stands behind `--`.
  [[nodiscard]] const std::vector<std::string>& program() const { return program_; }
  [[nodiscard]] const CLI::App& app() const { return app_; }
  [[nodiscard]] const GlobalOptions& options() const { return options_; }

  /// Colours for results, and for what goes to stderr.
  [[nodiscard]] Paint paint() const;
  [[nodiscard]] Paint paint_problem() const;

  /// Adds a finding to the JSON document and prints it on stderr (notices not with --quiet); once, however
  /// often it is told.
  void report(const Finding& finding);
  void report(const std::vector<Finding>& list);

  /// candor.toml, with what the environment (DATABASE_URL) and the command line say instead.
  /// Errors: as read_settings · C0104 an empty URL, which is never the same as none.
  Result<engine::Settings> settings() const;
  /// As settings(), with the migrations folder found. Errors: and C0301.
  Result<engine::Settings> settings_with_folder() const;
  /// Settings, migrations and lock. Errors: as open_project.
  Result<engine::Project> project() const;

  /// Opens the database that the settings name, or starts the embedded one in `.candor/`, which then runs as
  /// long as the context lives. Errors: as Connection::open, Cluster::start.
  Result<pg::Connection> connect(const engine::Settings& settings);

 private:
  Result<std::string> start_embedded(const engine::Settings& settings);

  GlobalOptions options_;
  std::vector<std::string> program_;
  const CLI::App& app_;
  std::optional<pg::Cluster> embedded_;
};

/// True if `settings` name a database, or libpq's own environment (PGHOST, PGSERVICE …) does.
bool names_database(const engine::Settings& settings);

}  // namespace candor::cli
