/// Sqitch: the changes that are deployed, by the names of the plan; the hash is that of the deploy script.
#include "history/formats/sums.h"
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"
#include "history/ledgers/sqitch_rows.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {{"change_id", Type::text},
                                         {"script_hash", Type::text},
                                         {"change", Type::text},
                                         {"project", Type::text},
                                         {"committed_at", Type::time}};

ForeignFields fields(const ForeignTable& table) {
  return {.key = column("change"),
          .version = column("change_id"),
          .name = column("change"),
          .checksum = column("script_hash"),
          .applied_at = time_of(table, "committed_at"),
          .order = column("committed_at")};
}

std::string sha1_of(std::string_view text) {
  return digest_hex("sha1", text);
}

Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>&) {
  auto files = files_with_text(history, [](const Migration& migration, std::string_view bytes) {
    const std::string stem =
        migration.file.starts_with("deploy/") ? migration.name : stem_of(basename_of(migration));
    return ForeignFile{.key = stem, .version = stem, .name = stem, .forms = forms_of(bytes, sha1_of)};
  });
  if (!files || history.format != "sqitch") return files;
  const auto plan = read_plan(history.folder);
  if (!plan) return std::unexpected(plan.error());
  const auto ids = sqitch_ids(*plan);
  for (std::size_t i = 0; i < plan->changes.size(); ++i)
    for (ForeignFile& file : *files)
      if (file.name == plan->changes[i].script)
        file.rows = sqitch_rows(*plan, ids, i, file.forms.front().value);
  return files;
}

/// As `sqitch revert --log-only` (App::Sqitch::Role::DBIEngine, log_revert_change); dependencies go with
/// their change.
std::vector<ForeignStatement> unmark(const ForeignUnmarking& unmarking) {
  const std::string schema = pg::Identifier(unmarking.table.schema).sql();
  const std::string& id = unmarking.record.version;
  return {
      {fmt::format(
           "INSERT INTO {0}.events (event, change_id, change, project, note, requires, conflicts, tags,"
           " committer_name, committer_email, planned_at, planner_name, planner_email)"
           " SELECT 'revert', c.change_id, c.change, c.project, c.note,"
           " ARRAY(SELECT dependency FROM {0}.dependencies WHERE change_id = $1 AND type = 'require'),"
           " ARRAY(SELECT dependency FROM {0}.dependencies WHERE change_id = $1 AND type = 'conflict'),"
           " ARRAY(SELECT tag FROM {0}.tags WHERE change_id = $1),"
           " $2, $3, c.planned_at, c.planner_name, c.planner_email"
           " FROM {0}.changes AS c WHERE c.change_id = $1 RETURNING true",
           schema),
       {id, std::string(sqitch_committer), std::string(sqitch_committer_mail)}},
      {fmt::format("DELETE FROM {}.tags WHERE change_id = $1", schema), {id}},
      {fmt::format("DELETE FROM {}.changes WHERE change_id = $1", schema), {id}},
  };
}

}  // namespace

const ForeignTool sqitch{.name = "sqitch",
                         .title = "Sqitch",
                         .table = "changes",
                         .columns = columns,
                         .own_schema = "sqitch",
                         .rules = {.late = LateFile::refused, .missing_blocks = true},
                         .fields = fields,
                         .files = files,
                         .mark = mark_by_rows,
                         .unmark = unmark};

}  // namespace candor::history::ledgers
