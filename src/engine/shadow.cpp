#include "engine/shadow.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <map>
#include <memory>
#include <random>
#include <set>

#include "base/file.h"
#include "engine/script_runner.h"
#include "history/migration.h"
#include "pg/identifier.h"
#include "sql/anatomy.h"
#include "sql/script.h"

namespace candor::engine {

namespace {

constexpr int with_force_since = 13;
constexpr int locale_provider_since = 15;

std::string scratch_name() {
  std::random_device random;
  return fmt::format("candor_shadow_{:08x}{:08x}", random(), random());
}

/// A key=value string's value, quoted as libpq wants it.
std::string quoted(std::string_view value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

/// `url` with another database. It may hold a password: for Connection::open alone. REQUIRES: open() took
/// `url`.
std::string with_database(const std::string& url, std::string_view database) {
  std::string changed = "dbname=" + quoted(database);
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(
      PQconninfoParse(url.c_str(), nullptr), &PQconninfoFree);
  for (const PQconninfoOption* option = options.get(); option != nullptr && option->keyword != nullptr;
       ++option) {
    if (option->val == nullptr || std::string_view(option->keyword) == "dbname") continue;
    changed += fmt::format(" {}={}", option->keyword, quoted(option->val));
  }
  return changed;
}

/// Sorted bytewise and without the server's own additions, whatever the server's other databases are like.
Result<> create_scratch(pg::Connection& server, const std::string& name) {
  auto made = server.query(fmt::format(
      "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'{}",
      pg::Identifier(name), server.major() >= locale_provider_since ? " LOCALE_PROVIDER libc" : ""));
  if (made) return {};
  if (made.error().code.id == codes::insufficient_rights.id)
    made.error().hint =
        fmt::format("run on that server: ALTER ROLE {} CREATEDB", pg::Identifier(server.user()));
  return failed("making a scratch database for the shadow", made);
}

void drop_scratch(pg::Connection& server, const std::string& name) {
  const pg::Identifier database(name);
  if (server.major() >= with_force_since) {
    (void)server.query_ignoring_interrupt(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", database));
    return;
  }
  (void)server.query_ignoring_interrupt(
      "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = $1",
      {name});
  (void)server.query_ignoring_interrupt(fmt::format("DROP DATABASE IF EXISTS {}", database));
}

using SessionSettings = std::map<std::string, std::string>;

Result<SessionSettings> session_settings(pg::Connection& connection) {
  auto rows = connection.query(
      "SELECT s.name, s.setting FROM pg_catalog.pg_settings s WHERE s.source = 'session' AND s.name NOT IN"
      " ('role', 'session_authorization')");
  if (!rows) return failed("reading the session's settings", rows);
  SessionSettings settings;
  for (int row = 0; row < rows->size(); ++row)
    settings.emplace(std::string(rows->at(row, 0)), std::string(rows->at(row, 1)));
  return settings;
}

/// "my"."setting"
std::string setting_name(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return pg::Identifier(name).sql();
  return fmt::format("{}.{}", pg::Identifier(name.substr(0, dot)), pg::Identifier(name.substr(dot + 1)));
}

/// pg_settings does not show parameters that no module defines (`SET app.tenant = …`): these by the script.
std::set<std::string> own_parameters(std::string_view script) {
  std::set<std::string> names;
  // It cannot fail: the script has just been run statement by statement.
  (void)sql::for_each_statement(script, "setup", [&](const sql::Statement& statement) -> Result<> {
    const sql::Anatomy anatomy = sql::anatomy_of(statement.text);
    if (anatomy.nature == sql::Anatomy::Nature::set && anatomy.setting.find('.') != std::string::npos)
      names.insert(anatomy.setting);
    return {};
  });
  return names;
}

/// What the script has set becomes the database's own: every later session of it, and RESET ALL, finds it so.
Result<> keep_settings(pg::Connection& connection, const SessionSettings& before, std::string_view script) {
  auto now = session_settings(connection);
  if (!now) return pass(now);
  std::set<std::string> names = own_parameters(script);
  for (const auto& [name, value] : *now) {
    const auto known = before.find(name);
    if (known == before.end() || known->second != value) names.insert(name);
  }
  for (const std::string& name : names) {
    auto kept = connection.query(fmt::format("ALTER DATABASE {} SET {} FROM CURRENT",
                                             pg::Identifier(connection.database()), setting_name(name)));
    if (!kept) return failed(fmt::format("keeping the setting {}", name), kept);
  }
  return {};
}

}  // namespace

Result<> run_setup(pg::Connection& connection, const std::filesystem::path& path) {
  const std::string shown_as = printable(path.string());
  auto text = history::MigrationText::open(path, shown_as);
  if (!text) return failed("reading the shadow's setup", text);
  const history::Migration script{.name = "setup", .path = path, .file = shown_as};
  ScriptRunner runner(connection, script, text->view());
  auto before = session_settings(connection);
  if (!before) return pass(before);
  auto ran = runner.run_each();
  if (ran) ran = keep_settings(connection, *before, text->view());
  if (ran) ran = reset_session(connection, true);
  if (ran) return {};
  Error error = std::move(ran.error());
  if (error.code.id == codes::interrupted.id || error.connection_lost)
    return failed("running the shadow's setup", std::move(error));
  error.code = codes::shadow_setup_failed;
  error.hint = fmt::format("correct {}", shown_as);
  return failed("running the shadow's setup", std::move(error));
}

Result<Shadow> Shadow::open(const Settings& settings, std::optional<int> major) {
  Shadow shadow;
  std::string url;
  if (settings.shadow_url.empty()) {
    auto cluster = pg::Cluster::start({.major = major});
    if (!cluster) return failed("starting a shadow", cluster);
    shadow.cluster_.emplace(std::move(*cluster));
    url = shadow.cluster_->url();
  } else {
    auto admin = pg::Connection::open({.url = settings.shadow_url});
    if (!admin) return failed("connecting to the shadow's server", admin);
    if (major && *major != admin->major())
      return fail(
          codes::server_unsupported,
          fmt::format("the shadow's server is PostgreSQL {}; {} was asked for", admin->major(), *major),
          "name a server of that version as [shadow] url, or none");
    const std::string name = scratch_name();
    if (auto made = create_scratch(*admin, name); !made) return pass(made);
    shadow.admin_.emplace(std::move(*admin));
    shadow.scratch_ = name;
    url = with_database(settings.shadow_url, name);
  }
  const pg::ConnectOptions options = connect_options(settings, url);
  auto connection = pg::Connection::open(options);
  if (!connection) return failed("connecting to the shadow", connection);
  shadow.connection_.emplace(std::move(*connection));
  if (!settings.shadow_setup) return shadow;
  if (auto ran = run_setup(*shadow.connection_, *settings.shadow_setup); !ran) return pass(ran);
  auto anew = pg::Connection::open(options);  // with the settings that the setup has left
  if (!anew) return failed("connecting to the shadow", anew);
  shadow.connection_.emplace(std::move(*anew));
  return shadow;
}

Shadow::Shadow(Shadow&& other) noexcept
    : cluster_(std::move(other.cluster_)),
      admin_(std::move(other.admin_)),
      scratch_(std::exchange(other.scratch_, {})),
      connection_(std::move(other.connection_)) {}

/// A long replay may have cost the idle connection, and Ctrl-C must not leave the database behind.
Shadow::~Shadow() {
  connection_.reset();
  if (scratch_.empty()) return;
  if (!admin_->lost()) drop_scratch(*admin_, scratch_);
  if (!admin_->lost()) return;
  pg::ConnectOptions again = admin_->options();
  again.ignore_interrupt = true;
  if (auto server = pg::Connection::open(again)) drop_scratch(*server, scratch_);
}

}  // namespace candor::engine
