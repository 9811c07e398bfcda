#include "engine/schema_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "base/file.h"
#include "catalog/read.h"
#include "engine/script_runner.h"
#include "engine/shadow.h"
#include "engine/shadow_needs.h"
#include "engine/verify.h"

namespace candor::engine {

namespace {

namespace fs = std::filesystem;
using Nature = SchemaSource::Nature;

bool is_sql_file(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.ends_with(".sql") && !name.ends_with(".down.sql") && name != "down.sql";
}

Result<std::vector<fs::path>> files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failure;
  for (fs::recursive_directory_iterator at(folder, failure), end; !failure && at != end;
       at.increment(failure))
    if (at->is_regular_file() && is_sql_file(at->path())) files.push_back(at->path());
  if (failure)
    return fail(codes::file_unreadable,
                fmt::format("{} cannot be read: {}", printable(folder.string()), failure.message()),
                "check the path and its permissions");
  if (files.empty())
    return fail(codes::usage, fmt::format("{} holds no SQL file", printable(folder.string())),
                "name a folder with .sql files");
  std::ranges::sort(files);
  return files;
}

bool is_connection_string(std::string_view text) {
  return text.find("://") != std::string_view::npos || text.find('=') != std::string_view::npos;
}

/// Runs one file, statement by statement, roles that it names made before.
Result<> run_file(pg::Connection& connection, const history::Migration& script,
                  std::vector<Finding>& findings) {
  auto text = history::MigrationText::open(script);
  if (!text) return pass(text);
  ShadowNeeds needs(connection);
  if (auto made = needs.create_roles(script, text->view(), findings); !made) return made;
  ScriptRunner runner(connection, script, text->view());
  auto ran = runner.run_each();
  if (ran) return reset_session(connection, true);
  Error error = needs.explain(std::move(ran.error()));
  if (error.code.id == codes::statement_failed.id) error.code = codes::replay_failed;
  return failed(fmt::format("running {}", script.file), std::move(error));
}

Result<catalog::Catalog> run_scripts(const std::vector<history::Migration>& scripts, const Settings& settings,
                                     std::optional<int> major, std::vector<Finding>& findings) {
  auto shadow = Shadow::open(settings, major);
  if (!shadow) return pass(shadow);
  for (const history::Migration& script : scripts)
    if (auto ran = run_file(shadow->connection(), script, findings); !ran) return pass(ran);
  return catalog::read(shadow->connection());
}

std::vector<history::Migration> scripts_of(const std::vector<fs::path>& files) {
  std::vector<history::Migration> scripts;
  for (const fs::path& path : files)
    scripts.push_back(
        {.name = path.stem().string(), .path = path, .file = printable(path.filename().string())});
  return scripts;
}

Result<std::size_t> count_until(const Project& project, const std::string& version) {
  const auto& entries = project.lock->entries;
  if (version == "head") return entries.size();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string text = entries[i].version.text();
    const auto first = std::min(text.find_first_not_of('0'), text.size());
    const auto wanted = std::min(version.find_first_not_of('0'), version.size());
    if (text == version || text.substr(first) == version.substr(wanted)) return i + 1;
  }
  return fail(codes::migration_unknown, fmt::format("the lock file has no version {}", printable(version)),
              "name one that `candor status` lists, or @head");
}

Result<catalog::Catalog> read_version(const SchemaSource& source, const Project& project,
                                      const Settings& settings, std::optional<int> major,
                                      std::vector<Finding>& findings) {
  if (auto locked = require_lock(project); !locked) return pass(locked);
  auto count = count_until(project, source.version);
  if (!count) return pass(count);
  if (major && *major != project.lock->server) {
    const auto& all = project.history.migrations;
    return run_scripts({all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(*count, all.size()))},
                       settings, major, findings);
  }
  std::vector<const history::LockEntry*> entries;
  for (std::size_t i = 0; i < *count; ++i) entries.push_back(&project.lock->entries[i]);
  catalog::Forms forms;
  return expected_catalog(*project.lock, entries, project.lock->server, forms);
}

}  // namespace

std::string SchemaSource::name() const {
  return nature == Nature::database ? pg::without_password(text) : text;
}

Result<SchemaSource> parse_source(const std::string& text) {
  SchemaSource source{.text = text};
  if (text == "empty") return source;
  if (text.starts_with('@') && text.size() > 1) {
    source.nature = Nature::version;
    source.version = text.substr(1);
    return source;
  }
  std::error_code none;
  if (fs::is_directory(text, none)) {
    auto files = files_of(text);
    if (!files) return pass(files);
    source.nature = Nature::files;
    source.files = std::move(*files);
  } else if (fs::is_regular_file(text, none)) {
    source.nature = Nature::files;
    source.files.emplace_back(text);
  } else if (is_connection_string(text)) {
    source.nature = Nature::database;
  } else {
    return fail(codes::usage, fmt::format("{} is no schema", printable(text)),
                "name a connection string, @VERSION, @head, a file or folder of SQL, or empty");
  }
  return source;
}

Result<std::optional<int>> major_of(const SchemaSource& source, const Project* project) {
  if (source.nature == Nature::version && project != nullptr && project->lock) return project->lock->server;
  if (source.nature != Nature::database) return std::nullopt;
  auto connection = pg::Connection::open({.url = source.text});
  if (!connection) return pass(connection);
  return connection->major();
}

Result<catalog::Catalog> read_source(const SchemaSource& source, const Project* project,
                                     const Settings& settings, std::optional<int> major,
                                     std::vector<Finding>& findings) {
  switch (source.nature) {
    case Nature::empty:
      return base_catalog(major.value_or(0));
    case Nature::version:
      return read_version(source, *project, settings, major, findings);
    case Nature::files:
      return run_scripts(scripts_of(source.files), settings, major, findings);
    case Nature::database:
      break;
  }
  auto connection = pg::Connection::open({.url = source.text});
  if (!connection) return pass(connection);
  return catalog::read(*connection, {.excluded_schemas = {settings.ledger_schema}});
}

}  // namespace candor::engine
