/// engine/shadow.h: a throw-away database in which histories are replayed.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "engine/settings.h"
#include "pg/cluster.h"
#include "pg/connection.h"

namespace candor::engine {

/// An empty database: on an embedded server of its own, or, with [shadow] url, a scratch database on the
/// user's server that is dropped again at the end of the scope.
class Shadow {
 public:
  /// `major`: nullopt takes the newest found. Runs [shadow] setup.
  /// Errors: C0107, C0108, C0101 … · C0413 the setup failed · C0110 no right to create a database there.
  static Result<Shadow> open(const Settings& settings, std::optional<int> major = std::nullopt);
  Shadow(Shadow&&) noexcept;
  Shadow& operator=(Shadow&&) = delete;
  ~Shadow();

  [[nodiscard]] pg::Connection& connection() { return *connection_; }

 private:
  Shadow() = default;
  std::optional<pg::Cluster> cluster_;
  std::optional<pg::Connection> admin_;  ///< to the user's server, to drop the scratch database
  std::string scratch_;
  std::optional<pg::Connection> connection_;
};

/// Runs a [shadow] setup, statement by statement. What it sets (SET, set_config) becomes the database's own
/// setting, for every session that is opened afterwards; else nothing of its session is left.
/// Errors: C0413 · C0004.
Result<> run_setup(pg::Connection& connection, const std::filesystem::path& path);

}  // namespace candor::engine
