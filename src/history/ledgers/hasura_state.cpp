/// Hasura's CLI since its third configuration: versions as keys of a JSON document.
#include "history/ledgers/common.h"
#include "history/ledgers/ledgers.h"

namespace candor::history::ledgers {

namespace {

using Type = ForeignColumnRule::Type;

constexpr ForeignColumnRule columns[] = {{"cli_state", Type::json}};

ForeignFields fields(const ForeignTable&) {
  return {.key = "m.key",
          .version = "m.key",
          .name = "d.key",
          .state = "CASE m.value WHEN 'false' THEN 'applied' WHEN 'true' THEN 'failed' ELSE 'unknown' END",
          .order = "m.key",
          .from = fmt::format(" CROSS JOIN LATERAL pg_catalog.jsonb_each(coalesce({}::pg_catalog.jsonb ->"
                              " 'migrations', '{{}}')) AS d CROSS JOIN LATERAL"
                              " pg_catalog.jsonb_each_text(d.value) AS m",
                              column("cli_state"))};
}

Result<std::vector<ForeignFile>> files(const History& history, const std::vector<ForeignRecord>&) {
  return files_by(history, [](const Migration& migration) {
    const std::string digits = migration.version.text();
    return ForeignFile{.key = digits, .version = digits, .name = migration.name};
  });
}

/// The key under which Hasura keeps this folder's versions: the name of its database, which the rows tell.
std::string database_of(const std::vector<ForeignRecord>& records) {
  return records.empty() ? "default" : records.back().name;
}

/// As `hasura migrate apply --skip-execution` (cli/internal/statestore/migrations).
std::vector<ForeignStatement> mark(const ForeignMarking& marking) {
  return {
      {fmt::format("UPDATE {0} t SET cli_state = t.cli_state || pg_catalog.jsonb_build_object('migrations',"
                   " coalesce(t.cli_state -> 'migrations', '{{}}') || pg_catalog.jsonb_build_object($1::text,"
                   " coalesce(t.cli_state -> 'migrations' -> $1::text, '{{}}') ||"
                   " pg_catalog.jsonb_build_object($2::text, false)))"
                   " WHERE t.cli_state -> 'migrations' -> $1::text -> $2::text IS DISTINCT FROM 'false'",
                   marking.table.sql()),
       {database_of(marking.records), marking.file().key}}};
}

std::vector<ForeignStatement> without_key(const ForeignTable& table, const std::string& database,
                                          const std::string& key, std::string_view value) {
  return {{fmt::format("UPDATE {} t SET cli_state = t.cli_state #- ARRAY['migrations', $1::text, $2::text]"
                       " WHERE t.cli_state -> 'migrations' -> $1::text -> $2::text = '{}' RETURNING true",
                       table.sql(), value),
           {database, key}}};
}

std::vector<ForeignStatement> unmark(const ForeignUnmarking& unmarking) {
  return without_key(unmarking.table, unmarking.record.name, unmarking.record.key, "false");
}

/// `true` is a run that broke off.
std::vector<ForeignStatement> mend(const ForeignMending& mending) {
  const std::string database = database_of(mending.records);
  const std::string& key = mending.file().key;
  if (!mending.present) return without_key(mending.table, database, key, "true");
  return {{fmt::format("UPDATE {} t SET cli_state = pg_catalog.jsonb_set(t.cli_state, ARRAY['migrations',"
                       " $1::text, $2::text], 'false') WHERE t.cli_state -> 'migrations' -> $1::text ->"
                       " $2::text = 'true' RETURNING true",
                       mending.table.sql()),
           {database, key}}};
}

bool fits(const ForeignTable& table) {
  return table.name == "hdb_version";
}

}  // namespace

const ForeignTool hasura_state{.name = "hasura-state",
                               .title = "Hasura",
                               .table = "hdb_version",
                               .columns = columns,
                               .own_schema = "hdb_catalog",
                               .rules = {.numeric = true, .failed_blocks = true},
                               .fields = fields,
                               .files = files,
                               .fits = fits,
                               .mark = mark,
                               .unmark = unmark,
                               .mend = mend};

}  // namespace candor::history::ledgers
