/// candor with-server: a throw-away PostgreSQL for one program.
#include <memory>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/option_set.h"
#include "cli/program.h"
#include "pg/cluster.h"

namespace candor::cli {

namespace {

struct Options {
  int major = 0;
};

Result<int> with_server(Context& context, const Options& options) {
  pg::ClusterOptions wanted;
  if (options.major != 0) wanted.major = options.major;
  auto cluster = pg::Cluster::start(wanted);
  if (!cluster) return pass(cluster);
  auto environment = server_environment(cluster->url());
  if (!environment) return pass(environment);
  forget_other_servers();
  context.out.results_to_stderr();  // stdout is the program's
  return run_beside(context.program(), *environment);
}

Runner add_options(OptionSet& set) {
  auto options = std::make_shared<Options>();
  set.value("--server", options->major, "N", "PostgreSQL's major version (else the newest found)");
  return [options](Context& context) { return with_server(context, *options); };
}

}  // namespace

constinit const Command with_server_command{
    .name = "with-server",
    .help = "run a program beside a throw-away PostgreSQL",
    .details =
        "Example:\n"
        "  candor with-server -- psql -c 'select version()'\n\n"
        "The program finds DATABASE_URL, PGHOST, PGPORT, PGUSER and PGDATABASE set; its exit code is "
        "candor's.",
    .add_options = add_options,
    .program = Command::Program::required,
};

}  // namespace candor::cli
