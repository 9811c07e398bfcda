/// cli/print_apply.h: applying, told as it happens: for `up` and `exec`.
#pragma once

#include <optional>
#include <string>

#include "cli/context.h"
#include "engine/apply.h"

namespace candor::cli {

/// "applied 0007_add_teams  +1 table +4 columns  proven: 7 objects compared  12 ms"
std::string applied_line(const engine::Applied& applied, const Paint& paint);

/// Prints each step; on a terminal with a line of progress.
class ApplyPrinter : public engine::ApplyObserver {
 public:
  explicit ApplyPrinter(Context& context) : context_(context) {}

  void waiting_for(const pg::Holder& holder) override;
  void warned(const Finding& finding) override;
  void starting(const history::Migration& migration, std::size_t index, std::size_t total) override;
  void retrying(const history::Migration& migration, int attempt, const Error& error) override;
  void applied(const engine::Applied& applied) override;
  void rehearsed(const engine::Applied& applied) override;
  void would_run(const history::Migration& migration, std::string_view statement) override;

  /// The migration that was begun and not finished; null: none.
  [[nodiscard]] const history::Migration* unfinished() const { return unfinished_; }

 private:
  Context& context_;
  const history::Migration* unfinished_ = nullptr;
  const history::Migration* shown_ = nullptr;  ///< dry run: whose statements are being printed
  int waiting_pid_ = 0;                        ///< the runner that was named last
};

/// What is left after a failure: what was applied before, and what became of the migration that failed.
std::string aftermath(const engine::ApplyFailure& failure, const engine::ApplyOptions& options,
                      const history::Migration* unfinished);

/// Applies what is pending and prints everything but the verdict. The error is that of the failure, whose
/// aftermath has been printed, or is its message if the run was interrupted.
Result<engine::ApplyResult> apply_and_print(Context& context, const engine::Project& project,
                                            pg::Connection& connection, const engine::ApplyOptions& options);

}  // namespace candor::cli
