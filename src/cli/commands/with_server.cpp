/// candor with-server: a throw-away PostgreSQL for one program.
#include <CLI/CLI.hpp>
#include <map>
#include <memory>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/program.h"
#include "pg/cluster.h"
#include "pg/session.h"

namespace candor::cli {

namespace {

struct Options {
  int major = 0;
};

Result<std::map<std::string, std::string>> environment_for(const std::string& url) {
  static const std::map<std::string_view, std::string> variables = {{"host", "PGHOST"},
                                                                    {"port", "PGPORT"},
                                                                    {"user", "PGUSER"},
                                                                    {"dbname", "PGDATABASE"},
                                                                    {"password", "PGPASSWORD"}};
  const auto options = pg::parse_url(url);
  if (!options) return std::unexpected(options.error());
  std::map<std::string, std::string> environment = {{"DATABASE_URL", url}};
  for (const pg::UrlOption& option : *options)
    if (const auto variable = variables.find(option.keyword); variable != variables.end())
      environment[variable->second] = option.value;
  return environment;
}

Result<int> with_server(Context& context, const Options& options) {
  pg::ClusterOptions wanted;
  if (options.major != 0) wanted.major = options.major;
  auto cluster = pg::Cluster::start(wanted);
  if (!cluster) return pass(cluster);
  auto environment = environment_for(cluster->url());
  if (!environment) return pass(environment);
  forget_other_servers();
  context.out.results_to_stderr();  // stdout is the program's
  return run_beside(context.program(), *environment);
}

Runner add_options(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("--server", options->major, "PostgreSQL's major version (else the newest found)")
      ->type_name("N");
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
