/// pg/cluster.h: the embedded server: a private PostgreSQL that Candor starts from installed server programs.
///
/// Used for shadows (throw-away, fsync off), for the default database when none is given (in the project's
/// `.candor/`, fsync on), and by every test. It listens on a Unix socket in a private directory only.
///
/// Life: each server has a supervisor process that holds a listening socket; every Candor that uses the
/// server keeps a connection to it. When the last one closes (normal end, crash or kill -9 alike) the
/// supervisor stops the server, and removes a shadow's files. Should the supervisor itself be killed, the
/// kernel takes the server with it (PR_SET_PDEATHSIG).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace candor::pg {

/// Server programs of one major version.
struct Binaries {
  std::string directory;  ///< holds initdb and postgres
  int major = 0;
};

/// All of the supported majors that can be found, each directory once: first those of $CANDOR_PG_BIN (a bin
/// directory, or several separated by ':'), then `pg_config --bindir`, /usr/lib/postgresql/*/bin and $PATH;
/// newest first among each. A CANDOR_PG_BIN that names no server at all is a mistake: nothing is found then.
std::vector<Binaries> find_binaries();
/// The first, or the first of `major`. Errors: C0107 with the install command.
Result<Binaries> choose_binaries(std::optional<int> major = std::nullopt);

struct ClusterOptions {
  std::optional<int> major;  ///< nullopt: the first found, or the one that made the directory's data
  /// Empty: a throw-away server with fsync off. Else: the data live in this directory (created when missing),
  /// fsync is on, and a server that another Candor has started there already is shared.
  std::string directory;
  /// Not empty: a throw-away server that writes down every statement (pg/recording.h), and listens on
  /// 127.0.0.1 as well, for this role alone and with its password: many programs know no other way.
  std::string recorded_role;
};

class Cluster {
 public:
  /// Copies the initialised template of that major (made once per user and machine) and starts a server.
  /// Ready within half a second once the template exists. As root, the server runs as an unprivileged
  /// account. Errors: C0107 · C0108 with the server's log · C0005 · C0112 disk full · C0008.
  static Result<Cluster> start(const ClusterOptions& options = {});
  Cluster(Cluster&&) noexcept;
  Cluster& operator=(Cluster&&) noexcept;
  ~Cluster();

  /// A libpq connection string for `database` as the superuser ("postgres"). The database "candor"
  /// exists. (A role named like the ledger's schema would find that schema first in its search_path.)
  [[nodiscard]] std::string url(std::string_view database = "candor") const;
  [[nodiscard]] int major() const;
  [[nodiscard]] int postmaster_pid() const;
  /// The port on 127.0.0.1 of a server that records; 0: it does not.
  [[nodiscard]] int port() const;
  /// The file to which a server that records writes.
  [[nodiscard]] std::string recording() const;

 private:
  struct State;
  explicit Cluster(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace candor::pg
