/// engine/settings.h: what candor.toml, the environment and the command line say, as one struct.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "history/migration.h"
#include "pg/connection.h"

namespace candor::engine {

/// What to do about drift found before applying.
enum class DriftPolicy {
  touched,  ///< stop if pending migrations touch what differs, warn about the rest
  strict,   ///< stop on any
  warn,     ///< warn about all
};

/// [adopt]: the tool that a history was taken over from, and its ledger.
struct AdoptedLedger {
  std::string tool;     ///< "drizzle"; empty: none
  std::string table;    ///< "drizzle.__drizzle_migrations"; a part that is no plain name is quoted
  bool mirror = false;  ///< write its rows as well

  [[nodiscard]] bool empty() const { return table.empty(); }
};

/// Every field's default is what applies when nothing is said. candor.toml's keys have the fields' names.
struct Settings {
  std::string url;                    ///< empty: the embedded server in `.candor/`
  bool url_is_embedded = false;       ///< nothing named a database: url is to be the embedded server's
  std::filesystem::path dir;          ///< the migrations folder
  std::string format;                 ///< empty: found by looking
  std::filesystem::path config_file;  ///< the candor.toml that was read; empty: none
  std::filesystem::path root;         ///< the project: candor.toml's folder, else the current one
  std::map<std::string, std::string, std::less<>>
      placeholders;                      ///< [placeholders]: values for the files' own
  std::string ledger_schema = "candor";  ///< [ledger] schema
  DriftPolicy drift = DriftPolicy::touched;
  bool accept_unproven = false;               ///< unproven = "accept": it is printed, but exits 0
  std::vector<std::string> compare;           ///< of "owners", "grants", "comments"
  std::vector<std::string> ignore;            ///< patterns of objects that are none of the history's business
  std::vector<std::string> search_path;       ///< schemas, for unqualified names; empty: the server's
  std::string lock_timeout = "3s";            ///< per attempt, as PostgreSQL reads it; "0" waits for ever
  std::string statement_timeout = "0";        ///< "0": none
  int lock_retries = 8;                       ///< attempts after the first, with growing pauses
  std::chrono::seconds wait_for_runner{600};  ///< how long to wait for another runner
  std::optional<std::filesystem::path> shadow_setup;  ///< [shadow] setup: SQL run in a shadow first
  AdoptedLedger adopt;                                ///< [adopt]
  std::string shadow_url;                             ///< [shadow] url: a server to make scratch databases on
};

/// Reads candor.toml (`config_file` or, when empty, ./candor.toml if it exists). Relative paths in it are
/// relative to it. Errors: C0004 · C0002 with position · C0003 unknown key with "did you mean".
Result<Settings> read_settings(const std::filesystem::path& config_file);

/// How to connect to a database of the project, or to its shadow.
pg::ConnectOptions connect_options(const Settings& settings, std::string url);

/// What `settings` say about the migrations folder.
history::FolderOptions folder_options(const Settings& settings);

/// Finds the migrations folder when neither flag nor file names one: ./migrations, ./db/migrations, ….
/// Errors: C0301 with what was looked for · C0001 there are several.
Result<std::filesystem::path> find_migrations(const std::filesystem::path& root);

}  // namespace candor::engine
