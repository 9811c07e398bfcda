#include "cli/print_apply.h"

#include <fmt/format.h>

#include "cli/format.h"
#include "engine/script_mode.h"

namespace candor::cli {

namespace {

std::string proof_of(const engine::Applied& applied, const Paint& paint) {
  std::string text;
  if (applied.proof != engine::Proof::unproven) {
    text = paint(Style::good, "proven") + fmt::format(": {} compared", counted(applied.compared, "object"));
  } else if (applied.unproven > 0) {
    text = paint(Style::doubtful, "unproven") +
           fmt::format(": {} could not be compared", counted(applied.unproven, "text"));
  } else {
    text = paint(Style::doubtful, "unproven") + ": there was nothing to compare with";
  }
  if (applied.varying > 0)
    text += fmt::format(", {} {} as declared", applied.varying, applied.varying == 1 ? "varies" : "vary");
  if (applied.present_before > 0)
    text += fmt::format(", {} {} there before", applied.present_before,
                        applied.present_before == 1 ? "was" : "were");
  return text;
}

/// How it came about, where that was not in one transaction at the first attempt.
std::string manner_of(const engine::Applied& applied) {
  std::string text;
  if (!applied.transactional) text += "  without a transaction";
  if (applied.resumed) text += "  resumed";
  if (applied.attempts > 1)
    text += "  after " + counted(static_cast<std::size_t>(applied.attempts), "attempt");
  return text;
}

/// True if the file runs in one transaction, so that a failure leaves nothing of it. False also when that
/// cannot be known any more: nothing is claimed then.
bool leaves_nothing(const history::Migration& migration) {
  auto text = history::MigrationText::open(migration);
  if (!text) return false;
  const auto mode = engine::mode_of(migration, text->view());
  return mode && mode->transactional;
}

std::string fate_of(const history::Migration& migration, const Error& error) {
  const std::string name = label(migration.version, migration.name);
  if (error.commit_in_doubt || error.code.id == codes::commit_unknown.id)
    return fmt::format("whether {} was applied is not known", name);
  if (leaves_nothing(migration)) return fmt::format("{} was rolled back: nothing of it is left", name);
  return fmt::format("{} runs without a transaction: `candor status` shows how far it came", name);
}

}  // namespace

std::string applied_line(const engine::Applied& applied, const Paint& paint) {
  return fmt::format("applied {}  {}  {}{}  {}", label(applied.version, applied.name),
                     effect_summary(applied.effects), proof_of(applied, paint), manner_of(applied),
                     duration(applied.total_ms));
}

void ApplyPrinter::waiting_for(const pg::Holder& holder) {
  const std::string text = fmt::format("waiting for another runner: {}", safe_text(holder.description));
  context_.out.progress(text);
  if (holder.pid == waiting_pid_) return;
  waiting_pid_ = holder.pid;
  context_.out.note(text);
}

void ApplyPrinter::warned(const Finding& finding) {
  context_.report(finding);
}

void ApplyPrinter::starting(const history::Migration& migration, std::size_t index, std::size_t total) {
  unfinished_ = &migration;
  context_.out.progress(fmt::format("{}/{} {}", index + 1, total, label(migration.version, migration.name)));
}

void ApplyPrinter::retrying(const history::Migration& migration, int attempt, const Error& error) {
  context_.out.note(fmt::format("{}: {}; attempt {} follows", label(migration.version, migration.name),
                                safe_text(error.message), attempt));
}

void ApplyPrinter::applied(const engine::Applied& applied) {
  unfinished_ = nullptr;
  context_.out.line(applied_line(applied, context_.paint()));
  context_.out.flush();
}

void ApplyPrinter::would_run(const history::Migration& migration, std::string_view statement) {
  if (shown_ != &migration)
    context_.out.raw(fmt::format("{}-- {}\n", shown_ != nullptr ? "\n" : "", safe_text(migration.file)));
  shown_ = &migration;
  context_.out.raw(statement);
  context_.out.raw(";\n");
}

void ApplyPrinter::rehearsed(const engine::Applied& applied) {
  context_.out.line(fmt::format("-- rehearsed {}  {}  {}  {}", label(applied.version, applied.name),
                                effect_summary(applied.effects), proof_of(applied, context_.paint()),
                                duration(applied.total_ms)));
}

std::string aftermath(const engine::ApplyFailure& failure, const engine::ApplyOptions& options,
                      const history::Migration* unfinished) {
  std::string text;
  if (!failure.applied.empty()) text = counted(failure.applied.size(), "migration") + " applied before it";
  if (unfinished == nullptr || options.dry_run) return text.empty() ? "nothing was applied" : text;
  const std::string fate = fate_of(*unfinished, failure.error);
  return text.empty() ? fate : fate + "; " + text;
}

Result<engine::ApplyResult> apply_and_print(Context& context, const engine::Project& project,
                                            pg::Connection& connection, const engine::ApplyOptions& options) {
  ApplyPrinter printer(context);
  auto result = engine::apply(project, connection, options, printer);
  context.fields["dry_run"] = options.dry_run;
  context.fields["applied"] = to_json(result ? result->applied : result.error().applied);
  if (result) {
    context.fields["run_id"] = result->run_id;
    context.fields["total_ms"] = result->total_ms;
    return std::move(*result);
  }
  context.fields["failed"] =
      printer.unfinished() != nullptr ? Json(printer.unfinished()->version.text()) : Json();
  engine::ApplyFailure& failure = result.error();
  const std::string after = aftermath(failure, options, printer.unfinished());
  context.fields["aftermath"] = after;
  if (failure.error.code.id == codes::interrupted.id) {
    failure.error.message = after;
  } else {
    context.aftermath = after;
  }
  return std::unexpected(std::move(failure.error));
}

}  // namespace candor::cli
