/// candor exec: the start-up gate: a program starts on a true database, or not at all.
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "base/interrupt.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/format.h"
#include "cli/option_set.h"
#include "cli/print_apply.h"
#include "cli/print_verification.h"
#include "cli/program.h"
#include "engine/verify.h"

namespace candor::cli {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct Options {
  bool verify_only = false;
  std::string wait;
};

/// True for a server that may still be coming up.
bool may_come_up(const Error& error) {
  return error.code.id == codes::unreachable.id || error.code.id == codes::connection_lost.id ||
         error.sqlstate == "57P03";
}

/// Ended early by Ctrl-C.
void pause_for(milliseconds pause) {
  pollfd signal{.fd = interrupt_fd(), .events = POLLIN, .revents = 0};
  poll(&signal, 1, static_cast<int>(pause.count()));
}

Result<pg::Connection> connect_within(Context& context, const engine::Settings& settings,
                                      milliseconds patience) {
  const auto until = Clock::now() + patience;
  for (milliseconds pause(100);; pause = std::min(pause * 2, milliseconds(1000))) {
    auto connection = context.connect(settings);
    if (connection || !may_come_up(connection.error())) return connection;
    const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now());
    if (left.count() <= 0) return connection;
    context.out.progress(fmt::format("waiting for the server: {}", safe_text(connection.error().message)));
    pause_for(std::min(pause, left));
    if (interrupted()) return fail(codes::interrupted, "the server did not come up, and nothing was started");
  }
}

/// The exit code of a verdict; a database that lacks migrations is not what the program expects either.
int judge(Context& context, const engine::Verification& verification, const engine::Settings& settings) {
  print_verification(context, verification);
  const int exit = exit_code_of(verification, settings);
  if (verification.pending == 0) return exit;
  context.report(
      {Severity::error, Error{.code = codes::pending,
                              .message = fmt::format(
                                  "{} pending", verification.pending == 1
                                                    ? "1 migration is"
                                                    : fmt::format("{} migrations are", verification.pending)),
                              .hint = "run `candor up`, or `candor exec` without --verify-only"}});
  return code_of(Exit::finding);
}

Result<int> pass_the_gate(Context& context, const engine::Project& project, const Options& options,
                          milliseconds patience) {
  auto connection = connect_within(context, project.settings, patience);
  if (!connection) return pass(connection);
  context.fields["target"] = connection->target();
  if (options.verify_only) {
    if (auto locked = engine::require_lock(project); !locked)
      return pass(locked);  // nothing could be compared
    auto verification = engine::verify(project, *connection);
    if (!verification) return pass(verification);
    return judge(context, *verification, project.settings);
  }
  auto result = apply_and_print(context, project, *connection, {});
  if (!result) return pass(result);
  return judge(context, result->final, project.settings);
}

Result<int> exec(Context& context, const Options& options) {
  context.out.results_to_stderr();
  milliseconds patience(0);
  if (!options.wait.empty()) {
    auto wait = parse_wait(options.wait);
    if (!wait) return pass(wait);
    patience = *wait;
  }
  auto project = context.project();
  if (!project) return pass(project);
  if (project->settings.url_is_embedded)
    return fail(codes::usage, "no database is named, and the embedded server ends with candor",
                "set DATABASE_URL; to try things, run `candor with-server -- candor exec -- …`");

  auto exit = pass_the_gate(context, *project, options, patience);
  if (!exit) return exit;
  if (*exit != 0) {
    context.out.problem(fmt::format("{} was not started", safe_text(context.program().front())));
    return exit;
  }
  context.out.flush();
  return std::unexpected(replace_process(context.program()));
}

Runner add_options(OptionSet& set) {
  auto options = std::make_shared<Options>();
  set.flag("--verify-only", options->verify_only,
           "apply nothing: compare, and refuse if anything is pending");
  set.value("--wait", options->wait, "60s", "how long to wait for the server to come up");
  return [options](Context& context) { return exec(context, *options); };
}

}  // namespace

constinit const Command exec_command{
    .name = "exec",
    .help = "apply what is pending, then become a program if the database is true",
    .details =
        "Example:\n"
        "  candor exec --wait 60s -- node server.js\n\n"
        "The program keeps its arguments, environment, process id and signals. What candor says goes to "
        "stderr.\n"
        "If the verdict is not true the program is not started, and the exit code says why.",
    .add_options = add_options,
    .program = Command::Program::required,
};

}  // namespace candor::cli
