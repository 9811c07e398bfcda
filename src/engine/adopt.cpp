#include "engine/adopt.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "engine/diagnose_findings.h"
#include "engine/mirror.h"

namespace candor::engine {

namespace {

using history::LockEntry;

/// Rows that say nothing clear stop the takeover; everything else about the tool is only told.
Result<> require_clear_rows(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings)
    if (finding.severity == Severity::error && finding.what.code.id == codes::foreign_row_unknown.id)
      return std::unexpected(finding.what);
  return {};
}

Error refused(Error error, const Diagnosis& diagnosis) {
  if (error.code.id != codes::no_version_fits.id && error.code.id != codes::baseline_refused.id) return error;
  error.code = codes::adopt_refused;
  if (error.hint.find("ignore") != std::string::npos)
    error.hint =
        hint_unless_elsewhere(diagnosis, "leave what belongs to others to them with `ignore` in candor.toml");
  else if (error.hint.find("candor lock") == std::string::npos)
    error.hint = "run `candor diagnose`, then `candor repair`, which shows what would put it right";
  return error;
}

class Adoption {
 public:
  Adoption(Project& project, pg::Connection& connection, const AdoptOptions& options)
      : project_(project), connection_(connection), options_(options) {}

  Result<Adopted> run(const std::function<void(const pg::Holder&)>& waiting) {
    auto histories = read_foreign_histories(project_, connection_);
    if (!histories) return pass(histories);
    result_.histories = std::move(*histories);
    const ForeignHistory* const mine = result_.histories.mine();
    if (mine != nullptr) {
      leave_alone(project_, *mine);
      claims_ = claims_of(project_, *mine);
    }
    auto diagnosis = diagnose(project_, connection_, claims_);
    if (!diagnosis) return pass(diagnosis);
    result_.findings = findings_of(project_, result_.histories, *diagnosis);
    if (auto one = require_ledger(project_, result_.histories); !one) return pass(one);
    if (auto clear = require_clear_rows(result_.findings); !clear) return pass(clear);
    if (options_.mirror && !history::can_mark(mine->ledger))
      return fail(codes::mirror_unsupported,
                  fmt::format("the rows of {} cannot be written by Candor", history::title_of(mine->ledger)),
                  "run `candor adopt` without --mirror");
    auto recorded = baseline(project_, connection_, baseline_options(), waiting);
    if (!recorded) return std::unexpected(refused(std::move(recorded.error()), *diagnosis));
    result_.baseline = std::move(*recorded);
    return std::move(result_);
  }

 private:
  BaselineOptions baseline_options() {
    BaselineOptions options{.dry_run = options_.dry_run, .claims = claims_};
    options.also = [this](const std::vector<const LockEntry*>& present) { return rows_for(present); };
    return options;
  }

  /// The tool's rows of what is there and not recorded; and what is pending, which is known now.
  Result<std::vector<history::ForeignStatement>> rows_for(const std::vector<const LockEntry*>& present) {
    for (const LockEntry& entry : project_.lock->entries)
      if (std::ranges::find(present, &entry) == present.end()) result_.pending.push_back(&entry);
    if (!options_.mirror) return {};
    std::vector<const history::Migration*> migrations;
    for (const LockEntry* const entry : present) {
      const history::Migration* const migration = project_.history.find(entry->version);
      if (migration == nullptr || std::ranges::binary_search(claims_.versions, entry->version)) continue;
      migrations.push_back(migration);
      result_.marked.push_back(entry);
    }
    const ForeignHistory& mine = *result_.histories.mine();
    if (auto none = require_none_passed_over(mine, project_, migrations); !none) return pass(none);
    auto rows = mark(mine.ledger, project_.history, migrations, mine.records);
    if (!rows) return pass(rows);
    return in_one_list(std::move(*rows));
  }

  Project& project_;
  pg::Connection& connection_;
  const AdoptOptions& options_;
  Claims claims_;
  Adopted result_;
};

}  // namespace

Result<Adopted> adopt(Project& project, pg::Connection& connection, const AdoptOptions& options,
                      const std::function<void(const pg::Holder&)>& waiting) {
  if (auto sound = require_sound_files(project); !sound) return pass(sound);
  if (auto locked = require_lock(project); !locked) return pass(locked);
  return Adoption(project, connection, options).run(waiting);
}

}  // namespace candor::engine
