#include "pg/cluster.h"

#include <fmt/format.h>

#include <utility>

#include "pg/home.h"
#include "pg/recording.h"
#include "pg/server.h"

namespace candor::pg {

struct Cluster::State {
  Server server;
  int major = 0;
  ~State() { leave_server(server); }
};

namespace {

/// A value of a libpq key=value string.
std::string connection_value(std::string_view value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

Result<std::pair<Server, int>> start_throw_away(const ClusterOptions& options) {
  auto account = server_account();
  if (!account) return pass(account);
  auto binaries = choose_binaries(options.major);
  if (!binaries) return pass(binaries);
  if (!options.recorded_role.empty() && binaries->major < recording_since)
    return fail(codes::server_unsupported,
                fmt::format("PostgreSQL {} cannot record statements as JSON", binaries->major),
                fmt::format("install PostgreSQL {} or newer: apt install postgresql-15", recording_since));
  auto server =
      start_server({.binaries = *binaries, .account = *account, .recorded_role = options.recorded_role});
  if (!server) return pass(server);
  return std::pair(std::move(*server), binaries->major);
}

}  // namespace

Result<Cluster> Cluster::start(const ClusterOptions& options) {
  auto started = options.directory.empty() ? start_throw_away(options) : start_or_join(options);
  if (!started) return pass(started);
  return Cluster(std::make_unique<State>(std::move(started->first), started->second));
}

Cluster::Cluster(std::unique_ptr<State> state) : state_(std::move(state)) {}
Cluster::Cluster(Cluster&&) noexcept = default;
Cluster& Cluster::operator=(Cluster&&) noexcept = default;
Cluster::~Cluster() = default;

std::string Cluster::url(std::string_view database) const {
  return fmt::format("host={} port={} user=postgres dbname={}", connection_value(state_->server.runtime),
                     state_->server.port, connection_value(database));
}

int Cluster::major() const {
  return state_->major;
}
int Cluster::postmaster_pid() const {
  return state_->server.postmaster;
}
int Cluster::port() const {
  return state_->server.records ? state_->server.port : 0;
}
std::string Cluster::recording() const {
  return state_->server.runtime + "/" + recording_name;
}

}  // namespace candor::pg
