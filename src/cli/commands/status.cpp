/// candor status: where each migration stands, and whether that is true.
#include <fmt/format.h>

#include <memory>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/format.h"
#include "cli/option_set.h"
#include "cli/print_verification.h"
#include "engine/verify.h"

namespace candor::cli {

namespace {

struct Options {
  bool exit_code = false;
};

struct Standing {
  std::string_view word;
  Style style;
};

Standing standing_of(const engine::MigrationState& state) {
  if (!state.row) return {"pending", Style::doubtful};
  if (state.outdated && state.row->claims_applied()) return {"changed", Style::doubtful};
  switch (state.row->status) {
    case history::Status::running:
      return {"running", Style::doubtful};
    case history::Status::failed:
      return {"failed", Style::bad};
    case history::Status::baselined:
      return {"baselined", Style::plain};
    case history::Status::completed:
      break;
  }
  return {"applied", Style::plain};
}

/// What the ledger's row says beside its status.
std::string remark_of(const engine::MigrationState& state) {
  std::string remark;
  if (!state.row) return remark;
  const history::LedgerRow& row = *state.row;
  if (row.claims_applied()) remark = fmt::format("  {}", safe_text(row.finished_at));
  if (row.status == history::Status::completed)
    remark += "  " + duration(static_cast<double>(row.execution_time_ms));
  if (row.status == history::Status::running)
    remark += fmt::format("  {} done", counted(static_cast<std::size_t>(row.statements_done), "statement"));
  if (row.status == history::Status::failed)
    remark += fmt::format("  {}{}{}", safe_text(row.error_code), row.error_code.empty() ? "" : " ",
                          safe_text(row.error_message));
  if (state.migration == nullptr) remark += "  its file is gone";
  return remark;
}

void print_migrations(Context& context, const engine::Verification& verification) {
  for (const engine::MigrationState& state : verification.migrations) {
    const Standing standing = standing_of(state);
    context.out.line(fmt::format("{}{:{}} {}{}", context.out.paint(standing.style, standing.word), "",
                                 9 - standing.word.size(), label(state.version, state.name),
                                 remark_of(state)));
  }
}

Result<int> status(Context& context, const Options& options) {
  auto project = context.project();
  if (!project) return pass(project);
  auto connection = context.connect(project->settings);
  if (!connection) return pass(connection);
  context.fields["target"] = connection->target();
  context.out.line(connection->target());
  const auto verification = engine::verify(*project, *connection);
  if (!verification) return std::unexpected(verification.error());

  print_migrations(context, *verification);
  context.out.line(fmt::format("{} applied, {} pending; {}", verification->applied, verification->pending,
                               comparison_line(*verification)));
  print_verification(context, *verification);
  const int exit = exit_code_of(*verification, project->settings);
  return exit == 0 && options.exit_code && verification->pending > 0 ? 1 : exit;
}

Runner add_options(OptionSet& set) {
  auto options = std::make_shared<Options>();
  set.flag("--exit-code", options->exit_code, "exit 1 if migrations are pending");
  return [options](Context& context) { return status(context, *options); };
}

}  // namespace

constinit const Command status_command{
    .name = "status",
    .help = "show what is applied and pending, and whether it is true",
    .details =
        "Example:\n"
        "  candor status --exit-code    # in CI: 1 if anything is pending or not true\n\n"
        "Exit 0 if what is shown is true, pending migrations or not; 1 if anything differs or is unproven.",
    .add_options = add_options,
};

}  // namespace candor::cli
