#include "engine/diagnose_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/counted.h"
#include "base/file.h"
#include "engine/prover.h"
#include "pg/identifier.h"

namespace candor::engine {

namespace {

using history::LockEntry;

constexpr std::size_t most_lines = 12;

std::string name_of(const LockEntry* entry) {
  return entry == nullptr ? "the state before the first migration" : label(*entry);
}

std::string version_of(const LockEntry* entry) {
  return entry == nullptr ? "" : printable(entry->version.text());
}

/// "0003_a, 0004_b and 7 more".
std::string list_of(const std::vector<const LockEntry*>& entries) {
  constexpr std::size_t most = 5;
  std::string list;
  for (std::size_t i = 0; i < entries.size() && i < most; ++i) {
    if (i > 0) list += ", ";
    list += label(*entries[i]);
  }
  if (entries.size() > most) list += fmt::format(" and {} more", entries.size() - most);
  return list;
}

bool makes_table(const catalog::Effect& effect) {
  return effect.change == catalog::Change::added && effect.id.kind == catalog::Kind::table;
}

/// The one schema in which tables of the history are, as nobody's, where none of its tables is in its own;
/// empty: there is no such schema, or several.
std::string schema_elsewhere(const Diagnosis& diagnosis) {
  std::string_view schema;
  for (const MigrationStanding& migration : diagnosis.migrations) {
    const auto absent =
        static_cast<std::ptrdiff_t>(std::ranges::count_if(migration.effects, [](const auto& standing) {
          return standing.state == EffectState::absent && makes_table(*standing.effect);
        }));
    if (std::ranges::count_if(migration.entry->effects, makes_table) != absent) return {};
    for (const EffectStanding& standing : migration.effects) {
      if (standing.state != EffectState::absent || !makes_table(*standing.effect)) continue;
      for (const catalog::ObjectId& there : diagnosis.standing.unexplained) {
        if (there.kind != catalog::Kind::table || there.name != standing.effect->id.name) continue;
        if (!schema.empty() && schema != there.schema.view()) return {};
        schema = there.schema.view();
      }
    }
  }
  return std::string(schema);
}

class Findings {
 public:
  Findings(const Project& project, const Diagnosis& diagnosis) : project_(project), d_(diagnosis) {}

  std::vector<Finding> run() && {
    list_ = project_.lock_findings;
    about_the_ledger();
    about_rows();
    about_the_place();
    about_migrations();
    about_unexplained();
    return std::move(list_);
  }

 private:
  void about_the_ledger() {
    if (d_.ledger_error) {
      Error error = *d_.ledger_error;
      list_.push_back({Severity::error, std::move(error)});
    }
    std::vector<const LockEntry*> lacking, claimed;
    for (std::size_t i = 0; i < d_.entries.size(); ++i) {
      const bool recorded = d_.records(*d_.entries[i]);
      if (i < d_.position && !recorded) lacking.push_back(d_.entries[i]);
      if (i >= d_.position && recorded) claimed.push_back(d_.entries[i]);
    }
    if (!d_.stands) return;  // what is there has to be put right first
    if (!d_.claims.claimant.empty()) return about_what_the_tool_ran(lacking);
    if ((d_.says == LedgerSays::nothing || d_.says == LedgerSays::less || d_.says == LedgerSays::otherwise) &&
        !lacking.empty())
      add(Severity::error, codes::not_recorded,
          fmt::format("{} {} in the database and not in the ledger: {}", counted(lacking.size(), "migration"),
                      lacking.size() == 1 ? "is" : "are", list_of(lacking)),
          has_row(lacking)
              ? std::string("run `candor repair --apply`, which records them")
              : fmt::format("run `candor baseline --at {}`, which records them", version_of(d_.at())));
    if (!claimed.empty())
      add(Severity::error, codes::recorded_absent,
          fmt::format("the ledger records {} that the database lacks: {}",
                      counted(claimed.size(), "migration"), list_of(claimed)),
          "run `candor repair`, which shows what makes them pending or puts them in");
    if (d_.standing.equal.size() > 1 && d_.says != LedgerSays::the_same)
      add(Severity::notice, codes::ambiguous_version,
          fmt::format("the catalog is the same at {}: it cannot tell which of them was reached",
                      versions_at(d_, d_.standing.equal)),
          "name the one that was reached: `candor baseline --at VERSION`");
  }

  /// A run that broke off has left a row, which baseline leaves alone.
  [[nodiscard]] bool has_row(const std::vector<const history::LockEntry*>& entries) const {
    return std::ranges::any_of(entries, [&](const history::LockEntry* entry) {
      return std::ranges::find(d_.rows, entry->version, &history::LedgerRow::version) != d_.rows.end();
    });
  }

  /// Another tool's ledger has findings of its own; what it alone records is said here, once Candor has one.
  void about_what_the_tool_ran(const std::vector<const history::LockEntry*>& lacking) {
    if (lacking.empty() || std::ranges::none_of(d_.rows, &history::LedgerRow::claims_applied)) return;
    add(Severity::error, codes::not_recorded,
        fmt::format("{} recorded in {} and not in the ledger: {}",
                    lacking.size() == 1 ? "1 migration is" : fmt::format("{} migrations are", lacking.size()),
                    d_.claims.claimant, list_of(lacking)),
        "run `candor adopt`, which records what the catalog does not contradict");
  }

  void about_rows() {
    for (const history::LedgerRow& row : d_.rows) {
      const std::string version = printable(row.version.text());
      if (project_.lock->find(row.version) == nullptr && row.claims_applied())
        add(Severity::error, codes::ledger_unknown_version,
            fmt::format("the ledger records migration {}, which no lock entry has", version),
            "check out the revision that has it, or bring its file back; where the history was made anew, run "
            "`candor repair`");
      about_the_file_of(row);
      if (row.status == history::Status::running)
        add(Severity::error, codes::ledger_half_done,
            fmt::format("migration {} is half done: {} finished", version,
                        counted(static_cast<std::size_t>(row.statements_done), "statement")),
            "run `candor up`, which goes on where it stopped");
      if (row.status == history::Status::failed)
        list_.push_back({Severity::warning,
                         {.code = codes::ledger_failed_row,
                          .message = fmt::format("migration {} failed at its last attempt", version),
                          .sqlstate = row.error_code,
                          .detail = row.error_message,
                          .hint = "correct its cause and run `candor up`"}});
    }
  }

  /// Another checkout has other texts; nothing else here would be said of the files that were applied.
  void about_the_file_of(const history::LedgerRow& row) {
    const history::LockEntry* const entry = project_.lock->find(row.version);
    if (entry == nullptr || !row.claims_applied() || row.checksum == entry->checksum ||
        row.version.repeatable())
      return;
    add(Severity::error, codes::ledger_checksum,
        fmt::format("{} was applied with another text than the files here have", label(*entry)),
        "check out the revision that was applied, or restore the file");
  }

  void about_the_place() {
    if (d_.stands) {
      if (d_.standing.distances[d_.position].unproven > 0)
        add(Severity::error, codes::unproven,
            fmt::format("{} could not be compared: that the database stands at {} is not proven",
                        counted(d_.standing.distances[d_.position].unproven, "object"), name_of(d_.at())),
            d_.live.major != project_.lock->server
                ? fmt::format("run `candor lock --server {}`, so that the lock holds that major's texts",
                              d_.live.major)
                : "connect as a role that may read the catalogs");
      return;
    }
    add(Severity::error, codes::no_version_fits,
        fmt::format("the database is no version of its history; {} is nearest, with {} in {}",
                    name_of(d_.at()), counted(d_.comparison.differences.size(), "difference"),
                    counted(d_.comparison.objects, "object")),
        d_.worth_repairing_to() == nullptr
            ? "look whether this is the right database"
            : fmt::format("run `candor repair --to {}`, which shows what would put it right",
                          version_of(d_.worth_repairing_to())));
  }

  void about_migrations() {
    for (const MigrationStanding& migration : d_.migrations) {
      const std::size_t alive = migration.effect_count() - migration.superseded;
      if (migration.presence == Presence::partly)
        add(Severity::error, codes::partly_present,
            fmt::format("{} is in the database in part: {} of its {} are missing", label(*migration.entry),
                        migration.absent, counted(alive, "effect")),
            mend());
      if (migration.presence == Presence::contradicted)
        add(Severity::error, codes::contradicted,
            fmt::format("{} is contradicted by the database in {} of its {}", label(*migration.entry),
                        migration.contradicted, counted(alive, "effect")),
            mend());
    }
  }

  std::string mend() const {
    return fmt::format("run `candor repair --to {}`", version_of(d_.worth_repairing_to()));
  }

  void about_unexplained() {
    const auto& ids = d_.standing.unexplained;
    if (ids.empty()) return;
    Error error{
        .code = codes::unexplained,
        .message =
            fmt::format("{} to no migration",
                        ids.size() == 1 ? "1 object belongs" : fmt::format("{} objects belong", ids.size())),
        .hint = hint_unless_elsewhere(
            d_,
            "drop them, bring them into a migration, or leave them to their owner with `ignore` in candor.toml")};
    for (std::size_t i = 0; i < ids.size() && i < most_lines; ++i)
      error.detail += fmt::format("{}{}", i > 0 ? "\n" : "", describe(ids[i]));
    if (ids.size() > most_lines) error.detail += fmt::format("\nand {} more", ids.size() - most_lines);
    list_.push_back({Severity::error, std::move(error)});
  }

  void add(Severity severity, const Code& code, std::string message, std::string hint) {
    list_.push_back({severity, {.code = code, .message = std::move(message), .hint = std::move(hint)}});
  }

  const Project& project_;
  const Diagnosis& d_;
  std::vector<Finding> list_;
};

}  // namespace

std::vector<Finding> findings_of(const Project& project, const Diagnosis& diagnosis) {
  return Findings(project, diagnosis).run();
}

std::string hint_unless_elsewhere(const Diagnosis& diagnosis, std::string otherwise) {
  const std::string schema = schema_elsewhere(diagnosis);
  if (schema.empty()) return otherwise;
  return fmt::format(
      "if the migrations were run with {0} as their search_path, say so in candor.toml: search_path = [{1}], and"
      " [shadow] setup = the path of a file with `CREATE SCHEMA {2}`",
      printable(schema), nlohmann::json(schema).dump(), pg::Identifier(schema));
}

std::string label(const LockEntry& entry) {
  std::string text = printable(entry.version.text());
  if (!entry.name.empty()) text += fmt::format("_{}", printable(entry.name));
  return text;
}

std::string versions_at(const Diagnosis& diagnosis, const std::vector<std::size_t>& positions) {
  const auto name = [&](std::size_t position) {
    return position == 0 ? std::string("the beginning")
                         : printable(diagnosis.entries[position - 1]->version.text());
  };
  std::string list;
  for (std::size_t i = 0; i < positions.size();) {
    std::size_t last = i;
    while (last + 1 < positions.size() && positions[last + 1] == positions[last] + 1) ++last;
    if (!list.empty()) list += ", ";
    list += name(positions[i]);
    if (last > i) list += (last == i + 1 ? ", " : " to ") + name(positions[last]);
    i = last + 1;
  }
  return list;
}

std::string lines_of(const std::vector<catalog::Difference>& differences) {
  std::string lines;
  for (std::size_t i = 0; i < differences.size() && i < most_lines; ++i)
    lines += fmt::format("{}{}", i > 0 ? "\n" : "", line_of(differences[i]));
  if (differences.size() > most_lines) lines += fmt::format("\nand {} more", differences.size() - most_lines);
  return lines;
}

}  // namespace candor::engine
