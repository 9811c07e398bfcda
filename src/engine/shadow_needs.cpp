#include "engine/shadow_needs.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "pg/identifier.h"
#include "sql/script.h"

namespace candor::engine {

namespace {

/// Extensions that Debian packages outside postgresql-N; {} is the server's major.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> packages{{
    {"postgis", "postgresql-{}-postgis-3"},
    {"postgis_raster", "postgresql-{}-postgis-3"},
    {"postgis_topology", "postgresql-{}-postgis-3"},
    {"vector", "postgresql-{}-pgvector"},
    {"pg_cron", "postgresql-{}-cron"},
    {"pg_partman", "postgresql-{}-partman"},
    {"hypopg", "postgresql-{}-hypopg"},
    {"pg_repack", "postgresql-{}-repack"},
    {"pgaudit", "postgresql-{}-pgaudit"},
    {"pgrouting", "postgresql-{}-pgrouting"},
    {"pg_similarity", "postgresql-{}-similarity"},
    {"ip4r", "postgresql-{}-ip4r"},
    {"plpython3u", "postgresql-plpython3-{}"},
    {"plv8", "postgresql-{}-plv8"},
}};

/// The name between the first pair of double quotes: extension "postgis" is not available.
std::string quoted_name(std::string_view message) {
  const auto from = message.find('"');
  const auto to = from == std::string_view::npos ? from : message.find('"', from + 1);
  return to == std::string_view::npos ? std::string() : std::string(message.substr(from + 1, to - from - 1));
}

/// The extension of a control file's path: …/extension/postgis.control.
std::string control_file_name(std::string_view message) {
  const auto to = message.find(".control");
  const auto from = to == std::string_view::npos ? to : message.rfind('/', to);
  return from == std::string_view::npos ? std::string()
                                        : std::string(message.substr(from + 1, to - from - 1));
}

}  // namespace

Result<> ShadowNeeds::know_roles() {
  if (known_) return {};
  auto rows = connection_.query("SELECT r.rolname FROM pg_catalog.pg_roles r");
  if (!rows) return failed("reading roles", rows);
  for (int r = 0; r < rows->size(); ++r) roles_.emplace(rows->at(r, 0));
  known_ = true;
  return {};
}

Result<> ShadowNeeds::create_roles(const history::Migration& migration, std::string_view text,
                                   std::vector<Finding>& findings) {
  return sql::for_each_statement(text, migration.file, [&](const sql::Statement& statement) -> Result<> {
    const sql::Analysis analysis = sql::analyse(statement.text);
    // What the history creates itself must not be there before.
    roles_.insert(analysis.created_roles.begin(), analysis.created_roles.end());
    for (const std::string& role : analysis.roles) {
      if (auto known = know_roles(); !known) return known;
      if (roles_.contains(role)) continue;
      auto made = connection_.query(fmt::format("CREATE ROLE {}", pg::Identifier(role)));
      if (!made && made.error().sqlstate != "42710")
        return failed(fmt::format("creating role {}", role), made);
      roles_.insert(role);
      findings.push_back(
          {Severity::notice,
           {.code = codes::role_created,
            .message = fmt::format("role {} was created in the shadow: {} names it", role, migration.file),
            .where = sql::position_of(migration.file, text, statement.offset),
            .hint = "create it in [shadow] setup if it needs more than to exist"}});
    }
    return {};
  });
}

Error ShadowNeeds::explain(Error error) const {
  const bool unavailable =
      error.sqlstate == "0A000" && error.message.find("is not available") != std::string::npos;
  const bool no_control_file =
      error.sqlstate == "58P01" && error.message.find(".control") != std::string::npos;
  if (!unavailable && !no_control_file) return error;
  const std::string extension = unavailable ? quoted_name(error.message) : control_file_name(error.message);
  error.code = codes::extension_missing;
  error.message =
      fmt::format("the shadow (PostgreSQL {}) lacks the extension {}", connection_.major(), extension);
  error.hint = "install it for the shadow's server, or name a server that has it with --shadow-url";
  for (const auto& [name, package] : packages)
    if (name == extension)
      error.hint = fmt::format("run `apt-get install {}`, or name a server that has it with --shadow-url",
                               fmt::format(fmt::runtime(package), connection_.major()));
  return error;
}

}  // namespace candor::engine
